"""/articles: whatever is selected, in the order of publication, of change or of relevance, page by page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import Response

from news.article import StoredArticle
from news.errors import InvalidValue
from news.search import Query, highlight, snippet
from news.selection import Selection
from news.story import text_of
from storage import search_pages
from storage.search import Order
from web.api.asked import CURSOR, SELECTION, Asked, Name, cursor, limit
from web.api.given import Desk, Made
from web.api.models import Article, Articles
from web.api.resource import resource
from web.shelf import Mark, Place, Shelf

FIELDS = tuple(Article.model_fields)
NAMES = (
    *SELECTION,
    Name(
        "sort",
        "published: the newest first. changed: what changed last for readers first, with what was removed. relevance: "
        "what answers `q` best first.",
        choices=("published", "changed", "relevance"),
        usual="published",
    ),
    limit(50, 200),
    CURSOR,
    Name("fields", "The names that are wanted; id is always given.", "title", FIELDS, several=True),
    Name("highlight", "1: with `q`, where its words stand.", bounds=(0, 1), usual=0),
)


class Row(NamedTuple):
    stored: StoredArticle
    event: int | None = None  # that changed it last, where the order is that of change


class Page(NamedTuple):
    rows: Sequence[Row]
    removed: Sequence[Row]
    next: str
    total: int | None = None
    counted: bool = True
    complete: bool = True


def add(router: APIRouter, desk: Desk) -> None:
    @resource(router, "/articles", Articles, "articles", NAMES)
    def articles(request: Request) -> Response:
        """Articles that are published, a story once. Follow `next` to the end, and every article that did not change
        meanwhile was given once. With sort=changed, `removed` has what is not to be shown any more: whoever reads from
        the first page to what is known has missed nothing."""
        asked = Asked(request, NAMES)
        selection = desk.shelf.resolved(asked.selection())
        sort, fields = asked.text("sort"), asked.several("fields")
        query = _query(asked, selection, sort)
        order = f"{sort} of words" if selection.q else sort
        after = asked.place(order, _places(sort, selection)) or ""
        most, marked = asked.number("limit"), asked.text("highlight") == "1"

        def make() -> Made:
            page = _page(desk.shelf, selection, sort, most, after)
            following = cursor(order, page.next) if page.next else ""
            body = {
                "articles": [_json(row, fields, query if marked else None) for row in page.rows],
                "removed": [_gone(row) for row in page.removed],
                "total": page.total,
                "counted": page.counted,
                "complete": page.complete,
                "next": following or None,
            }
            return Made(body, following, kept=page.complete)

        return desk.answer(request, (selection, sort, most, after, fields, marked), make)


def _query(asked: Asked, selection: Selection, sort: str) -> Query | None:
    """The words that are looked for; None without."""
    if not selection.q:
        if sort == "relevance":
            raise InvalidValue("sort = relevance needs words to be relevant for.", "Give q, or another sort.")
        if asked.text("highlight") == "1":
            raise InvalidValue("highlight = 1 needs words to mark.", "Give q.")
        return None
    try:
        return Query.parse(selection.q)
    except InvalidValue as error:
        raise InvalidValue(f"q: {error.problem}", error.remedy) from None


def _places(sort: str, selection: Selection) -> Callable[[str], str]:
    """Takes a place of that order as it is. Raises InvalidValue for what is none."""
    kind: Any = Mark if sort == "changed" else search_pages.Place if selection.q else Place

    def checked(text: str) -> str:
        kind.parse(text)
        return text

    return checked


def _page(shelf: Shelf, selection: Selection, sort: str, most: int, after: str) -> Page:
    if sort == "changed":
        changes = shelf.changes(selection, most, Mark.parse(after) if after else None)
        rows, removed = ([Row(*row) for row in rows] for rows in (changes.shown, changes.removed))
        return Page(rows, removed, str(changes.next or ""))
    found = shelf.latest(selection, most, after, Order(sort))
    rows = [Row(stored) for stored in found.articles]
    return Page(rows, (), found.next, found.total, found.counted, found.complete)


def _json(row: Row, fields: Sequence[str], query: Query | None) -> dict[str, Any]:
    told = row.stored.to_public_json()
    if fields:
        told = {name: told[name] for name in FIELDS if name in fields or name == "id"}
    if row.event is not None:
        told["event"] = str(row.event)
    if query is not None:
        text = " ".join(text_of(row.stored))
        pieces = {"title": highlight(query, row.stored.article.title), "text": snippet(query, text)}
        told["highlights"] = {name: [piece._asdict() for piece in found] for name, found in pieces.items()}
    return told


def _gone(row: Row) -> dict[str, str]:
    stored = row.stored
    return {"id": stored.id, "story": stored.story, "status": str(stored.status), "event": str(row.event)}
