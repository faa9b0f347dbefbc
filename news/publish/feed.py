"""The feed and its entries as no format knows them: text that every XML or JSON writer can take as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from html import escape
from uuid import NAMESPACE_URL, uuid5

from news.article import Attachment, StoredArticle

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
# What XML 1.0 (2.2, Char) cannot carry, escaped or not; the surrogates are also what UTF-8 cannot carry.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One article in a feed. `html` is sanitised by whoever made it; `updated` is when this version came to be here.

    Characters that no feed can carry are taken out at construction, and an entry without a title is called by its URL.
    """

    id: str
    url: str
    title: str
    html: str
    updated: datetime
    published: datetime | None = None
    summary: str = ""
    author: str = ""
    source: str = ""
    categories: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    def __post_init__(self) -> None:
        _make_printable(self)
        object.__setattr__(self, "title", self.title.strip() or self.url)
        object.__setattr__(self, "categories", _distinct(self.categories))
        object.__setattr__(self, "attachments", tuple(Attachment(*map(printable, a)) for a in self.attachments))


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: `url` is the page it stands for, `self_url` its own address, `publisher` who answers for it."""

    id: str
    title: str
    url: str
    self_url: str
    publisher: str
    entries: tuple[Entry, ...] = ()
    subtitle: str = ""
    language: str = "vi"

    def __post_init__(self) -> None:
        _make_printable(self)

    @property
    def updated(self) -> datetime:
        """When its newest entry changed; 1970 for a feed without any, so that the same feed gives the same bytes."""
        return max((entry.updated for entry in self.entries), default=_BEGINNING)


def entry_of(stored: StoredArticle, publisher: str) -> Entry:
    """The entry of a stored article. `publisher` is the name of its site, the author where the page names none.

    The id is a URN made of the article's id alone (RFC 4287, 4.2.6: it must never change), so that neither a move of
    this server nor a new address of the article makes an old item new. `updated` is the moment this version was
    stored, which a page's own and often wrong "modified" is not: a reader that asks for what changed since its last
    visit gets every correction.
    """
    article = stored.article
    lead = f"<p><strong>{escape(article.lead)}</strong></p>\n" if article.lead else ""
    return Entry(
        id=uuid5(NAMESPACE_URL, f"bantin:article:{stored.id}").urn,
        url=article.url,
        title=article.title,
        html=lead + article.html,
        updated=stored.fetched,
        published=article.published,
        summary=article.lead,
        author=article.author or article.source or publisher,
        source=article.source or publisher,
        categories=(article.section, *article.tags),
        attachments=article.attachments,
    )


def printable(text: str) -> str:
    """The text without the characters that XML 1.0 and UTF-8 cannot carry."""
    return _UNPRINTABLE.sub("", text)


def _make_printable(value: Entry | Feed) -> None:
    for field in fields(value):
        text = getattr(value, field.name)
        if isinstance(text, str):
            object.__setattr__(value, field.name, printable(text))


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    cleaned = (printable(name).strip() for name in names)
    return tuple(dict.fromkeys(name for name in cleaned if name))
