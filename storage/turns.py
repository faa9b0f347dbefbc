"""Transactions one after another: whoever writes counts up one document first (storage.events), and another who tries
that before it commits is told so at once and has to come again.

PyMongo's `with_transaction` serves this badly: who was refused ten times waits half a second while others pass by, and
what a writer that was killed holds stays held until the server's own limit, by default 60 to 90 seconds, for everybody.
Here the processes of one machine wait outside, at no cost (storage.gate), and only machines meet at the counter.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from typing import Any, TypeVar

from pymongo import WriteConcern
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import AutoReconnect, ConfigurationError, ConnectionFailure, PyMongoError
from pymongo.read_concern import ReadConcern

from storage.gate import Gate
from storage.patience import Patience, StorageUnavailable

log = logging.getLogger("bantin.storage")

T = TypeVar("T")

# Seconds between two tries. The one before has mostly done its work already and only commits.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.002, 0.05
# A turn that is waited for so long is looked into, and so long after that again; a transaction that did nothing in
# between belongs to a process that was killed, stopped or cut off. One that lives begins again and loses nothing.
_LOOK_AFTER, _IDLE = 1.0, 2.0


class Turns:
    """Carries out transactions against one database."""

    def __init__(self, database: Database[dict[str, Any]], patience: Patience) -> None:
        self._database = database
        self._patience = patience
        self._gate = Gate(f"{patience.address} {database.name}")

    def take(self, work: Callable[[ClientSession], T]) -> T:
        """What `work` returns, done in one transaction; it is done again where another writer was in the way. While
        MongoDB is away it waits (storage.patience).

        What `work` raises ends it, and nothing is stored. Raises StorageUnavailable where MongoDB stays away, or others
        stay in the way, for as long as the settings allow.
        """
        return self._patience.carry(lambda: self._settled(work))

    def _settled(self, work: Callable[[ClientSession], T]) -> T:
        try:
            return self._carry(work)
        except ConfigurationError as error:
            # The store was opened on a replica set; a member that has just come up knows nothing of its set yet.
            raise AutoReconnect(str(error)) from error

    def _carry(self, work: Callable[[ClientSession], T]) -> T:
        turn = _Turn(self._database, self._patience)
        with self._database.client.start_session() as session:
            while True:
                # Not held while it commits: what is waited for then is the disk, and the next one can begin.
                with self._gate.held():
                    result = _work(session, work, turn)
                if _commit(session, turn):
                    return result


class _Turn:
    """The waiting for one turn."""

    def __init__(self, database: Database[dict[str, Any]], patience: Patience) -> None:
        self._database = database
        self._patience = patience
        start = time.monotonic()
        self._look = start + _LOOK_AFTER
        self._deadline = start + patience.seconds
        self._pause = _FIRST_PAUSE
        self._idle: dict[bytes, tuple[int, int]] = {}

    def wait(self, error: BaseException) -> None:
        now = time.monotonic()
        if now > self._deadline:
            raise StorageUnavailable(
                f"MongoDB at {self._patience.address} gave no turn to write for {self._patience.seconds:g} s: {error}.",
                self._patience.remedy,
            ) from error
        if now > self._look:
            self._look = now + _IDLE
            self._free()
        time.sleep(self._pause * random.uniform(0.5, 1.0))  # noqa: S311
        self._pause = min(1.5 * self._pause, _LONGEST_PAUSE)

    @property
    def over(self) -> bool:
        return time.monotonic() > self._deadline

    def _free(self) -> None:
        """Ends the transactions that have done nothing since the last look; only those of Bantin's name and user."""
        try:
            idle = self._idle_transactions()
            for session in idle.keys() & self._idle.keys():
                if idle[session] == self._idle[session]:
                    log.warning("Ended a transaction of another process that did nothing for %g seconds.", _IDLE)
                    self._database.client.admin.command("killSessions", [{"id": session}])
            self._idle = idle
        except PyMongoError as error:  # not every server lets one look; then its own limit ends them
            log.info("Cannot look for who is in the way: %s", error)

    def _idle_transactions(self) -> dict[Any, tuple[int, int]]:
        """By session, the transaction's number and how long it has worked, which changes with all that it does."""
        mine = {"transaction": {"$exists": True}, "appName": self._database.client.options.pool_options.appname}
        look = {"$currentOp": {"allUsers": False, "idleSessions": True}}
        found = self._database.client.admin.aggregate([look, {"$match": {"type": "idleSession", **mine}}])
        return {row["lsid"]["id"]: _work_of(row["transaction"]) for row in found}


def _work_of(transaction: dict[str, Any]) -> tuple[int, int]:
    return transaction["parameters"]["txnNumber"], transaction["timeActiveMicros"]


def _transient(error: BaseException) -> bool:
    return isinstance(error, PyMongoError) and error.has_error_label("TransientTransactionError")


def _work(session: ClientSession, work: Callable[[ClientSession], T], turn: _Turn) -> T:
    """What `work` returns, done in a transaction that is to be committed."""
    while True:
        session.start_transaction(ReadConcern("snapshot"), WriteConcern("majority", j=True))
        try:
            return work(session)
        except BaseException as error:
            session.abort_transaction()
            # Without a connection nothing was stored, and to wait for one is the matter of Patience.
            if isinstance(error, ConnectionFailure) or not _transient(error):
                raise
            turn.wait(error)


def _commit(session: ClientSession, turn: _Turn) -> bool:
    """Whether it is stored; False where it certainly is not. An answer that was lost is asked for again: only this
    session can tell what became of it, also after MongoDB was killed and came back."""
    while True:
        try:
            session.commit_transaction()
        except PyMongoError as error:
            if error.has_error_label("UnknownTransactionCommitResult") and not turn.over:
                time.sleep(_LONGEST_PAUSE)
            elif _transient(error):
                turn.wait(error)
                return False
            else:
                raise
        else:
            return True
