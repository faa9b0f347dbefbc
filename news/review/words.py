"""Two texts compared word by word, so that an editor sees at a glance what reads otherwise."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from news.diff import aligned

# A word with the space before it: so a word is the same whatever follows, and no lone space is found to be common. A
# date or a number with its dots is one word.
_WORD = re.compile(r"\s*(?:\d+(?:[.,/:-]\d+)*|\w+|[^\w\s])|\s+")
# Between two places that both texts surely have, so many words may differ before the stretch is given as another one
# altogether: what differs in more is not the same sentence, and the time grows with this times the length.
_MOST = 120


class Fate(StrEnum):
    """What became of some words."""

    SAME = "same"
    GONE = "gone"
    COME = "come"


class Run(NamedTuple):
    """Words that stand together and share their fate."""

    fate: Fate
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph as it was and as it is, None where the other text has no such. The runs that did not come are
    `before`, those that are not gone are `after`."""

    before: str | None
    after: str | None
    runs: tuple[Run, ...]

    @property
    def same(self) -> bool:
        return self.before == self.after


def compared(old: Sequence[str], new: Sequence[str]) -> tuple[Passage, ...]:
    """Both texts in one, paragraph by paragraph, in reading order."""
    return tuple(_passage(before, after) for before, after in aligned(old, new))


def words(old: str, new: str) -> tuple[Run, ...]:
    """What turns one paragraph into the other. Time grows with the length of both, not with its square."""
    mine, theirs = _WORD.findall(old), _WORD.findall(new)
    runs: list[Run] = []
    for gone, come, same in _steps(mine, theirs):
        runs += [Run(Fate.GONE, gone), Run(Fate.COME, come), Run(Fate.SAME, same)]
    return tuple(run for run in _joined(runs) if run.text)


def _passage(before: str | None, after: str | None) -> Passage:
    if before is None or after is None:
        whole = Run(Fate.COME, after or "") if before is None else Run(Fate.GONE, before)
        return Passage(before, after, (whole,) if whole.text else ())
    return Passage(before, after, words(before, after))


def _joined(runs: Sequence[Run]) -> Iterator[Run]:
    """Runs between which nothing stayed as one that went and one that came."""
    for same, group in groupby((run for run in runs if run.text), key=lambda run: run.fate is Fate.SAME):
        together = list(group)
        if same:
            yield Run(Fate.SAME, "".join(run.text for run in together))
            continue
        yield Run(Fate.GONE, "".join(run.text for run in together if run.fate is Fate.GONE))
        yield Run(Fate.COME, "".join(run.text for run in together if run.fate is Fate.COME))


def _steps(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """What went, what came in its place, and what both have behind it."""
    i = k = 0
    for start, place, length in _blocks(old, new):
        yield "".join(old[i:start]), "".join(new[k:place]), "".join(old[start : start + length])
        i, k = start + length, place + length
    yield "".join(old[i:]), "".join(new[k:]), ""


class _Block(NamedTuple):
    """So many words that are the same from one place in the old text and one in the new."""

    old: int
    new: int
    length: int


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[_Block]:
    """Stretches that both have: between words that each has once, the fewest changes (Myers)."""
    i = k = 0
    for start, place in (*_anchors(old, new), (len(old), len(new))):
        for block in _between(old[i:start], new[k:place]):
            yield _Block(i + block.old, k + block.new, block.length)
        if start < len(old):
            yield _Block(start, place, 1)
        i, k = start + 1, place + 1


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The places of words that each text has once, as many as stand in the same order in both (patience diff)."""
    mine, theirs = Counter(old), Counter(new)
    where = {word: place for place, word in enumerate(new) if theirs[word] == 1}
    pairs = [(place, where[word]) for place, word in enumerate(old) if mine[word] == 1 and word in where]
    ends: list[int] = []  # the place in `new` with which an ascending row of each length ends lowest
    rows: list[int] = []  # which pair that is
    before: list[int] = []
    for n, (_, place) in enumerate(pairs):
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
        rows[at : at + 1] = [n]
        before.append(rows[at - 1] if at else -1)
    chosen: list[tuple[int, int]] = []
    n = rows[-1] if rows else -1
    while n >= 0:
        chosen.append(pairs[n])
        n = before[n]
    return chosen[::-1]


def _between(old: Sequence[str], new: Sequence[str]) -> list[_Block]:
    """What two stretches have in common, with the fewest changes; nothing where these are too many."""
    traces: list[dict[int, int]] = []
    furthest = {1: 0}
    for changes in range(min(len(old) + len(new), _MOST) + 1):
        traces.append(dict(furthest))
        for diagonal in range(-changes, changes + 1, 2):
            down = diagonal == -changes or (
                diagonal != changes and furthest.get(diagonal - 1, -1) < furthest.get(diagonal + 1, -1)
            )
            i = furthest[diagonal + 1] if down else furthest[diagonal - 1] + 1
            while i < len(old) and i - diagonal < len(new) and old[i] == new[i - diagonal]:
                i += 1
            furthest[diagonal] = i
            if i >= len(old) and i - diagonal >= len(new):
                return _way_back(traces, len(old), len(new))
    return []


def _way_back(traces: Sequence[dict[int, int]], i: int, k: int) -> list[_Block]:
    blocks: list[_Block] = []
    for changes in range(len(traces) - 1, -1, -1):
        furthest, diagonal = traces[changes], i - k
        down = diagonal == -changes or (
            diagonal != changes and furthest.get(diagonal - 1, -1) < furthest.get(diagonal + 1, -1)
        )
        came = diagonal + 1 if down else diagonal - 1
        start = furthest[came]
        # Behind the change that led here, everything was the same.
        begin = start if down else start + 1
        if changes == 0:
            begin = 0
        if i > begin:
            blocks.append(_Block(begin, begin - diagonal, i - begin))
        i, k = start, start - came
    return blocks[::-1]
