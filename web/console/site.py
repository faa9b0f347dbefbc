"""/console/sites/{id}: one site. Below it the parts that keep it up to date, and what an operator asks of it."""

from __future__ import annotations

import json
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from news.control import ControlKind
from news.errors import InvalidValue
from news.site import Site
from web.console.answers import console_frame, now, operator_of
from web.console.controls import args_of, schedule_in
from web.console.overview import Overview
from web.console.telling import Telling
from web.contexts.console.site import Ahead, AheadPart, AskedPart, EditorPart, NowPart
from web.contexts.console.words import wrong_of
from web.forms import form_of
from web.pages import answer_to_user
from web.problems import Problem
from web.shelf import Shelf


def routes(shelf: Shelf, overview: Overview) -> APIRouter:
    """The pages of the sites of a shelf."""
    router = APIRouter()

    def telling(request: Request, id: str) -> Telling:
        return Telling(shelf, overview, console_frame(request), _site(shelf, id), now())

    @router.api_route("/console/sites/{id}", methods=["GET", "HEAD"])
    def page(request: Request, id: str) -> Response:
        return answer_to_user(telling(request, id).page())

    @router.api_route("/console/sites/{id}/now", methods=["GET", "HEAD"])
    def moment(request: Request, id: str) -> Response:
        tell = telling(request, id)
        found = tell.now(fresh=True)
        turned = request.query_params.get("paused", "") != str(int(found.paused))
        heard = {"HX-Trigger": "console-changed"} if request.query_params.get("mark") != found.mark else None
        return answer_to_user(NowPart(tell.frame, tell.base, found, turned), headers=heard)

    @router.api_route("/console/sites/{id}/asked", methods=["GET", "HEAD"])
    def asked(request: Request, id: str) -> Response:
        tell = telling(request, id)
        controls, over = tell.controls(request.query_params.get("open", ""))
        heard = {"console-now": "", "console-schedule": ""}
        return answer_to_user(
            AskedPart(tell.frame, controls, over), headers={"HX-Trigger": json.dumps(heard)} if over else None
        )

    @router.post("/console/sites/{id}/ask/{kind}")
    async def ask(request: Request, id: str, kind: str) -> Response:
        wanted = _kind(kind)
        form = await form_of(request)
        return await run_in_threadpool(_ask, telling(request, id), wanted, form, operator_of(request))

    @router.api_route("/console/sites/{id}/schedule", methods=["GET", "HEAD"])
    def editor(request: Request, id: str) -> Response:
        tell = telling(request, id)
        return answer_to_user(EditorPart(tell.frame, tell.base, tell.editor()))

    @router.api_route("/console/sites/{id}/ahead", methods=["GET", "HEAD"])
    def ahead(request: Request, id: str) -> Response:
        tell = telling(request, id)
        try:
            shown, status = tell.ahead(schedule_in(request.query_params)), HTTPStatus.OK
        except InvalidValue as error:
            shown, status = (
                Ahead(wrong=wrong_of(tell.frame, error.problem, error.remedy)),
                HTTPStatus.UNPROCESSABLE_ENTITY,
            )
        return answer_to_user(AheadPart(tell.frame, shown), status)

    return router


def _ask(tell: Telling, kind: ControlKind, form: dict[str, str], by: str) -> Response:
    """Writes down what is asked, and shows it with what was asked before."""
    try:
        tell.shelf.store.controls.ask(tell.site.id, kind, by, tell.at, args_of(kind, form))
    except InvalidValue as error:
        part = AskedPart(tell.frame, tell.controls("")[0], wrong=wrong_of(tell.frame, error.problem, error.remedy))
        return answer_to_user(part, HTTPStatus.UNPROCESSABLE_ENTITY)
    return answer_to_user(AskedPart(tell.frame, tell.controls("")[0]))


def _site(shelf: Shelf, id: str) -> Site:
    site = shelf.sites().get(id)
    if site is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no site {id[:60]!r}.", "/console names those there are.")
    return site


def _kind(text: str) -> ControlKind:
    try:
        return ControlKind(text)
    except ValueError:
        raise Problem(HTTPStatus.NOT_FOUND, f"Nobody can ask for {text[:30]!r}.") from None
