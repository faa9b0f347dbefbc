"""Blocks -> safe HTML: an allow-list of article markup, nothing that loads, runs or tracks."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import groupby

import nh3

from news.article import Block

_TAGS = {
    "p", "h3", "h4", "ul", "ol", "li", "table", "tbody", "tr", "td", "th", "blockquote", "figure", "figcaption", "img",
    "a", "strong", "em", "u", "sub", "sup", "br",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}}
_WRAP = {"item": "ul", "row": "table", "quote": "blockquote"}
_EACH = {"paragraph": "p", "heading": "h3", "item": "li", "quote": "p"}


def to_html(blocks: Iterable[Block]) -> str:
    """The article's body as safe HTML; runs of list items, rows and quotes become one list, table or quotation."""
    parts: list[str] = []
    for kind, run in groupby(blocks, key=lambda block: block.kind):
        inner = "".join(_one(block) for block in run)
        wrap = _WRAP.get(kind)
        parts.append(f"<{wrap}>{inner}</{wrap}>" if wrap else inner)
    return sanitize("\n".join(parts))


def sanitize(html: str) -> str:
    """Only the tags and attributes of an article, http(s) addresses, links that pass no rank and no referrer."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def _one(block: Block) -> str:
    if block.kind == "image" and block.image:
        caption = f"<figcaption>{escape(block.image.caption, quote=False)}</figcaption>" if block.image.caption else ""
        alt = escape(block.image.caption)
        return f'<figure><img src="{escape(block.image.url)}" alt="{alt}">{caption}</figure>'
    if block.kind == "row":
        return block.html
    tag = _EACH.get(block.kind, "p")
    return f"<{tag}>{block.html or escape(block.text, quote=False)}</{tag}>"
