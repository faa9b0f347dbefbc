"""Which stretches two texts share, wherever they stand, and what differs between two stretches that follow each other
in both: the slots of a template, the corrections of a copy."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from news.dedupe.shingles import is_number

# So many equal tokens begin a stretch: three where it is looked for, behind the last one; more anywhere else, where
# three of a common phrase ("Ủy ban nhân dân tỉnh") would lead astray.
_NEAR, _FAR = 3, 6
# How far behind the last stretch, in tokens of the second text, the next one is looked for first: three long sentences.
_WINDOW = 90
# The longest differing piece between two stretches that is still the place of one name, figure or phrase.
LONGEST_SLOT = 12
# Of a run that a text repeats, so many places are tried: a table of a thousand equal rows stays cheap.
_PLACES = 8
# What stands around both texts, so that a difference at either end ("Thông báo số 12", "... số 14") is a slot too.
# Folded words have no capitals, so no word is taken for it.
_BEGIN, _END = ["BEGIN"] * _NEAR, ["END"] * _NEAR


@dataclass(frozen=True, slots=True)
class Slot:
    """Two differing pieces with equal words before and behind; either may be empty. `before`: the two words before."""

    one: tuple[str, ...]
    other: tuple[str, ...]
    before: tuple[str, ...]


@dataclass(slots=True)
class Alignment:
    """What `align` found, counted in tokens.

    `kept` are the tokens in equal stretches, `numbers` those of them with digits; `one` and `other` are the tokens of
    either text in equal stretches and in slots; `longest` is the longest part of the first text that is shared without
    a longer break than a slot.
    """

    kept: int = 0
    numbers: int = 0
    one: int = 0
    other: int = 0
    longest: int = 0
    slots: list[Slot] = field(default_factory=list)


def align(one: Sequence[str], other: Sequence[str]) -> Alignment:
    """Walk through `one` and find each stretch in `other`. Time grows with the length of both, not with its square."""
    length = len(one)
    one, other = [*_BEGIN, *one, *_END], [*_BEGIN, *other, *_END]
    index = _index(other)
    found = Alignment()
    i = j = began = 0
    start: tuple[int, int] | None = (0, 0)
    while start is not None:
        a, b = start
        if b >= j and max(a - i, b - j) <= LONGEST_SLOT:
            found.slots += _slots(one, other, (i, a), (j, b))
            found.one += a - i
            found.other += b - j
        else:
            began = a
        i, j = _extend(one, other, a, b)
        stretch = one[max(a, _NEAR) : min(i, length + _NEAR)]
        found.kept += len(stretch)
        found.longest = max(found.longest, min(i, length + _NEAR) - max(began, _NEAR))
        found.numbers += sum(map(is_number, stretch))
        start = _next(one, other, index, i, j)
    found.one += found.kept
    found.other += found.kept
    return found


def _slots(one: Sequence[str], other: Sequence[str], mine: tuple[int, int], theirs: tuple[int, int]) -> Iterator[Slot]:
    """The slots between two stretches: the piece as it is, or what is left of it around words that both sides have,
    since in "12/5, đồng chí Lan" and "9/6, đồng chí Mai" a day and a name differ."""
    (i, a), (j, b) = mine, theirs
    pieces = [(i, a, j, b)]
    if not set(one[i:a]).isdisjoint(other[j:b]):
        equal = SequenceMatcher(None, one[i:a], other[j:b], autojunk=False).get_matching_blocks()
        starts = [(0, 0), *((block.a + block.size, block.b + block.size) for block in equal)]
        pieces = [(i + x, i + block.a, j + y, j + block.b) for (x, y), block in zip(starts, equal, strict=False)]
    for start, end, begin, stop in pieces:
        edge = start < _NEAR or end > len(one) - _NEAR or begin < _NEAR or stop > len(other) - _NEAR
        # What only one text has at its end is a line around the text, not a slot in it.
        if (start < end and begin < stop) or (not edge and (start < end or begin < stop)):
            before = tuple(one[max(0, start - 2) : start])
            yield Slot(_words(one[start:end]), _words(other[begin:stop]), before)


def _words(tokens: Sequence[str]) -> tuple[str, ...]:
    return tuple(token for token in tokens if token not in ("BEGIN", "END"))


def _index(tokens: Sequence[str]) -> Mapping[tuple[str, ...], list[int]]:
    index: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, run in enumerate(zip(*(tokens[start:] for start in range(_NEAR)), strict=False)):
        index[run].append(place)
    return index


def _extend(one: Sequence[str], other: Sequence[str], i: int, j: int) -> tuple[int, int]:
    most = min(len(one) - i, len(other) - j)
    length = 0
    while length < most and one[i + length] == other[j + length]:
        length += 1
    return i + length, j + length


def _next(
    one: Sequence[str], other: Sequence[str], index: Mapping[tuple[str, ...], list[int]], i: int, j: int
) -> tuple[int, int] | None:
    """Where the next equal stretch begins in both texts."""
    for width in range(1, 4):
        # As many words put for others, before two that are equal: "ngày 12 tháng 5" and "ngày 19 tháng 5".
        behind = one[i + width : i + width + 2]
        if len(behind) == 2 and behind == other[j + width : j + width + 2]:
            return i + width, j + width
    for at in range(i, len(one) - _NEAR + 1):
        places = index.get(tuple(one[at : at + _NEAR]))
        if not places:
            continue
        nearest = bisect_left(places, j)
        if nearest < len(places) and places[nearest] <= j + _WINDOW:
            return at, places[nearest]
        for place in places[:_PLACES]:
            if one[at : at + _FAR] == other[place : place + _FAR] and at + _FAR <= len(one):
                return at, place
    return None
