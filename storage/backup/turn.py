"""One back-up of a database at a time, and a MongoDB that keeps the state of its beginning for as long as it takes.

How long states are kept is one setting of the server: of two back-ups at once the first to end would take from the
second what that still reads.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import OperationFailure

from news.errors import BantinError
from storage.leases import BACKUP, Lease, Leases
from storage.owner import Owner
from storage.patience import Patience

log = logging.getLogger("bantin.storage")

WINDOW = "minSnapshotHistoryWindowInSeconds"
# Six hours, and a second by which it is known as ours where a killed back-up has left it.
_WIDE, _USUAL = 21_601, 300
# A killed back-up of another machine is in the way for so long; one of this machine for no time.
_LASTS, _RENEWED = 60.0, 5.0  # seconds


@contextlib.contextmanager
def turn(database: Database[dict[str, Any]], patience: Patience) -> Iterator[None]:
    """The time of one back-up. Raises BantinError where another is under way."""
    leases = Leases(database.leases, patience)
    lease = leases.acquire(BACKUP, Owner.here(f"backup-{uuid4().hex[:8]}"), _LASTS)
    if lease is None:
        holder = leases.holder(BACKUP)
        who = f" (process {holder.owner.pid} of {holder.owner.host.partition('/')[0]})" if holder else ""
        raise BantinError(
            f"Another back-up of {database.name} is under way{who}.", "Wait for it to end; then make this one."
        )
    ended = threading.Event()
    renewing = threading.Thread(target=_renew, args=(leases, lease, ended), name="lease backup", daemon=True)
    renewing.start()
    usual = None
    try:
        usual = _widen(database.client)
        yield
    finally:
        ended.set()
        renewing.join()
        with contextlib.suppress(Exception):  # MongoDB is away; when it comes back it has its usual window
            # Another has begun where this one was away for too long: that is its time now.
            if usual is not None and leases.is_current(BACKUP, lease.token):
                database.client.admin.command({"setParameter": 1, WINDOW: usual})
            leases.release(lease)


def _renew(leases: Leases, lease: Lease, ended: threading.Event) -> None:
    while not ended.wait(_RENEWED):
        with contextlib.suppress(BantinError):
            leases.renew(lease, _LASTS)


def _widen(client: MongoClient[dict[str, Any]]) -> int | None:
    """Lets MongoDB keep states for hours, where this user may ask for that; for how many seconds it does so else."""
    try:
        usual = int(client.admin.command({"getParameter": 1, WINDOW: 1})[WINDOW])
        client.admin.command({"setParameter": 1, WINDOW: max(usual, _WIDE)})
    except OperationFailure as error:
        log.info("The back-up has as long as MongoDB keeps a state: %s", error)
        return None
    return _USUAL if usual == _WIDE else usual
