"""The list of runs, one run, and the addresses that gave nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import quote

from news.errors import Reason
from news.language import Language
from news.report import COUNTERS, RunReport, RunState
from news.telling import Explained, of_code, of_fate, of_run
from storage.urls import UrlRow
from web.contexts.console.frame import ConsoleFrame
from web.contexts.console.log import Log
from web.contexts.console.site import RunRow, run_row
from web.contexts.console.sites import run_path, site_path
from web.contexts.console.words import Moment, moment, number, share
from web.contexts.dates import span_of
from web.contexts.lists import Option


@dataclass(frozen=True, slots=True)
class Listed:
    """A run of any site in the list."""

    site: str
    site_link: str
    kind: str
    row: RunRow


@dataclass(frozen=True, slots=True)
class RunsPage:
    """templates/console/runs.html. `columns` name the counts of the rows."""

    template: ClassVar = "console/runs.html"

    frame: ConsoleFrame
    sites: tuple[Option, ...]
    states: tuple[Option, ...]
    since: str
    until: str
    columns: tuple[str, ...]
    rows: tuple[Listed, ...]
    older: str
    newest: str


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """A reason, how often, its share of all of them in percent, and where the addresses are listed ("": nowhere)."""

    code: str
    told: Explained
    count: str
    share: float
    link: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source and what became of it."""

    url: str
    good: bool
    fate: str
    told: Explained


@dataclass(frozen=True, slots=True)
class RunNow:
    """A run as it is at this moment. `again` is where it is asked for anew, "" when it is over; `stop` where to send
    the wish that it ends, `stopping` whether somebody wished it."""

    state: str
    word: str
    told: Explained
    error: str
    facts: tuple[tuple[str, str], ...]
    counts: tuple[tuple[str, str], ...]
    reasons: tuple[ReasonRow, ...]
    sources: tuple[SourceRow, ...]
    last_url: str
    again: str
    stop: str
    stopping: bool


@dataclass(frozen=True, slots=True)
class RunPage:
    """templates/console/run.html."""

    template: ClassVar = "console/run.html"

    frame: ConsoleFrame
    id: str
    site: str
    site_link: str
    all_runs: str
    when: Moment | None
    now: RunNow
    log: Log


@dataclass(frozen=True, slots=True)
class RunPart:
    """templates/console/run_now.html: how the run is, alone."""

    template: ClassVar = "console/run_now.html"

    frame: ConsoleFrame
    now: RunNow


@dataclass(frozen=True, slots=True)
class BarrenRow:
    """An address that gave nothing, and where its story is told."""

    url: str
    found: Moment | None
    detail: str
    story: str


@dataclass(frozen=True, slots=True)
class BarrenPage:
    """templates/console/barren.html."""

    template: ClassVar = "console/barren.html"

    frame: ConsoleFrame
    site: str
    site_link: str
    code: str
    told: Explained
    runs: str
    rows: tuple[BarrenRow, ...]
    older: str
    newest: str


def listed(frame: ConsoleFrame, run: RunReport, names: Mapping[str, str], now: datetime) -> Listed:
    """A run with its site."""
    kind = "" if not (run.backfill and not run.dry_run) else frame.work.kinds["backfill"]
    link = frame.link(site_path(run.site)) if run.site in names else ""
    return Listed(names.get(run.site, run.site), link, kind, run_row(frame, run, now))


def run_now(frame: ConsoleFrame, run: RunReport, now: datetime, *, stopping: bool) -> RunNow:
    """A run with everything that is counted of it, explained."""
    running, language = run.state is RunState.RUNNING, frame.language
    path = run_path(run.id)
    return RunNow(
        state=str(run.state),
        word=frame.console.run_states[run.state],
        told=of_run(run.state, language),
        error=run.error,
        facts=tuple(_facts(frame, run, now)),
        counts=tuple((frame.console.counts[name], number(frame, getattr(run, name))) for name in COUNTERS),
        reasons=tuple(_reasons(frame, run)),
        sources=tuple(_sources(language, run)),
        last_url=run.last_url if running else "",
        again=frame.link(f"{path}/now") if running else "",
        stop=f"{path}/stop" if running else "",
        stopping=running and stopping,
    )


def barren_row(frame: ConsoleFrame, row: UrlRow, now: datetime) -> BarrenRow:
    """An address that gave nothing, as people read it."""
    return BarrenRow(row.url, moment(frame, row.found, now), row.detail, frame.link("/console/why", url=row.url))


def barren_path(site: str, code: str) -> str:
    """Where the addresses of a site are listed that gave nothing for a reason."""
    return f"{site_path(site)}/urls/{quote(code, safe='')}"


def lasting(frame: ConsoleFrame, seconds: float) -> str:
    """How long it took: in seconds, or minutes and more where it took that long."""
    long = span_of(timedelta(seconds=seconds), frame.texts)
    return long or frame.console.seconds.format(count=number(frame, round(seconds)))


def _facts(frame: ConsoleFrame, run: RunReport, now: datetime) -> list[tuple[str, str]]:
    say = frame.work
    kind = "dry" if run.dry_run else "backfill" if run.backfill else "plain"
    began, ended = moment(frame, run.started, now), moment(frame, run.finished, now)
    seconds = run.seconds if run.finished else (now - run.started).total_seconds()
    rows = [
        (say.kind, say.kinds[kind]),
        (say.began, began.full if began else ""),
        (say.ended, ended.full if ended else ""),
        (say.lasted, lasting(frame, max(0.0, seconds))),
        (say.memory, say.megabytes.format(count=number(frame, round(run.memory / 1e6))) if run.memory else ""),
        (say.listed, number(frame, run.listed) if run.listed else ""),
        (say.articles, number(frame, run.articles) if run.articles else ""),
        (say.confidence, share(run.confidence) if run.articles else ""),
    ]
    return [(name, value) for name, value in rows if value]


def _reasons(frame: ConsoleFrame, run: RunReport) -> list[ReasonRow]:
    total = sum(run.reasons.values()) or 1
    rows = sorted(run.reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        ReasonRow(
            code=code,
            told=of_code(code, frame.language),
            count=number(frame, count),
            share=round(100 * count / total, 1),
            link=frame.link(barren_path(run.site, code)) if code in list(Reason) and not run.dry_run else "",
        )
        for code, count in rows
    ]


def _sources(language: Language, run: RunReport) -> list[SourceRow]:
    rows = sorted(run.sources.items(), key=lambda pair: (pair[1].good, pair[0]))
    return [SourceRow(url, fate.good, str(fate), of_fate(fate, language)) for url, fate in rows]
