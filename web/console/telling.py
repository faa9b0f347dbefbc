"""One site as its page tells of it: what is read for it, and what is made of that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zlib import crc32

from news.article import VIETNAM
from news.control import Control, ControlState, Standing
from news.health import Health
from news.report import RunReport, RunState
from news.schedule import Schedule, ScheduleMode
from news.site import Site
from news.telling import of_code
from news.upcoming import Pace, upcoming
from storage.health import SiteHealth
from web.console.overview import Overview, days_until, start_of
from web.console.rows import row
from web.contexts.console.charts import Datum, bars, dots, lying
from web.contexts.console.file import lines
from web.contexts.console.frame import ConsoleFrame
from web.contexts.console.site import (
    Ahead,
    Asked,
    Change,
    Controls,
    Editor,
    Figure,
    Now,
    Share,
    SitePage,
    ahead_of,
    asked_of,
    change_of,
    datum,
    figure_of,
    modes_of,
    run_row,
)  # fmt: skip
from web.contexts.console.sites import site_path
from web.contexts.console.words import fact_rows, moment, number, sentence, tick, words_of
from web.contexts.dates import counted, date_of
from web.contexts.frame import Link
from web.shelf import Shelf

_RUNS, _CHARTED, _DAYS, _CHANGES, _CONTROLS = 15, 60, 60, 20, 6
_OPEN = (ControlState.ASKED, ControlState.TAKEN)
# How often, in milliseconds, what was asked is looked at: at once, while it is being done, and where nothing is.
_AT_ONCE, _AT_IT, _IDLE = 400, 2_000, 5_000
_LONG = timedelta(seconds=20)


@dataclass(frozen=True)
class Telling:
    """What is told of a site in a request, at one moment."""

    shelf: Shelf
    overview: Overview
    frame: ConsoleFrame
    site: Site
    at: datetime

    @property
    def base(self) -> str:
        """Where the site's page is."""
        return site_path(self.site.id)

    def page(self) -> SitePage:
        """All of the page."""
        store, id, frame = self.shelf.store, self.site.id, self.frame
        known, standing = store.health.get(id), store.standing.get(id)
        runs = store.runs.find(id, limit=_CHARTED)
        rules = store.rules.of(id)
        words = words_of(frame)
        return SitePage(
            frame=frame,
            base=self.base,
            now=self.now(),
            links=tuple(self._links(len(rules))),
            facts=fact_rows(frame, known.health, self.at) if known else (),
            remedy=words.remedies.get(known.health.state, "").format(site=id) if known else "",
            history=tuple(self._history()),
            controls=self.controls("")[0],
            editor=self._editor(standing, known, _last(runs)),
            runs=tuple(run_row(frame, run, self.at) for run in runs[:_RUNS]),
            all_runs=frame.link("/console/runs", site=id),
            figures=tuple(self._figures(runs)),
            errors=self._errors(runs),
            file=lines(self.site, rules, overridden=standing.schedule is not None),
            today=self.at.astimezone(VIETNAM).date().isoformat(),
        )

    def now(self, *, fresh: bool = False) -> Now:
        """The site at this moment."""
        seen = self.overview.now(fresh=fresh)
        one = seen.sites[self.site.id]
        paused = one.paused is not None
        mark = f"{crc32(repr((one.health, one.last and (one.last.id, one.last.state))).encode()):x}"
        again = self.frame.link(f"{self.base}/now", paused=str(int(paused)), mark=mark)
        return Now(row(self.frame, one, seen.at), again, paused, mark, seen.acting)

    def controls(self, open: str) -> tuple[Controls, tuple[Asked, ...]]:
        """What was asked lately; and what of it is over that was `open`, by ids with commas, when it was shown last."""
        found, before = self.shelf.store.controls.of(self.site.id, _CONTROLS), set(open.split(","))
        going = [control for control in found if control.state in _OPEN]
        again = self.frame.link(f"{self.base}/asked", open=",".join(control.id for control in going))
        rows = tuple(asked_of(self.frame, control, self.at) for control in found)
        over = tuple(row for row, one in zip(rows, found, strict=True) if one.id in before and one.state.over)
        return Controls(rows, again, self._every(going)), over

    def editor(self) -> Editor:
        """The schedule that is in force."""
        store, id = self.shelf.store, self.site.id
        return self._editor(store.standing.get(id), store.health.get(id), _last(store.runs.find(id)))

    def ahead(self, schedule: Schedule) -> Ahead:
        """The next runs under a schedule that is not in force yet."""
        store, id = self.shelf.store, self.site.id
        known, last = store.health.get(id), _last(store.runs.find(id))
        return self._ahead(schedule, known, last, None, paused=store.standing.get(id).paused is not None)

    def _editor(self, standing: Standing, known: SiteHealth | None, last: RunReport | None) -> Editor:
        say, schedule = self.frame.console, standing.schedule or self.site.schedule
        said = say.schedule_of_file
        if standing.schedule:
            when = moment(self.frame, standing.scheduled_at, self.at)
            said = say.schedule_of.format(who=standing.scheduled_by, when=when.shown if when else "")
        planned = self.shelf.store.jobs.next_runs().get(self.site.id)
        ahead = self._ahead(schedule, known, last, planned, paused=standing.paused is not None)
        windows = "\n".join(schedule.windows)
        return Editor(schedule, modes_of(self.frame, schedule), windows, said, standing.schedule is not None, ahead)

    def _ahead(
        self, schedule: Schedule, known: SiteHealth | None, last: RunReport | None, planned: datetime | None, *,
        paused: bool,
    ) -> Ahead:  # fmt: skip
        """The next runs; the first is the one that is planned, where one is."""
        say, adaptive = self.frame.console, schedule.mode is ScheduleMode.ADAPTIVE
        pace = Pace.of(known.rhythm, schedule) if adaptive and known and known.rhythm else None
        first = max(planned, self.at) if planned else None
        if first is None:
            runs = upcoming(schedule, last.started if last else None, self.at, pace)
        else:
            runs = (first, *upcoming(schedule, first, first, pace, count=9))
        hint = say.paused_hint if paused else say.adaptive_hint if adaptive else say.next_ten_hint
        return ahead_of(self.frame, runs, hint)

    def _every(self, going: Sequence[Control]) -> int:
        if not going:
            return _IDLE
        return _AT_ONCE if any(self.at - control.at < _LONG for control in going) else _AT_IT

    def _links(self, taught: int) -> list[Link]:
        say, texts, frame = self.frame.console, self.frame.texts, self.frame
        links = [Link(say.home, self.site.home), Link(say.reading, frame.link(f"/sites/{self.site.id}"))]
        rules = [Link(counted(taught, say.taught_count, texts), frame.link("/desk/rules", site=self.site.id))]
        return links + (rules if taught else [])

    def _history(self) -> list[Change]:
        found = self.shelf.store.health.history(self.site.id, _CHANGES)
        return [change_of(self.frame, change, self._reason(change.health), self.at) for change in found]

    def _reason(self, health: Health) -> str:
        return sentence(self.frame, health, self.at)

    def _figures(self, runs: Sequence[RunReport]) -> list[Figure]:
        say, written = self.frame.console, partial(tick, self.frame)
        counts = self.shelf.store.tallies.daily(start_of(days_until(self.at, _DAYS)[0]), self.site.id)
        of_site, days = counts.get(self.site.id, {}), days_until(self.at, _DAYS)
        by_day = {date_of(day, self.frame.texts): float(of_site.get(day, 0)) for day in days}
        drawn = bars(
            [Datum(value, f"{name}: {number(self.frame, value)}") for name, value in by_day.items()],
            written,
            [(n, f"{day:%d/%m}") for n, day in enumerate(days) if n % 14 == 10],
        )
        ended = [run for run in reversed(runs) if run.finished and run.state is not RunState.SKIPPED]
        took = [datum(self.frame, run.started, run.seconds, marked=run.state is not RunState.DONE) for run in ended]
        sure = [run for run in ended if run.articles]
        known = [datum(self.frame, run.started, 100 * run.confidence) for run in sure]
        return [
            figure_of(self.frame, say.new_a_day, by_day, drawn, (say.day, say.count)),
            figure_of(
                self.frame, say.durations, self._by_moment(ended, [run.seconds for run in ended]),
                dots(took, written, places=_ends(ended)), (say.when, say.took),
            ),
            figure_of(
                self.frame, say.confidences, self._by_moment(sure, [100 * run.confidence for run in sure]),
                dots(known, written, top=100, places=_ends(sure)), (say.when, say.value),
            ),
        ]  # fmt: skip

    def _by_moment(self, runs: Sequence[RunReport], values: Sequence[float]) -> dict[str, float]:
        moments = [moment(self.frame, run.started, self.at) for run in runs]
        return {when.full: value for when, value in zip(moments, values, strict=True) if when}

    def _errors(self, runs: Sequence[RunReport]) -> tuple[Share, ...]:
        sums: Counter[str] = Counter()
        for run in runs:
            sums.update(run.reasons)
        found = lying([Datum(float(count), name) for name, count in sums.items()])
        return tuple(
            Share(one.said, of_code(one.said, self.frame.language).name, number(self.frame, one.value), share)
            for one, share in found
        )


def _last(runs: Sequence[RunReport]) -> RunReport | None:
    """The last run after which the schedule goes on."""
    return next((run for run in runs if not run.dry_run and run.state is not RunState.SKIPPED), None)


def _ends(runs: Sequence[RunReport]) -> list[tuple[int, str]]:
    """The days of the first and the last run, to stand below them."""
    if len(runs) < 2:
        return []
    return [(n, f"{runs[n].started.astimezone(VIETNAM):%d/%m}") for n in (0, len(runs) - 1)]
