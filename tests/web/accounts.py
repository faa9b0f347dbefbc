"""Users who are signed in, for tests of what is behind the door."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx

from news.errors import InvalidValue
from news.sessions import Ticket
from news.users import Role, User
from storage.connect import Store

COOKIES = ("bantin", "__Host-bantin")
"""How the cookie is called where the app is reached by http, and where by https."""


def sign_in(store: Store, role: Role, name: str = "", now: datetime | None = None) -> Ticket:
    """Begins a session of a user, who is made where there is none of that name; the ticket is the cookie's value. No
    password is hashed, so that it costs nothing."""
    name, now = name or f"{role}-1", now or datetime.now(UTC)
    try:
        store.users.add(User(name, role, now, full_name=f"Nguyễn {name}"))
    except InvalidValue:
        store.users.set_role(name, role)
    return store.sessions.begin(name, now)[1]


def signed_in(
    client: httpx.Client, store: Store, role: Role, name: str = "", now: datetime | None = None
) -> httpx.Client:
    """A client of the same app as `client`, with the session of a user of the role and the token that pages of it send.
    It keeps no connection open, and need not be closed."""
    ticket = sign_in(store, role, name, now)
    cookies = "; ".join(f"{cookie}={ticket.secret}" for cookie in COOKIES)
    return httpx.Client(
        base_url=client.base_url,
        headers={"Cookie": cookies, "X-CSRF-Token": ticket.csrf},
        limits=httpx.Limits(max_keepalive_connections=0),
    )
