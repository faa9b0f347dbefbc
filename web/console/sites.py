"""/console: all sites, the worst first."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from web.console.answers import console_frame
from web.contexts.console.sites import SitesPage
from web.pages import answer_to_user
from web.shelf import Shelf


def routes(shelf: Shelf) -> APIRouter:
    """The table over a shelf."""
    router = APIRouter()

    @router.api_route("/console", methods=["GET", "HEAD"])
    def table(request: Request) -> Response:
        return answer_to_user(SitesPage(console_frame(request)))

    return router
