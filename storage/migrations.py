"""What has to be done to a database once, in order. MIGRATIONS only grows: a row that was released is never changed.

Every migration must be safe to run again from its beginning: it may be killed before it is recorded.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from pymongo import UpdateOne
from pymongo.database import Database
from pymongo.errors import CollectionInvalid, DuplicateKeyError, OperationFailure

from news.dedupe import Text, sketch
from news.errors import BantinError
from news.event import Event, EventKind
from news.review.triage import review_of
from news.story import Story
from storage import articles, events, figures, signatures, stories
from storage.owner import Owner

_BATCH = 500
COLLECTION = "migrations"
_LEASE, _RESTORING = "lease", "restoring"
_LEASE_TIME = timedelta(minutes=10)  # for an owner on another machine that died; one on this machine is seen at once


class Migration(NamedTuple):
    number: int
    name: str
    run: Callable[[Database[dict[str, Any]]], None]


def _compress_pages(database: Database[dict[str, Any]]) -> None:
    # Nine pages of Vietnamese press, stored 40 times: 94 MB take 22 MB with zstd, 35 MB with snappy, the default.
    engine = {"wiredTiger": {"configString": "block_compressor=zstd"}}
    with contextlib.suppress(CollectionInvalid):  # it is there
        database.create_collection("pages", storageEngine=engine)


def _sign_and_tell(database: Database[dict[str, Any]]) -> None:
    """What was stored before there were signatures, stories and events gets them: one `created` an article, in the
    order of their ids, and a story where several had one."""
    # Signatures are hashes, which no compressor makes smaller, and are read one here, one there (bench.scale).
    engine = {"wiredTiger": {"configString": "block_compressor=none,leaf_page_max=4KB"}}
    with contextlib.suppress(CollectionInvalid):
        database.create_collection("signatures", storageEngine=engine)
    with contextlib.suppress(OperationFailure):  # it is not there
        database.articles.drop_index("site_1_fingerprint_1")
    told = {event["article_id"]: event["_id"] for event in database.events.find({}, {"article_id": 1})}
    number = max(told.values(), default=0)
    for document in database.articles.find().sort("_id", 1):
        stored = articles.parse(document)
        signature = signatures.to_document(stored, sketch(Text.of(stored.article)))
        database.signatures.replace_one({"_id": stored.id}, signature, upsert=True)
        if stored.id not in told:
            number += 1
            site, story, version = stored.article.site, stored.story, stored.version
            event = Event(number, EventKind.CREATED, stored.id, site, story, version, stored.first_seen)
            database.events.insert_one(events.to_document(event))
    database.counters.update_one({"_id": events.COUNTER}, {"$max": {"last": number}}, upsert=True)
    _keep_stories(database)


def _keep_stories(database: Database[dict[str, Any]]) -> None:
    together = {"$group": {"_id": "$story", "members": {"$push": "$_id"}, "newest": {"$max": "$first_seen"}}}
    several = {"$match": {"members.1": {"$exists": True}}}
    for row in database.articles.aggregate([{"$sort": {"_id": 1}}, together, several], allowDiskUse=True):
        story = Story(row["_id"], tuple(row["members"]), row["newest"])
        database.stories.update_one({"_id": story.id}, {"$setOnInsert": stories.to_document(story)}, upsert=True)


def _mark_teaching_urls(database: Database[dict[str, Any]]) -> None:
    # What storage.urls writes into every row from now on.
    teaches = {"article_id": {"$gt": ""}, "url": {"$regex": r"\?"}, "teaches": {"$exists": False}}
    database.urls.update_many(teaches, {"$set": {"teaches": True}})


def _weigh_pages(database: Database[dict[str, Any]]) -> None:
    """What was kept before there was retention gets its size, and counts as kept since it was fetched."""
    fetched = {"$dateFromString": {"dateString": "$fetched", "onError": "$$NOW", "onNull": "$$NOW"}}
    database.pages.update_many({"kept": None}, [{"$set": {"kept": fetched, "size": {"$binarySize": "$body"}}}])


def _label_articles(database: Database[dict[str, Any]]) -> None:
    """What was stored before there were feeds by label and by change: each article gets its labels and its newest
    event, each event the status that its kind left behind."""
    database.events.update_many({"status": None}, [{"$set": {"status": {"$switch": _LEFT_BEHIND}}}])
    newest = {"$group": {"_id": "$article_id", "event": {"$max": "$_id"}}}
    numbers = {row["_id"]: row["event"] for row in database.events.aggregate([newest], allowDiskUse=True)}
    for document in database.articles.find({"event": None}):
        found = articles.labels(articles.parse(document).article) | articles.touched(numbers.get(document["_id"], 0))
        database.articles.update_one({"_id": document["_id"]}, {"$set": found})


def _open_questions(database: Database[dict[str, Any]]) -> None:
    """What was stored before there was a desk lies in the queues where it would lie now, by what it says itself."""
    batch: list[UpdateOne] = []
    for document in database.articles.find({"review.places": None}):
        stored = articles.parse(document)
        stored = replace(stored, review=review_of(stored))
        review = articles.to_document(stored)["review"]
        batch.append(UpdateOne({"_id": document["_id"], "review.places": None}, {"$set": {"review": review}}))
        if len(batch) == _BATCH:
            database.articles.bulk_write(batch, ordered=False)
            batch.clear()
    if batch:
        database.articles.bulk_write(batch, ordered=False)


_LEFT_BEHIND = {
    "branches": [{"case": {"$eq": ["$kind", kind]}, "then": kind} for kind in ("rejected", "retracted")],
    "default": "published",
}


# Collections without options of their own need none: their first index or document makes them.
def _drop_narrow_indexes(database: Database[dict[str, Any]]) -> None:
    for collection, name in (("urls", "reason_1_site_1"), ("runs", "state_1")):
        with contextlib.suppress(OperationFailure):  # there is none, or no collection yet
            database[collection].drop_index(name)


MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, "pages compressed with zstd", _compress_pages),
    Migration(2, "signatures, stories and events of what was stored before", _sign_and_tell),
    Migration(3, "urls marked that parameters are learnt from", _mark_teaching_urls),
    Migration(4, "size and age of kept pages", _weigh_pages),
    Migration(5, "labels and newest event of articles, status of events", _label_articles),
    Migration(6, "what is open about articles", _open_questions),
    Migration(7, "the counting of events begins", figures.begin),
    Migration(8, "indexes gone that others begin with", _drop_narrow_indexes),
)


def migrate(database: Database[dict[str, Any]]) -> list[int]:
    """Runs what is missing and returns its numbers. Of several processes that start at once, one does it.

    Raises BantinError when the database was written by a newer Bantin.
    """
    if not _pending(database):
        return []
    lease = Owner.here("migrate")
    while not _take_lease(database, lease):
        time.sleep(0.1)
        if not _pending(database):
            return []
    try:
        return [_run(database, migration) for migration in _pending(database)]
    finally:
        database.migrations.delete_one({"_id": _LEASE, "owner": lease.to_json()})


def _pending(database: Database[dict[str, Any]]) -> list[Migration]:
    done = {row["_id"] for row in database.migrations.find({}, {"_id": 1})} - {_LEASE}
    if _RESTORING in done:
        raise BantinError(
            f"The database {database.name} is half restored.",
            "Let `bantin restore` end; if it was ended before, run it again with the same file.",
        )
    refuse_newer(done, f"The database {database.name}")
    return [migration for migration in MIGRATIONS if migration.number not in done]


def missing(database: Database[dict[str, Any]]) -> list[int]:
    """The numbers of the migrations that were not done yet. Raises BantinError as `migrate` does."""
    return [migration.number for migration in _pending(database)]


def refuse_newer(done: set[int], what: str) -> None:
    """Raises BantinError where one of these migrations is none that this Bantin knows; `what` has them."""
    newer = done - {migration.number for migration in MIGRATIONS}
    if newer:
        raise BantinError(
            f"{what} was written by a newer Bantin (migration {max(newer)}).",
            "Install that version, or set BANTIN_DATABASE to another name.",
        )


def begin_restoring(database: Database[dict[str, Any]]) -> None:
    """Keeps everybody from opening the database, until `end_restoring`."""
    database.migrations.replace_one({"_id": _RESTORING}, {"since": datetime.now(UTC)}, upsert=True)


def is_restoring(database: Database[dict[str, Any]]) -> bool:
    return database.migrations.find_one({"_id": _RESTORING}) is not None


def end_restoring(database: Database[dict[str, Any]]) -> None:
    database.migrations.delete_many({"_id": {"$in": [_RESTORING, _LEASE]}})


def _run(database: Database[dict[str, Any]], migration: Migration) -> int:
    migration.run(database)
    row = {"_id": migration.number, "name": migration.name, "applied": datetime.now(UTC)}
    database.migrations.replace_one({"_id": migration.number}, row, upsert=True)
    return migration.number


def _take_lease(database: Database[dict[str, Any]], owner: Owner) -> bool:
    now = datetime.now(UTC)
    lease = {"_id": _LEASE, "owner": owner.to_json(), "until": now + _LEASE_TIME}
    with contextlib.suppress(DuplicateKeyError):
        database.migrations.insert_one(lease)
        return True
    held = database.migrations.find_one({"_id": _LEASE})
    if held and (held["until"] <= now or Owner.from_json(held["owner"]).gone):
        database.migrations.delete_one({"_id": _LEASE, "until": held["until"]})
    return False
