"""Teasers within the body's container: cards of other articles, told by their shape where no class or heading says so.

A card is a box with one headline that is a link to the same site and little else: a section's name, a date, a line of
text. One such box may be the article's own; two beside each other are a list of other news.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from lxml.html import HtmlElement

from news.article import Block
from news.clean.boilerplate import is_boilerplate_line
from news.extract.linear import Placed
from news.urls import owner

# A headline has at least so many words; fewer are a name or a label.
_HEADLINE_WORDS = 4
# Besides its headline a card carries at most this much text: teasers are two sentences.
_CARD_CHARS = 320
_CARDS = frozenset(["div", "li", "article", "section", "td", "tr", "figure", "dl"])


def teasers(placed: Sequence[Placed], container: HtmlElement, url: str) -> set[int]:
    """The indices of the blocks that stand in cards of other articles."""
    own = owner(url)
    headlines = dict.fromkeys(i for i, (block, _) in enumerate(placed) if _is_headline(block, own))
    if not headlines:
        return set()
    text: dict[HtmlElement, int] = defaultdict(int)
    heads: dict[HtmlElement, int] = defaultdict(int)
    members: dict[HtmlElement, list[int]] = defaultdict(list)
    lines = [_line(place, container) for _, place in placed]
    for index, ((block, _), line) in enumerate(zip(placed, lines, strict=True)):
        is_head = index in headlines
        for element in line:
            heads[element] += is_head
            text[element] += 0 if is_head else len(block.text)
            members[element].append(index)
    cards: dict[HtmlElement, list[HtmlElement]] = defaultdict(list)
    for index in headlines:
        card = _card(lines[index], heads, text)
        if card is not None and (parent := card.getparent()) is not None:
            cards[parent].append(card)
    return {
        index
        for found in cards.values()
        if len(found) > 1 or _is_announced(placed, members[found[0]][0])
        for card in found
        for index in members[card]
    }


def _is_announced(placed: Sequence[Placed], first: int) -> bool:
    """Whether a line like "Tin liên quan" stands before a card or begins it: then one is enough."""
    return any(is_boilerplate_line(block) for block, _ in placed[max(0, first - 1) : first + 1])


def _is_headline(block: Block, own: str) -> bool:
    if block.links < 0.9 or len(block.text.split()) < _HEADLINE_WORDS:
        return False
    target = block.html.partition('href="')[2].partition('"')[0]
    return not target or owner(target) == own  # scripts follow links that lead nowhere


def _line(place: HtmlElement, container: HtmlElement) -> list[HtmlElement]:
    """The elements from `place` up to the container, which is none of them."""
    line: list[HtmlElement] = []
    element: HtmlElement | None = place
    while element is not None and element is not container:
        line.append(element)
        element = element.getparent()
    return line


def _card(
    line: Sequence[HtmlElement], heads: dict[HtmlElement, int], text: dict[HtmlElement, int]
) -> HtmlElement | None:
    """The largest box around a headline that holds no other headline and little text."""
    card = None
    for element in line:
        if heads[element] > 1 or text[element] > _CARD_CHARS:
            break
        if element.tag in _CARDS:
            card = element
    return card
