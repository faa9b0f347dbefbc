"""What consumers use, counted in memory and kept every few seconds; nothing is written while a request waits."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

from news.access import Usage
from news.article import VIETNAM
from news.errors import BantinError
from storage.connect import Store

log = logging.getLogger("bantin.web")

_EVERY = 5.0  # seconds
_TOUCH_EVERY = timedelta(seconds=30)


class Meter:
    """Counts on the event loop that serves, so that it needs no lock."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rows: dict[tuple[str, date], Usage] = {}
        self._used: dict[str, datetime] = {}
        self._touched: dict[str, datetime] = {}
        self._ending = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None

    def count(self, consumer: str, now: datetime, *, requests: int = 0, refused: int = 0, size: int = 0) -> None:
        """Adds to the consumer's day in Vietnam; kept within a few seconds, and when the app is shut down."""
        key = consumer, now.astimezone(VIETNAM).date()
        more = Usage(*key, requests, refused, size)
        self._rows[key] = self._rows[key] + more if key in self._rows else more
        if self._keeping is None or self._keeping.done():
            self._ending = asyncio.Event()
            self._keeping = asyncio.get_running_loop().create_task(self._run(self._ending))

    def use(self, token: str, now: datetime) -> None:
        """Notes that a token was used. That is kept at most once in half a minute for each."""
        self._used[token] = now

    async def close(self) -> None:
        """Keeps what was counted, all of it."""
        self._ending.set()
        if self._keeping is not None and not self._keeping.done():
            await self._keeping
        if self._rows:
            log.error("The usage of %d consumers could not be kept.", len({consumer for consumer, _ in self._rows}))

    async def _run(self, ending: asyncio.Event) -> None:
        """Ends when nothing is left to keep, so that an idle app writes nothing."""
        while self._rows or self._used:
            with suppress(TimeoutError):
                await asyncio.wait_for(ending.wait(), _EVERY)
            last = ending.is_set()
            await self._keep(everything=last)
            if last:
                return

    async def _keep(self, *, everything: bool) -> None:
        rows, self._rows = self._rows, {}
        due = {id: when for id, when in self._used.items() if everything or self._is_due(id, when)}
        if not rows and not due:
            return
        try:
            await asyncio.to_thread(self._write, tuple(rows.values()), due)
        except BantinError as error:
            log.warning("Usage is kept later: %s", error)
            for key, row in rows.items():
                self._rows[key] = row + self._rows[key] if key in self._rows else row
            return
        self._touched |= due
        self._used = {id: when for id, when in self._used.items() if when != due.get(id)}

    def _is_due(self, token: str, when: datetime) -> bool:
        return token not in self._touched or when - self._touched[token] >= _TOUCH_EVERY

    def _write(self, rows: Sequence[Usage], used: Mapping[str, datetime]) -> None:
        if used:
            self._store.tokens.touch(used)
        self._store.usage.add(rows)  # last: what it added must not be added again because something else failed
