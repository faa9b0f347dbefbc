"""/console: all sites, the worst first; /console/table is the table alone, /console/changes what became of its rows."""

from __future__ import annotations

import logging

from fastapi import APIRouter, Request
from starlette.responses import Response

from news.errors import BantinError
from news.site import SiteKind
from web.console.answers import console_frame
from web.console.asked import Asked
from web.console.overview import Overview
from web.console.rows import Rows
from web.contexts.console.frame import ConsoleFrame
from web.contexts.console.sites import ChangesPart, SitesPage, TablePart
from web.contexts.frame import Frame
from web.contexts.lists import Option
from web.pages import answer_to_user, render
from web.texts import Language

log = logging.getLogger("bantin.web")


def routes(overview: Overview, rows: Rows) -> APIRouter:
    """The table over what is seen of all sites."""
    router = APIRouter()

    @router.api_route("/console", methods=["GET", "HEAD"])
    def whole(request: Request) -> Response:
        frame, asked = console_frame(request), Asked.of(request)
        kinds = tuple(_kinds(frame, asked))
        return answer_to_user(
            SitesPage(frame, asked.words, asked.state, kinds, rows.table(frame, asked, overview.now()))
        )

    @router.api_route("/console/table", methods=["GET", "HEAD"])
    def alone(request: Request) -> Response:
        frame, asked = console_frame(request), Asked.of(request)
        # Pushed, the way back would lead through each letter that was typed.
        replaced = {"HX-Replace-Url": frame.link("/console", asked.pairs())}
        return answer_to_user(TablePart(frame, rows.table(frame, asked, overview.now())), headers=replaced)

    @router.api_route("/console/changes", methods=["GET", "HEAD"])
    def became(request: Request) -> Response:
        frame, asked, query, seen = console_frame(request), Asked.of(request), request.query_params, overview.now()
        if query.get("book") != seen.book:
            # Another process counts otherwise: the table is asked for anew, and says where it stands.
            return answer_to_user(ChangesPart(frame, rows.changes(frame, asked, seen, -1, seen.number)))
        after, listed = (_number(query.get(name, "")) for name in ("after", "listed"))
        return answer_to_user(ChangesPart(frame, rows.changes(frame, asked, seen, after, listed)))

    return router


def warm(overview: Overview, rows: Rows) -> None:
    """Sees and draws it all once, so that whoever asks first has it as soon as who asks next."""
    frame = ConsoleFrame.of(Frame(Language.VIETNAMESE, "/console", ""))
    try:
        table = rows.table(frame, Asked(), overview.warm())
        render(SitesPage(frame, "", "", tuple(_kinds(frame, Asked())), table))
    except BantinError as error:
        log.info("The first operator will wait a moment longer: %s", error)


def _kinds(frame: ConsoleFrame, asked: Asked) -> list[Option]:
    kinds = [Option(str(kind), frame.texts.kinds[kind], asked.kind == kind) for kind in SiteKind]
    return [Option("", frame.console.any_kind, not asked.kind), *kinds]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
