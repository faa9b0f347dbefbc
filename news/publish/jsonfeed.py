"""JSON Feed 1.1 (jsonfeed.org/version/1.1); what it has no name for stands in `_bantin`."""

from __future__ import annotations

import json
from typing import Any

from news.article import Attachment
from news.publish.feed import Entry, Feed, Removal, Scheme
from news.publish.xml import rfc3339

MEDIA_TYPE = "application/feed+json"
_VERSION = "https://jsonfeed.org/version/1.1"
_ABOUT = "What Bantin says beyond JSON Feed: removals, pages and archives, versions, stories, legal documents."
_SPOKEN = (Scheme.SECTION, Scheme.TAG, Scheme.DOCUMENT)
"""The categories that say what an article is about, and not whose it is."""


def render(feed: Feed) -> bytes:
    """The feed as a JSON document in UTF-8."""
    document = {
        "version": _VERSION,
        "title": feed.title,
        "home_page_url": feed.url,
        "feed_url": feed.self_url,
        "description": feed.subtitle,
        "next_url": feed.links.next or feed.links.prev_archive,
        "icon": feed.logo or feed.icon,
        "favicon": feed.icon,
        "authors": [{"name": feed.publisher}],
        "language": feed.language,
        "hubs": [{"type": "WebSub", "url": url} for url in feed.hub_urls],
        "_bantin": _said(
            {
                "about": feed.about or _ABOUT,
                "id": feed.id,
                "updated": rfc3339(feed.updated),
                "rights": feed.rights,
                "ttl": feed.ttl,
                "archive": feed.is_archive,
                "complete": feed.complete,
                "links": dict(feed.links.named()),
            }
        )
        | {"removals": [_removal(removal) for removal in feed.removals]},
        "items": [_item(entry, feed.full) for entry in feed.entries],
    }
    items = document["items"]
    return json.dumps(_said(document) | {"items": items}, ensure_ascii=False, separators=(",", ":")).encode()


def _item(entry: Entry, full: bool) -> dict[str, Any]:
    content = {"content_html": entry.html} if full else {"content_text": entry.summary or entry.title}
    about = dict.fromkeys(category.term for category in entry.categories if category.scheme in _SPOKEN)
    return (
        {"id": entry.id, "title": entry.title}
        | content
        | _said(
            {
                "url": entry.url,
                "summary": entry.summary,
                "image": entry.images[0].url if entry.images else "",
                "date_published": rfc3339(entry.published) if entry.published else "",
                "date_modified": rfc3339(entry.updated),
                "authors": [{"name": name} for name in entry.authors],
                "tags": list(about),
                "language": entry.language,
                "attachments": [_attachment(file) for file in entry.attachments],
                "_bantin": _said(_ours(entry)),
            }
        )
    )


def _ours(entry: Entry) -> dict[str, Any]:
    """The names of the API where it has them."""
    return {
        "version": entry.version,
        "story": entry.story,
        "site": _said(entry.site._asdict()),
        "source": _said({"name": entry.source, "url": entry.source_url}),
        "section": entry.section,
        "tags": list(entry.tags),
        "documents": [
            document._asdict() | {"issued": document.issued and document.issued.isoformat()}
            for document in entry.documents
        ],
        "images": [image._asdict() for image in entry.images],
        "related": [other._asdict() for other in entry.alternates],
    }


def _attachment(file: Attachment) -> dict[str, str]:
    return {"url": file.url, "mime_type": file.media_type} | ({"title": file.title} if file.title else {})


def _removal(removal: Removal) -> dict[str, str]:
    return {"id": removal.id, "when": rfc3339(removal.when), "reason": str(removal.reason)} | _said(
        {"by": removal.by, "url": removal.url}
    )


def _said(values: dict[str, Any]) -> dict[str, Any]:
    """JSON Feed leaves out what is not known."""
    return {name: value for name, value in values.items() if value}
