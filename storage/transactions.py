"""One transaction of the journal: the number of its first event is taken, work is done, and all of it is stored or
nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pymongo.client_session import ClientSession
from pymongo.database import Database

from storage import events
from storage.conflicts import NothingToDo
from storage.patience import Patience
from storage.turns import Turns
from storage.writing import Writing

T = TypeVar("T")


class Transactions:
    """What the parts of the journal have in common."""

    def __init__(self, database: Database[dict[str, Any]], patience: Patience) -> None:
        self._database = database
        self._patience = patience
        self._turns = Turns(database, patience)

    def _transact(self, work: Callable[[Writing], T]) -> T | None:
        """What `work` returns, done in one transaction; None where it found nothing to do.

        The number of its event is taken first: writers then take turns at once, instead of doing their work and losing
        it to a conflict at the end.
        """

        def attempt(session: ClientSession) -> T:
            writing = Writing(self._database, session, events.next_numbers(self._database.counters, 1, session))
            result = work(writing)
            writing.finish()
            return result

        try:
            return self._turns.take(attempt)
        except NothingToDo:
            return None
