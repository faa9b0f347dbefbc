"""The element that holds the article where nobody names it: the subtree with the greatest sum of prose.

Every block of the page weighs its letters, for the article if it reads like prose, against it if it is a link to
somewhere else, a line that a boilerplate rule knows, or stands in a box known by its class. The subtree of the greatest
sum holds the article and leaves menus and lists of other news outside (maximum subsequence segmentation of Pasternack
and Roth, WWW 2009, carried over from tokens to the tree).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from lxml.html import HtmlElement

from news.article import Block
from news.clean.boilerplate import MOST_OF_PAGE, box_rule, is_boilerplate_line

# A block of this many letters is prose; below, it may be a label, a name or a menu entry and counts little.
_PROSE = 60
_LABEL_WEIGHT = 0.2
_LINK_WEIGHT = -1.2
_BOX_WEIGHT = -0.4
# A line that a rule knows, or a link standing alone, weighs at least this much against its place.
_STRIKE = -25.0
# Of the elements that hold nearly the greatest sum, the deepest is the tightest.
_NEARLY = 0.985
_LEAST = 80


def best_container(root: HtmlElement, blocks: Sequence[tuple[Block, HtmlElement]]) -> HtmlElement | None:
    """The element below `root` that holds the article's text; None where the page has no prose. `blocks` are those of
    `root` with their places (news.extract.linear.placed)."""
    lines = [(block, _line(place, root)) for block, place in blocks]
    letters: dict[HtmlElement, int] = defaultdict(int)
    for block, line in lines:
        for element in line:
            letters[element] += len(block.text)
    most_of_page = MOST_OF_PAGE * letters[root]
    boxed = {e for e, count in letters.items() if e is not root and count <= most_of_page and box_rule(e)}
    sums: dict[HtmlElement, float] = defaultdict(float)
    depth: dict[HtmlElement, int] = {}
    for block, line in lines:
        weight = _weight(block, not boxed.isdisjoint(line))
        for level, element in enumerate(reversed(line)):
            sums[element] += weight
            depth[element] = level
    most = max(sums.values(), default=0.0)
    if most < _LEAST:
        return None
    return max((e for e, total in sums.items() if total >= _NEARLY * most), key=lambda e: depth[e])


def _line(place: HtmlElement, root: HtmlElement) -> list[HtmlElement]:
    """The elements from `place` up to `root`."""
    line = [place]
    while line[-1] is not root and (parent := line[-1].getparent()) is not None:
        line.append(parent)
    return line


def _weight(block: Block, in_box: bool) -> float:
    letters = len(block.text)
    if is_boilerplate_line(block):
        return _STRIKE - letters * 0.2
    if block.links > 0.5:
        return min(_STRIKE, _LINK_WEIGHT * letters * block.links)
    if in_box:
        return _BOX_WEIGHT * letters
    if letters >= _PROSE or block.kind in ("row", "quote"):
        return letters * (1 - 1.5 * block.links)
    return _LABEL_WEIGHT * letters * (1 - 2 * block.links)
