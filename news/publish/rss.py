"""RSS 2.0, with what it lacks in the namespaces that readers know: Atom, Dublin Core, Media RSS, content:encoded."""

from __future__ import annotations

from email.utils import format_datetime
from html import escape

from lxml import etree

from news.publish.feed import Entry, Feed
from news.publish.xml import ATOM, PREFIXES, add, add_beside, add_place, add_removal, rfc3339, written

MEDIA_TYPE = "application/rss+xml"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DUBLIN = "http://purl.org/dc/elements/1.1/"
# The RSS Advisory Board's profile of best practices: 0 where the size is not known.
_UNKNOWN_LENGTH = "0"


def render(feed: Feed) -> bytes:
    """The feed as an RSS document in UTF-8; well-formed whatever the entries say."""
    root = etree.Element("rss", nsmap={"atom": ATOM, "content": _CONTENT, "dc": _DUBLIN, **PREFIXES}, version="2.0")
    channel = add(root, "", "channel")
    add(channel, "", "title", feed.title)
    add(channel, "", "link", feed.url)
    add(channel, "", "description", feed.subtitle or feed.title)
    add(channel, "", "language", feed.language)
    if feed.rights:
        add(channel, "", "copyright", feed.rights)
    add(channel, "", "lastBuildDate", format_datetime(feed.updated))
    add(channel, "", "generator", "Bantin")
    if feed.ttl:
        add(channel, "", "ttl", str(-(-feed.ttl // 60)))
    if picture := feed.logo or feed.icon:
        image = add(channel, "", "image")
        add(image, "", "url", picture)
        add(image, "", "title", feed.title)
        add(image, "", "link", feed.url)
    add_place(channel, feed, MEDIA_TYPE)
    for removal in feed.removals:
        add_removal(channel, removal)
    for entry in feed.entries:
        _add_item(channel, entry, feed.full)
    return written(root)


def _add_item(channel: etree._Element, entry: Entry, full: bool) -> None:
    node = add(channel, "", "item")
    add(node, "", "title", entry.title)
    if entry.url:
        add(node, "", "link", entry.url)
    add(node, "", "guid", entry.id, isPermaLink="false")
    if entry.published:
        add(node, "", "pubDate", format_datetime(entry.published))
    add(node, ATOM, "updated", rfc3339(entry.updated))
    for name in entry.authors:
        add(node, _DUBLIN, "creator", name)
    if entry.source_url:
        add(node, "", "source", entry.source or entry.source_url, url=entry.source_url)
    elif entry.source:
        add(node, _DUBLIN, "source", entry.source)
    for category in entry.categories:
        add(node, "", "category", category.term, domain=category.scheme)
    # One enclosure an item, as most readers take one only; the others as Atom has them.
    for file in entry.attachments[:1]:
        add(node, "", "enclosure", url=file.url, type=file.media_type, length=_UNKNOWN_LENGTH)
    for file in entry.attachments[1:]:
        add(node, ATOM, "link", rel="enclosure", type=file.media_type, href=file.url, title=file.title)
    add_beside(node, entry)
    # It is HTML, and has to be there before content:encoded.
    add(node, "", "description", escape(entry.summary or entry.title))
    if full:
        add(node, _CONTENT, "encoded", entry.html)
