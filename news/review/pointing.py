"""What an editor points at on a page, and the rules by which it could be known again there and on other pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from lxml.html import HtmlElement

from news.clean.wording import wording
from news.errors import InvalidValue
from news.extract.naming import selectors_below, selectors_of
from news.extract.runs import Mark, Trace, common
from news.extract.tree import select, text_of
from news.review.rules import RuleKind

_LABEL = re.compile(r"\s*([^\W\d][^:\d]{1,30}):")
# What holds a line of a text, not a text.
_LINES = frozenset({"p", "span", "a", "b", "strong", "em", "i", "u", "font", "h1", "h2", "h3", "h4", "h5", "h6", "li"})
# A box is looked for so many elements up.
_UP = 8


class Why(StrEnum):
    """By what a rule knows what it means. The value is the published name."""

    BOX = "box"  # the element's own name
    PLACE = "place"  # its look or place in a box with a name
    LINE = "line"  # the words of the line, with any number for each of its numbers
    WORDS = "words"  # the very words of the line


class Candidate(NamedTuple):
    kind: RuleKind
    value: str
    why: Why


class Pointed:
    """The runs pointed at, with what else is part of their lines. Raises InvalidValue for no run, and for one that the
    page does not have."""

    def __init__(self, trace: Trace, runs: Iterable[int]) -> None:
        self.trace = trace
        asked = set(runs)
        if not asked or not all(0 <= run < len(trace.runs) for run in asked):
            raise InvalidValue(
                f"The page has no run {sorted(asked) or '(none was named)'}.", "Point at text of the page."
            )
        lines = {trace.runs[run].line for run in asked} - {-1}
        self.runs = [run for run in trace.runs if run.index in asked or run.line in lines]

    def only(self, mark: Mark) -> bool:
        return all(run.mark is mark for run in self.runs)

    @cached_property
    def lines(self) -> list[str]:
        """The text of each line pointed at, in reading order."""
        found: dict[int, str] = {}
        for run in self.runs:
            key = run.line if run.line >= 0 else -1 - run.index
            found[key] = f"{found[key]} {run.text}" if key in found else run.text
        return list(found.values())

    @property
    def text(self) -> str:
        return " ".join(self.lines)

    @cached_property
    def element(self) -> HtmlElement:
        """The innermost element that holds all that is pointed at."""
        return common([run.element for run in self.runs])

    @cached_property
    def others(self) -> frozenset[HtmlElement]:
        """The elements that hold text of the body, or the headline, which was not pointed at."""
        mine = {run.index for run in self.runs}
        held: set[HtmlElement] = set()
        for run in self.trace.runs:
            if run.mark in (Mark.KEPT, Mark.TITLE) and run.index not in mine:
                for up in _upward(run.element):
                    if up in held:
                        break
                    held.add(up)
        return frozenset(held)

    def select(self, css: str) -> list[HtmlElement]:
        root = self.trace.root
        return [] if root is None else select(root.getroottree().getroot(), css)

    def covers(self, boxes: Sequence[HtmlElement]) -> bool:
        """Whether all that is pointed at stands in the boxes."""
        found = set(boxes)
        return bool(found) and all(any(up in found for up in _upward(run.element)) for run in self.runs)

    def alone(self, boxes: Sequence[HtmlElement]) -> bool:
        """Whether the boxes hold all that is pointed at, and no other text of the article."""
        return self.covers(boxes) and self.others.isdisjoint(boxes)

    def each_holds_some(self, boxes: Sequence[HtmlElement]) -> bool:
        held = {up for run in self.runs for up in _upward(run.element)}
        return held.issuperset(boxes)


def to_drop(pointed: Pointed) -> Iterator[Candidate]:
    """Rules that strike what is pointed at."""
    boxes = _boxes(pointed)
    yield from _named(pointed, RuleKind.DROP, boxes)
    yield from _by_line(pointed, RuleKind.DROP_LINE)
    yield from _placed(pointed, RuleKind.DROP, boxes)


def to_keep(pointed: Pointed) -> Iterator[Candidate]:
    """Rules that make text of what is pointed at."""
    boxes = _boxes(pointed)
    yield from (c for c in _named(pointed, RuleKind.KEEP, boxes) if pointed.each_holds_some(pointed.select(c.value)))
    yield from _by_line(pointed, RuleKind.KEEP_LINE)
    yield from (c for c in _placed(pointed, RuleKind.KEEP, boxes) if pointed.each_holds_some(pointed.select(c.value)))


def for_field(pointed: Pointed) -> Iterator[Candidate]:
    """Selectors whose first element is what is pointed at, those with no second one first."""
    said = text_of(pointed.element)
    boxes = [up for up, _ in zip(_upward(pointed.element), range(_UP), strict=False) if text_of(up) == said]
    named = [Candidate(RuleKind.FIELD, css, Why.BOX) for box in boxes for css in selectors_of(box)]
    named += [Candidate(RuleKind.FIELD, css, Why.PLACE) for box in boxes for css in selectors_below(box, place=True)]
    label = _LABEL.match(said)
    second: list[Candidate] = []
    for candidate in named:
        found = pointed.select(candidate.value)
        labelled = f"{candidate.value} @ {label[1].strip()}" if label and len(found) > 1 else ""
        if labelled and pointed.select(labelled)[0] in boxes:
            yield candidate._replace(value=labelled)
        if found and found[0] in boxes:
            if len(found) == 1:
                yield candidate
            else:
                second.append(candidate)
    yield from second


def for_body(pointed: Pointed) -> Iterator[Candidate]:
    """Selectors whose first element is a box around what is pointed at, the nearest first."""
    for box in _upward(pointed.element):
        if box.tag not in _LINES:
            for why, found in ((Why.BOX, selectors_of(box)), (Why.PLACE, selectors_below(box))):
                yield from (Candidate(RuleKind.FIELD, css, why) for css in found if pointed.select(css)[:1] == [box])


def _boxes(pointed: Pointed) -> list[HtmlElement]:
    """The elements that hold what is pointed at and none of the rest of the article, the nearest first: of all of it,
    then of its first line."""
    found: dict[HtmlElement, None] = {}
    for element in (pointed.element, pointed.runs[0].element):
        for up, _ in zip(_upward(element), range(_UP), strict=False):
            if up in pointed.others:
                break
            found[up] = None
    return list(found)


def _named(pointed: Pointed, kind: RuleKind, boxes: Iterable[HtmlElement]) -> Iterator[Candidate]:
    found = (css for box in boxes for css in selectors_of(box))
    yield from (Candidate(kind, css, Why.BOX) for css in found if pointed.alone(pointed.select(css)))


def _placed(pointed: Pointed, kind: RuleKind, boxes: Iterable[HtmlElement]) -> Iterator[Candidate]:
    found = (css for box in boxes for css in selectors_below(box))
    yield from (Candidate(kind, css, Why.PLACE) for css in found if pointed.alone(pointed.select(css)))


def _by_line(pointed: Pointed, kind: RuleKind) -> Iterator[Candidate]:
    wordings = "\n".join(dict.fromkeys(map(wording, pointed.lines)))
    words = "\n".join(dict.fromkeys(pointed.lines))
    yield Candidate(kind, wordings, Why.LINE)
    if words != wordings:
        yield Candidate(kind, words, Why.WORDS)


def _upward(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    yield from element.iterancestors()
