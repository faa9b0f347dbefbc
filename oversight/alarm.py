"""Tells operators of changes in the health of sites, by whatever Apprise reaches: mail, Telegram, Slack, a webhook.

The order of a step: what was being sent goes on; then the changes that nobody was told of are looked at
(news.alerts.plan), and what is to be told of them is stored as one message and sent. A kill anywhere loses nothing; it
repeats one message at most, at the one address to which it was being sent at that moment.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Protocol, Self

from news.alerts import Language, Message, Rules, compose, plan
from news.alerts.plan import FLAPS_WITHIN
from news.errors import BantinError
from oversight.keeper import NOT_TOLD
from storage.alerts import Alert, digest
from storage.connect import Store

log = logging.getLogger("bantin.oversight")

_LOOK = 2.0  # seconds between two steps
# A message that an address does not take is sent again after a minute, then at doubling distances, for about a day;
# those that come with another's turn do not shorten it, nor does a scheduler that was away.
_AGAIN, _LONGEST, _TRIES, _TRIED_FOR = timedelta(minutes=1), timedelta(hours=2), 18, timedelta(days=1)


class Send(Protocol):
    """Sends a message to one address: "" where it was taken, else why not."""

    def __call__(self, address: str, message: Message) -> str: ...


class Alarm:
    """Steps in a thread of its own from `with Alarm(...)` to its end, while `acts` says that it is our turn.

    `names` gives the names of sites by id, of all that are scheduled.
    """

    def __init__(
        self,
        store: Store,
        addresses: Sequence[str],
        rules: Rules,
        language: Language,
        names: Callable[[], Mapping[str, str]],
        acts: Callable[[], bool],
        send: Send,
    ) -> None:
        self._store = store
        self._addresses = {digest(address): address for address in addresses}
        self._rules = rules
        self._language = language
        self._names = names
        self._acts = acts
        self._send = send
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._live, name="alarm", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def step(self, now: datetime) -> None:
        """Sends what is to be sent at `now`."""
        waiting = self._store.alerts.pending()
        for alert in waiting:
            # Killed between the two writings the changes would be told again.
            self._store.health.mark_told(alert.changes, alert.id)
        if (fresh := self._next(now)) is not None:
            self._store.alerts.add(fresh)
            self._store.health.mark_told(fresh.changes, fresh.id)
            waiting.append(fresh)
        # With the first that is due all are tried, the oldest first: who heard that a site is well again, and then that
        # it is broken, would believe the latter.
        if any(alert.due <= now for alert in waiting):
            for alert in waiting:
                self._carry(alert, now)

    def _next(self, now: datetime) -> Alert | None:
        """The message that is to be sent next, of what was not told yet."""
        untold = self._store.health.untold()
        if not untold:
            return None
        if not self._addresses:  # what happened while nobody wanted to hear of it is no news later
            self._store.health.mark_told([change.id for change in untold], NOT_TOLD)
            return None
        names = self._names()
        recent = self._store.health.changes(untold[0].at - FLAPS_WITHIN)
        batch = plan(untold, recent, sites=len(names), rules=self._rules, now=now)
        if batch is None:
            return None
        message = compose(batch, names, self._language)
        return Alert(now, message.title, message.body, batch.changes, tuple(self._addresses), now)

    def _carry(self, alert: Alert, now: datetime) -> None:
        """Sends a message to those that do not have it."""
        errors = []
        for mark in alert.left:
            address = self._addresses.get(mark)
            if address is None:  # it was taken out of the settings meanwhile
                self._store.alerts.reached(alert.id, mark)
                continue
            if self._ended.is_set() or not self._acts():
                return
            error = self._send(address, Message(alert.title, alert.body))
            if not error:
                self._store.alerts.reached(alert.id, mark)
                continue
            errors.append(error)
        if not errors:
            log.info("Told: %s", alert.title)
            self._store.alerts.end(alert.id, now)
            return
        tried = replace(alert, attempts=alert.attempts + 1, error="; ".join(errors))
        log.warning("The alert %r did not reach %d addresses: %s", alert.title, len(errors), tried.error)
        self._store.alerts.failed(alert.id, tried.error, now + _wait(tried.attempts), tried.attempts)
        if tried.attempts >= _TRIES and now - alert.at >= _TRIED_FOR:
            self._store.alerts.end(alert.id, now)

    def _live(self) -> None:
        while not self._ended.wait(_LOOK):
            try:
                if self._acts():
                    self.step(datetime.now(UTC))
            except BantinError as error:
                log.warning("Alerts could not be looked at yet: %s", error)
            except Exception:  # whatever it is, it must not end the telling of all that follows
                log.exception("Alerts could not be looked at.")


def _wait(attempts: int) -> timedelta:
    return min(_AGAIN * (1 << min(attempts - 1, 10)), _LONGEST)
