"""The data by the step it travels: Lead -> Page -> Draft -> Article -> Verdict -> StoredArticle.

Every datetime is aware. A page that names no zone is read in Asia/Ho_Chi_Minh (+07:00), which has had no daylight
saving since 1975, so a fixed offset says the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, NamedTuple

from news.errors import InvalidValue, Reason
from news.review.review import Review

VIETNAM = timezone(timedelta(hours=7))


class Via(StrEnum):
    """How a URL became known."""

    FEED = "feed"
    SITEMAP = "sitemap"
    LISTING = "listing"
    ARCHIVE = "archive"
    HOME = "home"
    REVISIT = "revisit"
    IMPORT = "import"
    REQUEST = "request"


# The sources that a site has, as against our own ways to come to a URL.
ANNOUNCING = (Via.FEED, Via.SITEMAP, Via.LISTING, Via.ARCHIVE, Via.HOME)


class Kind(StrEnum):
    """What a page is; only articles are stored."""

    ARTICLE = "article"
    LISTING = "listing"
    OTHER = "other"
    BLOCKED = "blocked"


class Precision(StrEnum):
    """How much of `published` the page stated; the rest of the value is zero."""

    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


class Decision(StrEnum):
    """What becomes of an article that was extracted."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


class Status(StrEnum):
    """Where a stored article stands with its readers."""

    PUBLISHED = "published"
    WAITING = "waiting"  # never shown yet
    HELD = "held"  # kept from readers by an editor, who is not done with it
    REJECTED = "rejected"
    RETRACTED = "retracted"


class Image(NamedTuple):
    url: str
    caption: str = ""
    credit: str = ""


class Attachment(NamedTuple):
    url: str
    title: str = ""
    media_type: str = ""


class Document(NamedTuple):
    """A legal document named in the text: `number` in its normal form ("57-NQ/TW"), `kind` and `issuer` in words."""

    number: str
    kind: str = ""
    issued: date | None = None
    issuer: str = ""


class Removed(NamedTuple):
    """A line that cleaning took out, and the rule (`file:name`) that struck it."""

    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class Lead:
    """A URL that may be an article, and what its source said of it."""

    url: str
    via: Via
    title: str = ""
    published: datetime | None = None
    modified: datetime | None = None
    section: str = ""

    def __post_init__(self) -> None:
        _require_http(self.url)
        _require_aware(published=self.published, modified=self.modified)


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched page as it came: `url` is where the redirects ended, `requested` where they began."""

    url: str
    body: bytes
    fetched: datetime
    status: int = 200
    content_type: str = ""
    requested: str = ""
    etag: str = ""
    last_modified: str = ""
    lead: Lead | None = None

    def __post_init__(self) -> None:
        _require_http(self.url)
        _require_aware(fetched=self.fetched)


class Block(NamedTuple):
    """One paragraph-like unit of the article's text, in reading order.

    `kind` is paragraph, heading, item, row, quote, caption or image; an image has no text. `links` is the share of
    its letters that stand in links; `style` holds the words bold, italic, right, center that hold for all of it; `kept`
    is text by the site's own rules, whatever others say.
    """

    kind: str
    text: str
    html: str = ""
    links: float = 0.0
    style: frozenset[str] = frozenset()
    image: Image | None = None
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """What extraction found on a page, before cleaning; `evidence` says for each field which source gave it, `prose`
    how many letters of running text the whole page has, boilerplate aside."""

    url: str
    site: str
    kind: Kind
    reason: Reason | None = None
    section: str = ""
    title: str = ""
    lead: str = ""
    blocks: tuple[Block, ...] = ()
    published: datetime | None = None
    published_precision: Precision | None = None
    modified: datetime | None = None
    author: str = ""
    source: str = ""
    language: str = "vi"
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    tags: tuple[str, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)
    removed: tuple[Removed, ...] = ()
    canonical: str = ""
    prose: int = 0

    def __post_init__(self) -> None:
        _require_aware(published=self.published, modified=self.modified)


@dataclass(frozen=True, slots=True)
class Article:
    """The clean article. `body` is paragraphs joined by newlines, `html` the same as safe HTML.

    `kind` other than article means the page held none; `reason` then says why and the text fields may be empty.
    `canonical` is the URL that the page declares for itself, empty where it declares none that can be trusted.
    """

    url: str
    site: str
    section: str = ""
    title: str = ""
    lead: str = ""
    body: str = ""
    html: str = ""
    published: datetime | None = None
    published_precision: Precision | None = None
    modified: datetime | None = None
    author: str = ""
    source: str = ""
    language: str = "vi"
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    documents: tuple[Document, ...] = ()
    tags: tuple[str, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)
    removed: tuple[Removed, ...] = ()
    confidence: float = 0.0
    kind: Kind = Kind.ARTICLE
    reason: Reason | None = None
    canonical: str = ""

    def __post_init__(self) -> None:
        _require_http(self.url)
        _require_aware(published=self.published, modified=self.modified)
        if not 0.0 <= self.confidence <= 1.0:
            raise InvalidValue(f"Confidence {self.confidence} of {self.url} is outside 0..1.", "Give a share.")

    def to_json(self) -> dict[str, Any]:
        """The public shape: the names of docs/api.md, dates in ISO 8601, tuples with names as objects."""
        return {name: _plain(getattr(self, name)) for name in _PUBLIC}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Article:
        """The article that `to_json` wrote; unknown names are left alone, so newer data can be read."""
        values = {name: data[name] for name in _NAMES if data.get(name) is not None}
        for name, build in _PARSERS.items():
            if name in values:
                values[name] = build(values[name])
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done with an article, why (in words with figures), and which stored article it concerns."""

    decision: Decision
    reason: str
    article_id: str = ""


class Related(NamedTuple):
    """Another article and what this one has to do with it: a value of news.dedupe.Relation, `contained` the share of
    the shorter text that the longer one holds."""

    article_id: str
    relation: str
    contained: float


EDITOR = "editor"
"""Whoever edited or decided, for all who are told no names."""


@dataclass(frozen=True, slots=True)
class Edit:
    """An editor's hand on an article, whose `article` is the editor's text then. `source` is what the publisher wrote
    when it was edited, `waiting` what the publisher wrote since, until an editor takes or leaves it; `at` is UTC."""

    by: str
    at: datetime
    source: Article
    waiting: Article | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "by": self.by,
            "at": self.at.isoformat(),
            "source": self.source.to_json(),
            "waiting": self.waiting and self.waiting.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Edit:
        waiting = data["waiting"] and Article.from_json(data["waiting"])
        return cls(data["by"], datetime.fromisoformat(data["at"]), Article.from_json(data["source"]), waiting)


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as the store keeps it. `keys` are the URL identities by which it is known (news.urls.identity), the
    first that of the address where it is visited again. `edit` where an editor has changed it, `review` what is open
    about it at the desk."""

    id: str
    article: Article
    keys: tuple[str, ...]
    aliases: tuple[str, ...]
    fingerprint: str
    story: str
    status: Status
    version: int
    first_seen: datetime
    fetched: datetime
    related: tuple[Related, ...] = ()
    edit: Edit | None = None
    review: Review = field(default_factory=Review)

    @property
    def source_text(self) -> Article:
        """What its publisher wrote last, whatever an editor made of it."""
        return self.article if self.edit is None else self.edit.waiting or self.edit.source

    def to_json(self) -> dict[str, Any]:
        """`Article.to_json` and what only the store knows."""
        return {
            "id": self.id,
            **self.article.to_json(),
            "story": self.story,
            "aliases": list(self.aliases),
            "status": str(self.status),
            "version": self.version,
            "first_seen": self.first_seen.isoformat(),
            "fetched": self.fetched.isoformat(),
            "related": [related._asdict() for related in self.related],
            "edit": self.edit and self.edit.to_json(),
        }

    def to_public_json(self) -> dict[str, Any]:
        """For everybody: without the name of the editor."""
        return self.to_json() if self.edit is None else self.to_json() | {"edit": self.edit.to_json() | {"by": EDITOR}}


_NAMES = tuple(f.name for f in fields(Article))
_PUBLIC = tuple(name for name in _NAMES if name not in {"reason", "canonical"})
_PARSERS: dict[str, Any] = {
    "published": datetime.fromisoformat,
    "published_precision": Precision,
    "modified": datetime.fromisoformat,
    "images": lambda rows: tuple(Image(**row) for row in rows),
    "attachments": lambda rows: tuple(Attachment(**row) for row in rows),
    "documents": lambda rows: tuple(
        Document(
            row["number"],
            row["kind"],
            date.fromisoformat(row["issued"]) if row["issued"] else None,
            row.get("issuer", ""),
        )
        for row in rows
    ),
    "tags": tuple,
    "evidence": dict,
    "removed": lambda rows: tuple(Removed(**row) for row in rows),
    "kind": Kind,
    "reason": Reason,
}


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, tuple):
        if hasattr(value, "_asdict"):
            return {name: _plain(item) for name, item in value._asdict().items()}
        return [_plain(item) for item in value]
    return dict(value) if isinstance(value, Mapping) else value


def _require_http(url: str) -> None:
    if not url.startswith(("http://", "https://")):
        raise InvalidValue(f"{url!r} is not an http or https URL.", "Give the address as a browser shows it.")


def _require_aware(**moments: datetime | None) -> None:
    for name, moment in moments.items():
        if moment is not None and moment.tzinfo is None:
            raise InvalidValue(f"{name} {moment} has no time zone.", "Read it in news.article.VIETNAM.")
