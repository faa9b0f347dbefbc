"""Who gets through to which route, asked from the outside: one line for each route, under those who do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

import config as settings
from config import Config
from news.access import Scope
from news.users import Role
from storage.connect import Store, open_store
from tests.web.accounts import signed_in
from web.app import create_app

Serving = Callable[..., AbstractContextManager[httpx.Client]]
EVERYBODY = frozenset({"anonymous", *Role, *(f"token {scope}" for scope in Scope)})
USERS = frozenset(Role)

# A new route is a new line. Who gets through: everybody where reading is public; where it is not, those named second.
ROUTES: Mapping[str, tuple[frozenset[str], frozenset[str], str]] = {
    "open": (EVERYBODY, EVERYBODY, """
        GET /healthz
        GET /readyz
        GET /metrics
        GET /static/{name:path}
        GET /login
        POST /login
        GET /login/sso
        GET /login/sso/back
        POST /logout
    """),
    "reading": (EVERYBODY, USERS | {"token read"}, """
        GET /
        GET /sites/{id}
        GET /tim
        GET /articles/{id}
        GET /stories/{id}
        GET /nganh
        GET /dia-phuong
        GET /dia-phuong/{name}
        GET /van-ban
        GET /van-ban/{number:path}
        GET /chuyen-muc
        GET /feeds
        GET /feeds/atom.xml
        GET /feeds/rss.xml
        GET /feeds/feed.json
        GET /feeds/opml.xml
        GET /api/v1
        GET /api/v1/
        GET /api/v1/openapi.json
        GET /api/v1/articles
        GET /api/v1/articles/{id}
        GET /api/v1/articles/{id}/versions
        GET /api/v1/articles/{id}/evidence
        GET /api/v1/articles/{id}/events
        GET /api/v1/articles/{id}/story
        GET /api/v1/stories
        GET /api/v1/stories/{id}
        GET /api/v1/sites
        GET /api/v1/sites/{id}
        GET /api/v1/tags
        GET /api/v1/sections
        GET /api/v1/documents
        GET /api/v1/events
        GET /api/v1/events/stream
        GET /api/v1/counts
    """),
    "export": (frozenset({"token export"}), frozenset({"token export"}), """
        GET /api/v1/export
    """),
    "push": (frozenset({"token push"}), frozenset({"token push"}), """
        GET /api/v1/webhooks
        POST /api/v1/webhooks
        GET /api/v1/webhooks/{id}
        DELETE /api/v1/webhooks/{id}
        GET /api/v1/webhooks/{id}/deliveries
        POST /api/v1/webhooks/{id}/pause
        POST /api/v1/webhooks/{id}/resume
        POST /api/v1/webhooks/{id}/test
        POST /api/v1/webhooks/{id}/replay
    """),
    "account": (USERS, USERS, """
        GET /account
        POST /account/password
        POST /account/sessions/end
        POST /account/sessions/end-others
    """),
    "desk": (frozenset({Role.EDITOR, Role.ADMIN}), frozenset({Role.EDITOR, Role.ADMIN}), """
        GET /desk
        GET /desk/queue
        GET /desk/changes
        GET /desk/live
        GET /desk/items/{id}
        POST /desk/items/{id}/teach
        GET /desk/teach
        GET /desk/teach/preview
        GET /desk/rules
        POST /desk/rules
        GET /desk/rules/{id}
        GET /desk/rules/{id}/preview
        GET /desk/rules/{id}/withdraw
        POST /desk/rules/{id}/withdraw
        POST /desk/rules/{id}/again
        GET /desk/items/{id}/page
        GET /desk/items/{id}/trail
        POST /desk/items/{id}/decide
        GET /desk/items/{id}/edit
        POST /desk/items/{id}/edit
        PUT /desk/items/{id}/draft
        DELETE /desk/items/{id}/draft
        GET /desk/items/{id}/waiting
        POST /desk/items/{id}/take
        POST /desk/items/{id}/presence
        GET /desk/items/{id}/story
        POST /desk/items/{id}/story
        GET /desk/items/{id}/notes
        POST /desk/items/{id}/note
        GET /desk/items/{id}/assign
        POST /desk/items/{id}/assign
        POST /desk/decide
        POST /desk/undo
        POST /desk/undo/{record}
        GET /desk/trail
        GET /desk/figures
    """),
    "console": (frozenset({Role.OPERATOR, Role.ADMIN}), frozenset({Role.OPERATOR, Role.ADMIN}), """
        GET /console
        GET /console/table
        GET /console/changes
        GET /console/sites/{id}
        GET /console/sites/{id}/now
        GET /console/sites/{id}/asked
        POST /console/sites/{id}/ask/{kind}
        GET /console/sites/{id}/schedule
        GET /console/sites/{id}/ahead
        GET /console/sites/{id}/urls/{reason}
        GET /console/runs
        GET /console/runs/{id}
        GET /console/runs/{id}/now
        POST /console/runs/{id}/stop
        GET /console/runs/{id}/log
        GET /console/runs/{id}/log.txt
        GET /console/live
        GET /console/live/now
        GET /console/why
    """),
    "users": (frozenset({Role.ADMIN}), frozenset({Role.ADMIN}), """
        GET /users
        POST /users
        GET /users/{name}
        POST /users/{name}/role
        POST /users/{name}/disable
        POST /users/{name}/enable
        POST /users/{name}/password
        POST /users/{name}/end-sessions
    """),
}  # fmt: skip
ROWS = {
    line.strip(): (public, closed)
    for public, closed, lines in ROUTES.values()
    for line in lines.split("\n")
    if line.strip()
}


@dataclass
class House:
    """One installation, and for each way it may be run (`public`: anybody may read) a client of each who may ask."""

    store: Store
    config: Config
    actors: Mapping[bool, Mapping[str, httpx.Client]]


@pytest.fixture(scope="module")
def house(mongod_uri: str, serving: Serving) -> Iterator[House]:
    config = settings.load({"MONGODB_URI": mongod_uri, "BANTIN_DATABASE": "web_permissions"})
    with (
        open_store(config) as store,
        serving(store, config) as public,
        serving(store, replace(config, public_reading=False)) as closed,
        ExitStack() as stack,
    ):
        now = datetime.now(UTC)
        tokens = {scope: str(store.tokens.issue(f"Báo {scope}", [scope], 0, now)[1]) for scope in Scope}
        actors = {}
        for is_public, client in ((True, public), (False, closed)):
            # Each a user of its own, for a user may end their other sessions.
            users = {role: signed_in(client, store, role, f"{role}-{is_public}".lower()) for role in Role}
            consumers = {
                f"token {scope}": httpx.Client(base_url=client.base_url, headers={"X-Auth-Token": token})
                for scope, token in tokens.items()
            }
            for consumer in consumers.values():
                stack.enter_context(consumer)
            actors[is_public] = {"anonymous": client, **users, **consumers}
        yield House(store, config, actors)
        store._client.drop_database("web_permissions")


def rows_of(routes: Iterable[Any]) -> Iterator[str]:
    """Every route of an app as a row. What answers GET answers HEAD."""
    for route in routes:
        if hasattr(route, "original_router"):
            yield from rows_of(route.original_router.routes)
        else:
            yield from (f"{method} {route.path}" for method in set(route.methods) - {"HEAD"})


def asked(client: httpx.Client, row: str, method: str = "", **more: Any) -> httpx.Response:
    """The beginning of the answer to a row: some answers never end. What is asked for is not there, so that nothing
    comes of it."""
    own, _, path = row.partition(" ")
    with client.stream(method or own, re.sub(r"\{[^}]+\}", "none", path), **more) as answer:
        return answer


def let_through(client: httpx.Client, row: str) -> bool:
    """Whether that was answered, be it with "not found", and not refused for who asks."""
    return asked(client, row).status_code not in (401, 403)


def test_every_route_has_a_row_and_every_row_a_route(house: House) -> None:
    assert set(rows_of(create_app(house.store, house.config, dict).routes)) == set(ROWS)


@pytest.mark.parametrize("public", [True, False], ids=["public", "closed"])
def test_each_gets_through_to_what_is_for_them_and_nothing_else(house: House, public: bool) -> None:
    found = {
        row: {name for name, client in house.actors[public].items() if let_through(client, row)}
        for row in ROWS
        if row not in ("POST /login", "POST /logout")  # tested in test_accounts; one refuses guesses, one ends sessions
    }
    expected = {row: set(ROWS[row][0 if public else 1]) for row in found}
    assert found == expected


def test_nothing_is_changed_for_a_session_without_the_token_of_its_pages(house: House) -> None:
    forged = {"X-CSRF-Token": ""}
    changing = [row for row in ROWS if not row.startswith("GET ") and row != "POST /login"]
    for row in changing:
        answers = {role: asked(house.actors[True][role], row, headers=forged).status_code for role in Role}
        assert set(answers.values()) <= {401, 403}, (row, answers)


def test_who_is_shut_out_is_treated_as_anybody(house: House) -> None:
    client = house.actors[True]["anonymous"]
    gone = {
        "disabled": signed_in(client, house.store, Role.ADMIN, "gone"),
        "ended": signed_in(client, house.store, Role.ADMIN, "out"),
    }
    house.store.users.disable("gone", datetime.now(UTC))
    house.store.sessions.end_all("out")
    for row, (public, _) in ROWS.items():
        if "anonymous" not in public:
            assert not [name for name, other in gone.items() if let_through(other, row)], row


def test_a_page_that_is_asked_for_with_head_is_judged_the_same(house: House) -> None:
    anonymous = house.actors[True]["anonymous"]
    for row, (public, _) in ROWS.items():
        if row.startswith("GET ") and "anonymous" not in public:
            assert asked(anonymous, row, "HEAD").status_code == 401, row
