"""Telling public WebSub hubs which of our feeds have changed, so that their subscribers need not ask (W3C WebSub; how a
publisher tells its hub is left open there, and all public hubs take what PubSubHubbub 0.4 has)."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from urllib.parse import urlencode

from news.errors import BantinError
from news.push import Fate, fate, retry_at
from news.push.answers import BACK_OFF, why
from storage.connect import Store
from storage.events import CursorGone
from web.feeds import FILES
from web.push.channel import Pace
from web.push.sender import Sender

log = logging.getLogger("bantin.push")

EVERY = timedelta(minutes=1)
"""A hub is told once in so long at most, and so is each feed: what changes meanwhile is told together."""

_BATCH = 500  # events


class HubCaller:
    """One hub: `look` is called again and again while it is our turn, and never waits."""

    def __init__(self, store: Store, address: str, sender: Sender, pace: Pace, hub: str) -> None:
        self._store = store
        self._address = address
        self._sender = sender
        self._pace = pace
        self._hub = hub
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="hub")
        self._busy = False
        self._due: datetime | None = None
        self._failures = 0

    def look(self) -> None:
        """Tells the hub what has changed since it was told last, where it is time."""
        if self._busy or (self._due and self._pace.clock() < self._due):
            return
        self._busy = True
        self._pool.submit(self._tell)

    def end(self) -> None:
        """Returns when nothing is under way any more."""
        self._pool.shutdown(wait=True)

    def _tell(self) -> None:
        try:
            self._tell_now()
        except BantinError as error:
            log.warning("%s could not be told yet: %s", self._hub, error)
        except Exception:
            log.exception("%s could not be told.", self._hub)
        finally:
            self._busy = False

    def _tell_now(self) -> None:
        cursor = self._store.hubs.cursor(self._hub, self._store.events.last())
        try:
            events = self._store.events.after(str(cursor), _BATCH)
        except CursorGone as gone:  # nobody misses a ping: subscribers read the feed as it is
            self._store.hubs.told(self._hub, int(gone.start))
            return
        if not events:
            return
        topics = topics_of(self._address, (event.site for event in events))
        body = urlencode([("hub.mode", "publish"), *(("hub.url", topic) for topic in topics)]).encode()
        said = {"Content-Type": "application/x-www-form-urlencoded"}
        # The operator has named it: it may be in our own network.
        answer = self._sender.post(self._hub, said, body, private=True)
        now = self._pace.clock()
        if fate(answer) is Fate.TAKEN:
            self._failures = 0
            self._due = now + EVERY * self._pace.scale
            self._store.hubs.told(self._hub, events[-1].number)
            return
        self._failures = min(self._failures + 1, len(BACK_OFF))
        again = retry_at(self._failures, answer, now, random.random(), self._pace.scale)  # noqa: S311
        self._due = max(again or now, now + EVERY * self._pace.scale)
        log.warning("%s was not told of %d feeds: %s", self._hub, len(topics), why(answer))


def topics_of(address: str, sites: Iterable[str]) -> Sequence[str]:
    """The feeds that changed with articles of these sites: that of everything and each site's, in every format, by the
    addresses that they give themselves."""
    queries = ["", *(f"?{urlencode({'site': site})}" for site in sorted(set(sites)))]
    return [f"{address}/feeds/{file}{query}" for query in queries for file in FILES]
