"""Users who are signed in, for tests of what is behind the door, and the house that has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

import httpx
import pytest
from argon2 import PasswordHasher
from lxml import html

import config as settings
from config import Config
from news.errors import InvalidValue
from news.sessions import Ticket
from news.users import Role, User
from storage.connect import Store, open_store
from web.accounts import passwords

Serving = Callable[..., AbstractContextManager[httpx.Client]]
PASSWORD = "một mật khẩu dài"
PAGE = {"Accept": "text/html"}
OURS = {"Origin": "https://tin.example.vn"}

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


hashed = cache(passwords.hashed)


class Clock:
    """The time of the web app, which passes when a test says so."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, by: timedelta) -> None:
        self.now += by


@dataclass
class House:
    """One installation: `public` is open to all readers, `closed` to those who sign in or have a token."""

    store: Store
    config: Config
    clock: Clock
    public: httpx.Client
    closed: httpx.Client

    def user(self, name: str, role: Role = Role.EDITOR, password: str = PASSWORD) -> User:
        """A user with a password."""
        user = User(name, role, self.clock(), full_name="Nguyễn Thị Lan", password=hashed(password))
        self.store.users.add(user)
        return user

    def signed_in(self, role: Role, name: str = "", client: httpx.Client | None = None) -> httpx.Client:
        return signed_in(client or self.public, self.store, role, name, self.clock())

    def post_login(self, name: str, password: str = PASSWORD, **more: str) -> httpx.Response:
        return self.public.post("/login", data={"name": name, "password": password, **more}, headers=PAGE | OURS)


@pytest.fixture(scope="module")
def built(mongod_uri: str, serving: Serving) -> Iterator[House]:
    config = settings.load({"MONGODB_URI": mongod_uri, "BANTIN_DATABASE": "web_accounts"})
    clock = Clock()
    with (
        pytest.MonkeyPatch.context() as patch,
        open_store(config) as store,
        serving(store, config, clock) as public,
        serving(store, replace(config, public_reading=False), clock) as closed,
    ):
        # What hashing costs is the business of others than these hundred sign-ins.
        patch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        patch.setattr(passwords, "_nobodys", cache(lambda: passwords.hashed("nobody's password")))
        yield House(store, config, clock, public, closed)
        store._client.drop_database("web_accounts")


@pytest.fixture
def house(built: House) -> House:
    """The house on a day of this test's own: MongoDB deletes what is over by its own clock, so that days lie ahead."""
    built.clock.now = max(built.clock.now, datetime.now(UTC)) + timedelta(days=1)
    built.public.cookies.clear()
    return built


def cookie_of(answer: httpx.Response) -> str:
    """The cookie of a session as an answer sets it, with all that it says of it."""
    (line,) = [line for line in answer.headers.get_list("set-cookie") if line.partition("=")[0] in COOKIES]
    return line


def with_cookie(answer: httpx.Response) -> dict[str, str]:
    return {"Cookie": cookie_of(answer).partition(";")[0]}


def form_page(answer: httpx.Response) -> html.HtmlElement:
    page = html.fromstring(answer.text)
    assert isinstance(page, html.HtmlElement)
    return page
