"""The list of all feeds, for readers that take many at once."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from news.publish import Origin, opml
from news.publish.opml import Outline
from news.saved import SavedSearch
from news.site import SiteKind
from web.access import keyed
from web.answers import Answer, Answers, respond
from web.asking import known_names
from web.shelf import Shelf
from web.texts import VIETNAMESE

_CACHING = "public, max-age=3600"
_FOLDERS = {"": "Tất cả tin", "kind": "Theo loại cơ quan", "territory": "Theo địa phương", "site": "Theo nguồn"}
_SAVED = "Tìm kiếm đã lưu"


def routes(shelf: Shelf) -> APIRouter:
    """GET /feeds/opml.xml: the Atom feeds of everything, of each kind, territory and site, and of each saved search."""
    router = APIRouter(prefix="/feeds")
    answers = Answers()

    @router.api_route("/opml.xml", methods=["GET", "HEAD"])
    def feeds(request: Request) -> Response:
        known_names(request, "lang")
        sites = tuple(Origin.of(site) for site in shelf.sites().values())
        saved = tuple(shelf.store.searches.all())
        key = keyed(request, "")
        answer = answers.get(key, (sites, saved), lambda: _made(request, shelf, sites, saved))
        return respond(request, answer, _CACHING)

    return router


def _made(request: Request, shelf: Shelf, sites: tuple[Origin, ...], saved: tuple[SavedSearch, ...]) -> Answer:
    names = {site.id: site.name for site in sites}

    def link(filter: str, value: str) -> tuple[str, str]:
        query = f"?{urlencode({filter: value})}" if filter else ""
        return keyed(request, f"{shelf.address}/feeds/atom.xml{query}"), f"{shelf.address}/{query}"

    def name(filter: str, value: str) -> str:
        if not value:
            return _FOLDERS[filter]
        named = {"kind": lambda: VIETNAMESE.kinds[SiteKind(value)], "site": lambda: names[value]}
        return named.get(filter, lambda: value)()

    searches = tuple(Outline(search.name, *link("search", search.id)) for search in saved)
    folder = (Outline(_SAVED, children=searches),) if searches else ()
    body = opml.render("Bantin", (*opml.catalogue(sites, link, name), *folder), owner="Bantin")
    return Answer.of(body, f"{opml.MEDIA_TYPE}; charset=utf-8")
