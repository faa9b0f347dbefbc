"""Pages that list where articles are: by agency, by place, by document, by section and tag; and the feeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from web.contexts.frame import FeedLink, Frame, Link


class Entry(NamedTuple):
    """A site or a place with its newest article ("" where there is none yet), when that came out, how many there are
    this week, and what it took over."""

    name: str
    link: str
    newest: str = ""
    newest_link: str = ""
    when: str = ""
    moment: str = ""
    this_week: str = ""
    former: tuple[Link, ...] = ()


class Group(NamedTuple):
    name: str
    anchor: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class AgenciesPage:
    """templates/agencies.html"""

    template: ClassVar = "agencies.html"

    frame: Frame
    groups: tuple[Group, ...]


class Tile(NamedTuple):
    """A province on the map: `x` and `y` of its upper left corner, `level` of 0..4 how much news it has, `articles` how
    many this week, `link` "" where no site speaks for it."""

    name: str
    label: str
    link: str
    articles: str
    level: int
    x: int
    y: int


class Islands(NamedTuple):
    name: str
    label: str
    link: str
    x: int
    y: int


class Former(NamedTuple):
    """A unit that was merged, and the one of today."""

    name: str
    link: str
    today: str


@dataclass(frozen=True, slots=True)
class PlacesPage:
    """templates/places.html. `unknown` is the name that was looked for and that nobody has."""

    template: ClassVar = "places.html"

    frame: Frame
    unknown: str
    width: int
    height: int
    tile: tuple[int, int]
    tiles: tuple[Tile, ...]
    islands: tuple[Islands, ...]
    places: tuple[Entry, ...]
    others: tuple[Entry, ...]
    former: tuple[Former, ...]


class DocumentEntry(NamedTuple):
    """A legal document, and how many articles name it."""

    number: str
    link: str
    kind: str
    issuer: str
    issued: str
    articles: str


@dataclass(frozen=True, slots=True)
class DocumentsPage:
    """templates/documents.html. `looked_at` says among how many articles it was counted."""

    template: ClassVar = "documents.html"

    frame: Frame
    looked_at: str
    most_named: tuple[DocumentEntry, ...]
    newest_issued: tuple[DocumentEntry, ...]


class Topic(NamedTuple):
    """A section or a tag, and how many articles have it."""

    name: str
    link: str
    articles: str


@dataclass(frozen=True, slots=True)
class TopicsPage:
    """templates/topics.html"""

    template: ClassVar = "topics.html"

    frame: Frame
    sections: tuple[Topic, ...]
    tags: tuple[Topic, ...]


class FeedRow(NamedTuple):
    name: str
    link: str
    feeds: tuple[FeedLink, ...]


class FeedGroup(NamedTuple):
    name: str
    rows: tuple[FeedRow, ...]


@dataclass(frozen=True, slots=True)
class FeedsPage:
    """templates/feeds.html"""

    template: ClassVar = "feeds.html"

    frame: Frame
    opml: str
    groups: tuple[FeedGroup, ...]
