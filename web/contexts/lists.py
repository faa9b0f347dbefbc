"""Pages that list articles: the latest, of a site, of a place, of a document, of what was searched for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from web.contexts.frame import Frame, Link
from web.contexts.teasers import Day


class Fact(NamedTuple):
    """Something to know about what is listed. `links` are its value where it is names that lead somewhere."""

    name: str
    value: str = ""
    links: tuple[Link, ...] = ()


class Condition(NamedTuple):
    """What the list is limited to, and the same list without it."""

    name: str
    value: str
    without: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """templates/list.html. `older` and `newest` are the pages behind and the first, "" where there is none; `tabs` are
    lists like this one, `note` says why this one is shown instead of what was asked for."""

    template: ClassVar = "list.html"

    frame: Frame
    heading: str
    intro: str
    note: str
    facts: tuple[Fact, ...]
    conditions: tuple[Condition, ...]
    tabs: tuple[Link, ...]
    days: tuple[Day, ...]
    empty: tuple[str, str]
    older: str
    newest: str


class Option(NamedTuple):
    value: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class SearchPage:
    """templates/search.html. `asked`: something was looked for; `hidden` are pairs that the form hands on."""

    template: ClassVar = "search.html"

    frame: Frame
    asked: bool
    words: str
    kinds: tuple[Option, ...]
    places: tuple[Option, ...]
    since: str
    until: str
    hidden: tuple[tuple[str, str], ...]
    conditions: tuple[Condition, ...]
    days: tuple[Day, ...]
    older: str
    newest: str
