"""JSON-LD: what a page says of its article in schema.org terms."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

from news.clean.text import tidy
from news.extract.tree import select

_TYPES = re.compile(
    r"(?:News|Blog|Live|Reportage|Analysis|Opinion|Tech|Scholarly|Review|Satirical)?(?:Article|Posting)$"
)
# So many articles of different names are a listing's.
_LISTED = 4
# Where a page's object keeps those that it is about.
_INNER = ("@graph", "mainEntity", "breadcrumb")


def linked_data(tree: HtmlElement) -> tuple[dict[str, Any], list[str]]:
    """The first article object of the page's JSON-LD, {} where there is none or many, and the names of its
    BreadcrumbList in their order; blocks that are no JSON are left."""
    nodes = [
        node for script in select(tree, 'script[type="application/ld+json"]') for node in _nodes(script.text or "")
    ]
    articles = [node for node in nodes if any(_TYPES.search(t) for t in _texts(node.get("@type")))]
    named = {text(node.get("headline")) or text(node.get("name")) for node in articles}
    # A listing describes each of its articles; which of them the page is about, it does not say.
    article = articles[0] if articles and len(named) < _LISTED else {}
    ways = [node for node in nodes if "BreadcrumbList" in _texts(node.get("@type"))]
    return article, [name for way in ways[:1] for name in _steps(way.get("itemListElement"))]


def names(value: Any) -> list[str]:
    """The names of people or organisations given as text, object or list of either."""
    if isinstance(value, list):
        return [name for item in value for name in names(item)]
    if isinstance(value, dict):
        return names(value.get("name"))
    return [tidy(value)] if isinstance(value, str) and value.strip() else []


def text(value: Any) -> str:
    return tidy(value) if isinstance(value, str) else ""


def _nodes(source: str) -> Iterator[dict[str, Any]]:
    source = source.strip().removeprefix("<![CDATA[").removesuffix("]]>").rstrip(";")
    try:
        data = json.loads(source, strict=False)
    except (ValueError, RecursionError):
        return
    stack = [data]
    for _ in range(500):
        if not stack:
            return
        node = stack.pop(0)
        if isinstance(node, list):
            stack = [*node, *stack]
        elif isinstance(node, dict):
            yield node
            stack += [inner for key in _INNER if isinstance(inner := node.get(key), (list, dict))]


def _steps(items: Any) -> list[str]:
    rows = [row for row in (items if isinstance(items, list) else [items]) if isinstance(row, dict)]
    return [name for row in rows for name in (names(row.get("name")) or names(row.get("item")))[:1]]


def _texts(value: Any) -> list[str]:
    return [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, str)]
