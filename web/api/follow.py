"""Following the events: what is behind a cursor, for readers who may wait for it without holding anything up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

import orjson
from anyio import to_thread

from news.article import Status
from news.event import Event
from storage.events import CursorGone, Events
from web.pulse import Pulse

# Where few of the events are wanted, so many are looked at before what there is is given.
_SCANNED = 1000
HEARTBEAT = 15.0
"""Seconds of silence after which a stream says that it is still there."""
_AGAIN_MS = 3000  # until a client that lost its stream comes again


@dataclass(frozen=True, slots=True)
class Batch:
    """Events, the number behind which to go on, and whether there is more behind it now."""

    events: tuple[Event, ...]
    next: int
    more: bool


def is_public(event: Event) -> bool:
    """Whether the public hears of it: what happens to an article that waits for an editor is nobody's business yet."""
    return event.status is not Status.WAITING


@dataclass(frozen=True, slots=True)
class Follower:
    """Follows the events of some sites (None: of all): what the `public` hears of, or all."""

    events: Events
    pulse: Pulse
    sites: frozenset[str] | None
    public: bool = True

    async def read(self, number: int, limit: int) -> Batch:
        """What is behind that number. Raises CursorGone."""
        most = limit if self.sites is None else max(limit, _SCANNED)
        found = self.pulse.recent(number, most)
        if found is None:
            found = await to_thread.run_sync(self._asked, number, most)
        shown: list[Event] = []
        for event in found:
            number = event.number
            if (is_public(event) or not self.public) and (self.sites is None or event.site in self.sites):
                shown.append(event)
                if len(shown) == limit:
                    break
        return Batch(tuple(shown), number, bool(found) and (number < found[-1].number or len(found) == most))

    async def wait(self, number: int, limit: int, seconds: float) -> Batch:
        """As `read`, but where there is nothing it waits for something, up to `seconds`."""
        deadline = time.monotonic() + seconds
        batch = await self.read(number, limit)
        while not batch.events and (left := deadline - time.monotonic()) > 0:
            if not batch.more:
                await self.pulse.wait(batch.next, left)
                if self.pulse.stopping:
                    break
            batch = await self.read(batch.next, limit)
        return batch

    async def stream(self, number: int, tell: Callable[[Sequence[Event]], bytes] | None = None) -> AsyncIterator[bytes]:
        """The events as they come, as text/event-stream, until the client or the server goes; `tell` says how."""
        yield f"retry: {_AGAIN_MS}\n\n".encode()
        while not self.pulse.stopping:
            before = number
            try:
                batch = await self.read(number, 100)
            except CursorGone:
                return  # it comes again, and is told so
            number = batch.next
            text = (tell or _told)(batch.events) if batch.events else b""
            if number > before and (not batch.events or batch.events[-1].number < number):
                text += b"id: %d\n\n" % number  # the place alone: clients keep it, and show nothing
            if text:
                yield text
            if batch.more:
                await asyncio.sleep(0)
                continue
            waited = time.monotonic()
            await self.pulse.wait(number, HEARTBEAT)
            if time.monotonic() - waited >= HEARTBEAT:
                yield b": still here\n\n"

    def _asked(self, number: int, most: int) -> list[Event]:
        found = self.events.after(str(number), most)
        if not found and number > (last := self.events.last()):
            raise CursorGone(str(number), str(last))  # of another database, or of one that was restored
        return found


def _told(events: Sequence[Event]) -> bytes:
    said = ((event.number, event.kind.encode(), orjson.dumps(event.to_public_json())) for event in events)
    return b"".join(b"id: %d\nevent: %s\ndata: %s\n\n" % one for one in said)
