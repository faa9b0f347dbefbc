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


def article_data(tree: HtmlElement) -> dict[str, Any]:
    """The first article object of the page's JSON-LD, {} where there is none; blocks that are no JSON are left."""
    found = [
        node for script in select(tree, 'script[type="application/ld+json"]') for node in _nodes(script.text or "")
    ]
    return next((node for node in found if any(_TYPES.search(t) for t in _texts(node.get("@type")))), {})


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
            graph = node.get("@graph") or node.get("mainEntity")
            if isinstance(graph, (list, dict)):
                stack.append(graph)


def _texts(value: Any) -> list[str]:
    return [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, str)]
