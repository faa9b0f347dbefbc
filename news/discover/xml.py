"""XML as sites really send it -> an element tree, with names stripped of their namespaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from html.entities import html5

from lxml import etree

from news.dates import parse_machine_date
from news.extract.decode import decode

_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_AMPERSAND = re.compile(r"&(?:(#\d+|#x[0-9a-fA-F]+)|([A-Za-z][A-Za-z0-9]*));|&")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_TAG = re.compile(r"<[^>]{0,2000}>")


def parse_xml(body: bytes) -> etree._Element | None:
    """The root of what can be made out of `body`, or None.

    Entities of a document type are never expanded and nothing outside is loaded, so neither "billion laughs" nor
    file:// entities cost or reveal anything. Bare ampersands and HTML's named entities, both common in Vietnamese
    feeds, are mended before parsing, because the parser would drop the rest of the text after them.
    """
    text = decode(body).text
    start = text.find("<")
    if start < 0:
        return None
    text = _CONTROL.sub("", _DECLARATION.sub("", text[start:], count=1))
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True, encoding="utf-8",
    )  # fmt: skip
    try:
        return etree.fromstring(_AMPERSAND.sub(_mend, text).encode("utf-8", errors="ignore"), parser)
    except (etree.LxmlError, ValueError):
        return None


def name_of(element: etree._Element) -> str:
    """The element's name in small letters, without prefix or namespace."""
    tag = element.tag
    return re.split(r"[}:]", tag)[-1].lower() if isinstance(tag, str) else ""


def prefix_of(element: etree._Element) -> str:
    """The prefix that the element was written with; a feed that forgot to declare it keeps it in the name."""
    tag = element.tag if isinstance(element.tag, str) else ""
    return (element.prefix or (tag.partition(":")[0] if ":" in tag and "}" not in tag else "")).lower()


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The children with one of `names`, in document order."""
    return (child for child in element if name_of(child) in names)


def text_of(element: etree._Element) -> str:
    """All text inside the element, spaces joined."""
    return " ".join("".join(piece for piece in element.itertext(etree.Element) if isinstance(piece, str)).split())


def date_of(parent: etree._Element, *names: str) -> datetime | None:
    """The first date that a child of one of `names`, in the order of preference, states."""
    for name in names:
        for child in children(parent, name):
            stamp = parse_machine_date(text_of(child)[:100])
            if stamp:
                return stamp.when
    return None


def without_tags(text: str) -> str:
    """The words of a title that carries markup."""
    return " ".join(_TAG.sub(" ", text).split()) if "<" in text else text


def _mend(match: re.Match[str]) -> str:
    number, name = match.groups()
    if number or name in _XML_ENTITIES:
        return match[0]
    return html5.get(f"{name};", f"&amp;{name};") if name else "&amp;"
