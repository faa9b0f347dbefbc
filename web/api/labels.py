"""/documents, /tags, /sections: what the articles are about, counted among the newest of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from news.article import Document
from storage.articles import searchable
from storage.tallies import Labelled
from web.api import models
from web.api.asked import Asked, Name, limit, some
from web.api.given import Desk, Made
from web.api.resource import resource

LOOKED_AT = 5000
"""Among so many of the newest articles is counted."""

_SELECTED = some("site", "kind", "territory", "since", "until")
NAMES = (*_SELECTED, limit(100, 1000))
DOCUMENTS = (
    Name("number", "How the number begins, in any case.", "57-NQ"),
    *NAMES,
)
Names = Callable[[Labelled], Iterable[str]]


def add(router: APIRouter, desk: Desk) -> None:
    @resource(router, "/tags", models.Labels, "labels", NAMES)
    def tags(request: Request) -> Response:
        """The keywords of the newest articles, the most frequent first."""
        return _labels(request, desk, "tag", lambda labelled: labelled.tags)

    @resource(router, "/sections", models.Labels, "labels", NAMES)
    def sections(request: Request) -> Response:
        """The sections of the newest articles, the most frequent first."""
        return _labels(request, desk, "section", lambda labelled: (labelled.section,))

    @resource(router, "/documents", models.Documents, "labels", DOCUMENTS)
    def documents(request: Request) -> Response:
        """The legal documents that the newest articles name, the one named last first; with `number` those whose number
        begins so, in articles of any time."""
        asked = Asked(request, DOCUMENTS)
        selection, most, number = asked.selection(), asked.number("limit"), asked.text("number")

        def make() -> Made:
            filter, tallies = desk.shelf.filter(selection), desk.shelf.store.tallies
            prefix = searchable(number)
            found = tallies.naming(number, filter, LOOKED_AT) if prefix else tallies.labels(filter, LOOKED_AT)
            rows = _documents(desk, found, prefix)
            return Made({"documents": rows[:most], **_among(found, len(rows) <= most)})

        return desk.answer(request, (selection, most, number), make)


def _labels(request: Request, desk: Desk, name: str, names: Names) -> Response:
    asked = Asked(request, NAMES)
    selection, most = asked.selection(), asked.number("limit")

    def make() -> Made:
        found = desk.shelf.store.tallies.labels(desk.shelf.filter(selection), LOOKED_AT)
        counts = counted(found, names)
        rows = [
            {"name": label, "articles": count, "link": desk.link("/articles", **{name: label})}
            for label, count in counts[:most]
        ]
        return Made({"labels": rows, **_among(found, len(counts) <= most)})

    return desk.answer(request, (selection, most), make)


def counted(found: Iterable[Labelled], names: Names) -> list[tuple[str, int]]:
    """The labels with how many articles have each, the most first. Labels that differ in case or accents only are one,
    by the spelling that the newest has."""
    counts: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    for labelled in found:
        own = {searchable(name): name for name in names(labelled)}
        own.pop("", None)
        counts.update(own.keys())
        spelt = own | spelt
    return sorted(((spelt[key], count) for key, count in counts.items()), key=lambda row: (-row[1], row[0]))


def _documents(desk: Desk, found: Iterable[Labelled], prefix: str) -> list[dict[str, Any]]:
    rows: dict[str, tuple[Document, list[Labelled]]] = {}
    for labelled in sorted(found, key=lambda row: row.when, reverse=True):
        for key, document in {searchable(document.number): document for document in labelled.documents}.items():
            if key and key.startswith(prefix):
                rows.setdefault(key, (document, []))[1].append(labelled)
    return [_document(desk, document, naming) for document, naming in rows.values()]


def _document(desk: Desk, document: Document, naming: list[Labelled]) -> dict[str, Any]:
    return {
        "number": document.number,
        "kind": document.kind,
        "issued": document.issued and document.issued.isoformat(),
        "issuer": document.issuer,
        "articles": len(naming),
        "newest": naming[0].when.isoformat(),
        "link": desk.link("/articles", document=document.number),
    }


def _among(found: list[Labelled], all_shown: bool) -> dict[str, Any]:
    return {"looked_at": len(found), "complete": all_shown and len(found) < LOOKED_AT}
