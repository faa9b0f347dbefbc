"""The collection `figures`: sums that only grow, of crawls, of events and of deliveries, made from what is stored.

Each thing is counted once, whoever asks and however often: a run and a delivery are marked in the transaction that adds
them, events are counted up to a number that moves in the transaction that adds them. What is pruned was counted before
(storage.retention), so that no sum ever goes back. What an older Bantin left is not counted: the sums begin where this
collection did.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from pymongo import UpdateOne
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.read_concern import ReadConcern

from news import figures
from news.event import Event, EventKind
from news.figures import Sums
from news.report import RunReport, RunState
from storage import articles, deliveries, events, runs
from storage.conflicts import NothingToDo
from storage.patience import Patience, patient
from storage.turns import Turns
from storage.values import storable

_BATCH = 500
_ALL, _SITE, _WEBHOOK = "all", "site:", "webhook:"


class Last(NamedTuple):
    """Of a site: when a crawl ended last, when one did its work, and when one brought something new. UTC."""

    finished: datetime | None = None
    done: datetime | None = None
    new: datetime | None = None


class Totals(NamedTuple):
    """All sums, by path (news.figures): `everything` has those of no site; `sites` and `webhooks` are by id."""

    everything: Sums
    sites: Mapping[str, Sums]
    webhooks: Mapping[str, Sums]
    last: Mapping[str, Last]


class Figures:
    """Counts, and tells what was counted. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, database: Database[dict[str, Any]], patience: Patience) -> None:
        self._database = database
        self._patience = patience
        self._turns = Turns(database, patience)
        # Majority: an event that was counted is never taken back by a change of the primary.
        self._events = database.get_collection("events", read_concern=ReadConcern("majority"))

    def gather(self, batches: int = 20) -> bool:
        """Counts what was not counted yet, in portions that hold up no writer, so many at most. Whether all is."""
        steps: list[Callable[[], bool]] = [self._gather_runs, self._gather_events, self._gather_deliveries]
        for _ in range(batches):
            steps = [step for step in steps if step()]
            if not steps:
                return True
        return False

    @patient
    def totals(self) -> Totals:
        """What was counted so far."""
        rows = {row.pop("_id"): row for row in self._database.figures.find({"_id": {"$gt": ""}}).sort("_id", 1)}
        sums = {id: _flat(row) for id, row in rows.items()}
        last = {id[len(_SITE) :]: Last(**row["last"]) for id, row in rows.items() if "last" in row}
        return Totals(sums.get(_ALL, {}), _of(_SITE, sums), _of(_WEBHOOK, sums), last)

    def _gather_runs(self) -> bool:
        """Whether there may be more."""
        found = self._patience.carry(
            lambda: list(self._database.runs.find(runs.UNCOUNTED).hint(runs.BY_COUNT).limit(_BATCH))
        )
        reports = [runs.parse(row) for row in found]
        sums: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for report in reports:
            sums[_SITE + report.site].update(figures.of_run(report))
            sums[_ALL].update(figures.of_duration(report))
        writes = _writes(sums) + [write for report in reports for write in _latest(report)]
        return self._mark("runs", [row["_id"] for row in found], writes) or len(found) == _BATCH

    def _gather_deliveries(self) -> bool:
        query = self._database.deliveries.find(deliveries.UNCOUNTED, {"body": 0}).limit(_BATCH)
        found = self._patience.carry(lambda: list(query.clone()))
        sums: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for delivery in map(deliveries.parse, found):
            sums[_WEBHOOK + delivery.webhook].update(figures.of_delivery(delivery))
        return self._mark("deliveries", [row["_id"] for row in found], _writes(sums)) or len(found) == _BATCH

    def _gather_events(self) -> bool:
        cursor, found = self._patience.carry(self._next_events)
        if not found:
            return False
        created = [event.article_id for event in found if event.kind is EventKind.CREATED]
        lags = self._patience.carry(lambda: articles.lags(self._database.articles, created))
        sums: defaultdict[str, Counter[str]] = defaultdict(Counter)
        sums[_ALL].update(f"events.{event.kind}" for event in found)
        for site, lag in lags:
            sums[_SITE + site].update(figures.of_lag(lag))
        known = {"_id": _ALL, "cursor": cursor}
        writes = _writes(sums)

        def work(session: ClientSession) -> None:
            moved = {"$set": {"cursor": found[-1].number}}
            if not self._database.figures.update_one(known, moved, session=session).matched_count:
                raise NothingToDo
            self._database.figures.bulk_write(writes, ordered=False, session=session)

        return self._refused(work) or len(found) == _BATCH

    def _next_events(self) -> tuple[int, list[Event]]:
        row = self._database.figures.find_one({"_id": _ALL}, {"cursor": 1})
        cursor = int(row["cursor"]) if row and "cursor" in row else 0
        behind = self._events.find({"_id": {"$gt": cursor}}).sort("_id", 1).limit(_BATCH)
        return cursor, [events.parse(document) for document in behind.batch_size(_BATCH)]

    def _mark(self, collection: str, ids: list[Any], writes: list[UpdateOne]) -> bool:
        """Adds what these documents come to and marks them. Whether another was quicker with one of them, and nothing
        was done."""
        if not ids:
            return False
        mine = {"_id": {"$in": ids}, "counted": False}

        def work(session: ClientSession) -> None:
            marked = self._database[collection].update_many(mine, {"$set": {"counted": True}}, session=session)
            if marked.modified_count != len(ids):
                raise NothingToDo
            self._database.figures.bulk_write(writes, ordered=False, session=session)

        return self._refused(work)

    def _refused(self, work: Callable[[ClientSession], None]) -> bool:
        try:
            self._turns.take(work)
        except NothingToDo:
            return True
        return False


def begin(database: Database[dict[str, Any]]) -> None:
    """Lets the counting of events begin behind those that are there. What was begun stays."""
    counter = database.counters.find_one({"_id": events.COUNTER})
    first = {"cursor": counter["last"] if counter else 0}
    database.figures.update_one({"_id": _ALL}, {"$setOnInsert": first}, upsert=True)


def _writes(sums: Mapping[str, Mapping[str, float]]) -> list[UpdateOne]:
    return [UpdateOne({"_id": storable(id)}, {"$inc": dict(each)}, upsert=True) for id, each in sums.items() if each]


def _latest(report: RunReport) -> list[UpdateOne]:
    moments = {"finished": True, "done": report.state is RunState.DONE, "new": bool(report.new)}
    later = {f"last.{name}": report.finished for name, is_so in moments.items() if is_so and report.finished}
    if report.state is RunState.SKIPPED or not later:
        return []
    return [UpdateOne({"_id": storable(_SITE + report.site)}, {"$max": later}, upsert=True)]


def _flat(row: Mapping[str, Any], above: str = "") -> dict[str, float]:
    flat: dict[str, float] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{above}{name}.")
        elif isinstance(value, (int, float)) and name != "cursor":
            flat[above + name] = value
    return flat


def _of(kind: str, sums: Mapping[str, Sums]) -> dict[str, Sums]:
    return {id.removeprefix(kind): each for id, each in sums.items() if id.startswith(kind)}
