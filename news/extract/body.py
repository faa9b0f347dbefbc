"""Where the article's text stands, and its blocks: site selectors, family selectors, microdata, then the prose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from news.article import Block, Removed
from news.clean.boilerplate import is_boilerplate_line, removed_box
from news.extract.captions import attach_captions
from news.extract.container import best_container
from news.extract.evidence import Evidence
from news.extract.fallback import by_trafilatura
from news.extract.linear import Placed, Slot, placed
from news.extract.own import OwnRules
from news.extract.regions import Regions, regions_of
from news.extract.teasers import teasers
from news.extract.tree import text_of

# A container that holds less text than this is a stub left by a template, not the article; short notices of two
# sentences have more.
MIN_CHARS = 40
# itemprop=articleBody stands on stubs and teasers too.
_MICRODATA_CHARS = 300
_KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the body stands: `how` says who knew."""

    container: HtmlElement | None = None
    how: str = ""
    blocks: tuple[Block, ...] = ()  # where no container is known, trafilatura's own text


@dataclass(frozen=True, slots=True)
class Text:
    """What a place says: its `blocks`, captions at their pictures, and what is none of it.

    `read` is all that was read in `regions`, `struck` the rule of each block of it that is none of the text, by index.
    """

    blocks: tuple[Block, ...]
    removed: tuple[Removed, ...]
    read: tuple[Block, ...]
    struck: Mapping[int, str]
    regions: Regions


def find_body(evidence: Evidence) -> Place:
    """The body's place by the first source that knows one with text in it."""
    for name, selectors in evidence.selectors:
        for selector in selectors.fields.get("body", ()):
            for element in evidence.select(selector):
                if len(text_of(element)) >= MIN_CHARS:
                    return Place(element, name)
    for element in evidence.itemprops.get("articleBody", ()):
        if len(text_of(element)) > _MICRODATA_CHARS:
            return Place(element, "microdata")
    container = best_container(evidence.root, evidence.blocks, evidence.boxes)
    if container is not None:
        return Place(container, "density")
    kept = next((how for box, how in evidence.own.keep.items() if len(text_of(box)) >= MIN_CHARS), "")
    if kept:
        return Place(None, kept)
    blocks = by_trafilatura(evidence.tree, evidence.base, MIN_CHARS)
    return Place(None, "trafilatura", tuple(blocks)) if blocks else Place()


def read_body(place: Place, evidence: Evidence) -> Text:
    """The blocks at a place and in the boxes that the site keeps, and what of it goes by the site's own rules, or is
    boilerplate by its box or by its shape."""
    own = evidence.own
    regions = regions_of(place.container, evidence.root, own, evidence.base)
    found = placed_in(regions, evidence.base)
    if not regions.roots:
        found = [(block, evidence.root) for block in place.blocks]
    found, struck = _by_own_rules(found, regions, own)
    rest = [i for i in range(len(found)) if i not in struck]
    cards = _cards([found[i] for i in rest], place.container, evidence.base)
    struck |= {rest[i]: "body:teaser" for i in cards if not found[rest[i]][0].kept}
    removed = [record for record in _records(regions) if record.text]
    removed += [Removed(found[i][0].text, struck[i]) for i in sorted(struck) if found[i][0].text]
    blocks = attach_captions([block for i, (block, _) in enumerate(found) if i not in struck])
    return Text(tuple(blocks), tuple(removed), tuple(block for block, _ in found), struck, regions)


def placed_in(regions: Regions, url: str, pieces: list[list[Slot]] | None = None) -> list[Placed]:
    """All blocks of the regions outside of the boxes that are shut (news.extract.linear.placed)."""
    skip, apart = regions.shut, regions.apart
    rows = (placed(root, url, skip=skip, apart=apart, markup=True, pieces=pieces) for root in regions.roots)
    return [row for part in rows for row in part]


def _by_own_rules(found: list[Placed], regions: Regions, own: OwnRules) -> tuple[list[Placed], dict[int, str]]:
    """The blocks, those that the site keeps marked, and the rule of each that it drops, by its index. What is said of a
    line goes before what is said of its box."""
    if not (own.keep or own.keep_lines or own.drop_lines):
        return found, {}
    said = {**regions.opened, **dict.fromkeys(own.keep, _KEPT)}
    verdicts = [_verdict(block, place, own, said) for block, place in found]
    found = [(b._replace(kept=True), at) if v == _KEPT else (b, at) for (b, at), v in zip(found, verdicts, strict=True)]
    return found, {i: verdict for i, verdict in enumerate(verdicts) if verdict not in ("", _KEPT)}


def _verdict(block: Block, place: HtmlElement, own: OwnRules, said: Mapping[HtmlElement, str]) -> str:
    """_KEPT, the rule that strikes a block, or "" where the site says nothing of it."""
    if block.text and own.keeps_line(block.text):
        return _KEPT
    rule = own.strikes_line(block.text) if block.text else ""
    return rule or next((said[box] for box in (place, *place.iterancestors()) if box in said), "")


def _cards(found: Sequence[Placed], container: HtmlElement | None, url: str) -> set[int]:
    """The blocks of teasers, by index. Their heading goes with them: left alone it would seem to head what the article
    says next."""
    if container is None:
        return set()
    cards = teasers(found, container, url)
    return cards | {i - 1 for i in cards if i and is_boilerplate_line(found[i - 1][0])}


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


def _records(regions: Regions) -> list[Removed]:
    """The boxes that are shut, the outermost of each."""
    shut = regions.shut
    outermost = (box for box in shut if not any(outer in shut for outer in box.iterancestors()))
    return [removed_box(box, shut[box]) for box in outermost]
