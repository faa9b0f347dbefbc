"""One's own account: /account."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from news.quota import Taken
from news.users import User, fault_of
from storage.connect import Store
from web.access import Gate
from web.accounts.door import Door
from web.contexts.accounts import AccountPage, SessionRow
from web.forms import form_of
from web.pages import answer_to_user, user_frame_of
from web.principal import Present, principal_of
from web.texts.accounts import ACCOUNT_TEXTS, AccountTexts


def routes(store: Store, gate: Gate, door: Door) -> APIRouter:
    """The routes over a store; `gate` is what remembers sessions and limits."""
    router = APIRouter(include_in_schema=False)

    def page(request: Request, wrong: str = "") -> AccountPage:
        frame, present = replace(user_frame_of(request), path="/account"), _present(request)
        user, said = present.user, ACCOUNT_TEXTS[frame.language]
        sessions = store.sessions.of(user.name, gate.clock())
        return AccountPage(
            frame, said.roles[user.role], bool(user.password),
            tuple(SessionRow.of(session, present.session.id, frame) for session in sessions),
            said.done.get(request.query_params.get("done", ""), ""), wrong,
        )  # fmt: skip

    @router.api_route("/account", methods=["GET", "HEAD"])
    def account(request: Request) -> Response:
        return answer_to_user(page(request))

    @router.post("/account/password")
    async def change(request: Request) -> Response:
        user, fields = _present(request).user, await form_of(request)
        said = ACCOUNT_TEXTS[user_frame_of(request).language]
        anew = fields.get("new", "")
        wrong, status = _unfit(user, anew, fields.get("again", ""), said), HTTPStatus.UNPROCESSABLE_ENTITY
        taken = None if wrong else door.too_often(user.name, principal_of(request).address)
        if taken:
            wrong, status = said.too_often.format(seconds=taken.reset), HTTPStatus.TOO_MANY_REQUESTS
        elif not wrong and await door.opens(user.name, fields.get("current", "")) is None:
            wrong = said.wrong_password
        if wrong:
            return _refused(await to_thread.run_sync(page, request, wrong), status, taken)
        await door.change(user.name, anew, but=_present(request).session.id)
        return _back(request, "password")

    @router.post("/account/sessions/end")
    async def end(request: Request) -> Response:
        present, fields = _present(request), await form_of(request)
        await to_thread.run_sync(store.sessions.end, present.user.name, fields.get("session", ""))
        gate.keeper.forget()
        return _back(request, "session")

    @router.post("/account/sessions/end-others")
    def end_others(request: Request) -> Response:
        present = _present(request)
        store.sessions.end_all(present.user.name, but=present.session.id)
        gate.keeper.forget()
        return _back(request, "sessions")

    return router


def _present(request: Request) -> Present:
    present = principal_of(request).present
    assert present is not None, "the table of roles in web.access keeps others out"
    return present


def _unfit(user: User, anew: str, again: str, said: AccountTexts) -> str:
    fault = fault_of(anew, user.name)
    if fault is not None:
        return said.faults[fault]
    return "" if anew == again else said.not_the_same


def _refused(page: AccountPage, status: HTTPStatus, taken: Taken | None) -> Response:
    response = answer_to_user(page, status)
    if taken:
        response.headers["Retry-After"] = str(taken.reset)
    return response


def _back(request: Request, done: str) -> Response:
    return RedirectResponse(user_frame_of(request).link("/account", done=done), HTTPStatus.SEE_OTHER)
