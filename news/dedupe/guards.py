"""What tells two texts of one form from two copies of one text: the figures and names that differ in equal places."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from news.dedupe.alignment import Alignment, Slot
from news.dedupe.shingles import is_number, syllables

# In "xã Tân Lập" the name begins one word behind its announcement, in "gói thầu số 4" the number two.
_ANNOUNCED_WITHIN = 2
# A slot of more words than this on either side is a phrase put otherwise, not a name.
_LONGEST_NAME = 4


@dataclass(frozen=True, slots=True)
class FormulaicKind:
    """One row of rules/formulaic.toml; its head says what the fields mean."""

    name: str
    title: re.Pattern[str]
    catch: str
    spare: str


@cache
def formulaic_kinds() -> tuple[FormulaicKind, ...]:
    rows = tomllib.loads(_rules("formulaic"))["kind"]
    return tuple(FormulaicKind(row["name"], re.compile(row["title"]), row["catch"], row["spare"]) for row in rows)


def formulaic(title: str) -> str:
    """The name of the formulaic kind that a text with this title is of; empty for running news."""
    folded = " ".join(syllables(title))
    return next((kind.name for kind in formulaic_kinds() if kind.title.match(folded)), "")


@cache
def _announcers() -> tuple[frozenset[str], frozenset[str]]:
    words = tomllib.loads(_rules("announce"))
    return frozenset(words["names"]), frozenset(words["editions"])


def _rules(name: str) -> str:
    return (files("news.dedupe") / "rules" / f"{name}.toml").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs in equal places, counted: `figures` that stand for other figures (of them `editions` behind a word
    like "ngày" or "số"), `kept` figures that are equal, `names` behind a word that announces one, `typos` within a
    word, other `words`, `phrases` of more words than a name has, and pieces with figures
    that only one text has (`inserted`). `pairs` are the names: what stands for what."""

    figures: int = 0
    editions: int = 0
    kept: int = 0
    names: int = 0
    typos: int = 0
    words: int = 0
    phrases: int = 0
    inserted: int = 0
    example: str = ""
    pairs: frozenset[tuple[tuple[str, ...], tuple[str, ...]]] = frozenset()

    @property
    def all(self) -> int:
        """All of them but typos."""
        return self.figures + self.names + self.words + self.phrases + self.inserted

    @property
    def telling(self) -> int:
        """Those that copying and rewriting do not bring about by themselves."""
        return self.figures + self.names

    @property
    def share(self) -> float:
        """The share of figures in equal places that differ."""
        return self.figures / (self.figures + self.kept) if self.figures else 0.0


def differences(aligned: Alignment, typos: int = 0) -> Differences:
    """The slots of an alignment by what stands in them. `typos` are those found elsewhere in the same texts."""
    counts: Counter[str] = Counter()
    example = ""
    pairs: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()
    for slot in aligned.slots:
        found = list(_kinds(slot))
        counts.update(found)
        if "names" in found:
            pairs.add((slot.one, slot.other))
        if not example and {"figures", "names", "slips"} & set(found):
            example = f"{' '.join((*slot.before, *slot.one))} / {' '.join(slot.other)}"
    # Who slips in a figure slips in words too, and there are many more of them.
    slips = counts.pop("slips", 0)
    counts["typos" if counts["typos"] + typos >= 2 * slips else "figures"] += slips
    return Differences(kept=aligned.numbers, example=example, pairs=frozenset(pairs), **counts)


def _kinds(slot: Slot) -> Iterator[str]:
    """What differs in a slot, one kind a difference; nothing where only one text has words there."""
    if not slot.one or not slot.other:
        words = slot.one + slot.other
        yield from ["inserted"] if len(words) <= _LONGEST_NAME and any(map(is_number, words)) else []
        return
    if "".join(slot.one) == "".join(slot.other):
        yield "typos"
        return
    if _both_announce(slot):
        yield "names"
    elif len(slot.one) == len(slot.other):
        yield from _in_equal_places(slot)
    else:
        yield from _in_other_lengths(slot)


def _both_announce(slot: Slot) -> bool:
    """Whether a name stands for a name and each brings its own announcement: "xã Tân Lập", "thành phố Huế"."""
    return (
        min(len(slot.one), len(slot.other)) > 1
        and max(len(slot.one), len(slot.other)) <= _LONGEST_NAME + 2
        and _announced(slot.one[:1], 0)
        and _announced(slot.other[:1], 0)
    )


def _in_other_lengths(slot: Slot) -> Iterator[str]:
    figures, others = zip(*(_sorted_out(words) for words in (slot.one, slot.other)), strict=True)
    changed = min((figures[0] - figures[1]).total(), (figures[1] - figures[0]).total())
    if changed and (others[0] - others[1]).total() + (others[1] - others[0]).total() <= 2 * changed:
        yield from ["figures"] * changed
        yield from ["editions"] * (changed if _announced(slot.before, 1) else 0)
    elif max(len(slot.one), len(slot.other)) > _LONGEST_NAME:
        yield "phrases"
    else:
        yield "names" if _announced(slot.before, 0) else "words"


def _sorted_out(words: Sequence[str]) -> tuple[Counter[str], Counter[str]]:
    figures = Counter(_plain(word) for word in words if is_number(word))
    return figures, Counter(word for word in words if not is_number(word))


def _in_equal_places(slot: Slot) -> Iterator[str]:
    found = [kind for place in range(len(slot.one)) for kind in _pair(slot, place)]
    named, worded = found.count("names"), found.count("words")
    figures = found.count("figures") + found.count("slips")
    # More words than a name or an address has, and no table of figures: a phrase put otherwise, whatever stands in it.
    if named + worded > (3 * figures or _LONGEST_NAME):
        yield "phrases"
        return
    yield from (kind for kind in found if kind not in ("names", "words"))
    if named or worded:
        yield "names" if named else "words"


def _pair(slot: Slot, place: int) -> Iterator[str]:
    one, other = slot.one[place], slot.other[place]
    before = (*slot.before, *slot.one)[: len(slot.before) + place][-_ANNOUNCED_WITHIN:]
    if is_number(one) and is_number(other):
        if _plain(one) != _plain(other):
            yield "slips" if _slipped(one, other) else "figures"
            if _announced(before, 1):
                yield "editions"
    elif one == other:
        return
    elif is_number(one) or is_number(other):
        yield "words"
    elif mistyped(one, other):
        yield "typos"
    else:
        yield "names" if _announced(before, 0) else "words"


def _slipped(one: str, other: str) -> bool:
    """Whether a figure may be a slip of the fingers for the other: the same digits in another order, or one more."""
    return sorted(one) == sorted(other) or (len(one) != len(other) and mistyped(one, other))


def _announced(before: Sequence[str], which: int) -> bool:
    return not _announcers()[which].isdisjoint(before)


def _plain(number: str) -> str:
    return number.lstrip("0") or "0"


def mistyped(one: str, other: str) -> bool:
    """Whether two words differ in one letter, put, left out or changed, or in two that changed places."""
    if abs(len(one) - len(other)) > 1 or max(len(one), len(other)) < 3:
        return False
    start = next((at for at, (x, y) in enumerate(zip(one, other, strict=False)) if x != y), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a == b[1:] or a[1:] == b or (a[:2] == b[1::-1] and a[2:] == b[2:])
