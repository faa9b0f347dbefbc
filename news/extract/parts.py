"""The text of a page as runs in reading order: lines that were read as the article's, and what stands beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from news.article import Block
from news.clean.text import resolve, squeeze
from news.extract.body import Text, placed_in
from news.extract.evidence import Evidence
from news.extract.linear import BLOCKS, SKIP, Slot

# Buttons and the choices of a form are never read; a reader sees each as a line of its own, as each picture parts two.
_BREAKS = BLOCKS | SKIP | {"img", "label"}
# How many lines ahead a run is looked for where nobody knows its place.
_AHEAD = 6
# ... and from how many characters on within a line, where what stands before it may have been left out.
_LONG = 20


@dataclass(slots=True)
class Part:
    """One run, before anybody says what became of it: the `line` of Text.read that it is all or a part of, -1 where it
    was not read; the boilerplate box that it stands in, by its rule; whether that is a box of the body's place."""

    line: int
    rule: str
    inside: bool
    slots: list[Slot] = field(default_factory=list)
    text: str = ""


def parts_of(evidence: Evidence, text: Text) -> list[Part]:
    """All runs of a page of which `text` was read."""
    pieces: list[list[Slot]] = []
    placed_in(text.regions, evidence.base, pieces)
    lines = {slot: line for line, slots in enumerate(pieces) for slot in slots}
    parts = [part for part in _walked(evidence, text, lines) if part.text]
    if not text.regions.roots:
        return list(_matched(parts, text.read))
    whole = Counter(part.line for part in parts)
    for part in parts:
        if part.line >= 0 and whole[part.line] == 1:
            part.text = text.read[part.line].text
    return parts


def text_at(slot: Slot) -> str:
    """The text of the page at a slot, as it stands there."""
    return str((slot.element.tail if slot.tail else slot.element.text) or "")


class _Walk:
    """Puts slots that belong together into one part."""

    def __init__(self, lines: Mapping[Slot, int]) -> None:
        self.lines = lines
        self.parts: list[Part] = []
        self.broken = True

    def add(self, slot: Slot, rule: str, *, inside: bool) -> None:
        if not text_at(slot).strip():
            return
        line = self.lines.get(slot, -1)
        last = self.parts[-1] if self.parts else None
        same = last is not None and (last.line, last.rule, last.inside) == (line, rule, inside)
        if last is None or not same or (self.broken and line < 0):
            last = Part(line, rule, inside)
            self.parts.append(last)
        last.slots.append(slot)
        self.broken = False


def _walked(evidence: Evidence, text: Text, lines: Mapping[Slot, int]) -> list[Part]:
    walk = _Walk(lines)
    roots, shut, boxes = set(text.regions.roots), text.regions.shut, evidence.boxes
    around = [("", False)]  # of each open element: the rule of the box it stands in, and whether in a root
    for event, element in etree.iterwalk(evidence.root, events=("start", "end")):
        walk.broken |= element.tag in _BREAKS
        if event == "start":
            rule, inside = around[-1]
            if element in roots:
                rule, inside = "", True
            elif not rule:
                rule = shut.get(element, "") if inside else boxes[element].rule if element in boxes else ""
            around.append((rule, inside))
            walk.add(Slot(element), rule, inside=inside)
        else:
            around.pop()
            if element is not evidence.root:
                walk.add(Slot(element, tail=True), around[-1][0], inside=around[-1][1])
    for part in walk.parts:
        part.text = squeeze(resolve("".join(map(text_at, part.slots))))
    return walk.parts


def _matched(parts: Sequence[Part], read: Sequence[Block]) -> Iterator[Part]:
    """The parts of a page whose text was read by somebody who does not say where: they are known by what they say, in
    the order of the lines."""
    left = [_key(block.text) for block in read]
    at = 0
    for part in parts:
        key = _key(part.text)
        ahead = range(at, min(at + _AHEAD, len(left)))
        line = next((n for n in ahead if key and _begins(left[n], key)), -1)
        if line < 0 or part.rule:
            yield part
            continue
        at, left[line] = line, left[line].partition(key)[2]
        yield replace(part, line=line, inside=True)


def _key(text: str) -> str:
    """The text as far as it is compared: without blanks, and without what parts the cells of a row."""
    return "".join(text.replace("|", "").split())


def _begins(line: str, key: str) -> bool:
    """Whether a run is the next piece of a line, or a long one further on in it."""
    return line.startswith(key) or (len(key) >= _LONG and key in line)
