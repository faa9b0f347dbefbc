"""Telling one consumer: so many requests at once, what came of each written down, and a pause where none is taken."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from news.errors import BantinError
from news.push import Answer, Attempt, Delivery, DeliveryState, Fate, Lane, Pause, Webhook, fate, headers, retry_at
from news.push.answers import PAUSE_AFTER, why
from news.push.lane import Waiting
from storage.connect import Store
from web.push.sender import Sender

log = logging.getLogger("bantin.push")

MOST_PENDING = 500
"""Deliveries that may wait for one consumer; until some were taken no more are planned, so that an import of a million
articles takes its room in the events and not here as well."""


@dataclass(frozen=True, slots=True)
class Pace:
    """`at_once` requests to one consumer at the same time; every `tick` seconds it is looked for what is due. `scale`
    shortens all waiting after failures. `clock` gives now, in UTC."""

    at_once: int = 4
    tick: float = 0.5
    scale: float = 1.0
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


class Channel:
    """The deliveries of one webhook on their way. `may_send` is asked before each: whether it is still our turn.

    Of what was sent and could not be written down, because MongoDB or this process was gone, the next turn knows
    nothing: it is sent again, under the same id.
    """

    def __init__(
        self, store: Store, sender: Sender, pace: Pace, webhook: Webhook, may_send: Callable[[], bool]
    ) -> None:
        self._store = store
        self._sender = sender
        self._pace = pace
        self._webhook = webhook
        self._may_send = may_send
        self._lane = Lane(pace.at_once, pace.scale)
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(pace.at_once, thread_name_prefix=f"push {webhook.id}")
        self._working = 0
        self._closed = False
        self._failing_since = webhook.failing_since

    @property
    def open(self) -> bool:
        """Whether it still sends: it ends by itself where the webhook is paused, or what came of something could not be
        written down."""
        return not self._closed

    @property
    def over(self) -> bool:
        """Whether it was ended, and nothing is under way any more."""
        return self._closed and not self._working

    @property
    def full(self) -> bool:
        """Whether so much waits that no more is to be planned."""
        return len(self._lane) >= MOST_PENDING

    def look(self, webhook: Webhook) -> None:
        """Takes up what was planned since, and sends what is due. `webhook` as it is now."""
        self._webhook = webhook
        if webhook.planned > self._lane.loaded:
            found = self._store.deliveries.pending(webhook.id, self._lane.loaded, 2 * MOST_PENDING)
            with self._lock:
                for waiting in found:
                    self._lane.add(waiting)
                if len(found) < 2 * MOST_PENDING:
                    self._lane.loaded = max(self._lane.loaded, webhook.planned)
        with self._lock:
            for _ in range(self._pace.at_once - self._working):
                taken = None if self._closed else self._lane.take(self._pace.clock())
                if taken is None:
                    break
                self._working += 1
                self._pool.submit(self._work, taken)

    def end(self) -> None:
        """Sends no more; what is under way goes on to its end."""
        with self._lock:
            self._closed = True
        self._pool.shutdown(wait=False)

    def wait(self) -> None:
        """Returns when nothing is under way any more."""
        self._pool.shutdown(wait=True)

    def _work(self, waiting: Waiting | None) -> None:
        try:
            while waiting is not None:
                self._send(waiting)
                with self._lock:
                    waiting = None if self._closed or not self._may_send() else self._lane.take(self._pace.clock())
        except BantinError as error:
            log.warning("%s: what came of a delivery could not be written down: %s", self._webhook.id, error)
            self._closed = True
        except Exception:
            log.exception("%s: a delivery failed in an unforeseen way.", self._webhook.id)
            self._closed = True
        finally:
            with self._lock:
                self._working -= 1

    def _send(self, waiting: Waiting) -> None:
        delivery = self._store.deliveries.get(waiting.id)
        if delivery is None or delivery.state is not DeliveryState.PENDING:
            self._settle(waiting, taken=False)
            return
        answer, attempt = send(self._sender, self._webhook, delivery, self._pace.clock())
        now = self._pace.clock()
        outcome = fate(answer)
        due = retry_at(waiting.failures + 1, answer, now, random.random(), self._pace.scale)  # noqa: S311
        if outcome is Fate.TAKEN:
            self._store.deliveries.finish(waiting.id, attempt, DeliveryState.DELIVERED, now)
            self._note_success()
        elif due is None:
            log.warning("%s is given up: %s", waiting.id, why(answer))
            self._store.deliveries.finish(waiting.id, attempt, DeliveryState.FAILED, now)
        else:
            self._store.deliveries.record(waiting.id, attempt, due)
        if outcome is not Fate.TAKEN:
            self._note_failure(answer, outcome, now)
        if outcome is Fate.TAKEN or due is None:
            self._settle(waiting, taken=outcome is Fate.TAKEN)
        else:
            with self._lock:
                self._lane.again(waiting, due, now)

    def _settle(self, waiting: Waiting, *, taken: bool) -> None:
        with self._lock:
            self._lane.done(waiting, self._pace.clock(), taken=taken)

    def _note_success(self) -> None:
        if self._failing_since is not None:
            self._failing_since = None
            self._store.webhooks.note_success(self._webhook.id)

    def _note_failure(self, answer: Answer, outcome: Fate, now: datetime) -> None:
        since = self._failing_since
        if since is None:
            self._failing_since = now
            self._store.webhooks.note_failure(self._webhook.id, now)
        if outcome is Fate.GONE:
            self._pause(now, "The consumer answered 410 Gone: it wants nothing more.")
        elif since is not None and now - since >= PAUSE_AFTER:
            hours = PAUSE_AFTER.total_seconds() / 3600
            self._pause(now, f"Nothing was taken for {hours:g} hours; last it {why(answer)}.")

    def _pause(self, now: datetime, reason: str) -> None:
        log.warning("%s (%s) is paused. %s", self._webhook.id, self._webhook.name, reason)
        self._closed = True
        self._store.webhooks.pause(self._webhook.id, Pause(now, reason, automatic=True))


def send(sender: Sender, webhook: Webhook, delivery: Delivery, at: datetime) -> tuple[Answer, Attempt]:
    """One attempt at a delivery, signed at `at`."""
    began = time.monotonic()
    said = headers(delivery, webhook.secret, int(at.timestamp()))
    answer = sender.post(webhook.url, said, delivery.body, private=webhook.allow_private)
    ms = round((time.monotonic() - began) * 1000)
    return answer, Attempt(at, ms, answer.status, answer.error, answer.text)
