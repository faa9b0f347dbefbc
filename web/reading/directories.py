"""The pages that say where articles are: /nganh, /dia-phuong, /van-ban, /chuyen-muc and /feeds."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from news.selection import Selection
from web.contexts.directories import AgenciesPage, FeedsPage
from web.contexts.frame import Frame, document_path
from web.glance import Glance
from web.pages import answer, frame_of
from web.places import find, slug
from web.reading import counts, feedlist, mapping
from web.security import SEARCHING
from web.shelf import Shelf


def routes(shelf: Shelf, glance: Glance) -> APIRouter:
    """The pages over a shelf."""
    router = APIRouter()

    @router.api_route("/nganh", methods=["GET", "HEAD"])
    def agencies(request: Request) -> Response:
        frame = _frame(request, shelf)
        return answer(request, AgenciesPage(frame, mapping.agencies(frame, shelf.sites(), glance.now())))

    @router.api_route("/dia-phuong", methods=["GET", "HEAD"])
    def places(request: Request, ten: str = "") -> Response:
        frame, sites = _frame(request, shelf), shelf.sites()
        place, _ = find(ten, sites.values())
        if place:
            return RedirectResponse(frame.link(f"/dia-phuong/{slug(ten)}"), 303)
        return answer(request, mapping.places_page(frame, sites, glance.now(), ten.strip()), SEARCHING)

    @router.api_route("/van-ban", methods=["GET", "HEAD"])
    def documents(request: Request, so: str = "") -> Response:
        frame = _frame(request, shelf)
        if so.strip():
            return RedirectResponse(frame.link(document_path(so.strip())), 303)
        return answer(request, counts.documents(frame, glance.now()), SEARCHING)

    @router.api_route("/chuyen-muc", methods=["GET", "HEAD"])
    def topics(request: Request) -> Response:
        return answer(request, counts.topics(_frame(request, shelf), glance.now()))

    @router.api_route("/feeds", methods=["GET", "HEAD"])
    def feeds(request: Request) -> Response:
        frame = _frame(request, shelf)
        groups = feedlist.groups(frame, shelf.sites(), shelf.store.searches.all())
        return answer(request, FeedsPage(frame, "/feeds/opml.xml", groups))

    return router


def _frame(request: Request, shelf: Shelf) -> Frame:
    frame = frame_of(request, shelf.address)
    return replace(frame.fed(Selection(), frame.texts.feed_all), listed="?" not in frame.path)
