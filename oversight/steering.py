"""Carries out what operators ask (storage.controls), once each, and answers in the document."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Protocol, Self

from pymongo.errors import PyMongoError

from news.control import Control, ControlKind, ControlState, Standing
from news.errors import BantinError
from news.health import Pause
from news.report import RunReport, RunState
from news.schedule import Schedule
from news.site import Site, schedule_of
from storage.connect import Store
from storage.leases import TurnLost

log = logging.getLogger("bantin.oversight")

_LOOK = 0.5  # seconds between two looks: what is asked is seen to be done within two

_LATER = 30.0  # seconds until a back-fill is tried again that could not go on


class Helm(Protocol):
    """What a scheduler does when it is told."""

    def acts(self) -> bool:
        """Whether it is our turn."""

    def site(self, id: str) -> Site | None:
        """A site that is on schedule, as its file declares it."""

    def hasten(self, id: str) -> None:
        """Crawls a site next, paused or not."""

    def realign(self, id: str) -> None:
        """Brings a site's job in line with what was ordered of it."""

    def accept(self, site: Site) -> None:
        """Takes what a site's newest pages are for what they should be."""

    def stop(self, run: str, by: str) -> bool:
        """Whether a run is one of ours; it ends within two seconds then."""

    def publish(self) -> None:
        """Writes down what we are at, where that has changed."""

    def backfill(self, site: Site, since: datetime, until: datetime) -> RunReport:
        """Reads a site back, until all is read or nothing goes on; the report of the last crawl."""


class Steering:
    """Looks for what is asked in a thread of its own, from `with Steering(...)` to its end. Back-fills take hours: they
    run one after another in another thread."""

    def __init__(self, store: Store, helm: Helm) -> None:
        self._store = store
        self._helm = helm
        self._standing: Mapping[str, Standing] = {}
        self._ended = threading.Event()
        self._filling: dict[str, threading.Thread] = {}
        self._one_at_a_time = threading.Lock()
        self._thread = threading.Thread(target=self._live, name="steering", daemon=True)
        self._does: Mapping[ControlKind, Callable[[Control, Site], str]] = {
            ControlKind.RUN: self._run,
            ControlKind.PAUSE: self._pause,
            ControlKind.RESUME: self._resume,
            ControlKind.SCHEDULE: self._schedule,
            ControlKind.ACCEPT: self._accept,
        }

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        for thread in list(self._filling.values()):
            thread.join()

    def begin(self) -> None:
        """At the beginning of a turn: what holds is read anew."""
        self._standing = self._store.standing.all()

    def standing(self) -> Mapping[str, Standing]:
        """By site, what operators have ordered."""
        return self._standing

    def step(self, now: datetime) -> None:
        """Does what is asked, and ends the pauses whose time is over."""
        for control in self._store.controls.open():
            if control.id not in self._filling and self._store.controls.take(control.id, now):
                self._carry_out(control)
        for standing in list(self._standing.values()):
            if standing.paused and standing.paused.until and standing.paused.until <= now:
                self._set_pause(standing.site, None)

    def _carry_out(self, control: Control) -> None:
        site = self._helm.site(control.site)
        if control.kind is ControlKind.STOP:  # of a site that was taken off the schedule too
            self._stop(control)
        elif site is None:
            self._end(control, ControlState.REFUSED, f"{control.site} is not on schedule.")
        elif control.kind is ControlKind.BACKFILL:
            thread = threading.Thread(target=self._fill, args=(control, site), name=f"fill {site.id}", daemon=True)
            self._filling[control.id] = thread
            thread.start()
        else:
            try:
                answer = self._does[control.kind](control, site)
            except BantinError as error:
                if not self._helm.acts():
                    raise  # whoever has taken over does it
                self._end(control, ControlState.REFUSED, str(error))
            except (PyMongoError, TurnLost):
                raise
            except Exception as error:  # tried again it would fail again, and keep all that was asked after it waiting
                log.exception("%s could not be done.", control.kind)
                self._end(control, ControlState.REFUSED, _failed(error))
            else:
                self._end(control, ControlState.DONE, answer)

    def _end(self, control: Control, state: ControlState, answer: str) -> None:
        log.warning("%s asked to %s %s: %s", control.by, control.kind, control.site, answer)
        self._store.controls.end(control.id, state, answer, datetime.now(UTC))

    def _run(self, control: Control, site: Site) -> str:
        last = next(iter(self._store.runs.find(site.id, limit=1)), None)
        if last is not None and last.state is RunState.RUNNING:
            return f"It is being crawled: {last.id}."
        if last is not None and last.started > control.at and last.state is not RunState.SKIPPED:
            return f"It was crawled since: {last.id}."  # by a scheduler that did not come to say so
        self._helm.hasten(site.id)
        return "It is crawled next."

    def _stop(self, control: Control) -> None:
        run = self._store.runs.get(control.run)
        if run is None:
            self._end(control, ControlState.REFUSED, f"There is no run {control.run}.")
        elif run.state is not RunState.RUNNING:
            self._end(control, ControlState.DONE, "It is over already.")
        elif self._helm.stop(run.id, control.by):
            self._end(control, ControlState.DONE, "It is being stopped.")
        else:
            owner = self._store.runs.owner(run.id)
            who = f"process {owner.pid} of {owner.host.partition('/')[0]}" if owner else "another process"
            self._end(control, ControlState.REFUSED, f"It was begun by hand ({who}): end it there, with Ctrl-C.")

    def _pause(self, control: Control, site: Site) -> str:
        until = control.until
        if until is not None and until <= datetime.now(UTC):
            return "The time until which it was to be paused is over."
        reason = str(control.args.get("reason", ""))
        self._set_pause(site.id, Pause(control.at, control.by, until, reason))
        return "It is paused."

    def _resume(self, control: Control, site: Site) -> str:
        self._set_pause(site.id, None)
        return "It is crawled on schedule again."

    def _set_pause(self, site: str, pause: Pause | None) -> None:
        self._store.standing.pause(site, pause)
        self._standing = self._store.standing.all()
        self._helm.realign(site)

    def _schedule(self, control: Control, site: Site) -> str:
        schedule: Schedule | None = schedule_of(control.args) if control.args else None
        self._store.standing.schedule(site.id, schedule, control.by, control.at)
        self._standing = self._store.standing.all()
        self._helm.realign(site.id)
        return "It has this schedule now." if schedule else "It has the schedule of its file again."

    def _accept(self, control: Control, site: Site) -> str:
        self._helm.accept(site)
        return "What its newest pages are is what they should be."

    def _fill(self, control: Control, site: Site) -> None:
        assert control.since is not None
        assert control.until is not None
        try:
            with self._one_at_a_time:
                report = self._helm.backfill(site, control.since, control.until)
            if report.finished and not self._ended.is_set() and self._helm.acts():
                state = ControlState.DONE if report.complete else ControlState.REFUSED
                answer = "All is read." if report.complete else report.error or "It does not go on."
                self._end(control, state, answer)
        except (BantinError, PyMongoError) as error:
            log.warning("The back-fill of %s goes on later: %s", site.id, error)
            self._ended.wait(_LATER)
        except Exception as error:  # begun again it would fail again, twice a second
            log.exception("The back-fill of %s failed.", site.id)
            self._end(control, ControlState.REFUSED, _failed(error))
        finally:
            del self._filling[control.id]

    def _live(self) -> None:
        while not self._ended.wait(_LOOK):
            try:
                if self._helm.acts():
                    self.step(datetime.now(UTC))
                    self._helm.publish()
            except (BantinError, PyMongoError, TurnLost) as error:
                log.warning("What operators ask cannot be looked at yet: %s", error)
            except Exception:  # whatever it is, the next one is to be heard
                log.exception("What operators ask could not be done.")


def _failed(error: Exception) -> str:
    return f"It failed: {error!r}. The scheduler's log says how."
