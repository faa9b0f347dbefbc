"""The trail, and what it says of each editor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, NamedTuple

from news.article import VIETNAM, StoredArticle
from news.review.figures import Figures
from news.review.record import Action, Record
from web.contexts.dates import date_of, grouped, machine, moment_of
from web.contexts.desk.frame import DeskFrame
from web.contexts.frame import Link
from web.contexts.lists import Option

# The drawing of a bar for each day, in its own units.
_WIDE, _HIGH, _GAP = 600, 90, 3


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was done. `other` is the article of the other story that it was done with; `records` what an undo
    takes back, "" where it is too late or was done already."""

    id: str
    when: str
    moment: str
    who: str
    what: str
    title: str
    link: str
    site: str
    states: str
    detail: str
    other: Link | None
    undone: bool
    records: str


@dataclass(frozen=True, slots=True)
class TrailPage:
    """templates/desk/trail.html."""

    template: ClassVar = "desk/trail.html"

    frame: DeskFrame
    words: str
    by: str
    article: str
    actions: tuple[Option, ...]
    sites: tuple[Option, ...]
    since: str
    until: str
    entries: tuple[Entry, ...]
    older: str
    newest: str


@dataclass(frozen=True, slots=True)
class TrailPart:
    """templates/desk/records.html: what was done with one article."""

    template: ClassVar = "desk/records.html"

    frame: DeskFrame
    entries: tuple[Entry, ...]


class Bar(NamedTuple):
    """A day in the drawing, and what it says to who points at it or cannot see it."""

    x: float
    y: float
    width: float
    height: float
    said: str


@dataclass(frozen=True, slots=True)
class Person:
    """What one editor did: `counts` in the order of the page's columns, as people write them."""

    name: str
    counts: tuple[str, ...]
    decisions: str
    undone: str
    median: str


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """templates/desk/figures.html. `columns` are the actions that there were; `days` and `bars` say the same."""

    template: ClassVar = "desk/figures.html"

    frame: DeskFrame
    since: str
    until: str
    columns: tuple[str, ...]
    people: tuple[Person, ...]
    bars: tuple[Bar, ...]
    days: tuple[tuple[str, tuple[str, ...]], ...]


def entry(
    frame: DeskFrame, record: Record, names: Mapping[str, str], now: datetime, other: StoredArticle | None = None
) -> Entry:
    """An entry as people read it; `other` is an article of the story with which this one's was joined, or out of which
    it was taken."""
    desk = frame.desk
    states = ""
    if record.before and record.after and record.before is not record.after:
        states = desk.from_to.format(before=desk.statuses[record.before], after=desk.statuses[record.after])
    return Entry(
        id=record.id,
        when=moment_of(record.at, frame.texts),
        moment=machine(record.at),
        who=record.by,
        what=desk.actions[record.action],
        title=record.title or record.article_id,
        link=_opens(frame, record.article_id) if record.article_id else "",
        site=names.get(record.site, record.site),
        states=states,
        detail=_detail(frame, record, other),
        other=Link(other.article.title or other.id, _opens(frame, other.id)) if other else None,
        undone=record.undone,
        records=record.id if record.can_be_undone(now) else "",
    )


def _detail(frame: DeskFrame, record: Record, other: StoredArticle | None) -> str:
    """What else there is to tell: what was done with stories, and what an undo took back, is stored in English."""
    if record.action in (Action.MERGE, Action.SPLIT, Action.MAIN):
        return frame.desk.with_story[record.action] if other else ""
    if record.action is Action.UNDO:
        return frame.desk.actions[record.takes_back] if record.takes_back else ""
    return record.detail


def _opens(frame: DeskFrame, id: str) -> str:
    return frame.link("/desk", queue="all", open=id)


def figures(
    frame: DeskFrame, since: date, until: date, whole: Sequence[Figures], days: Sequence[tuple[date, Sequence[Figures]]]
) -> FiguresPage:
    """The figures of a stretch of days, its last one not among them, and of each of its days."""
    shown = [action for action in Action if any(action in one.counts for one in whole)]
    names = [one.by for one in whole]
    by_day = [(day, {one.by: one.decisions for one in each}) for day, each in days]
    return FiguresPage(
        frame=frame,
        since=since.isoformat(),
        until=until.isoformat(),
        columns=tuple(frame.desk.actions[action] for action in shown),
        people=tuple(_person(frame, one, shown) for one in whole),
        bars=tuple(_bars(frame, by_day)),
        days=tuple(
            (date_of(day, frame.texts), tuple(grouped(done.get(name, 0), frame.texts) for name in names))
            for day, done in by_day
            if done
        ),
    )


def _person(frame: DeskFrame, one: Figures, shown: Sequence[Action]) -> Person:
    median = "" if one.median is None else frame.desk.seconds.format(count=grouped(round(one.median), frame.texts))
    return Person(
        name=one.by,
        counts=tuple(grouped(one.counts.get(action, 0), frame.texts) for action in shown),
        decisions=grouped(one.decisions, frame.texts),
        undone=grouped(one.undone, frame.texts),
        median=median,
    )


def _bars(frame: DeskFrame, days: Sequence[tuple[date, Mapping[str, int]]]) -> list[Bar]:
    sums = [sum(done.values()) for _, done in days]
    most, step = max(sums, default=0), _WIDE / max(len(days), 1)
    return [
        Bar(
            round(n * step, 1),
            round(_HIGH - _HIGH * total / most, 1),
            round(step - _GAP, 1),
            round(_HIGH * total / most, 1),
            f"{date_of(day, frame.texts)}: {grouped(total, frame.texts)}",
        )
        for n, ((day, _), total) in enumerate(zip(days, sums, strict=True))
        if total
    ]


def today(now: datetime) -> date:
    """The day in Vietnam."""
    return now.astimezone(VIETNAM).date()
