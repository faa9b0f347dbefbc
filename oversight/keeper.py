"""Keeps the health of sites: learns from each crawl that is over, judges, and writes down what has changed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pymongo.errors import PyMongoError

from news.control import Standing
from news.errors import BantinError
from news.health import Health, HealthState, Signals, judge, longest_lull, next_try, outcome
from news.health.outcome import Outcome
from news.report import RunReport, RunState
from news.rhythm import Rhythm
from news.site import Site
from storage.connect import Store
from storage.health import HealthChange, SiteHealth
from storage.leases import TurnLost

log = logging.getLogger("bantin.oversight")

LEARN_EVERY = timedelta(hours=12)
"""How often a site's rhythm is learnt anew; it changes over weeks."""
_LOOK_BACK = timedelta(days=365)  # what is older says little of a rhythm (news.rhythm)
# Of a site that is judged for the first time so many crawls are looked at; after that those that are new.
_RUNS = 20
NOT_TOLD = "-"
"""Stands for the alert of a change that nobody is to be told of."""


class Keeper:
    """The health of the sites that one scheduler crawls, from `begin` on. Used by several threads at a time. What
    writes raises TurnLost once another scheduler has taken over.

    `due` gives when the crawl of a site was or is due that has not begun, `standing` what operators ordered of it.
    """

    def __init__(
        self,
        store: Store,
        due: Callable[[str], datetime | None],
        standing: Callable[[], Mapping[str, Standing]],
    ) -> None:
        self._store = store
        self._due = due
        self._standing = standing
        self._rows: dict[str, SiteHealth] = {}
        self._watched = datetime.now(UTC)
        self._turn = 0
        self._lock = threading.RLock()

    def begin(self, turn: int) -> None:
        """At the beginning of a turn: what other schedulers left."""
        self._store.health.take_over(turn)
        rows = self._store.health.load()
        with self._lock:
            self._rows, self._watched, self._turn = rows, datetime.now(UTC), turn

    def known(self, site: str) -> SiteHealth | None:
        """How a site is, as far as it was judged."""
        return self._rows.get(site)

    def follow(self, site: Site) -> SiteHealth:
        """How a site is after what its crawls brought since they were last followed."""
        with self._lock:
            row = self._rows.get(site.id)
            for report in self._fresh(site, row):
                row = self._learned(site, row, report)
            if row is not None and row is not self._rows.get(site.id):
                row = self._with_rhythm(row)
            return self._judged(site, row)

    def look(self, sites: Sequence[Site]) -> None:
        """Judges all sites, and forgets those whose files are gone: a site may be late or silent without any crawl, and
        some are crawled by hand."""
        for site in sites:
            try:
                self.follow(site)
            except (TurnLost, BantinError, PyMongoError):
                raise  # it would be the same with the next one
            except Exception:  # whatever it is, the others are judged
                log.exception("%s could not be judged.", site.id)
        with self._lock:
            gone = self._rows.keys() - {site.id for site in sites}
            if gone:
                self._store.health.forget(gone, turn=self._turn)
                for id in gone:
                    del self._rows[id]

    def accept(self, site: Site) -> None:
        """Takes what the newest pages of a site are for what they should be."""
        with self._lock:
            row = self._rows.get(site.id)
            if row is not None:
                self._judged(site, replace(row, memory=row.memory.accepted()))

    def _fresh(self, site: Site, row: SiteHealth | None) -> list[RunReport]:
        """The crawls that ended since the last one that was learnt from, in the order in which they ended."""
        learned = row.learned if row else None
        ended = [run for run in self._store.runs.find(site.id, limit=_RUNS) if run.state is not RunState.RUNNING]
        fresh = [run for run in ended if run.finished and (learned is None or run.finished > learned)]
        return sorted(fresh, key=lambda run: run.finished or run.started)

    def _learned(self, site: Site, row: SiteHealth | None, report: RunReport) -> SiteHealth:
        ended = report.finished or report.started
        if row is None:
            row = SiteHealth(site.id, Health(HealthState.HEALTHY, report.started), ended)
        # What a paused site was before is not over by its pause.
        settled = not row.health.state.troubled and row.health.state is not HealthState.PAUSED
        memory = row.memory.learn(report, settled=settled)
        retry = row.retry
        if outcome(report) not in (Outcome.NONE, Outcome.OURS):
            retry = next_try(memory, site.schedule, ended)
        return replace(row, memory=memory, learned=ended, retry=retry)

    def _with_rhythm(self, row: SiteHealth) -> SiteHealth:
        """The row with the site's rhythm, which is learnt anew twice a day."""
        now = datetime.now(UTC)
        if row.rhythm_at is not None and now - row.rhythm_at < LEARN_EVERY:
            return row
        dates = [one for one in self._store.articles.published_dates(row.site, now - _LOOK_BACK) if one[0] <= now]
        rhythm = Rhythm.learn(dates, until=now)
        lull = longest_lull([moment for moment, _ in dates], rhythm)
        return replace(row, rhythm=rhythm.to_json(), rhythm_at=now, lull=lull, per_day=rhythm.per_day)

    def _judged(self, site: Site, row: SiteHealth | None) -> SiteHealth:
        """The row with the judgement of this moment, written down where it says anything new."""
        now, kept = datetime.now(UTC), self._rows.get(site.id)
        row = row or SiteHealth(site.id, Health(HealthState.HEALTHY, now), now)
        memory = row.memory.only(source.url for source in site.announcements)
        before = row.health if row.changes else None
        health = judge(self._signals(site, replace(row, memory=memory)), before, now)
        lasts = health.state.troubled or health.state is HealthState.PAUSED
        if not lasts and self._was_troubled(site.id, before):
            memory = memory.over(now)
        row = replace(row, memory=memory)
        if before is None and health.state is HealthState.HEALTHY and memory.last is None:
            return row  # nothing is known of it
        changed = before is None or before.state is not health.state
        if not changed and kept is not None and (kept.learned, kept.memory) == (row.learned, memory):
            return row
        number = row.changes if before is not None else self._last_change(site.id)
        return self._kept(replace(row, health=health, judged=now, changes=number + changed), before)

    def _was_troubled(self, site: str, before: Health | None) -> bool:
        """Whether a site was in trouble until now: of a paused one, which may have been crawled by hand until it was
        well, what it was when it was paused."""
        if before is None or before.state is not HealthState.PAUSED:
            return before is not None and before.state.troubled
        was = next((change.before for change in self._store.health.history(site, limit=1)), None)
        return was is not None and was.troubled

    def _last_change(self, site: str) -> int:
        """The number of the last change of a site that is not known: its file was gone and came back, and its next
        change must not have the number of one that was told."""
        return next((change.number for change in self._store.health.history(site, limit=1)), 0)

    def _kept(self, row: SiteHealth, before: Health | None) -> SiteHealth:
        change = None
        if before is None or before.state is not row.health.state:
            alert = NOT_TOLD if before is None and row.health.state is HealthState.HEALTHY else ""
            was = before.state if before else None
            change = HealthChange(row.site, row.changes, row.judged, was, row.health, alert)
            log.warning("%s is %s. %s", row.site, row.health.state, dict(row.health.decisive()) or "")
        self._store.health.keep(row, change, turn=self._turn)
        self._rows[row.site] = row
        return row

    def _signals(self, site: Site, row: SiteHealth) -> Signals:
        standing = self._standing().get(site.id)
        return Signals(
            memory=row.memory,
            rhythm=Rhythm.from_json(row.rhythm) if row.rhythm else Rhythm(),
            lull=row.lull,
            expect=site.expect,
            due=self._due(site.id),
            watched=self._watched,
            every=timedelta(minutes=site.schedule.every_minutes),
            paused=standing.paused if standing else None,
        )
