"""The collection `cases`: the page on which each rule was taught, and what it gave then. A case is kept as long as its
rule is not withdrawn, whatever is deleted of `pages`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pymongo.collection import Collection

from news.review.cases import Case
from storage import pages
from storage.patience import Patience, patient
from storage.values import storable


class Cases:
    """The regression cases. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: Collection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def get(self, rule: str) -> Case | None:
        """The case of a rule."""
        document = self._collection.find_one({"_id": storable(rule)})
        return _parse(document) if document else None

    def each(self, site: str | None = None) -> Iterator[Case]:
        """Every case (of one site), by the id of its rule."""
        case = self._after("", site)
        while case:
            yield case
            case = self._after(case.rule, site)

    @patient
    def _after(self, rule: str, site: str | None) -> Case | None:
        query: dict[str, Any] = {"_id": {"$gt": rule}} | ({} if site is None else {"site": storable(site)})
        document = next(iter(self._collection.find(query).sort("_id", 1).limit(1)), None)
        return _parse(document) if document else None


def to_document(case: Case) -> dict[str, Any]:
    document: dict[str, Any] = {
        "_id": case.rule,
        "site": case.site,
        "article_id": case.article_id,
        "page": pages.to_document(case.article_id, case.site, case.page),
        **expecting(case.expected),
    }
    return document


def expecting(expected: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a case that says what its page is to give."""
    return {"expected": storable(expected)}


def _parse(document: Mapping[str, Any]) -> Case:
    page = pages.parse(document["page"])
    return Case(document["_id"], document["site"], document["article_id"], page, document["expected"])
