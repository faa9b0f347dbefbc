"""What Atom and RSS say with the same elements: links, pages and archives, removals, images, what only Bantin knows."""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from news.article import Image
from news.publish.feed import Entry, Feed, Removal

ATOM = "http://www.w3.org/2005/Atom"
_HISTORY = "http://purl.org/syndication/history/1.0"  # RFC 5005
_TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"  # RFC 6721
_MEDIA = "http://search.yahoo.com/mrss/"
_BANTIN = "urn:bantin:feed"
PREFIXES = {"fh": _HISTORY, "at": _TOMBSTONES, "media": _MEDIA, "bantin": _BANTIN}
_IMAGES = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
    "avif": "image/avif", "svg": "image/svg+xml",
}  # fmt: skip


def add(parent: etree._Element, space: str, name: str, text: str = "", **attributes: str) -> etree._Element:
    """A new last child, in the namespace `space` ("" for none); attributes without a value are left out."""
    tag = f"{{{space}}}{name}" if space else name
    node = etree.SubElement(parent, tag, {key: value for key, value in attributes.items() if value})
    node.text = text or None
    return node


def written(root: etree._Element) -> bytes:
    """The document in UTF-8."""
    document: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return document


def rfc3339(when: datetime) -> str:
    """To the millisecond, or to the second where that is all."""
    # Two changes within a second are two, and who compares what he has must see it.
    return when.isoformat(timespec="milliseconds" if when.microsecond >= 1000 else "seconds")


def add_place(parent: etree._Element, feed: Feed, media_type: str) -> None:
    """Where the feed is, who tells of news in it, its other pages, and what it holds (RFC 5005)."""
    add(parent, ATOM, "link", rel="self", type=media_type, href=feed.self_url)
    for url in feed.hub_urls:
        add(parent, ATOM, "link", rel="hub", href=url)
    for rel, url in feed.links.named():
        add(parent, ATOM, "link", rel=rel, type=media_type, href=url)
    if feed.is_archive:
        add(parent, _HISTORY, "archive")
    if feed.complete:
        add(parent, _HISTORY, "complete")


def add_removal(parent: etree._Element, removal: Removal) -> None:
    """The entry's tombstone (RFC 6721), its reason the comment."""
    node = add(parent, _TOMBSTONES, "deleted-entry", ref=removal.id, when=rfc3339(removal.when))
    if removal.by:
        add(add(node, _TOMBSTONES, "by"), ATOM, "name", removal.by)
    add(node, _TOMBSTONES, "comment", removal.reason)
    if removal.url:
        add(node, ATOM, "link", rel="related", href=removal.url)


def add_beside(parent: etree._Element, entry: Entry) -> None:
    """What stands beside the text of an entry: other tellings of its story, images, which version it is."""
    for other in entry.alternates:
        title = f"{other.title} ({other.publisher})" if other.publisher else other.title
        add(parent, ATOM, "link", rel="related", type="text/html", href=other.url, title=title)
    for image in entry.images:
        _add_image(parent, image)
    add(parent, _BANTIN, "version", str(entry.version))
    if entry.story:
        add(parent, _BANTIN, "story", entry.story)


def _add_image(parent: etree._Element, image: Image) -> None:
    ending = image.url.partition("?")[0].rpartition(".")[2].lower()
    node = add(parent, _MEDIA, "content", url=image.url, medium="image", type=_IMAGES.get(ending, ""))
    if image.caption:
        # Not media:description, which feedparser takes for that of the entry.
        add(node, _MEDIA, "title", image.caption, type="plain")
    if image.credit:
        add(node, _MEDIA, "credit", image.credit)
