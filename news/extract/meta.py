"""OpenGraph, meta tags and microdata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml.html import HtmlElement

from news.clean.text import tidy
from news.extract.tree import select, text_of


def meta_data(tree: HtmlElement) -> dict[str, str]:
    """The page's meta values by name in small letters; the first of a name stands. Values are tidy text."""
    values: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("http-equiv") or "").strip().lower()
        content = tidy(element.get("content") or "")
        if name and content:
            values.setdefault(name, content)
    return values


def itemprops(tree: HtmlElement) -> dict[str, list[HtmlElement]]:
    """The elements of each itemprop, in document order."""
    found: dict[str, list[HtmlElement]] = {}
    for element in tree.iterfind(".//*[@itemprop]"):
        for name in element.get("itemprop", "").split():
            found.setdefault(name, []).append(element)
    return found


def microdata(props: Mapping[str, Sequence[HtmlElement]], name: str) -> str:
    """The first non-empty itemprop of that name: its content or datetime attribute, else its text."""
    for element in props.get(name, ()):
        value = tidy(element.get("content") or element.get("datetime") or "") or text_of(element)
        if value:
            return value
    return ""


def declared_url(tree: HtmlElement, meta: dict[str, str]) -> str:
    """What the page calls its own address: rel=canonical, else og:url."""
    links = (e.get("href", "") for e in select(tree, 'link[rel~="canonical"]'))
    return next((href for href in links if href.strip()), meta.get("og:url", ""))
