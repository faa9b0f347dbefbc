"""/desk: the queue on the left and the article on the right."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from web.contexts.desk.page import DeskPage
from web.contexts.desk.queue import Filters, QueueList
from web.desk.answers import desk_frame, shown
from web.desk.items import found, opened
from web.shelf import Shelf


def routes(shelf: Shelf) -> APIRouter:
    """The page over a shelf."""
    router = APIRouter()

    @router.api_route("/desk", methods=["GET", "HEAD"])
    def desk(request: Request) -> Response:
        frame = desk_frame(request, shelf)
        id = request.query_params.get("open", "")
        item = opened(shelf, frame, found(shelf, id), request) if id else None
        filters = Filters("", (), (), (), (), (), (), "", "", (), frame.link("/desk"))
        return shown(DeskPage(frame, filters, QueueList("new", "", (), (), (), ""), item))

    return router
