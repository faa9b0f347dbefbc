"""Signing in and out: /login and /logout."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from news.quota import Taken
from storage.connect import Store
from web import problems, refusals
from web.access import Gate
from web.accounts import forgery
from web.accounts.door import Door, is_script, onward_of
from web.contexts.accounts import LoginPage
from web.forms import form_of
from web.pages import answer_to_user, user_frame_of
from web.principal import principal_of
from web.problems import Problem


def routes(store: Store, gate: Gate, door: Door, sso: str) -> APIRouter:
    """The routes over a store; `gate` is what remembers sessions and limits, `sso` where another way in begins, ""
    where there is none."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/login", methods=["GET", "HEAD"])
    def form(request: Request, next: str = "") -> Response:
        user = principal_of(request).user
        if user:
            return RedirectResponse(onward_of(next, user), HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})
        return answer_to_user(LoginPage(user_frame_of(request), next, sso=sso))

    @router.post("/login")
    async def sign_in(request: Request) -> Response:
        if not forgery.ours(request.headers, gate.origin):
            return refusals.not_from_a_page(request.scope, "The request comes from another site.")
        fields = await form_of(request)
        name, onward = fields.get("name", "").strip().lower(), fields.get("next", "")
        if taken := door.too_often(name, principal_of(request).address):
            return _again(request, LoginPage(user_frame_of(request), onward, name, sso=sso), taken)
        user = await door.opens(name, fields.get("password", ""))
        if user is None:
            return _again(request, LoginPage(user_frame_of(request), onward, name, sso=sso))
        return await door.let_in(request, user, onward)

    @router.post("/logout")
    async def sign_out(request: Request) -> Response:
        present = principal_of(request).present
        if present:
            await to_thread.run_sync(store.sessions.end, present.user.name, present.session.id)
            gate.keeper.forget()
        response = RedirectResponse("/", HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})
        gate.keeper.take_back(response)
        return response

    return router


def _again(request: Request, page: LoginPage, taken: Taken | None = None) -> Response:
    """The form once more, saying why."""
    status = HTTPStatus.TOO_MANY_REQUESTS if taken else HTTPStatus.UNAUTHORIZED
    wrong = page.said.too_often.format(seconds=taken.reset) if taken else page.said.wrong
    if is_script(request):
        response = problems.answer(request, Problem(status, wrong, kind="" if taken else "sign-in-needed"))
    else:
        response = answer_to_user(replace(page, wrong=wrong), status)
    if taken:
        response.headers["Retry-After"] = str(taken.reset)
    return response
