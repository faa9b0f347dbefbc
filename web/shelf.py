"""What the routes read: the articles of a store that readers may see, selected, each story once, page by page."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import NamedTuple, Self, TypeVar

from news.article import Status, StoredArticle
from news.errors import InvalidValue
from news.search import Query
from news.selection import Selection
from news.site import Site
from news.story import standing
from storage import search_pages
from storage.articles import ArticleFilter, Changed, place
from storage.connect import Store
from storage.search import Order, SearchIndex
from web.problems import Problem

_REMOVED = (Status.RETRACTED, Status.REJECTED, Status.HELD)
# A page that finds too little among so many articles, for they do not stand for their stories, ends before it is full.
_SCANNED = 10

M = TypeVar("M")


class Place(NamedTuple):
    """Where a list in the order of publication goes on: behind this article."""

    when: datetime
    id: str

    def __str__(self) -> str:
        return f"{self.when.isoformat()}~{self.id}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises InvalidValue for what is no place."""
        when, _, id = text.partition("~")
        try:
            moment = datetime.fromisoformat(when.replace(" ", "+"))
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None or not id:
            raise InvalidValue(f"{text[:60]!r} is no place in the list.", "Give what the page before gave.")
        return cls(moment, id)


class Mark(NamedTuple):
    """Where a list in the order of change goes on: behind this event, and of its articles behind this one."""

    event: int
    id: str

    def __str__(self) -> str:
        return f"{self.event}~{self.id}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises InvalidValue for what is no mark."""
        event, _, id = text.partition("~")
        if not (event.isascii() and event.isdecimal() and len(event) <= 18):
            raise InvalidValue(f"{text[:60]!r} is no place in the list.", "Give what the page before gave.")
        return cls(int(event), id)


@dataclass(frozen=True, slots=True)
class Latest:
    """A page of articles in the order asked for. `next` is where the next one begins, "" at the end. Of a search
    `total` says how many there are, or that there are more than these where not `counted`; it may have missed some
    where the index is not `complete` yet."""

    articles: tuple[StoredArticle, ...]
    next: str
    total: int | None = None
    counted: bool = True
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Changes:
    """A page in the order of change, newest first: `shown` are there to be read, `removed` are not any more, or another
    article stands for their story. `next` is where the next page begins, None at the end."""

    shown: tuple[Changed, ...]
    removed: tuple[Changed, ...]
    next: Mark | None


class _Row(NamedTuple):
    """An article and where it stands in the order."""

    stored: StoredArticle
    place: Place | Mark | search_pages.Place


class Editions:
    """Counts the catalogues that there have been. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: Mapping[str, Site] = {}
        self._number = 0

    def of(self, sites: Mapping[str, Site]) -> int:
        """A number that grows when this is not the catalogue of the last time."""
        with self._lock:
            if sites is not self._last:
                self._last = sites
                self._number += 1
            return self._number


@dataclass(frozen=True, slots=True)
class Shelf:
    """`sites` gives the catalogue as it is now; `address` is the public address of the app, without a slash at its
    end."""

    store: Store
    search: SearchIndex
    sites: Callable[[], Mapping[str, Site]]
    address: str
    _editions: Editions = field(default_factory=Editions)

    def state(self) -> tuple[int, int]:
        """What stays the same for as long as everybody is shown the same: the newest event, and the edition of the
        catalogue. Read it before the articles: what happens between makes an answer that is only thought to be older.
        """
        return self.store.events.last(), self._editions.of(self.sites())

    @property
    def names(self) -> Mapping[str, str]:
        """Site id to the name that readers know."""
        return {site.id: site.name for site in self.sites().values()}

    def latest(self, selection: Selection, limit: int, after: str = "", order: Order = Order.PUBLISHED) -> Latest:
        """The newest first; only what was found by its words has another `order`. Raises InvalidValue for a site or a
        territory that nobody knows, and for a place (`after`) that no page gave."""
        selection = self.resolved(selection)
        filter = self.filter(selection)
        found: list[search_pages.SearchPage] = []

        def by_words(after: search_pages.Place | None) -> list[_Row]:
            page, rows = self._found(selection, filter, order, limit + 1, after)
            found.append(page)
            return rows

        def by_time(after: Place | None) -> list[_Row]:
            return [_Row(one, Place(*place(one))) for one in self.store.articles.find(filter, limit + 1, after)]

        if selection.q:
            start = search_pages.Place.parse(after) if after else None
            rows, more = _page(limit, start, by_words, partial(self._keep, filter, selection))
        else:
            begin = Place.parse(after) if after else None
            rows, more = _page(limit, begin, by_time, partial(self._keep, filter, selection))
        shown = tuple(row.stored for row, kept in rows if kept)
        last = rows[-1][0].place if more else ""
        next = last.cursor if isinstance(last, search_pages.Place) else str(last)
        if not found:
            return Latest(shown, next)
        return Latest(shown, next, found[0].total, found[0].counted, found[0].complete)

    def changes(self, selection: Selection, limit: int, before: Mark | None = None) -> Changes:
        """Raises InvalidValue for a site or a territory that nobody knows."""
        selection = self.resolved(selection)
        shown = self.filter(selection)
        filter = replace(shown, statuses=tuple(dict.fromkeys((*selection.status, *_REMOVED))))

        def fetch(before: Mark | None) -> list[_Row]:
            if selection.q:
                start = search_pages.Place(0, *before) if before else None
                rows = self._found(selection, filter, Order.CHANGED, limit + 1, start)[1]
                return [_Row(row.stored, Mark(row.place.at, row.place.id)) for row in rows]  # type: ignore[union-attr]
            if selection.story:
                changed = self._of_story(filter, before)
            else:
                changed = self.store.articles.changed(filter, limit + 1, before)
            return [_Row(row.stored, Mark(row.event, row.stored.id)) for row in changed]

        rows, more = _page(limit, before, fetch, partial(self._keep, shown, selection))
        told = [(Changed(row.stored, row.place.event), kept) for row, kept in rows]  # type: ignore[union-attr]
        last = told[-1][0] if more else None
        return Changes(
            tuple(row for row, kept in told if kept),
            tuple(row for row, kept in told if not kept),
            Mark(last.event, last.stored.id) if last else None,
        )

    def article(self, id: str) -> StoredArticle:
        """The article as readers may see it. Raises Problem where they may not."""
        stored = self.store.articles.get(id)
        if stored and stored.status is Status.RETRACTED:
            raise Problem(HTTPStatus.GONE, f"{stored.article.title!r} was taken down.")
        if stored is None or stored.status is not Status.PUBLISHED:
            raise Problem(HTTPStatus.NOT_FOUND, f"There is no article {id!r}.")
        return stored

    def resolved(self, selection: Selection) -> Selection:
        """The selection with what its saved search asks for. Raises InvalidValue where there is no such search."""
        if not selection.search:
            return selection
        saved = self.store.searches.get(selection.search)
        if saved is None:
            raise InvalidValue(f"search: there is none saved as {selection.search!r}.", "/feeds lists those there are.")
        return selection.over(saved.selection)

    def among(self, articles: Sequence[StoredArticle], selection: Selection) -> set[str]:
        """The ids of those of some articles that a resolved selection shows now. Raises InvalidValue for a site or a
        territory that nobody knows."""
        filter = self.filter(selection)
        rows = [stored for stored in articles if filter.allows(stored)]
        rows = self._matching(rows, selection)
        return {stored.id for stored, stands in zip(rows, self.stand(rows, filter, selection), strict=True) if stands}

    def filter(self, selection: Selection) -> ArticleFilter:
        """A resolved selection as the store reads it, words aside. Raises InvalidValue for a site or a territory that
        nobody knows."""
        return ArticleFilter(
            sites=selection.sites_of(self.sites(), self.store.articles.sites),
            since=selection.since,
            until=selection.until,
            statuses=selection.status,
            stories=(selection.story,) if selection.story else None,
            section=selection.section or None,
            tag=selection.tag or None,
            document=selection.document or None,
        )

    def stand(self, rows: Sequence[StoredArticle], filter: ArticleFilter, selection: Selection) -> list[bool]:
        """For each article, whether it stands for its story among what the filter allows."""
        if selection.each or selection.story:  # who asks for a story wants all that tell it
            return [True] * len(rows)
        kept = self.store.stories.some(sorted({stored.story for stored in rows}))
        several = {id: story for id, story in kept.items() if len(story.members) > 1}
        told = self.store.articles.of_stories(sorted(several), filter) if several else []
        tellings: dict[str, list[StoredArticle]] = {}
        for telling in self._matching([row.stored for row in told], selection):
            tellings.setdefault(telling.story, []).append(telling)
        main = {id: standing(articles, several[id].main).id for id, articles in tellings.items()}
        return [main.get(stored.story, stored.id) == stored.id for stored in rows]

    def _keep(self, filter: ArticleFilter, selection: Selection, rows: list[_Row]) -> list[bool]:
        """For each row, whether it is shown: the index and the store may have been asked at two moments."""
        stand = self.stand([row.stored for row in rows], filter, selection)
        return [stands and filter.allows(row.stored) for row, stands in zip(rows, stand, strict=True)]

    def _matching(self, articles: list[StoredArticle], selection: Selection) -> list[StoredArticle]:
        """Those that have the words of the selection."""
        if not (selection.q and articles):
            return articles
        matching = self.search.matches(Query.parse(selection.q), [stored.id for stored in articles])
        return [stored for stored in articles if stored.id in matching]

    def _found(
        self, selection: Selection, filter: ArticleFilter, order: Order, limit: int, after: search_pages.Place | None
    ) -> tuple[search_pages.SearchPage, list[_Row]]:
        """What the index finds, as it is stored by now. Raises InvalidValue for words that nobody can look for."""
        page = self.search.find(
            Query.parse(selection.q),
            sites=None if filter.sites is None else frozenset(filter.sites),
            statuses=filter.statuses,
            since=filter.since,
            until=filter.until,
            order=order,
            limit=limit,
            after=after,
        )
        stored = {one.id: one for one in self.store.articles.some(page.ids)}
        return page, [_Row(stored[place.id], place) for place in page.places if place.id in stored]

    def _of_story(self, filter: ArticleFilter, before: Mark | None) -> list[Changed]:
        rows = self.store.articles.of_stories(filter.stories or (), filter)
        ordered = sorted(rows, key=lambda row: (-row.event, row.stored.id))
        return [row for row in ordered if before is None or (-row.event, row.stored.id) > (-before.event, before.id)]


def _page(
    limit: int, start: M | None, fetch: Callable[[M | None], list[_Row]], keep: Callable[[list[_Row]], list[bool]]
) -> tuple[list[tuple[_Row, bool]], bool]:
    """Rows with whether each is kept, until `limit` are, and whether there may be more behind the last."""
    rows: list[tuple[_Row, bool]] = []
    kept = 0
    while True:
        batch = fetch(start)
        for n, (row, good) in enumerate(zip(batch, keep(batch), strict=True), start=1):
            rows.append((row, good))
            kept += good
            if kept == limit:
                return rows, n < len(batch) or len(batch) > limit
        if len(batch) <= limit or len(rows) > _SCANNED * limit:
            return rows, len(batch) > limit
        start = batch[-1].place  # type: ignore[assignment]
