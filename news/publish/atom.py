"""Atom 1.0 (RFC 4287), with pages and archives (RFC 5005) and removals (RFC 6721)."""

from __future__ import annotations

from lxml import etree

from news.publish.feed import Entry, Feed
from news.publish.xml import ATOM, PREFIXES, add, add_beside, add_place, add_removal, rfc3339, written

MEDIA_TYPE = "application/atom+xml"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def render(feed: Feed) -> bytes:
    """The feed as an Atom document in UTF-8; well-formed whatever the entries say."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM, **PREFIXES})  # type: ignore[dict-item]  # lxml's stubs
    root.set(_LANGUAGE, feed.language)
    add(root, ATOM, "id", feed.id)
    add(root, ATOM, "title", feed.title)
    for name in ("subtitle", "rights", "icon", "logo"):
        if text := getattr(feed, name):
            add(root, ATOM, name, text)
    add(root, ATOM, "updated", rfc3339(feed.updated))
    add(add(root, ATOM, "author"), ATOM, "name", feed.publisher)
    add(root, ATOM, "generator", "Bantin")
    add(root, ATOM, "link", rel="alternate", type="text/html", href=feed.url)
    add_place(root, feed, MEDIA_TYPE)
    # Before the entries: there RFC 4287's grammar (appendix B) has what it does not know.
    for removal in feed.removals:
        add_removal(root, removal)
    for entry in feed.entries:
        _add_entry(root, entry, feed)
    return written(root)


def _add_entry(root: etree._Element, entry: Entry, feed: Feed) -> None:
    node = add(root, ATOM, "entry")
    if entry.language and entry.language != feed.language:
        node.set(_LANGUAGE, entry.language)
    add(node, ATOM, "id", entry.id)
    add(node, ATOM, "title", entry.title)
    if entry.url:
        add(node, ATOM, "link", rel="alternate", type="text/html", href=entry.url)
    if entry.published:
        add(node, ATOM, "published", rfc3339(entry.published))
    add(node, ATOM, "updated", rfc3339(entry.updated))
    for name in entry.authors:
        add(add(node, ATOM, "author"), ATOM, "name", name)
    if entry.source:
        source = add(node, ATOM, "source")
        add(source, ATOM, "title", entry.source)
        if entry.source_url:
            add(source, ATOM, "link", rel="alternate", type="text/html", href=entry.source_url)
    for category in entry.categories:
        add(node, ATOM, "category", term=category.term, scheme=category.scheme, label=category.label)
    for file in entry.attachments:
        add(node, ATOM, "link", rel="enclosure", type=file.media_type, href=file.url, title=file.title)
    add_beside(node, entry)
    if entry.summary:
        add(node, ATOM, "summary", entry.summary)
    # An entry that has neither content nor an address would be none (RFC 4287, 4.1.2).
    if feed.full or not entry.url:
        add(node, ATOM, "content", entry.html if feed.full else entry.summary, type="html" if feed.full else "text")
