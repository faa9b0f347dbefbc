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
_LONGEST_NAME = 6


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
    word, other `words`."""

    figures: int = 0
    editions: int = 0
    kept: int = 0
    names: int = 0
    typos: int = 0
    words: int = 0
    example: str = ""

    @property
    def share(self) -> float:
        """The share of figures in equal places that differ."""
        return self.figures / (self.figures + self.kept) if self.figures else 0.0


def differences(aligned: Alignment) -> Differences:
    """The slots of an alignment by what stands in them."""
    counts: Counter[str] = Counter()
    example = ""
    for slot in aligned.slots:
        found = list(_kinds(slot))
        counts.update(found)
        if not example and {"figures", "names"} & set(found):
            example = f"{' '.join((*slot.before, *slot.one))} / {' '.join(slot.other)}"
    return Differences(kept=aligned.numbers, example=example, **counts)


def _kinds(slot: Slot) -> Iterator[str]:
    """What differs in a slot, one kind a difference; nothing where only one text has words there."""
    if not slot.one or not slot.other:
        return
    if len(slot.one) == len(slot.other):
        for place, (one, other) in enumerate(zip(slot.one, slot.other, strict=True)):
            if one != other:
                yield from _pair(one, other, (*slot.before, *slot.one)[place : place + 2][-_ANNOUNCED_WITHIN:])
        return
    figures = [[_plain(word) for word in words if is_number(word)] for words in (slot.one, slot.other)]
    if all(figures):
        gone = sum((Counter(figures[0]) - Counter(figures[1])).values())
        come = sum((Counter(figures[1]) - Counter(figures[0])).values())
        yield from ["figures"] * min(gone, come)
        yield from ["editions"] * (min(gone, come) if _announced(slot.before, 1) else 0)
    elif max(len(slot.one), len(slot.other)) <= _LONGEST_NAME and _announced(slot.before, 0):
        yield "names"
    else:
        yield "words"


def _pair(one: str, other: str, before: Sequence[str]) -> Iterator[str]:
    if is_number(one) and is_number(other):
        if _plain(one) != _plain(other):
            yield "figures"
            if _announced(before, 1):
                yield "editions"
    elif is_number(one) or is_number(other):
        yield "words"
    elif mistyped(one, other):
        yield "typos"
    else:
        yield "names" if _announced(before, 0) else "words"


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


def missing_figures(one: Sequence[str], other: Sequence[str]) -> tuple[int, int]:
    """How many of the shorter text's figures the other one has not, and how many there are."""
    mine, theirs = (Counter(map(_plain, filter(is_number, tokens))) for tokens in sorted((one, other), key=len))
    return sum((mine - theirs).values()), sum(mine.values())
