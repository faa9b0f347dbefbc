"""What an export reads: the articles behind a cursor in the order in which they changed, each once.

The cursor to go on from is that of the newest event before the first article is read. An article that changes while the
export runs moves behind everything that is yet to be read: it is met there unless it was given before, in which case it
is not given again. So each article that was there is given once, as it was or as it became, and what happened since the
beginning is behind the cursor.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Self

from news.article import Article, Status, StoredArticle
from news.errors import InvalidValue
from news.export import Row
from news.search import Entry, Query, rank
from news.selection import Selection
from storage.articles import ArticleFilter, Changed
from web.shelf import Mark, Shelf

# Articles that are read at a time, some MB of them; with their pages, which have up to 8 MB each, far fewer.
BATCH, PAGES = 500, 16
WHOLE = Mark(-1, "")
"""Before everything, also what was stored when there were no events."""
# What readers may have seen and must hear that it is gone. A waiting article was never shown.
_TOLD = (Status.PUBLISHED, Status.RETRACTED, Status.REJECTED, Status.HELD)


def begin_after(cursor: str) -> Mark:
    """Where an export with that cursor begins; "" is the beginning. Raises InvalidValue for what is no cursor."""
    return Mark.parse(cursor) if cursor else WHOLE


def asked(given: Mapping[str, Sequence[str]]) -> Selection:
    """The selection of a query. An export has every article of a story unless it asks for one. Raises InvalidValue."""
    selection = Selection.parse(given)
    return selection if "stories" in given else selection.narrowed(each=True)


@dataclass(slots=True)
class Stream:
    """An export under way. `words` are those of the selection; `after` is where it began, `horizon` the number of the
    newest event then, `position` behind what it goes on, `given` a hash of each article it has given."""

    shelf: Shelf
    selection: Selection
    words: Query | None
    after: Mark
    horizon: int
    position: Mark
    pages: bool = False
    given: array[int] = field(default_factory=lambda: array("Q"))

    @classmethod
    def begin(cls, shelf: Shelf, selection: Selection, after: Mark = WHOLE, *, pages: bool = False) -> Self:
        """`pages`: rows have the kept pages. Raises InvalidValue for a site, territory or saved search that nobody
        knows, and for a cursor of another store."""
        horizon = shelf.store.events.last()
        if after.event > horizon:
            raise InvalidValue(
                f"The cursor {after.event} is ahead of the newest event, {horizon}.", "Give one of this Bantin's."
            )
        selection = shelf.resolved(selection)
        shelf.filter(selection)
        words = Query.parse(selection.q) if selection.q else None
        return cls(shelf, selection, words, after, horizon, after, pages)

    def resume(self, horizon: int, position: Mark, given: array[int]) -> None:
        """Goes on where the same export was broken off."""
        self.horizon, self.position, self.given = horizon, position, given

    @property
    def cursor(self) -> str:
        """Where the next export goes on."""
        return str(self.horizon)

    @property
    def share(self) -> float:
        """How much is done, 0 to 1, by events."""
        begin = max(0, self.after.event)
        done = min(self.position.event, self.horizon) - begin
        return max(0.0, done / (self.horizon - begin)) if self.horizon > begin else 1.0

    def batches(self) -> Iterator[list[Row]]:
        """What is left, a batch at a time; when one is given, `position` is behind it."""
        filter = self.shelf.filter(self.selection)
        most = PAGES if self.pages else BATCH
        while found := self._behind(filter):
            for start in range(0, len(found), most):
                batch = found[start : start + most]
                rows = self._rows(batch, filter)
                self.position = Mark(batch[-1].event, batch[-1].stored.id)
                self.given.extend(_hash(row.id) for row in rows)
                yield rows

    def _behind(self, filter: ArticleFilter) -> list[Changed]:
        if self.after != WHOLE:
            # An article that is not allowed any more may have been: only its site is the same for ever.
            statuses = tuple(dict.fromkeys((*self.selection.status, *_TOLD)))
            filter = ArticleFilter(sites=filter.sites, statuses=statuses)
        elif filter.stories:
            return self._of_stories(filter)
        return self.shelf.store.articles.changed_after(filter, BATCH, self.position)

    def _of_stories(self, filter: ArticleFilter) -> list[Changed]:
        """The same order, of so few that they are put into it here."""
        found = self.shelf.store.articles.of_stories(filter.stories or (), filter)
        found.sort(key=lambda row: row.stored.id, reverse=True)
        found.sort(key=lambda row: row.event)
        event, id = self.position
        behind = (row for row in found if row.event > event or (row.event == event and row.stored.id < id))
        return list(behind)[:BATCH]

    def _rows(self, found: Sequence[Changed], filter: ArticleFilter) -> list[Row]:
        late = {_hash(row.stored.id) for row in found if row.event > self.horizon}
        twice = late.intersection(self.given) if late else late
        found = [row for row in found if not twice or _hash(row.stored.id) not in twice]
        shown = self._shown(found, filter)
        rows = [self._row(row, shown=row.stored.id in shown) for row in found]
        if self.after == WHOLE:  # whoever begins has nothing that could be gone
            rows = [row for row in rows if row.stored]
        if not self.pages:
            return rows
        kept = dict(self.shelf.store.pages.some([row.id for row in rows if row.stored]))
        return [replace(row, page=kept.get(row.id)) for row in rows]

    def _shown(self, found: Sequence[Changed], filter: ArticleFilter) -> set[str]:
        allowed = [row.stored for row in found if self._allows(row.stored, filter)]
        stand = self.shelf.stand(allowed, filter, self.selection)
        return {stored.id for stored, stands in zip(allowed, stand, strict=True) if stands}

    def _allows(self, stored: StoredArticle, filter: ArticleFilter) -> bool:
        if self.after != WHOLE and not filter.allows(stored):
            return False
        # From the text itself, for the index may be a moment behind.
        return self.words is None or rank(self.words, _entry(stored.article)) is not None

    def _row(self, row: Changed, *, shown: bool) -> Row:
        stored = row.stored
        # Behind the horizon what was given is passed over, so that nobody may begin there.
        cursor = str(Mark(row.event, stored.id)) if row.event <= self.horizon else self.cursor
        return Row(stored.id, stored.status, cursor, stored if shown else None)


def _entry(article: Article) -> Entry:
    return Entry(article.site, article.title, article.lead, article.body)


def _hash(id: str) -> int:
    """Eight bytes an article: of a million, two share theirs with a chance of one in 40 million, and then the second
    one is in the next export."""
    return int.from_bytes(blake2b(id.encode("utf-8", "replace"), digest_size=8).digest())
