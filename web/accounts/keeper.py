"""Whose session a request comes with: the cookie, and what is remembered of sessions for a few seconds."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from datetime import datetime, timedelta

from starlette.responses import Response

from news.sessions import LONGEST, NOTED_EVERY, Ticket
from storage.connect import Store
from web.principal import Present

# How long a session is believed before the store is asked again: what was ended elsewhere is refused here after that.
_BELIEVED = timedelta(seconds=5)
_REMEMBERED = 10_000


class Keeper:
    """Knows who is signed in. All of it runs on the event loop that serves. `secure`: browsers reach the app by https
    alone, and shall not give the cookie away otherwise."""

    def __init__(self, store: Store, *, secure: bool) -> None:
        self._store = store
        self._secure = secure
        # With this prefix no other host of the domain can put a cookie of its own in the place of ours (RFC 6265bis).
        self.cookie = "__Host-bantin" if secure else "bantin"
        self._known: OrderedDict[str, tuple[Present, datetime]] = OrderedDict()
        self._ended = 0

    async def present(self, cookies: str, now: datetime, *, used: bool = True) -> Present | None:
        """Who is signed in, by the header Cookie of a request. It is not `used` where nobody need be there: the session
        then ends as if it had not come. Raises StorageUnavailable."""
        ticket = self._ticket(cookies) if cookies else None
        if ticket is None:
            return None
        known = self._known.get(ticket.digest)
        # A clock that was set back says nothing about age.
        believed = known and timedelta() <= now - known[1] < _BELIEVED and now < known[0].session.ends
        if known and believed and not (used and now - known[0].session.seen >= NOTED_EVERY):
            return known[0]
        ended = self._ended
        found = await asyncio.to_thread(self._find, ticket, now, used=used)
        self._known.pop(ticket.digest, None)
        if found is not None and ended == self._ended:  # else it may be one that was ended meanwhile
            self._known[ticket.digest] = found, now
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return found

    def forget(self) -> None:
        """Asks the store about every session anew: to be called when one was ended or a user was changed. That is rare
        enough to need no finer way."""
        self._ended += 1
        self._known.clear()

    def give(self, response: Response, ticket: Ticket) -> None:
        """Lets the browser keep a session."""
        response.set_cookie(
            self.cookie, ticket.secret, max_age=int(LONGEST.total_seconds()), path="/", secure=self._secure,
            httponly=True, samesite="lax",
        )  # fmt: skip

    def take_back(self, response: Response) -> None:
        """Lets the browser forget its session."""
        response.delete_cookie(self.cookie, path="/", secure=self._secure, httponly=True, samesite="lax")

    def _ticket(self, cookies: str) -> Ticket | None:
        for pair in cookies.split(";"):
            name, _, value = pair.strip().partition("=")
            if name == self.cookie and (ticket := Ticket.parse(value)):
                return ticket
        return None

    def _find(self, ticket: Ticket, now: datetime, *, used: bool) -> Present | None:
        session = self._store.sessions.find(ticket.digest, now, used=used)
        user = self._store.users.get(session.user) if session else None
        if session is None or user is None or user.disabled is not None:
            return None
        return Present(user, session, ticket)
