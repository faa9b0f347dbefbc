"""One site at the console: how it is and why, what is asked of it, its schedule, its runs, its charts, its file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NamedTuple

from news.article import VIETNAM
from news.control import Control, ControlKind, ControlState
from news.health import HealthState
from news.report import COUNTERS, RunReport
from news.schedule import Schedule, ScheduleMode
from news.telling import of_code
from storage.health import HealthChange
from web.contexts.console.charts import Chart, Datum
from web.contexts.console.file import Line
from web.contexts.console.frame import ConsoleFrame
from web.contexts.console.sites import SiteRow, run_path
from web.contexts.console.words import FactRow, Moment, Wrong, moment, number, state_of, wrong_of
from web.contexts.dates import clock_of, date_of
from web.contexts.frame import Link
from web.contexts.lists import Option

_MOST_REASONS = 4


class Change(NamedTuple):
    """A change of state."""

    when: Moment
    state: str
    said: str
    reason: str


class Asked(NamedTuple):
    """A thing that was asked. `answer` is what came of it, in words; `odd` says that it is not in the reader's
    language."""

    id: str
    what: str
    state: str
    word: str
    by: str
    answer: str
    odd: bool
    took: str


@dataclass(frozen=True, slots=True)
class Controls:
    """What was asked lately, and where to ask what became of it, `every` so many milliseconds."""

    rows: tuple[Asked, ...]
    again: str
    every: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """The next runs, or what is wrong with the schedule that was typed."""

    runs: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    wrong: Wrong | None = None


@dataclass(frozen=True, slots=True)
class Editor:
    """The schedule as it is typed. `said` is whose it is; `ordered`: it stands in the place of that of the file."""

    schedule: Schedule
    modes: tuple[Option, ...]
    windows: str
    said: str
    ordered: bool
    ahead: Ahead


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in the table. `counts` are in the order of COUNTS."""

    id: str
    state: str
    word: str
    when: Moment
    link: str
    took: str
    counts: tuple[str, ...]
    reasons: tuple[tuple[str, str, str], ...]
    error: str


COUNTS = ("new", "updated", "duplicate", "rejected", "pages")


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart and the table that says the same."""

    title: str
    chart: Chart
    said: str
    head: tuple[str, str]
    rows: tuple[tuple[str, str], ...]


class Share(NamedTuple):
    """A bar that lies, of a reason: its length in percent of the longest."""

    code: str
    name: str
    pages: str
    share: float


@dataclass(frozen=True, slots=True)
class Now:
    """The site at this moment. `paused` says which button is right, `mark` whether the rest of the page still is."""

    row: SiteRow
    again: str
    paused: bool
    mark: str
    acting: bool


@dataclass(frozen=True, slots=True)
class SitePage:
    """templates/console/site.html."""

    template: ClassVar = "console/site.html"

    frame: ConsoleFrame
    base: str
    now: Now
    links: tuple[Link, ...]
    facts: tuple[FactRow, ...]
    remedy: str
    history: tuple[Change, ...]
    controls: Controls
    editor: Editor
    runs: tuple[RunRow, ...]
    all_runs: str
    figures: tuple[Figure, ...]
    errors: tuple[Share, ...]
    file: tuple[Line, ...]
    today: str

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.frame.console.counts[name] for name in COUNTS)


@dataclass(frozen=True, slots=True)
class NowPart:
    """templates/console/now.html; `turned`: the site was paused or resumed, so that another button is right."""

    template: ClassVar = "console/now.html"

    frame: ConsoleFrame
    base: str
    now: Now
    turned: bool


@dataclass(frozen=True, slots=True)
class AskedPart:
    """templates/console/asked.html; `over` are those that are over since it was asked for last."""

    template: ClassVar = "console/asked.html"

    frame: ConsoleFrame
    controls: Controls
    over: tuple[Asked, ...] = ()
    wrong: Wrong | None = None


@dataclass(frozen=True, slots=True)
class AheadPart:
    """templates/console/ahead.html."""

    template: ClassVar = "console/ahead.html"

    frame: ConsoleFrame
    ahead: Ahead


@dataclass(frozen=True, slots=True)
class EditorPart:
    """templates/console/editor.html."""

    template: ClassVar = "console/editor.html"

    frame: ConsoleFrame
    base: str
    editor: Editor


def change_of(frame: ConsoleFrame, change: HealthChange, reason: str, now: datetime) -> Change:
    """A change as people read it."""
    after = state_of(frame, change.health.state)
    became = frame.console.became.format(before=state_of(frame, change.before), after=after)
    when = moment(frame, change.at, now)
    assert when is not None
    plain = change.health.state is HealthState.HEALTHY
    return Change(when, str(change.health.state), became if change.before else after, "" if plain else reason)


def asked_of(frame: ConsoleFrame, control: Control, now: datetime) -> Asked:
    """A control as people read it."""
    say, when = frame.console, moment(frame, control.at, now)
    assert when is not None
    took, waited = "", (now - control.at).total_seconds()
    answer, _, odd = wrong_of(frame, control.answer)
    if control.state is ControlState.DONE:
        answer, odd = say.done[control.kind], False
    if control.state is ControlState.ASKED and waited > 5:
        answer, odd = say.waits, False
    if control.ended and control.kind is not ControlKind.BACKFILL:
        took = say.within.format(seconds=number(frame, (control.ended - control.at).total_seconds()))
    return Asked(
        control.id, say.asks[control.kind], str(control.state), say.control_states[control.state],
        say.asked_by.format(who=control.by, when=when.shown), answer, odd, took,
    )  # fmt: skip


def ahead_of(frame: ConsoleFrame, runs: Iterable[datetime], hint: str) -> Ahead:
    """The next runs, each by its day and its clock."""
    return Ahead(tuple((_day(frame, run), clock_of(run, None)) for run in runs), hint)


def _day(frame: ConsoleFrame, when: datetime) -> str:
    local = when.astimezone(VIETNAM)
    return f"{frame.texts.weekdays[local.weekday()]}, {local:%d/%m}"


def modes_of(frame: ConsoleFrame, schedule: Schedule) -> tuple[Option, ...]:
    """The ways of planning, with the one marked that a schedule has."""
    return tuple(Option(str(mode), frame.console.modes[mode], mode is schedule.mode) for mode in ScheduleMode)


def run_row(frame: ConsoleFrame, run: RunReport, now: datetime) -> RunRow:
    """A run as people read it."""
    say, when = frame.console, moment(frame, run.started, now)
    assert when is not None
    reasons = sorted(run.reasons.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_REASONS]
    word = say.run_states[run.state]
    return RunRow(
        id=run.id,
        state=str(run.state),
        word=f"{word} ({say.trial})" if run.dry_run else word,
        when=when,
        link=frame.link(run_path(run.id)),
        took=say.seconds.format(count=number(frame, round(run.seconds))) if run.finished else "",
        counts=tuple(number(frame, getattr(run, name)) for name in COUNTS if name in COUNTERS),
        reasons=tuple((name, of_code(name, frame.language).name, number(frame, count)) for name, count in reasons),
        error=run.error,
    )


def figure_of(
    frame: ConsoleFrame, title: str, data: Mapping[str, float], chart: Chart, head: tuple[str, str]
) -> Figure:
    """A chart of named values, with its table, the newest first."""
    rows = tuple((name, number(frame, value)) for name, value in reversed(list(data.items())))
    most = number(frame, max(data.values(), default=0))
    return Figure(title, chart, f"{title}: {frame.console.most.format(count=most)}", head, rows)


def datum(frame: ConsoleFrame, when: datetime, value: float, *, marked: bool = False) -> Datum:
    """A value of a day or a moment."""
    local = when.astimezone(VIETNAM)
    return Datum(value, f"{date_of(local.date(), frame.texts)} {clock_of(when, None)}: {number(frame, value)}", marked)
