"""What the routes read: the articles of a store that readers may see, selected, each story once, page by page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import NamedTuple, Self, TypeVar

from news.article import Status, StoredArticle
from news.errors import InvalidValue
from news.selection import Selection
from news.site import Site
from news.story import standing
from storage.articles import ArticleFilter, Changed, place
from storage.connect import Store
from web.problems import Problem

_REMOVED = (Status.RETRACTED, Status.REJECTED)
# A page that finds too little among so many articles, for they do not stand for their stories, ends before it is full.
_SCANNED = 10

R = TypeVar("R")
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
            raise InvalidValue(f"after: {text[:60]!r} is no place in the list.", "Give what the page before gave.")
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
            raise InvalidValue(f"before: {text[:60]!r} is no place in the feed.", "Give what the page before gave.")
        return cls(int(event), id)


@dataclass(frozen=True, slots=True)
class Latest:
    """A page in the order of publication, newest first; `next` is where the next one begins, None at the end."""

    articles: tuple[StoredArticle, ...]
    next: Place | None


@dataclass(frozen=True, slots=True)
class Changes:
    """A page in the order of change, newest first: `shown` are there to be read, `removed` are not any more, or another
    article stands for their story. `next` is where the next page begins, None at the end."""

    shown: tuple[Changed, ...]
    removed: tuple[Changed, ...]
    next: Mark | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """`sites` gives the catalogue as it is now; `address` is the public address of the app, without a slash at its
    end."""

    store: Store
    sites: Callable[[], Mapping[str, Site]]
    address: str

    @property
    def names(self) -> Mapping[str, str]:
        """Site id to the name that readers know."""
        return {site.id: site.name for site in self.sites().values()}

    def latest(self, selection: Selection, limit: int, after: Place | None = None) -> Latest:
        """Raises InvalidValue for a site or a territory that nobody knows."""
        selection = self.resolved(selection)
        filter = self.filter(selection)

        def fetch(after: Place | None) -> list[StoredArticle]:
            return self.store.articles.find(filter, limit + 1, after)

        def keep(rows: list[StoredArticle]) -> list[bool]:
            return self._stand(rows, filter, selection)

        rows, more = _page(limit, after, fetch, keep, lambda stored: Place(*place(stored)))
        shown = tuple(stored for stored, kept in rows if kept)
        return Latest(shown, Place(*place(rows[-1][0])) if more else None)

    def changes(self, selection: Selection, limit: int, before: Mark | None = None) -> Changes:
        """Raises InvalidValue for a site or a territory that nobody knows."""
        selection = self.resolved(selection)
        shown = self.filter(selection)
        filter = replace(shown, statuses=tuple(dict.fromkeys((*selection.status, *_REMOVED))))

        def fetch(before: Mark | None) -> list[Changed]:
            if selection.story:
                return self._of_story(filter, before)
            return self.store.articles.changed(filter, limit + 1, before)

        def keep(rows: list[Changed]) -> list[bool]:
            stand = self._stand([row.stored for row in rows], shown, selection)
            return [row.stored.status in selection.status and stands for row, stands in zip(rows, stand, strict=True)]

        rows, more = _page(limit, before, fetch, keep, _mark)
        return Changes(
            tuple(row for row, kept in rows if kept),
            tuple(row for row, kept in rows if not kept),
            _mark(rows[-1][0]) if more else None,
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

    def _of_story(self, filter: ArticleFilter, before: Mark | None) -> list[Changed]:
        rows = self.store.articles.of_stories(filter.stories or (), filter)
        ordered = sorted(rows, key=lambda row: (-row.event, row.stored.id))
        return [row for row in ordered if before is None or (-row.event, row.stored.id) > (-before.event, before.id)]

    def _stand(self, rows: Sequence[StoredArticle], filter: ArticleFilter, selection: Selection) -> list[bool]:
        """For each article, whether it stands for its story among what the filter allows."""
        if selection.each:
            return [True] * len(rows)
        kept = self.store.stories.some(sorted({stored.story for stored in rows}))
        several = {id: story for id, story in kept.items() if len(story.members) > 1}
        tellings: dict[str, list[StoredArticle]] = {}
        for row in self.store.articles.of_stories(sorted(several), filter) if several else ():
            tellings.setdefault(row.stored.story, []).append(row.stored)
        main = {id: standing(articles, several[id].main).id for id, articles in tellings.items()}
        return [main.get(stored.story, stored.id) == stored.id for stored in rows]


def _mark(row: Changed) -> Mark:
    return Mark(row.event, row.stored.id)


def _page(
    limit: int,
    mark: M | None,
    fetch: Callable[[M | None], list[R]],
    keep: Callable[[list[R]], list[bool]],
    place: Callable[[R], M],
) -> tuple[list[tuple[R, bool]], bool]:
    """Rows with whether each is kept, until `limit` are, and whether there may be more behind the last."""
    rows: list[tuple[R, bool]] = []
    kept = 0
    while True:
        batch = fetch(mark)
        for n, (row, good) in enumerate(zip(batch, keep(batch), strict=True), start=1):
            rows.append((row, good))
            kept += good
            if kept == limit:
                return rows, n < len(batch)
        if len(batch) <= limit or len(rows) > _SCANNED * limit:
            return rows, len(batch) > limit
        mark = place(batch[-1])
