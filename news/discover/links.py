"""The links of a page of HTML, as addresses and words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from lxml import etree, html

from news.errors import InvalidValue
from news.extract.decode import decode
from news.urls import canonical

_ENDS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)


class Link(NamedTuple):
    """One anchor: its canonical address, the words in it (or its title), and the element itself."""

    url: str
    parts: SplitResult
    text: str
    anchor: html.HtmlElement


def parsed(body: bytes) -> html.HtmlElement | None:
    """The page's tree; None for what is no HTML."""
    text = decode(body).text
    if not text.strip():
        return None
    # libxml2 drops what stands behind the end of the page, where templates put together of pieces go on.
    text = _ENDS.sub("", re.sub(r"\s*<\?xml[^>]*\?>", "", text, count=1))
    try:
        root = html.document_fromstring(text, parser=html.HTMLParser(remove_comments=True, remove_pis=True))
    except (etree.LxmlError, ValueError):
        return None
    return root if isinstance(root, html.HtmlElement) else None


def base_of(root: html.HtmlElement, url: str) -> str:
    """What the page's addresses are relative to."""
    for element in root.iter("base"):
        try:
            return canonical(element.get("href") or url, url)
        except InvalidValue:
            break
    return url


def links_of(root: html.HtmlElement, url: str, spell: Callable[[str, str], str] = canonical) -> Iterator[Link]:
    """The links to http(s) addresses, in the order of the page; `spell` makes an address of a reference and a base."""
    base = base_of(root, url)
    for anchor in root.iter("a"):
        href = (anchor.get("href") or "").strip()
        if not href or href.startswith(("#", "javascript:", "mailto:", "tel:")):
            continue
        try:
            address = spell(href, base)
        except InvalidValue:
            continue
        text = " ".join((anchor.text_content() or "").split()) or (anchor.get("title") or "").strip()
        yield Link(address, urlsplit(address), text, anchor)


def titles_of(links: Iterable[Link]) -> dict[str, str]:
    """The longest words that link to each address: an item links its picture, its headline and a "Xem tiếp"."""
    titles: dict[str, str] = {}
    for link in links:
        for text in (link.text, (link.anchor.get("title") or "").strip()):
            if len(titles.get(link.url, "")) < len(text) <= 300:
                titles[link.url] = text
    return titles
