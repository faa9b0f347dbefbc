"""/sites: who is read, whom each speaks for, and how much there is of it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from news.selection import Selection
from news.site import Site
from storage.tallies import Newest
from web.api import models
from web.api.asked import Asked, some
from web.api.census import Census
from web.api.given import Desk, Made
from web.api.resource import resource
from web.feeds import FILES
from web.problems import Problem

NAMES = some("site", "kind", "territory")


def add(router: APIRouter, desk: Desk) -> None:
    census = Census()

    @resource(router, "/sites", models.Sites, "sites", NAMES)
    def sites(request: Request) -> Response:
        """The sites, by their ids. What is no more in the catalogue and has articles is among them."""
        selection = Asked(request, NAMES).selection()
        return desk.answer(request, selection, lambda: Made({"sites": _rows(desk, census, selection)}))

    @resource(router, "/sites/{id}", models.Site, "sites", missing=(404,))
    def site(request: Request, id: str) -> Response:
        """One site."""
        Asked(request)

        def make() -> Made:
            if id not in desk.shelf.sites() and id not in desk.shelf.store.articles.sites():
                raise Problem(HTTPStatus.NOT_FOUND, f"There is no site {id!r}.", "/api/v1/sites lists those there are.")
            return Made(_rows(desk, census, Selection(site=(id,)))[0])

        return desk.answer(request, (), make)


def _rows(desk: Desk, census: Census, selection: Selection) -> list[dict[str, Any]]:
    catalogue, store = desk.shelf.sites(), desk.shelf.store
    stored = store.articles.sites()
    wanted = selection.sites_of(catalogue, lambda: stored)
    ids = sorted({*catalogue, *stored} if wanted is None else wanted)
    counts = census.of(store, ids)
    newest = {row.site: row for row in store.tallies.newest()}
    return [_row(desk, id, catalogue.get(id), counts[id], newest.get(id)) for id in ids]


def _row(desk: Desk, id: str, site: Site | None, articles: int, newest: Newest | None) -> dict[str, Any]:
    return {
        "id": id,
        "name": site.name if site else id,
        "name_en": site.name_en if site else "",
        "kind": site and str(site.kind),
        "territory": site.territory if site else "",
        "replaces": list(site.replaces) if site else [],
        "home": site.home if site else "",
        "feeds": [f"{desk.shelf.address}/feeds/{file}?site={id}" for file in FILES],
        "articles": articles,
        "newest": newest and newest.when.isoformat(),
    }
