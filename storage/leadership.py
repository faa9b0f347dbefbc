"""Holding a lease: a thread that takes it when it can, keeps it while it lives, and knows when it has lost it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from pymongo.errors import PyMongoError

from news.errors import BantinError
from storage.leases import Lease, Leases
from storage.owner import Owner

log = logging.getLogger("bantin.storage")

# A holder whose machine is gone is followed after LASTS and one look; a dead one on the same machine after one look.
LASTS = 10.0  # seconds
_LOOKS = 2.0  # seconds between two looks, whether to renew or to take over


class Leadership:
    """One of those who want the lease `name`, from `with Leadership(...)` to its end.

    `taken` is called in the thread of its own each time the lease has become ours, before `token` says so. It may take
    its time; the lease is renewed meanwhile.
    """

    def __init__(self, leases: Leases, name: str, owner: Owner, taken: Callable[[int], None]) -> None:
        self._leases = leases
        self._name = name
        self._owner = owner
        self._taken = taken
        self._lease: Lease | None = None
        self._until = 0.0  # monotonic: a process that was stopped meanwhile finds its time over when it wakes
        self._ready = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._live, name=f"lease {name}", daemon=True)

    @property
    def token(self) -> int:
        """The turn in which we hold the lease; 0 while we do not, or cannot be sure."""
        lease = self._lease
        held = lease is not None and time.monotonic() < self._until and self._ready == lease.token
        return self._ready if held else 0

    def holds(self) -> bool:
        """Asks MongoDB whether the lease is ours at this moment. False where it does not answer."""
        token = self.token
        try:
            return bool(token) and self._leases.is_current(self._name, token)
        except BantinError:
            return False

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        if self._lease is not None:
            try:
                self._leases.release(self._lease)
            except BantinError as away:
                log.info("The lease %s was not given back and runs out by itself: %s", self._name, away)
        self._lease = None

    def _live(self) -> None:
        while not self._ended.is_set():
            try:
                self._look()
            except (BantinError, PyMongoError) as error:
                log.warning("The lease %s could not be asked for: %s", self._name, error)
            self._ended.wait(_LOOKS)

    def _look(self) -> None:
        asked = time.monotonic()
        if self._lease is not None:
            if self._leases.renew(self._lease, LASTS):
                self._until = asked + LASTS
                return
            log.warning("The lease %s was lost: another process has it.", self._name)
            self._lease = None
        lease = self._leases.acquire(self._name, self._owner, LASTS)
        if lease is None:
            return
        self._lease, self._until = lease, asked + LASTS
        threading.Thread(target=self._begin, args=(lease,), name=f"turn {lease.token}", daemon=True).start()

    def _begin(self, lease: Lease) -> None:
        """Prepares the turn, again where it fails: whoever holds the lease keeps all others from acting."""
        while self._lease is lease and not self._ended.is_set():
            try:
                self._taken(lease.token)
            except Exception:
                log.exception("The turn %d of %s could not be prepared yet.", lease.token, self._name)
                self._ended.wait(_LOOKS)
            else:
                self._ready = lease.token
                return
