"""Two texts, paragraph by paragraph: what came, what went, what reads otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from news.clean.text import fold

# Two paragraphs that share this much of their words are one that was changed; with less, one went and another came.
_SAME_PARAGRAPH = 0.4
# How far it is looked for: two texts of thousands of paragraphs that share none would take minutes otherwise.
_LOOK_AHEAD = 50

# A paragraph as it was and as it is, None where the other text has no such.
Pair = tuple[str | None, str | None]


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class ParagraphChange:
    """One paragraph that differs: `before` is "" for an added one, `after` for a removed one."""

    kind: ChangeKind
    before: str
    after: str

    def to_json(self) -> dict[str, Any]:
        """The public shape: the names of docs/api.md."""
        return {"kind": str(self.kind), "before": self.before, "after": self.after}


def diff(old: Sequence[str], new: Sequence[str]) -> tuple[ParagraphChange, ...]:
    """What turns `old` into `new`, in reading order. Time grows with the length of both, not with its square."""
    return tuple(_change(before, after) for before, after in aligned(old, new) if before != after)


def aligned(old: Sequence[str], new: Sequence[str]) -> Iterator[Pair]:
    """Both texts side by side, paragraph by paragraph, in reading order: each paragraph of either stands once."""
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    yield from zip(old[:start], new[:start], strict=True)
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    # In a long text, lines that stand there time and again (rows of an empty form) are no places to hold on to, and
    # comparing each with each takes minutes: difflib leaves them out, and `_paired` finds them.
    matcher = SequenceMatcher(None, before, after, autojunk=True)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            yield from zip(before[i:j], after[k:m], strict=True)
        else:
            yield from _paired(before[i:j], after[k:m])
    yield from zip(old[len(old) - end :], new[len(new) - end :], strict=True)


def _change(before: str | None, after: str | None) -> ParagraphChange:
    if before is None:
        return ParagraphChange(ChangeKind.ADDED, "", after or "")
    if after is None:
        return ParagraphChange(ChangeKind.REMOVED, before, "")
    return ParagraphChange(ChangeKind.CHANGED, before, after)


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many paragraphs both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (mine, theirs) in pairs if mine != theirs), min(len(one), len(other)))


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[Pair]:
    """The paragraphs of a differing stretch: those that are alike as one that was changed, in the new text's order."""
    words = [frozenset(fold(line).split()) for line in old]
    at = 0
    for line in new:
        place = _same(line, old, at)
        if place is None:
            place = _place(frozenset(fold(line).split()), words, at)
        if place is None:
            yield None, line
            continue
        # What stands before the one that is alike was taken out.
        yield from ((gone, None) for gone in old[at:place])
        yield old[place], line
        at = place + 1
    yield from ((gone, None) for gone in old[at:])


def _same(line: str, old: Sequence[str], start: int) -> int | None:
    """The first of the next paragraphs that is the very same."""
    return next((place for place in range(start, min(start + _LOOK_AHEAD, len(old))) if old[place] == line), None)


def _place(line: frozenset[str], words: Sequence[frozenset[str]], start: int) -> int | None:
    """The first of the next paragraphs that is alike."""
    for place in range(start, min(start + _LOOK_AHEAD, len(words))):
        if len(line & words[place]) >= _SAME_PARAGRAPH * max(len(line), len(words[place]), 1):
            return place
    return None
