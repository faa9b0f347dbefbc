"""The feed and its entries as no format knows them: text that every XML or JSON writer can take as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from html import escape
from typing import Any, NamedTuple, TypeVar
from uuid import NAMESPACE_URL, uuid5

from news.article import Attachment, Document, Image, StoredArticle
from news.errors import InvalidValue
from news.publish.printable import address, moment, printable
from news.site import Site

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
UNKNOWN_MEDIA = "application/octet-stream"
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")  # RFC 5646, as RFC 4287 asks for it
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*")  # RFC 6838, 4.2
_SUMMARY = 300
"""Letters of a summary that is cut from the text, where an article has no lead."""


class Scheme(StrEnum):
    """What a category says; the value is the scheme (Atom) or domain (RSS) it is published under."""

    SECTION = "urn:bantin:section"  # in the site's own words
    TAG = "urn:bantin:tag"  # a keyword of the page
    DOCUMENT = "urn:bantin:document"  # the number of a legal document named in the text
    SITE = "urn:bantin:site"  # a site's id
    KIND = "urn:bantin:kind"  # a value of news.site.SiteKind
    TERRITORY = "urn:bantin:territory"


class Category(NamedTuple):
    """`term` is what programs compare, `label` what people read where that is more."""

    scheme: Scheme
    term: str
    label: str = ""


class Origin(NamedTuple):
    """The site an article is of: its id, name and home page, and what a feed can be asked for by."""

    id: str
    name: str
    url: str = ""
    kind: str = ""
    territory: str = ""

    @classmethod
    def of(cls, site: Site) -> Origin:
        return cls(site.id, site.name, site.home, str(site.kind), site.territory)


class Alternate(NamedTuple):
    """Another telling of the story: its address, title, and who published it."""

    url: str
    title: str
    publisher: str = ""


class RemovalReason(StrEnum):
    """Why an entry is no longer to be shown. The value is the published name."""

    RETRACTED = "retracted"  # its publisher took it down
    REJECTED = "rejected"  # an editor did
    HELD = "held"  # an editor keeps it from readers for now
    MERGED = "merged"  # another article stands for its story


@dataclass(frozen=True, slots=True)
class Removal:
    """An entry that was in this feed and is not to be shown any more. `id` is the entry's (`entry_id`), `by` who
    removed it where that may be said, `url` where a reader may go instead: to what stands for its story."""

    id: str
    when: datetime
    reason: RemovalReason
    by: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        _require_aware(self.when)
        _make_printable(self)
        object.__setattr__(self, "url", address(self.url))


class Links(NamedTuple):
    """The other documents of a feed (RFC 5005): pages of one that is paged, or the current one and archives."""

    first: str = ""
    previous: str = ""
    next: str = ""
    last: str = ""
    current: str = ""
    prev_archive: str = ""
    next_archive: str = ""

    def named(self) -> Iterable[tuple[str, str]]:
        """The relation as RFC 5005 spells it, and the address, of each that there is."""
        return ((name.replace("_", "-"), url) for name, url in zip(self._fields, self, strict=True) if url)


_NOWHERE, _ALONE = Origin("", ""), Links()


@dataclass(frozen=True, slots=True)
class Entry:
    """One article in a feed. `html` is sanitised by whoever made it; `updated` is when this version came to be here.

    `source` is from whom the site has it, or the site. Characters that no feed can carry and addresses that no reader
    should follow are taken out at construction, and an entry without a title is called by its URL.
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
    source_url: str = ""
    language: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()
    site: Origin = _NOWHERE
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    alternates: tuple[Alternate, ...] = ()
    story: str = ""
    version: int = 1

    def __post_init__(self) -> None:
        _require_aware(self.updated)
        if self.published:
            _require_aware(self.published)
        _make_printable(self)
        put = object.__setattr__
        put(self, "url", address(self.url))
        put(self, "source_url", address(self.source_url))
        put(self, "site", self.site._replace(url=address(self.site.url)))
        put(self, "title", " ".join(self.title.split()) or self.url or self.id)
        put(self, "language", self.language if _LANGUAGE.fullmatch(self.language) else "")
        put(self, "attachments", tuple(map(_typed, self.attachments)))
        for name in ("images", "attachments", "alternates"):
            put(self, name, _reachable(getattr(self, name)))

    @property
    def authors(self) -> tuple[str, ...]:
        """Who wrote it, each by name."""
        names = (name.strip() for name in self.author.split(";"))
        return tuple(dict.fromkeys(name for name in names if name))

    @property
    def categories(self) -> tuple[Category, ...]:
        """Section, tags, documents, and what its site is, each once."""
        named = [
            Category(Scheme.SECTION, self.section),
            *(Category(Scheme.TAG, tag) for tag in self.tags),
            *(Category(Scheme.DOCUMENT, d.number, f"{d.kind} {d.number}".strip()) for d in self.documents),
            Category(Scheme.SITE, self.site.id, self.site.name),
            Category(Scheme.KIND, self.site.kind),
            Category(Scheme.TERRITORY, self.site.territory),
        ]
        return tuple({(c.scheme, c.term): c for c in reversed(named) if c.term}.values())[::-1]


_Item = TypeVar("_Item", Entry, Removal)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: `url` is the page it stands for, `self_url` its own address, `publisher` who answers for it.

    `full`: whether entries come with their whole text or with the summary only. `ttl` is how many seconds a reader may
    wait until it asks again (0: not said). `is_archive`: this document will not change any more; `complete`: there is
    no entry but those in it (RFC 5005, 4 and 2). `about`: where our additions to the formats are described.

    Of two entries with one id the newer is kept, and an entry that stands in the feed is not among its removals: pages
    and removals are not read at one moment.
    """

    id: str
    title: str
    url: str
    self_url: str
    publisher: str
    entries: tuple[Entry, ...] = ()
    removals: tuple[Removal, ...] = ()
    links: Links = _ALONE
    hub_urls: tuple[str, ...] = ()
    subtitle: str = ""
    language: str = "vi"
    rights: str = ""
    icon: str = ""
    logo: str = ""
    about: str = ""
    ttl: int = 0
    full: bool = True
    is_archive: bool = False
    complete: bool = False

    def __post_init__(self) -> None:
        if self.is_archive and self.complete:
            raise InvalidValue(f"{self.self_url} is an archive and complete.", "An archive is one part of a feed.")
        if self.ttl < 0:
            raise InvalidValue(f"ttl {self.ttl} of {self.self_url} is negative.", "Give seconds, or 0 for none.")
        _make_printable(self)
        put = object.__setattr__
        for name in ("url", "self_url", "icon", "logo", "about"):
            put(self, name, _own(getattr(self, name)))
        put(self, "links", Links(*map(_own, self.links)))
        put(self, "hub_urls", tuple(map(_own, self.hub_urls)))
        put(self, "entries", _newest(self.entries, lambda entry: entry.updated))
        standing = {entry.id for entry in self.entries}
        removals = _newest(self.removals, lambda removal: removal.when)
        put(self, "removals", tuple(removal for removal in removals if removal.id not in standing))

    @property
    def updated(self) -> datetime:
        """When its newest entry changed or went; 1970 for a feed without any, so that the same feed gives the same
        bytes."""
        moments = [entry.updated for entry in self.entries] + [removal.when for removal in self.removals]
        return max(moments, default=_BEGINNING)


def entry_id(article_id: str) -> str:
    """The id of an article's entry: a URN made of the article's id alone (RFC 4287, 4.2.6: it must never change), so
    that neither a move of this server nor a new address of the article makes an old item new."""
    return uuid5(NAMESPACE_URL, f"bantin:article:{article_id}").urn


def entry_of(
    stored: StoredArticle, site: Origin, alternates: tuple[Alternate, ...] = (), told: datetime | None = None
) -> Entry:
    """The entry of a stored article of `site`, which is also the author and source where the page names none.

    `updated` is the moment this version was stored or an editor made it, which a page's own and often wrong "modified"
    is not: a reader that asks for what changed since its last visit gets every correction. `told`: when something
    happened last to it or its story, if that was later.
    """
    article = stored.article
    lead = f"<p><strong>{escape(article.lead)}</strong></p>\n" if article.lead else ""
    return Entry(
        id=entry_id(stored.id),
        url=article.url,
        title=article.title,
        html=lead + article.html,
        updated=max(moment for moment in (stored.fetched, stored.edit and stored.edit.at, told) if moment),
        published=article.published,
        summary=article.lead or _beginning(article.body),
        author=article.author or article.source or site.name,
        source=article.source or site.name,
        source_url=article.evidence.get("original_url", "") if article.source else site.url,
        language=article.language,
        section=article.section,
        tags=article.tags,
        documents=article.documents,
        site=site,
        images=article.images,
        attachments=article.attachments,
        alternates=alternates,
        story=stored.story,
        version=stored.version,
    )


def _beginning(body: str) -> str:
    """The first paragraph, cut behind a word."""
    first = body.partition("\n")[0]
    return first if len(first) <= _SUMMARY else first[:_SUMMARY].rpartition(" ")[0] + "…"


def _newest(items: tuple[_Item, ...], when: Callable[[_Item], datetime]) -> tuple[_Item, ...]:
    """Of each id the newest, where its first stood."""
    kept: dict[str, _Item] = {}
    for item in items:
        if item.id not in kept or when(item) > when(kept[item.id]):
            kept[item.id] = item
    return tuple(kept.values())


def _make_printable(value: Any) -> None:
    """Cleans and trims every text of a dataclass, those in tuples too, and its moments."""
    for field in fields(value):
        object.__setattr__(value, field.name, _clean(getattr(value, field.name)))


def _clean(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value
    if isinstance(value, str):
        return printable(value).strip()
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, tuple):
        cleaned = map(_clean, value)
        return type(value)(*cleaned) if hasattr(value, "_fields") else tuple(cleaned)
    return value


def _reachable(items: tuple[Any, ...]) -> tuple[Any, ...]:
    addressed = (item._replace(url=address(item.url)) for item in items)
    return tuple(item for item in addressed if item.url)


def _own(url: str) -> str:
    """An address that we give, and not a page."""
    if url and not address(url):
        raise InvalidValue(f"{url!r} is no address that a feed can name.", "Give an http or https URL, escaped.")
    return address(url)


def _typed(attachment: Attachment) -> Attachment:
    """Its media type is what the page says, if it is one at all."""
    known = _MEDIA_TYPE.fullmatch(attachment.media_type)
    return attachment._replace(media_type=attachment.media_type if known else UNKNOWN_MEDIA)


def _require_aware(when: datetime) -> None:
    if when.tzinfo is None:
        raise InvalidValue(f"{when} has no time zone.", "Read it in news.article.VIETNAM.")
