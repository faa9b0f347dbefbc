"""Who tells consumers and hubs: one process at a time, which follows the events of every webhook and sends what is due.

The order of a turn: the lease is taken; what earlier turns left pending is taken up; from then on, twice a second, the
next events of each webhook are turned into deliveries (web.push.planner) and those that are due are sent, by threads of
the webhook's own (web.push.channel). Whoever loses the lease sends nothing more; what it had under way is written down,
or sent once more by the next one under the same id.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from functools import partial
from types import TracebackType
from typing import Self
from uuid import uuid4

from pymongo.errors import PyMongoError

from news.errors import BantinError, InvalidValue
from news.push import Pause, Webhook
from storage.events import CursorGone
from storage.leadership import Leadership
from storage.leases import PUSHER
from storage.owner import Owner
from web.push import planner
from web.push.channel import Channel, Pace
from web.push.hubs import HubCaller
from web.push.sender import Sender
from web.shelf import Shelf

log = logging.getLogger("bantin.push")

_RETRY = 2.0  # seconds until MongoDB, which did not answer, is asked again


class Pusher:
    """Tells consumers from `with Pusher(...)` to its end, where the requests under way are still waited for."""

    def __init__(self, shelf: Shelf, sender: Sender, pace: Pace, hubs: Sequence[str] = ()) -> None:
        self._shelf = shelf
        self._store = shelf.store
        self._sender = sender
        self._pace = pace
        self._channels: dict[str, Channel] = {}
        self._hubs = [HubCaller(shelf.store, shelf.address, sender, pace, hub) for hub in hubs]
        self._turn = 0
        self._stopping = threading.Event()
        owner = Owner.here(f"pusher-{uuid4().hex[:8]}")
        self._lead = Leadership(self._store.leases, PUSHER, owner, lambda token: log.info("Turn %d.", token))
        self._thread = threading.Thread(target=self._live, name="pusher", daemon=True)

    @property
    def acts(self) -> bool:
        """Whether it is this one's turn."""
        return bool(self._lead.token)

    def __enter__(self) -> Self:
        self._lead.__enter__()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._thread.join()
        self._end_all()
        for hub in self._hubs:
            hub.end()
        self._lead.__exit__(kind, error, trace)

    def _live(self) -> None:
        while not self._stopping.is_set():
            pause = self._pace.tick
            try:
                if self._take_turn() and self._look():
                    pause = 0
            except (PyMongoError, BantinError) as error:
                log.warning("The consumers could not be told yet: %s", error)
                pause = _RETRY
            except Exception:  # whatever it is, it is tried again
                log.exception("The consumers could not be told.")
                pause = _RETRY
            self._stopping.wait(pause)

    def _take_turn(self) -> bool:
        """Whether it is our turn. In a new one all is taken up afresh: another may have acted meanwhile."""
        token = self._lead.token
        if token != self._turn:
            self._end_all()
            self._turn = token
        return bool(token)

    def _look(self) -> bool:
        """One look at every hub and webhook. Whether there may be more to do at once."""
        webhooks = {webhook.id: webhook for webhook in self._store.webhooks.all()}
        for id in list(self._channels):
            if id not in webhooks or webhooks[id].paused or not self._channels[id].open:
                self._channels[id].end()
            if self._channels[id].over:
                del self._channels[id]
        for hub in self._hubs:
            hub.look()
        last = self._store.events.last()
        more = [self._serve(webhook, last) for webhook in webhooks.values() if not webhook.paused]
        return any(more)

    def _serve(self, webhook: Webhook, last: int) -> bool:
        channel = self._channels.get(webhook.id)
        if channel is None:
            may_send = partial(self._holds, self._turn)
            channel = Channel(self._store, self._sender, self._pace, webhook, may_send)
            self._channels[webhook.id] = channel
        if not channel.open:  # a request of before is still under way
            return False
        channel.look(webhook)
        if webhook.cursor >= last or channel.full:
            return False
        try:
            return planner.step(self._shelf, webhook, self._pace.clock())
        except (CursorGone, InvalidValue) as error:
            log.warning("%s (%s) is paused. %s", webhook.id, webhook.name, error)
            self._store.webhooks.pause(webhook.id, Pause(self._pace.clock(), str(error)))
            return False

    def _holds(self, turn: int) -> bool:
        return self._lead.token == turn

    def _end_all(self) -> None:
        for channel in self._channels.values():
            channel.end()
        while self._channels:
            self._channels.popitem()[1].wait()
