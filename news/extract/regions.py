"""The parts of a page that are read as its text: the body's container, and boxes that the site keeps beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from lxml.html import HtmlElement

from news.clean.boilerplate import boilerplate_boxes
from news.extract.linear import BLOCKS, placed
from news.extract.own import OwnRules


@dataclass(frozen=True, slots=True)
class Regions:
    """`roots` are the parts in reading order, none within another. The boxes of them that are none of the text are
    `shut`, those of which something is kept all the same `opened`, each with its rule. Elements in `apart` stand in
    lines of their own."""

    roots: tuple[HtmlElement, ...]
    shut: Mapping[HtmlElement, str]
    opened: Mapping[HtmlElement, str]
    apart: Set[HtmlElement]


def regions_of(container: HtmlElement | None, page: HtmlElement, own: OwnRules, url: str) -> Regions:
    """The regions of a page whose body stands in `container`. The innermost box decides: one to drop within one to keep
    goes, one to keep within one to drop or within boilerplate stays."""
    roots = _outermost([*own.keep, *([] if container is None else [container])], page)
    struck = {box: rule for box, rule in own.drop.items() if box not in roots and _is_within(box, set(roots))}
    for root in roots:
        if root not in own.keep:
            boxes = boilerplate_boxes(root).items()
            struck |= {b: known.rule for b, known in boxes if b not in struck and not _is_within(b, own.keep)}
    opened = {up for box in own.keep for up in box.iterancestors() if up in struck}
    if own.keep_lines:
        opened |= {box for box in struck if any(own.keeps_line(block.text) for block, _ in placed(box, url))}
    return Regions(
        roots,
        shut={box: rule for box, rule in struck.items() if box not in opened},
        opened={box: rule for box, rule in struck.items() if box in opened},
        apart=opened | {box for box in own.keep if box.tag not in BLOCKS and not _is_in_sentence(box)},
    )


def _outermost(elements: Iterable[HtmlElement], page: HtmlElement) -> tuple[HtmlElement, ...]:
    found = set(elements)
    outer = {e for e in found if not any(up in found for up in e.iterancestors())}
    return tuple(outer) if len(outer) < 2 else tuple(e for e in page.iter() if e in outer)


def _is_within(element: HtmlElement, boxes: Iterable[HtmlElement]) -> bool:
    """Whether an element is one of the boxes or stands in one."""
    return bool(boxes) and (element in boxes or any(up in boxes for up in element.iterancestors()))


def _is_in_sentence(element: HtmlElement) -> bool:
    """Whether text goes on right before or behind an element."""
    before = element.getprevious()
    parent = element.getparent()
    ahead = before.tail if before is not None else parent.text if parent is not None else ""
    return bool((element.tail or "").strip() or (ahead or "").strip())
