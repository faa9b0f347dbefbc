"""/console/why: the story of one address, from its source to its readers. Nothing is fetched for it: it is what the
store and the catalogue know."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.responses import Response

from news.article import Status
from news.errors import InvalidValue
from news.users import Role
from storage.biography import Known, address_of, known
from storage.recounting import steps
from web.console.answers import console_frame, now
from web.contexts.console.frame import ConsoleFrame
from web.contexts.console.sites import run_path, site_path
from web.contexts.console.why import WhyPage, advice_of, parts_of
from web.contexts.frame import Link, article_path
from web.pages import answer_to_user
from web.shelf import Shelf

_LONGEST = 4_000


def routes(shelf: Shelf) -> APIRouter:
    """The page over a shelf."""
    router = APIRouter()

    @router.api_route("/console/why", methods=["GET", "HEAD"])
    def why(request: Request) -> Response:
        frame, asked = console_frame(request), request.query_params.get("url", "").strip()[:_LONGEST]
        if not asked:
            return answer_to_user(_empty(frame, ""))
        try:
            found = known(shelf.store, shelf.sites(), address_of(shelf.store, asked))
        except InvalidValue as error:
            page = _empty(frame, asked, error.problem, error.remedy)
            return answer_to_user(page, HTTPStatus.UNPROCESSABLE_ENTITY)
        return answer_to_user(_told(frame, asked, found))

    return router


def _empty(frame: ConsoleFrame, asked: str, problem: str = "", remedy: str = "") -> WhyPage:
    return WhyPage(frame, asked, "", "", (), (), (), problem, remedy)


def _told(frame: ConsoleFrame, asked: str, found: Known) -> WhyPage:
    told = list(steps(found, now()))
    title = found.article.article.title if found.article else found.row.title if found.row else ""
    return WhyPage(
        frame=frame,
        asked=asked,
        url=found.url,
        title=title,
        parts=parts_of(frame, told),
        advice=advice_of(frame, told),
        links=tuple(_links(frame, found)),
    )


def _links(frame: ConsoleFrame, found: Known) -> list[Link]:
    say, links = frame.work, []
    if found.site is not None:
        links.append(Link(say.to_site, frame.link(site_path(found.site.id))))
    if found.run is not None:
        links.append(Link(say.to_run, frame.link(run_path(found.run.id))))
    if found.article is not None and found.article.status is Status.PUBLISHED:
        links.append(Link(say.to_article, frame.link(article_path(found.article.id))))
    if found.article is not None and frame.user and frame.user.role.may(Role.EDITOR):
        links.append(Link(say.to_desk, frame.link("/desk", queue="all", open=found.article.id)))
    if urlsplit(found.url).scheme in ("http", "https"):
        links.append(Link(say.to_page, found.url))
    return links
