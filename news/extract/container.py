"""The element that holds the article where nobody names it: the subtree with the greatest sum of prose.

Every block of the page weighs its letters, for the article if it reads like prose, against it if it is a link to
somewhere else or a line that a boilerplate rule knows. The subtree of the greatest sum holds the article and leaves
lists of other news outside (maximum subsequence segmentation of Pasternack and Roth, WWW 2009, carried over from tokens
to the tree).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from lxml.html import HtmlElement

from news.article import Block
from news.clean.boilerplate import Box, is_body, is_boilerplate_line
from news.extract.linear import Placed

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
# A page whose best sum is smaller has no prose.
_LEAST = 80
# A box that its template calls the text is believed where it holds this share of the greatest sum.
_NAMED = 0.4
# Names of a text that other boxes have too ("modal-body"), so that they are believed only below what was found.
_BODY_LIKE = re.compile(r"[-_](?:body|content|noi-?dung|nd)$", re.IGNORECASE)
# What stands between two pieces of a text weighs so much against it of what it would before or behind them.
_INNER = 0.2
# More of the same beside an element is at least this share of its sum.
_LIKE = 0.2


def best_container(root: HtmlElement, blocks: Iterable[Placed], boxes: Mapping[HtmlElement, Box]) -> HtmlElement | None:
    """The element below `root` that holds the article's text; None where the page has no prose.

    `boxes` are its boilerplate boxes, `blocks` its blocks with their places (news.extract.linear.placed), of which
    those in boxes do not count.
    """
    sums: dict[HtmlElement, float] = defaultdict(float)
    for block, place in blocks:
        sums[place] += _weight(block)
    for box, known in boxes.items():
        sums[box] = _BOX_WEIGHT * known.letters
    depth = _with_ancestors(sums, root)
    boxed = set(boxes)
    for element in depth:
        if element.getparent() in boxed:
            sums[element] = 0.0
            boxed.add(element)
    # Inner elements come after the outer ones that hold them: from the last, each is known when its parent asks.
    for element in reversed(depth):
        sums[element] += _together([sums[part] for part in element if part in depth], own=sums[element] > 0)
    most = max(sums.values(), default=0.0)
    if most < _LEAST:
        return None
    tightest = max((e for e, total in sums.items() if total >= _NEARLY * most), key=lambda e: depth[e])
    much = [e for e, total in sums.items() if total >= _NAMED * most]
    named = max(filter(is_body, much), key=lambda e: sums[e], default=None)
    if named is None:
        within = (e for e in much if depth[e] > depth[tightest] and _ends_in_body(e))
        named = max(within, key=lambda e: depth[e], default=tightest)
    return _with_its_like(named, root, sums)


def _ends_in_body(element: HtmlElement) -> bool:
    return any(_BODY_LIKE.search(word) for word in element.get("class", "").split())


def _together(parts: Sequence[float], *, own: bool) -> float:
    """The sum of an element's parts in their order; what weighs against it between two that weigh for it (other news in
    the middle of a text) counts less than what stands before or behind them. Text of its `own` is among all its parts.
    """
    told = [i for i, part in enumerate(parts) if part > 0]
    if not told and not own:
        return sum(parts)
    between = parts if own else parts[told[0] : told[-1]]
    return sum(parts) - (1 - _INNER) * sum(part for part in between if part < 0)


def _with_its_like(found: HtmlElement, root: HtmlElement, sums: Mapping[HtmlElement, float]) -> HtmlElement:
    """The element around `found` as long as that holds more of the same beside it: the other paragraphs of a short
    text between long lists of other news, the other boxes of a text that a template cuts in pieces."""
    while found is not root and (parent := found.getparent()) is not None:
        like = [e for e in parent if e is not found and e.tag == found.tag and e.get("class") == found.get("class")]
        if sum(sums[e] for e in like if sums.get(e, 0.0) > 0) < _LIKE * sums[found]:
            break
        found = parent
    return found


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
