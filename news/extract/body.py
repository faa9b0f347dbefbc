"""Where the article's text stands, and its blocks: site selectors, family selectors, microdata, then the prose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml.html import HtmlElement

from news.article import Block, Removed
from news.clean.boilerplate import boilerplate_boxes, is_boilerplate_line, removed_box
from news.extract.captions import attach_captions
from news.extract.container import best_container
from news.extract.evidence import Evidence
from news.extract.fallback import by_trafilatura
from news.extract.linear import Placed, placed
from news.extract.teasers import teasers
from news.extract.tree import Names, may_match, select, text_of

# A container that holds less text than this is a stub left by a template, not the article; short notices of two
# sentences have more.
MIN_CHARS = 40
# itemprop=articleBody stands on stubs and teasers too.
_MICRODATA_CHARS = 300


@dataclass(frozen=True, slots=True)
class Place:
    """Where the body stands: `how` says who knew, `drop` what of it is none of the text."""

    container: HtmlElement | None = None
    how: str = ""
    drop: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()  # where no container is known, trafilatura's own text


def find_body(evidence: Evidence) -> Place:
    """The body's place by the first source that knows one with text in it."""
    drops = tuple(css for _, selectors in evidence.selectors for css in selectors.drop)
    for name, selectors in evidence.selectors:
        for selector in selectors.fields.get("body", ()):
            for element in evidence.select(selector):
                if len(text_of(element)) >= MIN_CHARS:
                    return Place(element, name, drops)
    for element in evidence.itemprops.get("articleBody", ()):
        if len(text_of(element)) > _MICRODATA_CHARS:
            return Place(element, "microdata", drops)
    container = best_container(evidence.root, evidence.blocks, evidence.boxes)
    if container is not None:
        return Place(container, "density", drops)
    blocks = by_trafilatura(evidence.tree, evidence.base, MIN_CHARS)
    return Place(None, "trafilatura", drops, tuple(blocks)) if blocks else Place()


def read_body(place: Place, url: str, names: Names) -> tuple[list[Block], list[Removed]]:
    """The blocks at a place, captions with their pictures, and the boxes that are none of it."""
    if place.container is None:
        return attach_captions(place.blocks), []
    boxes = {
        box: "selectors:drop"
        for selector in place.drop
        if may_match(selector, names)
        for box in select(place.container, selector)
        if box is not place.container
    }
    boxes |= {box: known.rule for box, known in boilerplate_boxes(place.container).items() if box not in boxes}
    found = placed(place.container, url, skip=boxes, markup=True)
    cards = teasers(found, place.container, url)
    # Their heading goes with them: left alone it would seem to head what the article says next.
    cards |= {i - 1 for i in cards if i and is_boilerplate_line(found[i - 1][0])}
    removed = [record for record in _records(boxes) if record.text]
    removed += [Removed(found[i][0].text, "body:teaser") for i in sorted(cards) if found[i][0].text]
    return attach_captions([block for i, (block, _) in enumerate(found) if i not in cards]), removed


def around(evidence: Evidence, container: HtmlElement) -> tuple[list[Placed], list[Placed], list[Placed]]:
    """The blocks that a reader meets before the container, in it and after it."""
    within: dict[HtmlElement, bool] = {container: True}
    before: list[Placed] = []
    inside: list[Placed] = []
    after: list[Placed] = []
    for row in evidence.blocks:
        (inside if _within(row[1], within) else after if inside else before).append(row)
    return before, inside, after


def blocks_before(evidence: Evidence, place: Place, count: int = 8) -> list[Placed]:
    """The last blocks that a reader meets before the body, then the first ones of it: headline, date, lead."""
    if place.container is None:
        return [(block, evidence.root) for block in place.blocks[:count]]
    before, inside, _ = around(evidence, place.container)
    return [*before[-count:], *inside[:count]]


def _within(place: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    """Whether a place is below one that is known to be within; remembers what it learns on the way."""
    line = []
    element: HtmlElement | None = place
    while element is not None and element not in known:
        line.append(element)
        element = element.getparent()
    answer = element is not None and known[element]
    known.update(dict.fromkeys(line, answer))
    return answer


def _records(boxes: Mapping[HtmlElement, str]) -> list[Removed]:
    """The struck boxes, the outermost of each."""
    outermost = (box for box in boxes if not any(outer in boxes for outer in box.iterancestors()))
    return [removed_box(box, boxes[box]) for box in outermost]
