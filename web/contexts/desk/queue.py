"""The queue of the desk: its tabs, its filters and its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NamedTuple, Protocol

from news.article import VIETNAM, Precision, Status
from news.review.review import Review
from web.contexts.dates import clock_of, counted, machine, moment_of
from web.contexts.desk.frame import DeskFrame
from web.contexts.lists import Condition, Option


class Listed(Protocol):
    """What a row tells of an article."""

    @property
    def id(self) -> str: ...
    @property
    def site(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def lead(self) -> str: ...
    @property
    def published(self) -> datetime | None: ...
    @property
    def first_seen(self) -> datetime: ...
    @property
    def status(self) -> Status: ...
    @property
    def tag(self) -> str: ...
    @property
    def review(self) -> Review: ...


class Badge(NamedTuple):
    """A few words and what they are about, for the style sheet: a concern, a status."""

    text: str
    about: str


@dataclass(frozen=True, slots=True)
class Row:
    """An article in the queue. `tag` is the state in which it is shown, `link` the desk with it open, `moment` for
    machines; `there` is who has it open."""

    id: str
    tag: str
    link: str
    title: str
    site: str
    when: str
    moment: str
    badges: tuple[Badge, ...]
    assigned: str
    there: tuple[str, ...] = ()
    open: bool = False


class Tab(NamedTuple):
    """A queue: `holds` is how many, as people write it."""

    value: str
    name: str
    link: str
    holds: str
    current: bool


class Tabs(NamedTuple):
    """The queues; `again`: after so many seconds their counts are to be asked for again, 0 for as they are. `ask` is
    where."""

    all: tuple[Tab, ...]
    again: int = 0
    ask: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """The form above the rows: what can be chosen and what is; `chosen` counts what limits the queue."""

    words: str
    sites: tuple[Option, ...]
    kinds: tuple[Option, ...]
    territories: tuple[Option, ...]
    concerns: tuple[Option, ...]
    confidences: tuple[Option, ...]
    assigned: tuple[Option, ...]
    tag: str
    document: str
    conditions: tuple[Condition, ...]
    clear: str

    @property
    def chosen(self) -> int:
        return len(self.conditions)


@dataclass(frozen=True, slots=True)
class QueueList:
    """What the left pane shows. `queue` is the value of the current one, `back` the query of all of it; `more` is where
    the next rows are, "" at the end; `event` is the number behind which to listen for changes."""

    queue: str
    back: str
    tabs: Tabs
    rows: tuple[Row, ...]
    conditions: tuple[Condition, ...]
    more: str
    event: int = 0


@dataclass(frozen=True, slots=True)
class QueuePart:
    """templates/desk/queue.html: the left pane anew, or the rows behind those that are there (`only_rows`)."""

    template: ClassVar = "desk/queue.html"

    frame: DeskFrame
    list: QueueList
    only_rows: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """templates/desk/changes.html: what became of rows: those that read otherwise, those that are not of this queue any
    more, those that came and are not shown yet (`fresh`). `changed` is what became of the `open` article: "" nothing,
    "gone", "changed", or "settled" where it reads as before and lies in this queue no more. `back` is the query of the
    queue."""

    template: ClassVar = "desk/changes.html"

    frame: DeskFrame
    back: str
    tabs: Tabs
    rows: tuple[Row, ...]
    gone: tuple[str, ...]
    fresh: frozenset[str] = frozenset()
    open: str = ""
    changed: str = ""

    @property
    def came(self) -> str:
        """How many came, as people say it; "" for none."""
        return counted(len(self.fresh), self.frame.desk.fresh, self.frame.texts) if self.fresh else ""


def row(
    frame: DeskFrame,
    listed: Listed,
    names: Mapping[str, str],
    back: Sequence[tuple[str, str]],
    now: datetime,
    there: Sequence[str] = (),
    *,
    open: bool = False,
) -> Row:
    """An article in the queue; `back` are the pairs of the queue's query, `now` tells which day is today, `there` are
    those who have it open."""
    when = listed.published or listed.first_seen
    return Row(
        id=listed.id,
        tag=listed.tag,
        link=frame.link("/desk", back, open=listed.id),
        title=listed.title or listed.id,
        site=names.get(listed.site, listed.site),
        when=_when(frame, when, now),
        moment=machine(when),
        badges=badges(frame, listed.status, listed.review),
        assigned=listed.review.assigned,
        there=tuple(there),
        open=open,
    )


def badges(frame: DeskFrame, status: Status, review: Review) -> tuple[Badge, ...]:
    """The status where it is not the usual one of what waits, and why it needs a human, the most urgent first."""
    concerns = sorted(review.concerns, key=lambda concern: -Review(concerns=(concern,)).weight)
    named = [Badge(frame.desk.concerns[concern], str(concern)) for concern in concerns]
    shown = [] if status is Status.WAITING else [Badge(frame.desk.statuses[status], str(status))]
    return (*named, *shown)


def _when(frame: DeskFrame, when: datetime, now: datetime) -> str:
    local = when.astimezone(VIETNAM)
    if local.date() == now.astimezone(VIETNAM).date():
        return clock_of(local, Precision.MINUTE)
    return moment_of(local, frame.texts, Precision.DAY)
