"""The rows of a queue, page by page, by urgency or by what was searched for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from news.article import Status
from news.review.review import Queue
from news.search import Query
from storage import search_pages
from storage.queues import QueueFilter, QueueRow
from storage.search import Order
from web.contexts.dates import grouped
from web.contexts.desk.frame import DeskFrame
from web.contexts.desk.queue import QueueList, Row, Tab, Tabs, row
from web.desk.asked import ALL, Asked
from web.desk.counts import AGAIN, Counts
from web.desk.filters import conditions
from web.pages import names_in
from web.shelf import Shelf

PAGE = 30
_SCANNED = 10  # pages of a search that are looked through for those that lie in the queue


class _Page(NamedTuple):
    rows: Sequence[QueueRow]
    next: str


def now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def listed(shelf: Shelf, counts: Counts, frame: DeskFrame, asked: Asked, after: str = "", open: str = "") -> QueueList:
    """The queue that is asked for, from behind `after`; `open` is the article that is open. Raises InvalidValue."""
    event = shelf.store.events.last()
    filter = asked.filter(shelf)
    page = _found(shelf, asked, filter, after) if asked.selection.q else _urgent(shelf, filter, after)
    pairs = asked.pairs()
    return QueueList(
        queue=str(asked.queue or ALL),
        back=frame.link("", pairs),
        tabs=Tabs(()) if after else tabs(shelf, counts, frame, asked),
        rows=shown_rows(shelf, frame, asked, page.rows, open),
        conditions=() if after else conditions(shelf, frame, asked),
        more=frame.link("/desk/queue", pairs, after=page.next) if page.next else "",
        event=event,
    )


def shown_rows(
    shelf: Shelf, frame: DeskFrame, asked: Asked, rows: Sequence[QueueRow], open: str = ""
) -> tuple[Row, ...]:
    """Rows as the queue shows them."""
    names, pairs, today = names_in(frame.language, shelf.sites()), asked.pairs(), now()
    there, me = shelf.store.presence.of([one.id for one in rows], today), frame.user and frame.user.name
    others = {id: [who.user for who in present if who.user != me] for id, present in there.items()}
    return tuple(row(frame, one, names, pairs, today, others.get(one.id, ()), open=one.id == open) for one in rows)


def tabs(shelf: Shelf, counts: Counts, frame: DeskFrame, asked: Asked) -> Tabs:
    """The queues with what is in them under the filters, words aside."""
    counted, desk = counts.get(asked.all().filter(shelf)), frame.desk
    rest = asked.pairs(queue=None)
    shown = [(str(queue), desk.queues[queue]) for queue in Queue] + [(ALL, desk.everything)]
    links = (
        Tab(
            value, name, frame.link("/desk", [("queue", value), *rest]),
            grouped(counted.of.get(value, 0), frame.texts), value == str(asked.queue or ALL),
        )
        for value, name in shown
    )  # fmt: skip
    return Tabs(tuple(links), AGAIN if counted.old else 0, frame.link("/desk/changes", asked.pairs()))


def _urgent(shelf: Shelf, filter: QueueFilter, after: str) -> _Page:
    rows = shelf.store.queues.page(filter, PAGE + 1, after)
    return _Page(rows[:PAGE], rows[PAGE - 1].place if len(rows) > PAGE else "")


def _found(shelf: Shelf, asked: Asked, filter: QueueFilter, after: str) -> _Page:
    """What has the words, in the order of relevance, of that which lies in the queue."""
    query, rows = Query.parse(asked.selection.q), list[QueueRow]()
    sites = None if filter.sites is None else frozenset(filter.sites)
    place = search_pages.Place.parse(after) if after else None
    for _ in range(_SCANNED):
        page = shelf.search.find(
            query, sites=sites, statuses=tuple(Status), order=Order.RELEVANCE, limit=PAGE, after=place
        )
        lie = {one.id: one for one in shelf.store.queues.among(filter, page.ids)}
        for found in page.places:
            if found.id in lie:
                rows.append(lie[found.id])
            if len(rows) == PAGE:
                return _Page(rows, found.cursor)
        place = page.after
        if place is None:
            return _Page(rows, "")
    return _Page(rows, place.cursor if place else "")
