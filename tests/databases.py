"""Databases that tests use one after the other: to empty one is ten times as fast as to make its indexes."""

from __future__ import annotations

import itertools
import os
from typing import Any

import pymongo
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import PyMongoError

Document = dict[str, Any]
_TIDY_EVERY = 25  # databases; each has some 120 files, and a process may have 20,000 open, on many machines fewer
_PATIENCE = 5.0  # seconds


class Databases:
    """The databases of one session of tests on one MongoDB.

    One that a test has left as the first one was when it was new, but for what is stored in it, is emptied and given to
    a later test; any other is dropped.
    """

    def __init__(self, client: MongoClient[Document]) -> None:
        self._client = client
        self._numbers = itertools.count(1)
        self._emptied: list[str] = []
        self._dropped = 0
        self._pristine: tuple[Catalog, dict[str, list[Document]]] | None = None

    def learn(self, name: str) -> None:
        """Remembers what the database consists of, which was opened and nothing stored in it. It goes to a test."""
        database = self._client[name]
        catalog = _catalog(database)
        self._pristine = catalog, {each: held for each in catalog if (held := list(database[each].find()))}
        self._emptied.append(name)

    def take(self) -> str:
        """The name of a database in which nothing is stored, or that does not exist yet."""
        if self._emptied:
            return self._emptied.pop()
        return f"test_{os.getpid()}_{next(self._numbers)}"

    def give_back(self, name: str) -> None:
        """The test that had it is over, and so is all that it started."""
        if self._empty(name):
            self._emptied.append(name)
            return
        self._client.drop_database(name)
        self._dropped += 1
        if self._dropped % _TIDY_EVERY == 0:
            self._client.admin.command("fsync")  # a checkpoint, at which the files of what was dropped are removed

    def _empty(self, name: str) -> bool:
        """Whether it is as new again."""
        database = self._client[name]
        if not self._pristine or _catalog(database) != self._pristine[0]:
            return False
        try:
            # A crawl that was killed may have left a transaction, for which MongoDB would wait a minute.
            with pymongo.timeout(_PATIENCE):
                for each in self._pristine[0]:
                    database[each].delete_many({})
                for each, held in self._pristine[1].items():
                    database[each].insert_many(held)
        except PyMongoError:
            return False
        return True


Catalog = dict[str, Document]


def _catalog(database: Database[Document]) -> Catalog:
    """Its collections with their options and indexes."""
    found = database.client.admin.aggregate([{"$listCatalog": {}}, {"$match": {"db": database.name}}])
    return {
        each["name"]: {
            "options": {key: value for key, value in each["md"]["options"].items() if key != "uuid"},
            "indexes": sorted((index["spec"] for index in each["md"]["indexes"]), key=lambda spec: str(spec["name"])),
        }
        for each in found
    }
