"""trafilatura, for pages on which no text weighs enough to be told from its surroundings."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from configparser import ConfigParser
from functools import cache
from html import escape

import trafilatura
from lxml import etree
from lxml.html import HtmlElement
from trafilatura.settings import DEFAULT_CONFIG

from news.article import Block
from news.clean.boilerplate import boilerplate_boxes
from news.clean.text import tidy

# Its time grows with the square of nested tables: 3,000 of them take it nine seconds. Real pages have fifty.
_MOST_TABLES = 500


def by_trafilatura(tree: HtmlElement, url: str, least: int) -> list[Block]:
    """The blocks that trafilatura takes for the text, of a copy of the page without its boilerplate boxes; none where
    it finds fewer than `least` characters."""
    if sum(1 for _ in tree.iter("table")) > _MOST_TABLES:
        return []
    page = copy.deepcopy(tree)
    for box in boilerplate_boxes(page):
        box.drop_tree()
    document = trafilatura.bare_extraction(
        page,
        url=url,
        fast=True,
        include_comments=False,
        with_metadata=False,
        config=_config(least),
        favor_precision=True,
    )
    body = getattr(document, "body", None)
    return [block for child in body for block in _blocks(child)] if isinstance(body, etree._Element) else []


@cache
def _config(least: int) -> ConfigParser:
    config = copy.deepcopy(DEFAULT_CONFIG)
    # Its limit of 250 characters would throw away a ministry's two-sentence notice.
    config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = str(least)
    config["DEFAULT"]["MIN_OUTPUT_SIZE"] = "1"
    return config


def _blocks(element: etree._Element) -> Iterator[Block]:
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
