"""File -> database: checked whole, then loaded into a database that has nothing to lose, then brought up to date.

Until all is there the database says of itself that it is half restored, and nothing else opens it (storage.migrations).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import bson
from bson.raw_bson import RawBSONDocument
from pymongo import WriteConcern
from pymongo.database import Database

from news.errors import BantinError
from storage import leases, migrations, runs, site_state
from storage.backup.archive import Archive, CollectionCopy

Tell = Callable[[str, int], None]

# A job is pickled: whoever can write one can run code in the scheduler, and a file may come from anywhere. The
# scheduler makes them again, from the site files and the last runs.
_LEFT_OUT = "jobs"
# What is nobody's to lose unless they say so. Runs, events and the like come with articles.
_DEAR = ("articles", "users", "tokens", "webhooks")


def restore(
    database: Database[dict[str, Any]], archive: Archive, *, replace: bool, tell: Tell = lambda name, count: None
) -> None:
    """Puts the archive, which was verified, in the place of all that the database holds. Killed in the middle it is to
    be run again. The caller makes indexes and migrates afterwards.

    Raises BantinError where something would be lost and `replace` does not say that it may, where somebody works on
    the database, or where the archive is of a newer Bantin.
    """
    _refuse_newer(archive)
    for name in (leases.SCHEDULER, leases.PUSHER):
        if leases.is_held(database.leases, name):
            raise BantinError(
                f"A {name} is at work on the database {database.name}.",
                "Stop `bantin up`, or the scheduler, the pusher and the web app, and restore then.",
            )
    held = next((name for name in _DEAR if database[name].find_one({}, {"_id": 1}) is not None), None)
    if held and not replace and not migrations.is_restoring(database):
        raise BantinError(
            f"The database {database.name} has {held}, which would be lost.",
            "Set BANTIN_DATABASE to another name, or give --replace.",
        )
    migrations.begin_restoring(database)
    for row in list(database.list_collections(filter={"type": "collection"})):
        if row["name"] != migrations.COLLECTION and not row["name"].startswith("system."):
            database.drop_collection(row["name"])
    for each in (each for each in archive.collections if each.name != _LEFT_OUT):
        _load(database, archive, each)
        tell(each.name, each.count)
    _settle(database)
    migrations.end_restoring(database)


def _refuse_newer(archive: Archive) -> None:
    copy = next((each for each in archive.collections if each.name == migrations.COLLECTION), None)
    if copy is None:
        raise BantinError(f"{archive.path} is no back-up of Bantin: it tells of no migrations.", "Take another file.")
    numbers = [bson.decode(document)["_id"] for chunk in copy.chunks for document in archive.read(chunk)]
    migrations.refuse_newer({number for number in numbers if isinstance(number, int)}, str(archive.path))


def _load(database: Database[dict[str, Any]], archive: Archive, copy: CollectionCopy) -> None:
    collection = database[copy.name]
    if copy.name == migrations.COLLECTION:
        # Its one special row says that we are at it.
        collection.delete_many({"_id": {"$type": "number"}})
    else:
        database.command({"create": copy.name, **copy.options})
    # Written to the journal with the last write of all: one that waits for it comes behind.
    quick = collection.with_options(write_concern=WriteConcern(w=1))
    for documents in _batches(archive, copy):
        quick.insert_many(documents, ordered=False)
    found = collection.count_documents({}) - int(copy.name == migrations.COLLECTION)
    if found != copy.count:
        raise BantinError(
            f"Of {copy.count:,} documents of {copy.name} {found:,} were stored.", "Run the same with --replace again."
        )


def _batches(archive: Archive, copy: CollectionCopy) -> Iterator[list[RawBSONDocument]]:
    for chunk in copy.chunks:
        if documents := [RawBSONDocument(document) for document in archive.read(chunk)]:
            yield documents


def _settle(database: Database[dict[str, Any]]) -> None:
    """Ends what processes were at when the copy was made: none of them works on this database."""
    runs.close_all(database.runs)
    site_state.free_all(database.site_state)
    leases.end_all(database.leases)
