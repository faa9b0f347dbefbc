"""The door: who may try how often, who is let in, and the session they get."""

from __future__ import annotations

import re
from http import HTTPStatus

from anyio import CapacityLimiter, to_thread
from fastapi import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from news.quota import Quota, Taken
from news.sessions import Ticket
from news.users import LONGEST_PASSWORD, Role, User
from storage.connect import Store
from web.access import Gate
from web.accounts import passwords
from web.principal import principal_of

# A person who has forgotten which password it was tries a handful; a machine has 14,400 guesses a day at one name.
_OF_A_NAME = Quota(10)
# An office behind one address signs in at eight in the morning.
_OF_AN_ADDRESS = Quota(30)
# Each comparison takes 64 MB and most of a core: more than two at once only make all of them slow.
_AT_ONCE = 2
# A path of ours: what a browser takes for another host begins with two slashes, of either kind.
_OWN_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]*")


class Door:
    """Lets people in, by their password or because somebody else vouches for them, and gives them a session."""

    def __init__(self, store: Store, gate: Gate) -> None:
        self._store = store
        self._gate = gate
        self._comparing = CapacityLimiter(_AT_ONCE)

    def too_often(self, name: str, address: str) -> Taken | None:
        """What is left where no more attempts may be made now, from the address or of the name, known or not; "" is
        no name."""
        now = self._gate.clock()
        limits = [(f"login from {address}", _OF_AN_ADDRESS)]
        if name:
            limits.append((f"login as {name[:40]}", _OF_A_NAME))
        for subject, quota in limits:
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
            anew = await self.hashed(password)
            await to_thread.run_sync(self._store.users.set_password, name, anew, user.password)
        return user

    async def hashed(self, password: str) -> str:
        """What is kept of a password."""
        return await to_thread.run_sync(passwords.hashed, password, limiter=self._comparing)

    async def change(self, name: str, password: str, but: str = "") -> None:
        """Gives a user another password, and ends the sessions that were begun with the old one, all but one."""
        await to_thread.run_sync(self._store.users.set_password, name, await self.hashed(password))
        await to_thread.run_sync(self._store.sessions.end_all, name, but)
        self._gate.keeper.forget()

    async def let_in(self, request: Request, user: User, onward: str) -> Response:
        """Begins a session, always a new one, and leads where the user wanted to go; a script is told who it is now."""
        ticket = await to_thread.run_sync(self._begin, request, user)
        self._gate.keeper.forget()
        if is_script(request):
            told = {"user": user.name, "role": str(user.role), "csrf": ticket.csrf}
            response: Response = JSONResponse(told, headers={"Cache-Control": "no-store"})
        else:
            response = RedirectResponse(onward_of(onward, user), HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})
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


def onward_of(wanted: str, user: User) -> str:
    """Where to go: to the page of ours that was wanted, else to where the user works."""
    if _OWN_PATH.fullmatch(wanted) and not wanted.startswith(("/login", "/logout")):
        return wanted
    return "/desk" if user.role.may(Role.EDITOR) else "/account"


def is_script(request: Request) -> bool:
    """Whether a script of a page asks, which stays where it is."""
    return "hx-request" in request.headers or "application/json" in request.headers.get("accept", "")
