"""/desk: the queue on the left and the article on the right; /desk/queue is the left pane, /desk/changes what became of
its rows meanwhile."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from news.article import StoredArticle
from news.review.states import state_tag
from web.contexts.desk.frame import DeskFrame
from web.contexts.desk.page import DeskPage
from web.contexts.desk.queue import Changes, QueuePart
from web.desk.answers import desk_frame, shown
from web.desk.asked import Asked
from web.desk.counts import Counts
from web.desk.filters import filters
from web.desk.items import opened
from web.desk.rows import listed, shown_rows, tabs
from web.shelf import Shelf

_MOST = 500  # rows that are asked about at once


def routes(shelf: Shelf, counts: Counts) -> APIRouter:
    """The page over a shelf, and its parts."""
    router = APIRouter()

    @router.api_route("/desk", methods=["GET", "HEAD"])
    def desk(request: Request) -> Response:
        frame, asked = desk_frame(request), Asked.of(request)
        id = request.query_params.get("open", "")
        stored = shelf.store.articles.get(id) if id else None
        queue = listed(shelf, counts, frame, asked, open=id)
        item = opened(shelf, frame, stored, request) if stored else None
        return shown(DeskPage(frame, filters(shelf, frame, asked), queue, item))

    @router.api_route("/desk/queue", methods=["GET", "HEAD"])
    def queue(request: Request) -> Response:
        frame, asked, after = desk_frame(request), Asked.of(request), request.query_params.get("after", "")
        part = QueuePart(frame, listed(shelf, counts, frame, asked, after), only_rows=bool(after))
        pushed = {} if after else {"HX-Push-Url": frame.link("/desk", asked.pairs())}
        return shown(part, headers=pushed)

    @router.api_route("/desk/changes", methods=["GET", "HEAD"])
    def changes(request: Request) -> Response:
        frame, asked, query = desk_frame(request), Asked.of(request), request.query_params
        ids, there = ids_in(query.get("ids", "")), set(ids_in(query.get("shown", "")))
        part = became(shelf, counts, frame, asked, ids, there)
        open, state = query.get("open", ""), query.get("state", "")
        if open in ids:
            changed = _changed(shelf.store.articles.get(open), state)
            part = replace(part, open=open, changed=changed or ("settled" if open in part.gone else ""))
        fresh = query.get("fresh", "")
        return shown(replace(part, fresh=part.fresh | frozenset(ids_in(fresh))))

    return router


def became(shelf: Shelf, counts: Counts, frame: DeskFrame, asked: Asked, ids: list[str], there: set[str]) -> Changes:
    """What became of articles in the queue that is asked for; `there` are those that it shows now."""
    lie = shelf.store.queues.among(asked.filter(shelf), ids)
    now = {one.id for one in lie}
    return Changes(
        frame=frame,
        back=frame.link("", asked.pairs()),
        tabs=tabs(shelf, counts, frame, asked),
        rows=shown_rows(shelf, frame, asked, [one for one in lie if one.id in there]),
        gone=tuple(id for id in ids if id in there and id not in now),
        fresh=frozenset() if asked.selection.q else frozenset(now - there),
    )


def _changed(stored: StoredArticle | None, state: str) -> str:
    """What became of the open article: "" nothing, "gone", or "changed"."""
    if stored is None:
        return "gone"
    return "changed" if state and state_tag(stored) != state else ""


def ids_in(text: str) -> list[str]:
    """The ids of a list with commas, as many as are asked about at once."""
    return list(dict.fromkeys(id for id in text.split(",") if id))[:_MOST]
