"""Atom 1.0 (RFC 4287), written with lxml: feedgen drops an entry's source that has a name but no address."""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from news.publish.feed import Entry, Feed

_ATOM = "http://www.w3.org/2005/Atom"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_UNKNOWN_MEDIA = "application/octet-stream"


def render(feed: Feed) -> bytes:
    """The feed as an Atom document in UTF-8; well-formed whatever the entries say."""
    root = etree.XML(f'<feed xmlns="{_ATOM}"/>')
    root.set(_LANGUAGE, feed.language)
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    if feed.subtitle:
        _add(root, "subtitle", feed.subtitle)
    _add(root, "updated", _written(feed.updated))
    _add(_add(root, "author"), "name", feed.publisher)
    _add(root, "generator", "Bantin")
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.self_url)
    _add(root, "link", rel="alternate", type="text/html", href=feed.url)
    for entry in feed.entries:
        _add_entry(root, entry)
    document: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return document


def _add_entry(root: etree._Element, entry: Entry) -> None:
    node = _add(root, "entry")
    _add(node, "id", entry.id)
    _add(node, "title", entry.title)
    _add(node, "link", rel="alternate", type="text/html", href=entry.url)
    if entry.published:
        _add(node, "published", _written(entry.published))
    _add(node, "updated", _written(entry.updated))
    if entry.author:
        _add(_add(node, "author"), "name", entry.author)
    if entry.source:
        _add(_add(node, "source"), "title", entry.source)
    for category in entry.categories:
        _add(node, "category", term=category.term, scheme=category.scheme, label=category.label)
    for attachment in entry.attachments:
        media_type = attachment.media_type or _UNKNOWN_MEDIA
        _add(node, "link", rel="enclosure", type=media_type, href=attachment.url, title=attachment.title)
    if entry.summary:
        _add(node, "summary", entry.summary)
    _add(node, "content", entry.html, type="html")


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    node = etree.SubElement(parent, f"{{{_ATOM}}}{name}", {key: value for key, value in attributes.items() if value})
    node.text = text or None
    return node


def _written(when: datetime) -> str:
    """RFC 3339 to the second."""
    return when.isoformat(timespec="seconds")
