"""Neutral Feed -> the formats that readers subscribe to. A format is a module with one `render` and a line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from news.publish import atom, jsonfeed, rss
from news.publish.feed import Alternate, Entry, Feed, Links, Origin, Removal, RemovalReason, entry_id, entry_of

__all__ = [
    "FORMATS",
    "Alternate",
    "Entry",
    "Feed",
    "Format",
    "Links",
    "Origin",
    "Removal",
    "RemovalReason",
    "entry_id",
    "entry_of",
    "publish",
]


class Format(NamedTuple):
    """`media_type` is what HTTP says of it; `render` gives the same bytes for the same feed."""

    media_type: str
    render: Callable[[Feed], bytes]


FORMATS: dict[str, Format] = {
    "atom": Format(atom.MEDIA_TYPE, atom.render),
    "rss": Format(rss.MEDIA_TYPE, rss.render),
    "json": Format(jsonfeed.MEDIA_TYPE, jsonfeed.render),
}


def publish(feed: Feed, name: str) -> bytes:
    """The feed in the format called `name`, in UTF-8. Raises KeyError where FORMATS has no such name."""
    return FORMATS[name].render(feed)
