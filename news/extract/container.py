"""The element that holds the article where nobody names it: the subtree with the greatest sum of prose.

Every block of the page weighs its letters, for the article if it reads like prose, against it if it is a link to
somewhere else or a line that a boilerplate rule knows. The subtree of the greatest sum holds the article and leaves
lists of other news outside (maximum subsequence segmentation of Pasternack and Roth, WWW 2009, carried over from tokens
to the tree).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from lxml.html import HtmlElement

from news.article import Block
from news.clean.boilerplate import Box, is_boilerplate_line

# A block of this many letters is prose; below, it may be a label, a name or a menu entry and counts little.
_PROSE = 60
_LABEL_WEIGHT = 0.2
_LINK_WEIGHT = -1.2
# The letters of a boilerplate box weigh against the element around it.
_BOX_WEIGHT = -0.4
# A line that a rule knows, or a link standing alone, weighs at least this much against its place.
_STRIKE = -25.0
# Of the elements that hold nearly the greatest sum, the deepest is the tightest.
_NEARLY = 0.985
_LEAST = 80


def best_container(
    root: HtmlElement, blocks: Iterable[tuple[Block, HtmlElement]], boxes: Mapping[HtmlElement, Box]
) -> HtmlElement | None:
    """The element below `root` that holds the article's text; None where the page has no prose.

    `boxes` are its boilerplate boxes, `blocks` its blocks with their places (news.extract.linear.placed), of which
    those in boxes do not count.
    """
    sums: dict[HtmlElement, float] = defaultdict(float)
    for block, place in blocks:
        sums[place] += _weight(block)
    depth = _with_ancestors(sums, root)
    boxed: set[HtmlElement] = set()
    for element in depth:
        if element in boxes or element.getparent() in boxed:
            boxed.add(element)
            sums[element] = 0.0
    for box, known in boxes.items():
        parent = box.getparent()
        if parent is not None:
            sums[parent] += _BOX_WEIGHT * known.letters
    depth = _with_ancestors(sums, root)
    # Inner elements come after the outer ones that hold them: from the last, each adds to the one around it.
    for element in reversed(depth):
        parent = element.getparent()
        if element is not root and parent is not None:
            sums[parent] += sums[element]
    most = max(sums.values(), default=0.0)
    if most < _LEAST:
        return None
    return max((e for e, total in sums.items() if total >= _NEARLY * most), key=lambda e: depth[e])


def _with_ancestors(places: Iterable[HtmlElement], root: HtmlElement) -> dict[HtmlElement, int]:
    """The places and the elements around them with their depth below `root`, outer before inner."""
    depth: dict[HtmlElement, int] = {root: 0}
    for place in places:
        line = []
        element: HtmlElement | None = place
        while element is not None and element not in depth:
            line.append(element)
            element = element.getparent()
        below = depth[element] if element is not None else 0
        for level, inner in enumerate(reversed(line), 1):
            depth[inner] = below + level
    return depth


def _weight(block: Block) -> float:
    letters = len(block.text)
    if is_boilerplate_line(block):
        return _STRIKE - letters * 0.2
    if block.links > 0.5:
        return min(_STRIKE, _LINK_WEIGHT * letters * block.links)
    if letters >= _PROSE or block.kind in ("row", "quote"):
        return letters * (1 - 1.5 * block.links)
    return _LABEL_WEIGHT * letters * (1 - 2 * block.links)
