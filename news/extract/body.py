"""Where the article's text stands, and its blocks: site selectors, family selectors, microdata, then trafilatura."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from configparser import ConfigParser
from dataclasses import dataclass, replace
from functools import cache
from html import escape

import trafilatura
from lxml import etree
from lxml.html import HtmlElement
from trafilatura.settings import DEFAULT_CONFIG

from news.article import Block, Image, Removed
from news.clean.boilerplate import strike_boxes, strike_lines
from news.clean.credits import photographer
from news.clean.text import fold, tidy
from news.extract.container import best_container
from news.extract.evidence import Evidence
from news.extract.language import is_vietnamese
from news.extract.linear import linearise
from news.extract.tree import drop, select, text_of

# A container that holds less text than this is a stub left by a template, not the article; short notices of two
# sentences have more.
MIN_CHARS = 40
# The smallest element with this share of the text that trafilatura found is taken for the article's container ...
_COVER = 0.92
# ... unless more than this share of its text is none of trafilatura's: then its own text is the better one.
_STRANGE = 0.35
# trafilatura's time grows with the square of nested tables: 3,000 of them take it nine seconds. Real pages have fifty.
_MOST_TABLES = 500
_CAPTION_CHARS = 300
_PLAIN_CAPTION_CHARS = 130


@dataclass(frozen=True, slots=True)
class Place:
    """Where the body stands: `how` says who knew, `drop` what of it is none of the text."""

    container: HtmlElement | None = None
    how: str = ""
    drop: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()  # where no container is known, trafilatura's own text


def find_body(evidence: Evidence) -> Place:
    """The body's place by the first source that knows one with text in it; touches nothing."""
    drops = tuple(css for _, selectors in evidence.selectors for css in selectors.drop)
    for name, selectors in evidence.selectors:
        for selector in selectors.fields.get("body", ()):
            for element in select(evidence.tree, selector):
                if len(text_of(element)) >= MIN_CHARS:
                    return Place(element, name, drops)
    for element in select(evidence.tree, '[itemprop~="articleBody"]'):
        if len(text_of(element)) > 300:
            return Place(element, "microdata", drops)
    if is_vietnamese(evidence.text):
        container = best_container(evidence.root, evidence.blocks)
        if container is not None:
            return Place(container, "density", drops)
    if sum(1 for _ in evidence.root.iter("table")) > _MOST_TABLES:
        return Place()
    return replace(_by_trafilatura(evidence.tree, evidence.root, evidence.base), drop=drops)


def read_body(place: Place, url: str) -> tuple[list[Block], list[Removed]]:
    """The blocks at a place, captions with their pictures. Cuts boxes out of the tree: read all else before."""
    if place.container is None:
        return attach_captions(place.blocks), []
    removed: list[Removed] = []
    for selector in place.drop:
        for box in select(place.container, selector):
            if box is not place.container and box.getparent() is not None:
                _note(removed, box, "selectors:drop")
    removed += strike_boxes(place.container)
    return attach_captions(linearise(place.container, url)), removed


def blocks_before(evidence: Evidence, place: Place, count: int = 8) -> list[tuple[Block, HtmlElement]]:
    """The last blocks that a reader meets before the body, then the first ones of it: headline, date, lead."""
    if place.container is None:
        return [(block, evidence.root) for block in place.blocks[:count]]
    before: list[tuple[Block, HtmlElement]] = []
    inside: list[tuple[Block, HtmlElement]] = []
    for block, element in evidence.blocks:
        if element is place.container or place.container in element.iterancestors():
            inside.append((block, element))
            if len(inside) >= count:
                break
        elif not inside:
            before.append((block, element))
    return [*before[-count:], *inside]


def attach_captions(blocks: Sequence[Block]) -> list[Block]:
    """Captions leave the text and join their pictures: a caption belongs to the pictures right before it that have
    none, or, where it comes first, to the picture right behind it. What merely repeats a caption goes too."""
    result: list[Block] = []
    captions: set[str] = set()
    for index, block in enumerate(blocks):
        picture = _bare_picture(result)
        if block.kind == "caption" or (picture is not None and _looks_like_caption(block, blocks[index + 1 :])):
            captions.add(fold(block.text))
            if picture is not None:
                result[picture] = _captioned(result[picture], block.text)
            elif index + 1 < len(blocks) and blocks[index + 1].kind == "image":
                result.append(Block("pending", block.text))
            continue
        if block.kind == "image" and result and result[-1].kind == "pending":
            block = _captioned(block, result.pop().text)
        if block.text and len(block.text) < _CAPTION_CHARS and fold(block.text) in captions:
            continue
        result.append(block)
    return [block for block in result if block.kind != "pending"]


def _note(removed: list[Removed], box: HtmlElement, rule: str) -> None:
    text = text_of(box)
    if text:
        removed.append(Removed(text[:600], rule))
    drop(box)


def _by_trafilatura(tree: HtmlElement, root: HtmlElement, url: str) -> Place:
    found = _trafilatura(tree, url)
    if found is None:
        return Place()
    theirs = _from_tei(found)
    container = _covering(root, theirs)
    if container is not None and _agrees(linearise(container, url), theirs):
        return Place(container, "trafilatura:container")
    return Place(None, "trafilatura", blocks=tuple(theirs))


@cache
def _config() -> ConfigParser:
    config = copy.deepcopy(DEFAULT_CONFIG)
    # Its limit of 250 characters would throw away a ministry's two-sentence notice.
    config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = str(MIN_CHARS)
    config["DEFAULT"]["MIN_OUTPUT_SIZE"] = "1"
    return config


def _trafilatura(tree: HtmlElement, url: str) -> etree._Element | None:
    document = trafilatura.bare_extraction(
        copy.deepcopy(tree),
        url=url,
        fast=True,
        include_comments=False,
        with_metadata=False,
        config=_config(),
        favor_precision=True,
    )
    body = getattr(document, "body", None)
    return body if isinstance(body, etree._Element) and len(body) else None


def _from_tei(body: etree._Element) -> list[Block]:
    return [block for child in body for block in _tei_blocks(child)]


def _tei_blocks(element: etree._Element) -> Iterator[Block]:
    tag = str(element.tag)
    if tag in ("list", "table"):
        for part in element.iter("item", "row"):
            if part.tag == "row":
                cells = [tidy("".join(map(str, cell.itertext()))) for cell in part.iter("cell")]
                html = "".join(f"<td>{escape(cell, quote=False)}</td>" for cell in cells)
                yield Block("row", " | ".join(cells), f"<tr>{html}</tr>")
            else:
                yield from _lines(part, "item")
        return
    kind = {"head": "heading", "quote": "quote"}.get(tag, "paragraph")
    yield from _lines(element, kind)


def _lines(element: etree._Element, kind: str) -> Iterator[Block]:
    for mark in element.iter("lb"):
        mark.tail = "\n" + (mark.tail or "")
    for line in "".join(map(str, element.itertext())).split("\n"):
        text = tidy(line)
        if text:
            yield Block(kind, text, escape(text, quote=False))


def _covering(root: HtmlElement, blocks: Sequence[Block]) -> HtmlElement | None:
    """The smallest element that holds nearly all of the text of `blocks`."""
    pieces = {fold(block.text): len(block.text) for block in blocks if len(block.text) > 30}
    goal = _COVER * sum(pieces.values())
    if not pieces:
        return None
    best, inside = root, root
    while inside is not None:
        best = inside
        inside = next((child for child in best if isinstance(child.tag, str) and _held(child, pieces) >= goal), None)
    return (
        best
        if best is not root and best.tag not in ("p", "span", "font")
        else best.getparent()
        if best is not root
        else None
    )


def _held(element: HtmlElement, pieces: dict[str, int]) -> int:
    text = fold(" ".join(map(str, element.itertext())))
    return sum(length for piece, length in pieces.items() if piece in text)


def _agrees(ours: Sequence[Block], theirs: Sequence[Block]) -> bool:
    kept, _ = strike_lines([block for block in ours if block.links < 0.8 and block.kind != "caption"])
    mine, wanted = _words(kept), _words(theirs)
    return bool(mine) and len(mine - wanted) <= _STRANGE * len(mine) and len(wanted - mine) <= 0.15 * len(wanted)


def _words(blocks: Sequence[Block]) -> set[str]:
    words = fold(" ".join(block.text for block in blocks)).split()
    return {" ".join(words[i : i + 3]) for i in range(len(words) - 2)}


def _bare_picture(blocks: Sequence[Block]) -> int | None:
    """The index of the picture that a caption coming now would belong to."""
    for index in range(len(blocks) - 1, -1, -1):
        block = blocks[index]
        if block.kind == "image" and block.image:
            return index if not block.image.caption else None
        if not re.fullmatch(r"\S+\.(?:jpe?g|png|gif|webp)", block.text, re.IGNORECASE):
            return None
    return None


def _looks_like_caption(block: Block, later: Sequence[Block]) -> bool:
    """A short paragraph under a picture: set apart by its look, or credited, or a mere line before running text."""
    if block.kind not in ("paragraph", "heading") or not block.text or len(block.text) > _CAPTION_CHARS:
        return False
    if re.fullmatch(r"\S+\.(?:jpe?g|png|gif|webp)", block.text, re.IGNORECASE):
        return False
    if block.style & {"italic", "center"} or photographer(block.text) or block.text.startswith(("Ảnh:", "(Ảnh")):
        return True
    following = next((b for b in later if b.text), None)
    return (
        block.kind == "paragraph"
        and len(block.text) <= _PLAIN_CAPTION_CHARS
        and not block.text.endswith((":", ";"))
        and "bold" not in block.style
        and following is not None
        and (len(following.text) > 1.5 * len(block.text) or following.text == block.text)
    )


def _captioned(block: Block, caption: str) -> Block:
    assert block.image is not None
    return block._replace(image=Image(block.image.url, caption, photographer(caption)))
