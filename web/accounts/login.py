"""Signing in and out: /login and /logout."""

from __future__ import annotations

import re
from http import HTTPStatus

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from news.quota import Quota, Taken
from news.sessions import Ticket
from news.users import LONGEST_PASSWORD, Role, User
from storage.connect import Store
from web import refusals
from web.access import Gate
from web.accounts import forgery, passwords
from web.contexts.accounts import LoginPage
from web.forms import form_of
from web.pages import answer_to_user, user_frame_of
from web.principal import principal_of
from web.problems import Problem
from web.texts.accounts import ACCOUNT_TEXTS

# A person who has forgotten which password it was tries a handful; a machine has 14,400 guesses a day at one name.
_OF_A_NAME = Quota(10)
# An office behind one address signs in at eight in the morning.
_OF_AN_ADDRESS = Quota(30)
# Each comparison takes 64 MB and most of a core: more than two at once only make all of them slow.
_AT_ONCE = 2
# A path of ours: what a browser takes for another host begins with two slashes, of either kind.
_OWN_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]*")


def routes(store: Store, gate: Gate) -> APIRouter:
    """The routes over a store; `gate` is what remembers sessions and limits."""
    router = APIRouter(include_in_schema=False)
    door = Door(store, gate)

    @router.api_route("/login", methods=["GET", "HEAD"])
    def form(request: Request, next: str = "") -> Response:
        user = principal_of(request).user
        if user:
            return RedirectResponse(_onward(next, user), HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})
        return answer_to_user(LoginPage(user_frame_of(request), next))

    @router.post("/login")
    async def sign_in(request: Request) -> Response:
        if not forgery.ours(request.headers, gate.origin):
            return refusals.not_from_a_page(request.scope, "The request comes from another site.")
        fields = await form_of(request)
        name, onward = fields.get("name", "").strip().lower(), fields.get("next", "")
        if taken := door.too_often(name, principal_of(request).address):
            return _again(request, name, onward, taken)
        user = await door.opens(name, fields.get("password", ""))
        if user is None:
            return _again(request, name, onward)
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


class Door:
    """Lets people in, by their password or because somebody else vouches for them, and gives them a session."""

    def __init__(self, store: Store, gate: Gate) -> None:
        self._store = store
        self._gate = gate
        self._comparing = CapacityLimiter(_AT_ONCE)

    def too_often(self, name: str, address: str) -> Taken | None:
        """What is left where no more attempts may be made now, of the name, known or not, or from the address."""
        now = self._gate.clock()
        for subject, quota in ((f"login from {address}", _OF_AN_ADDRESS), (f"login as {name[:40]}", _OF_A_NAME)):
            taken = self._gate.take(subject, quota, now)
            if taken and not taken.allowed:
                return taken
        return None

    async def opens(self, name: str, password: str) -> User | None:
        """The user of a name and a password. It takes as long to find that there is none."""
        if len(password) > LONGEST_PASSWORD:
            password = ""
        user = await to_thread.run_sync(self._store.users.get, name)
        right = await to_thread.run_sync(passwords.is_right, user, password, limiter=self._comparing)
        if user is None or not right or user.disabled is not None:
            return None
        if passwords.stale(user.password):
            anew = await to_thread.run_sync(passwords.hashed, password, limiter=self._comparing)
            await to_thread.run_sync(self._store.users.set_password, name, anew, user.password)
        return user

    async def let_in(self, request: Request, user: User, onward: str) -> Response:
        """Begins a session, always a new one, and leads where the user wanted to go; a script is told who it is now."""
        ticket = await to_thread.run_sync(self._begin, request, user)
        self._gate.keeper.forget()
        if _is_script(request):
            told = {"user": user.name, "role": str(user.role), "csrf": ticket.csrf}
            response: Response = JSONResponse(told, headers={"Cache-Control": "no-store"})
        else:
            response = RedirectResponse(_onward(onward, user), HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})
        self._gate.keeper.give(response, ticket)
        return response

    def _begin(self, request: Request, user: User) -> Ticket:
        now, principal = self._gate.clock(), principal_of(request)
        if principal.present:
            old = principal.present.session
            self._store.sessions.end(old.user, old.id)
        browser = request.headers.get("user-agent", "")
        _, ticket = self._store.sessions.begin(user.name, now, browser, principal.address)
        self._store.users.signed_in(user.name, now)
        return ticket


def _again(request: Request, name: str, onward: str, taken: Taken | None = None) -> Response:
    """The form once more, saying why."""
    status = HTTPStatus.TOO_MANY_REQUESTS if taken else HTTPStatus.UNAUTHORIZED
    frame = user_frame_of(request)
    said = ACCOUNT_TEXTS[frame.language]
    wrong = said.too_often.format(seconds=taken.reset) if taken else said.wrong
    if _is_script(request):
        raise Problem(status, wrong, kind="" if taken else "sign-in-needed")
    response = answer_to_user(LoginPage(frame, onward, name, wrong), status)
    if taken:
        response.headers["Retry-After"] = str(taken.reset)
    return response


def _onward(wanted: str, user: User) -> str:
    """Where to go: to the page of ours that was wanted, else to where the user works."""
    if _OWN_PATH.fullmatch(wanted) and not wanted.startswith(("/login", "/logout")):
        return wanted
    return "/desk" if user.role.may(Role.EDITOR) else "/account"


def _is_script(request: Request) -> bool:
    return "hx-request" in request.headers or "application/json" in request.headers.get("accept", "")
