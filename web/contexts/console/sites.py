"""The table of all sites: its rows, what limits it, and what became of it meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple
from urllib.parse import quote

from markupsafe import Markup

from web.contexts.console.charts import Spark
from web.contexts.console.frame import ConsoleFrame
from web.contexts.console.words import Moment
from web.contexts.lists import Option

UNKNOWN = "unknown"
"""Stands for the state of a site of which nothing is known."""


class Last(NamedTuple):
    """The last run: what became of it, and what it brought."""

    state: str
    word: str
    brought: str
    when: Moment
    link: str


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site in the table. `held` is why it is not crawled when it was due: paused, or left alone for a while."""

    id: str
    link: str
    name: str
    host: str
    kind: str
    state: str
    word: str
    since: Moment | None
    reason: str
    spark: Spark
    spark_said: str
    per_day: str
    last: Last | None
    next: Moment | None
    next_said: str
    held: str


class Count(NamedTuple):
    """How many sites are in a state; `link` shows these alone. `state` "" is all of them."""

    state: str
    word: str
    sites: int
    link: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class RowPart:
    """templates/console/row.html: a row; `swap`: to be put into its place in a table that is there."""

    template: ClassVar = "console/row.html"

    frame: ConsoleFrame
    row: SiteRow
    swap: bool


@dataclass(frozen=True, slots=True)
class Table:
    """What is asked for of the table; `rows` are drawn already. `pulse` is where it asks what became of it; `moved`
    says that sites have changed their state since it was put in order, "" where none has."""

    counts: tuple[Count, ...]
    rows: tuple[Markup, ...]
    pulse: str
    again: str
    moved: str
    acting: bool
    limited: bool


@dataclass(frozen=True, slots=True)
class SitesPage:
    """templates/console/sites.html."""

    template: ClassVar = "console/sites.html"

    frame: ConsoleFrame
    words: str
    state: str
    kinds: tuple[Option, ...]
    table: Table


@dataclass(frozen=True, slots=True)
class TablePart:
    """templates/console/table.html: the table alone, in its order."""

    template: ClassVar = "console/table.html"

    frame: ConsoleFrame
    table: Table


@dataclass(frozen=True, slots=True)
class ChangesPart:
    """templates/console/changes.html: the rows that have changed, each in its place."""

    template: ClassVar = "console/changes.html"

    frame: ConsoleFrame
    table: Table


def site_path(id: str) -> str:
    """Where a site's page at the console is."""
    return f"/console/sites/{quote(id, safe='')}"


def run_path(id: str) -> str:
    """Where a run's page is."""
    return f"/console/runs/{quote(id, safe='')}"


def spark_said(frame: ConsoleFrame, days: Sequence[int]) -> str:
    """A sparkline for who cannot see it."""
    return frame.console.spark.format(
        total=sum(days), today=days[-1] if days else 0, most=max(days, default=0), none=sum(not day for day in days)
    )
