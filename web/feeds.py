"""Feeds: whatever may be asked for, what changed last first, with what is gone; cheap to ask for again.

A document begins with what changed last and names the next, so that who follows `next` (or `prev-archive`) until it
meets what it knows has missed nothing: whatever happens to an article moves it to the front.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from news.article import Status
from news.publish import FORMATS, Entry, Feed, Links, Origin, Removal, RemovalReason, entry_id, entry_of, publish
from news.selection import NAMES, Selection
from storage.articles import Changed
from web.answers import Answer, Answers, respond
from web.asking import known_names, selection_of
from web.principal import principal_of
from web.shelf import Changes, Mark, Shelf
from web.texts import VIETNAMESE

# Feed readers ask every few minutes; a minute of a proxy's memory spares us most of it and delays nobody.
_SECONDS = 60
_CACHING = f"public, max-age={_SECONDS}"
_LIMIT, _MOST = 50, 200
FILES = {"atom.xml": "atom", "rss.xml": "rss", "feed.json": "json"}
"""The last part of a feed's address, and the format that it has."""

_REASONS = {
    Status.RETRACTED: RemovalReason.RETRACTED,
    Status.REJECTED: RemovalReason.REJECTED,
    Status.HELD: RemovalReason.HELD,
}

Limit = Annotated[int, Query(ge=1, le=_MOST, description="How many articles at most.")]
Full = Annotated[bool, Query(description="0: the lead alone, without the text.")]
Before = Annotated[str, Query(description="Where the document before ended; its `next` has it.")]


def routes(shelf: Shelf, hubs: tuple[str, ...] = ()) -> APIRouter:
    """GET /feeds/{atom.xml,rss.xml,feed.json}, with the names of a Selection, `limit`, `full` and `before`. `hubs` are
    the WebSub hubs that are told of changes."""
    router = APIRouter(prefix="/feeds")
    answers = Answers()
    for file, format in FILES.items():
        router.add_api_route(f"/{file}", _route(shelf, answers, hubs, file, format), methods=["GET", "HEAD"])
    return router


def _route(shelf: Shelf, answers: Answers, hubs: tuple[str, ...], file: str, format: str) -> Callable[..., Response]:
    def feed(request: Request, limit: Limit = _LIMIT, full: Full = True, before: Before = "") -> Response:
        known_names(request, *NAMES, "limit", "full", "before", "lang")
        selection = selection_of(request)
        key = principal_of(request).key
        shown = Shown(shelf, file, selection, limit, full, Mark.parse(before) if before else None, key)
        resolved = shelf.resolved(selection)
        # What the index has not read yet would be missed for long if the answer were kept.
        complete = not resolved.q or shelf.search.catch_up()
        state = (*shelf.state(), resolved)  # a saved search may come to ask for something else

        def make() -> Answer:
            return _made(shown, hubs, format, kept=complete)

        answer = answers.get((file, selection, limit, full, before, key), state, make)
        return respond(request, answer, _CACHING if answer.kept else "no-store")

    return feed


def _made(shown: Shown, hubs: tuple[str, ...], format: str, *, kept: bool) -> Answer:
    feed, changed, dated = shown.feed()
    feed = replace(feed, hub_urls=hubs)
    media_type = f"{FORMATS[format].media_type}; charset=utf-8"
    return Answer.of(publish(feed, format), media_type, changed, dated=dated, kept=kept)


class Shown:
    """One document of one feed: its addresses, and what stands in it."""

    def __init__(
        self, shelf: Shelf, file: str, selection: Selection, limit: int, full: bool, before: Mark | None, key: str
    ) -> None:
        self._shelf = shelf
        self._file = file
        self._selection = selection
        self._limit, self._full, self._before = limit, full, before
        self._key = key  # of a reader who can set no header: the links go on with it

    def feed(self) -> tuple[Feed, datetime, bool]:
        """The document, when what it tells happened last, and whether that second is its own."""
        changes = self._shelf.changes(self._selection, self._limit, self._before)
        rows = (*changes.shown, *changes.removed)
        newest = max((row.event for row in rows), default=0)
        told = self._shelf.store.events.times(sorted({newest - 1, *(row.event for row in rows)}))
        when = {row.event: told.get(row.event, row.stored.fetched) for row in rows}
        name = title_of(self._selection, self._shelf)
        page = "/" + _query(self._selection.to_query())
        feed = Feed(
            id=self._address(plain=True),
            title=f"{name} – Bantin" if name else "Bantin",
            url=self._shelf.address + page,
            self_url=self._address(self._before),
            publisher=name or "Bantin",
            subtitle=VIETNAMESE.tagline,
            entries=tuple(self._entry(row, when[row.event]) for row in changes.shown),
            removals=tuple(self._removal(row, when[row.event]) for row in changes.removed),
            links=self._links(changes),
            ttl=_SECONDS,
            full=self._full,
            is_archive=self._before is not None,
            complete=self._before is None and changes.next is None,
        )
        before = told.get(newest - 1)
        dated = newest == 1 or (
            before is not None and before.replace(microsecond=0) < when[newest].replace(microsecond=0)
        )
        return feed, max(when.values(), default=feed.updated), bool(rows) and dated

    def _links(self, changes: Changes) -> Links:
        older = self._address(changes.next) if changes.next else ""
        first = self._address()
        return Links(first=first, next=older, current=first if self._before else "", prev_archive=older)

    def _address(self, before: Mark | None = None, *, plain: bool = False) -> str:
        """Of the document that goes on behind a mark; `plain` without what changes nothing of which feed it is."""
        how = [] if plain or self._limit == _LIMIT else [("limit", str(self._limit))]
        how += [] if plain or self._full else [("full", "0")]
        how += [("before", str(before))] if before else []
        how += [("key", self._key)] if self._key and not plain else []
        return f"{self._shelf.address}/feeds/{self._file}{_query([*self._selection.to_query(), *how])}"

    def _entry(self, row: Changed, when: datetime) -> Entry:
        """`updated` moves with every change of the article and of its story: who meets an entry or a removal that has
        not moved since its last visit knows everything behind it."""
        return entry_of(row.stored, self._origin(row.stored.article.site), told=when)

    def _origin(self, id: str) -> Origin:
        site = self._shelf.sites().get(id)
        return Origin.of(site) if site else Origin(id, id)

    def _removal(self, row: Changed, when: datetime) -> Removal:
        merged = row.stored.status not in _REASONS
        url = f"{self._shelf.address}/stories/{row.stored.story}" if merged else ""
        return Removal(entry_id(row.stored.id), when, _REASONS.get(row.stored.status, RemovalReason.MERGED), url=url)


def title_of(selection: Selection, shelf: Shelf) -> str:
    """What a list of these articles is called, "" for all; in Vietnamese, as feeds are."""
    names = shelf.names
    saved = shelf.store.searches.get(selection.search) if selection.search else None
    parts = [
        saved.name if saved else "",
        ", ".join(names.get(id, id) for id in selection.site),
        ", ".join(VIETNAMESE.kinds[kind] for kind in selection.kind),
        selection.territory,
        selection.section,
        selection.tag,
        selection.document,
        f"“{selection.q}”" if selection.q else "",
        selection.story,
    ]
    return " · ".join(part for part in parts if part)


def _query(pairs: list[tuple[str, str]]) -> str:
    return f"?{urlencode(pairs)}" if pairs else ""
