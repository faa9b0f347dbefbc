"""The shapes of the answers, as the OpenAPI document tells them. Answers are made of the values' own `to_json` and not
validated on their way out, which would take longer than all else; the tests hold them to these shapes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from news.article import Kind, Precision, Status
from news.event import EventKind
from news.site import SiteKind

Cursor = Annotated[
    str | None, Field(description="Give it as `cursor` for the next page; null behind the last.", examples=["cC0y"])
]
ArticleId = Annotated[str, Field(description="Id of the article.", examples=["8f1b2c3d4e5f"])]


def _sparse(schema: dict[str, Any]) -> None:
    schema["required"] = ["id"]


class Image(BaseModel):
    url: str
    caption: str
    credit: str


class Attachment(BaseModel):
    url: str
    title: str
    media_type: str = Field(examples=["application/pdf"])


class Document(BaseModel):
    """A legal document named in a text."""

    number: str = Field(examples=["57-NQ/TW"])
    kind: str = Field(examples=["Nghị quyết"])
    issued: date | None
    issuer: str = Field(examples=["Bộ Chính trị"])


class Removed(BaseModel):
    text: str
    rule: str = Field(description="The rule that struck the line, as file:name.", examples=["lines.toml:views"])


class Related(BaseModel):
    article_id: str
    relation: str = Field(description="quotes, quoted or unsure.")
    contained: float = Field(description="The share of the shorter text that the longer one holds.")


class Edit(BaseModel):
    """An editor's hand on an article."""

    by: Literal["editor"]
    at: datetime
    source: dict[str, Any] = Field(description="The publisher's article as it was then.")
    waiting: dict[str, Any] | None = Field(description="What the publisher wrote since and nobody has looked at yet.")


class Text(BaseModel):
    """What a page says."""

    url: str = Field(description="Address of the page.", examples=["https://example.vn/tin/1.html"])
    site: str = Field(description="Id of its site.", examples=["mst"])
    section: str = Field(description="The site's own section.", examples=["Kinh tế"])
    title: str = Field(examples=["Từ 01/3, người dân nộp hồ sơ tại một nơi"])
    lead: str = Field(description="The sapo.")
    body: str = Field(description="The clean text, paragraphs separated by \\n.")
    html: str = Field(description="The same as safe HTML.")
    published: datetime | None = Field(description="With offset; null where the page does not say.")
    published_precision: Precision | None = Field(description="How much of it the page stated.")
    modified: datetime | None = Field(description="When the page says it was changed.")
    author: str = Field(description='Several in their order, joined by "; ".')
    source: str = Field(description="From whom the site has it.")
    language: str = Field(examples=["vi"])
    images: list[Image]
    attachments: list[Attachment]
    documents: list[Document]
    tags: list[str]
    evidence: dict[str, str] = Field(description="For each field, which source gave it.")
    removed: list[Removed] = Field(description="Lines that cleaning took out.")
    confidence: float = Field(ge=0, le=1, description="The chance that lead and body are the article's text.")
    kind: Kind = Field(description="What the page is; only articles are stored.")


class Article(Text):
    """An article with all that is known of it."""

    id: ArticleId
    story: str = Field(description="Articles with the same story tell the same.")
    aliases: list[str] = Field(description="Other addresses under which the same article was met.")
    status: Status
    version: int = Field(ge=1, description="1, and one more for each correction.")
    first_seen: datetime
    fetched: datetime = Field(description="When this version was fetched.")
    related: list[Related] = Field(description="Articles it has to do with and shares no story with.")
    edit: Edit | None


class Piece(BaseModel):
    """A stretch of text. It is text, not HTML: escape it."""

    text: str
    marked: bool = Field(description="Whether it is what was looked for.")


class Highlights(BaseModel):
    """Where the words of `q` stand."""

    title: list[Piece]
    text: list[Piece] = Field(description="The stretch of lead and body with most of them.")


class Listed(Article):
    """An article of a list: the names asked for in `fields`, and id."""

    model_config = ConfigDict(json_schema_extra=_sparse)

    event: str = Field(description="With sort=changed: cursor of the event that changed it last for readers.")
    highlights: Highlights = Field(description="With highlight=1.")


class Gone(BaseModel):
    """An article that is not to be shown any more, or another of its story is shown in its place."""

    id: ArticleId
    story: str
    status: Status = Field(description="published where another article stands for its story now.")
    event: str = Field(description="Cursor of the event that told so.")


class Articles(BaseModel):
    articles: list[Listed]
    removed: list[Gone] = Field(description="With sort=changed, else empty.")
    total: int | None = Field(description="With `q`: how many there are. null without, and with sort=changed.")
    counted: bool = Field(description="false where there are more than `total`.")
    complete: bool = Field(description="false while the index of words is behind, and may have missed some.")
    next: Cursor


class Change(BaseModel):
    """A paragraph that reads otherwise."""

    kind: Literal["added", "removed", "changed"]
    before: str
    after: str


class Version(BaseModel):
    version: int
    fetched: datetime
    ended: datetime = Field(description="When it was replaced.")
    by: Literal["crawl", "editor"]
    changed: list[str] = Field(description="The names of the fields that then changed.")
    changes: list[Change] = Field(description="The paragraphs that the next version has otherwise.")
    article: Text


class Versions(BaseModel):
    id: ArticleId
    version: int = Field(description="The present one, which is not in the list.")
    versions: list[Version] = Field(description="Replaced versions, oldest first.")


class Evidence(BaseModel):
    id: ArticleId
    version: int
    confidence: float
    evidence: dict[str, str]
    removed: list[Removed]


class Telling(BaseModel):
    """An article of a story."""

    id: ArticleId
    site: str
    url: str
    title: str
    status: Status
    published: datetime | None
    published_precision: Precision | None
    first_seen: datetime
    delay: int | None = Field(description="Seconds after the first publisher.")


class Compared(Telling):
    """An article of a story, beside the first publisher's."""

    changes: list[Change] = Field(description="The paragraphs that read otherwise than the first publisher's.")


class StoryHead(BaseModel):
    id: str
    first: str = Field(description="Id of the article that was published first.")
    main: str = Field(description="Id of the article that stands for the story.")
    decided_by: Literal["", "editor"] = Field(description="Whether an editor merged or split it last.")
    apart: list[str] = Field(description="Stories that an editor keeps apart from it.")
    newest: datetime = Field(description="When an article joined last.")


class Story(StoryHead):
    articles: list[Compared]


class StoryOfList(StoryHead):
    articles: list[Telling]


class Stories(BaseModel):
    stories: list[StoryOfList]
    next: Cursor


class Site(BaseModel):
    id: str = Field(examples=["mst"])
    name: str = Field(examples=["Bộ Khoa học và Công nghệ"])
    name_en: str
    kind: SiteKind | None = Field(description="null for a site that is in the catalogue no more.")
    territory: str
    replaces: list[str] = Field(description="The former units whose news a filter for its territory finds.")
    home: str
    feeds: list[str] = Field(description="Addresses of its feeds.")
    articles: int = Field(description="How many are published.")
    newest: datetime | None = Field(description="When the newest of them was published, UTC.")


class Sites(BaseModel):
    sites: list[Site]


class Event(BaseModel):
    cursor: str = Field(description="Give it as `after` to go on behind this event.", examples=["1204"])
    kind: EventKind
    article: ArticleId
    site: str
    story: str
    version: int
    at: datetime
    by: Literal["crawl", "editor"]
    changed: list[str]
    detail: str = Field(description="Why, in words; empty where an editor did it.")
    status: Status = Field(description="Whatever the kind: what is published is to be shown, all else is not.")


class Events(BaseModel):
    events: list[Event]
    next: str = Field(description="Give it as `after` to go on; it moves also where nothing is shown.")
    more: bool = Field(description="Whether there is more already.")


class ArticleEvents(BaseModel):
    id: ArticleId
    events: list[Event] = Field(description="What happened to it, in order; the first hundred.")


class NamedDocument(BaseModel):
    number: str = Field(examples=["57-NQ/TW"])
    kind: str
    issued: date | None
    issuer: str
    articles: int = Field(description="How many of those looked at name it.")
    newest: datetime = Field(description="When the newest of them was published, UTC.")
    link: str = Field(description="Address of the articles that name it.")


class Documents(BaseModel):
    documents: list[NamedDocument]
    looked_at: int = Field(description="Among how many articles was counted.")
    complete: bool = Field(description="Whether these are all that match.")


class Label(BaseModel):
    name: str
    articles: int = Field(description="How many of those looked at have it.")
    link: str = Field(description="Address of the articles that have it.")


class Labels(BaseModel):
    labels: list[Label]
    looked_at: int = Field(description="Among how many of the newest articles was counted.")
    complete: bool = Field(description="Whether these are all that match.")


class Count(BaseModel):
    key: str = Field(description="A day, an hour, an id or a label, by `by`.", examples=["2026-03-01"])
    count: int


class Counts(BaseModel):
    by: str
    since: datetime
    until: datetime
    counts: list[Count] = Field(description="Days and hours in their order, all else the most first; none of 0.")


class WrongName(BaseModel):
    name: str
    problem: str


class Problem(BaseModel):
    """What is wrong and what to do (RFC 9457)."""

    model_config = ConfigDict(json_schema_extra=lambda schema: schema.update(required=["type", "title", "status"]))

    type: str = Field(description="Which kind of problem; stable.", examples=["/api/v1/#problem-gone"])
    title: str
    status: int
    detail: str
    remedy: str = Field(description="What to do.")
    errors: list[WrongName] = Field(description="The names of the query or the body that are wrong.")
    cursor: str = Field(description="Of a cursor that is gone: the one to go on from.")
