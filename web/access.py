"""Who may have an answer: reads the token or the session of a request, judges, limits and counts. Answers 401, 403 and
429 itself.

A token comes in `X-Auth-Token`, as `Authorization: Bearer`, or where one may only read as `?key=` in the address, for
feed readers that can set no header. The key is taken off the address before anything else sees it, so that it is in no
log, page or error; only `keyed` puts it back, into links of feeds.

A session comes as a cookie (web.accounts). It opens what is for users, by the role that a row of _ROLES names, and lets
its user read; for bulk and push one needs a token, whoever one is. What changes something must come from a page of the
session (web.accounts.forgery). Where a token is given, it alone counts.

Routes find who asks in `request.state.principal` (`principal_of`). What a path needs beside reading is a row of _NEEDS,
what is never refused a row of _OPEN, where one may be without having signed in a row of _DOORS; what pages ask though
nobody is there, and keeps no session alive, is _UNATTENDED.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import unquote_plus

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as Connection

from config import Config
from news.access import Credential, Refusal, Scope, Token, judge, recognise
from news.article import Status
from news.errors import BantinError
from news.quota import Bucket, Quota, Taken
from news.users import Role
from storage.connect import Store
from web import problems, refusals
from web.accounts import forgery
from web.accounts.keeper import Keeper
from web.cors import Cors
from web.meter import Meter
from web.peers import client_of, is_of
from web.principal import Principal, principal_of
from web.problems import Problem

__all__ = ["Access", "Gate", "Principal", "allow", "install", "keyed", "need_of", "principal_of", "role_of"]

# How long a token is believed before the store is asked again: what is revoked anywhere is refused here after that.
_BELIEVED = timedelta(seconds=5)
# How long an unknown token is believed to be none: so soon does a new one work.
_MISSED = timedelta(seconds=1)
# Memory for those who asked last, about 10 MB; whoever is forgotten begins with a full bucket.
_REMEMBERED = 50_000

_METRICS = "/metrics"
_OPEN = ("/static", "/healthz", "/readyz")
_NEEDS: tuple[tuple[str, Scope], ...] = (
    ("/api/v1/export", Scope.EXPORT),
    ("/api/v1/webhooks", Scope.PUSH),
    (_METRICS, Scope.METRICS),
)
_ROLES: tuple[tuple[str, Role], ...] = (
    ("/desk", Role.EDITOR),
    ("/console", Role.OPERATOR),
    ("/users", Role.ADMIN),
    ("/account", Role.READER),
)
# Here a session is begun and ended. What is sent to /login takes nothing from the session it may come with.
_DOORS = ("/login", "/logout")
_WITHOUT_SESSION = "/login"
# What an open page asks by itself, though everybody has gone home.
_UNATTENDED = re.compile(r"/desk/(?:live|changes|items/[^/]+/presence)")
_MACHINES = ("/api", "/feeds")
# Far more than the quickest editor with the busiest desk asks; it stops what runs wild.
_USERS = Quota(1200)


def install(app: FastAPI, store: Store, config: Config) -> None:
    """Puts the judgement before all routes. What is added to the app later stands before it: add the headers of every
    answer after this."""
    app.state.access = gate = Gate(store, config)
    app.add_middleware(Access, gate=gate)
    app.add_middleware(Cors, paths=_MACHINES)


def allow(request: Request, statuses: Sequence[Status]) -> None:
    """Raises Problem where who asks may not see articles of these statuses: the one place that decides it."""
    hidden = [status for status in statuses if status is not Status.PUBLISHED]
    principal = principal_of(request)
    token = principal.token
    if hidden and not (token and Scope.REVIEW in token.scopes) and not principal.is_a(Role.EDITOR):
        raise Problem(
            HTTPStatus.FORBIDDEN,
            f"status: what is {' or '.join(hidden)} is not for the public.",
            f"It needs a token with the scope {Scope.REVIEW}, or an editor who is signed in.",
        )


def need_of(path: str) -> Scope:
    """What a token must be good for, to ask for what is at a path."""
    return next((need for top, need in _NEEDS if _below(path, top)), Scope.READ)


def role_of(path: str) -> Role | None:
    """What a user must be, to ask for what is at a path; None where it is for no users in particular."""
    return next((role for top, role in _ROLES if _below(path, top)), None)


def keyed(request: Request, url: str) -> str:
    """The URL of a feed with the key of the reader, where the request had it in its address; else as it is. An answer
    that says it is this reader's: what keeps answers must keep it under this URL, not under the bare one."""
    key = principal_of(request).key
    return f"{url}{'&' if '?' in url else '?'}key={key}" if key else url


class Gate:
    """What the judgement remembers between requests. `clock` gives now, in UTC."""

    def __init__(self, store: Store, config: Config) -> None:
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.meter = Meter(store)
        self.public_reading = config.public_reading
        self.trusted_proxies = config.trusted_proxies
        self.metrics_allow = config.metrics_allow
        self.anonymous = Quota(config.anonymous_per_minute)
        self.origin = forgery.origin_of(config.base_url)
        self.keeper = Keeper(store, secure=config.base_url.startswith("https://"))
        self._store = store
        self._tokens: dict[str, Token] = {}
        self._loaded: datetime | None = None
        self._loading: asyncio.Task[None] | None = None
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    async def token(self, id: str, now: datetime) -> Token | None:
        """The token of an id, as the store had it a few seconds ago at most. Raises StorageUnavailable."""
        if self._is_old(id, now):
            if self._loading is None or self._loading.done():
                self._loading = asyncio.get_running_loop().create_task(self._load(now))
            await asyncio.shield(self._loading)  # many may wait for it, and any of them may go away
        return self._tokens.get(id)

    async def _load(self, now: datetime) -> None:
        # All of them, for they are few, and whoever makes up tokens shall not cost the store a question each.
        self._tokens = {token.id: token for token in await asyncio.to_thread(self._store.tokens.all)}
        self._loaded = now

    def _is_old(self, id: str, now: datetime) -> bool:
        """A clock that was set back says nothing about age."""
        limit = _BELIEVED if id in self._tokens else _MISSED
        return self._loaded is None or not timedelta() <= now - self._loaded < limit

    def take(self, subject: str, quota: Quota, now: datetime) -> Taken | None:
        """One request of whoever it is, a token by its id or an address; None where any number is allowed."""
        if not quota.per_minute:
            return None
        taken = quota.take(self._buckets.get(subject), now.timestamp())
        self._buckets[subject] = taken.bucket
        self._buckets.move_to_end(subject)
        if len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)
        return taken


class Access:
    """The middleware: whose token or session it is, whether that may, whether it is too much, and then the answer."""

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self.app = app
        self.gate = gate

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, self._closing(send))
        elif scope["type"] != "http" or any(_below(scope["path"], path) for path in _OPEN) or self._watches(scope):
            await self.app(scope, receive, send)
        else:
            await self._judge(scope, receive, send)

    def _watches(self, scope: Connection) -> bool:
        """Whether this is one of the machines that may read the metrics without a token."""
        if scope["path"] != _METRICS:
            return False
        peer = scope["client"][0] if scope["client"] else ""
        forwarded = Headers(scope=scope).getlist("x-forwarded-for")
        return is_of(self.gate.metrics_allow, peer, forwarded, self.gate.trusted_proxies)

    async def _judge(self, scope: Connection, receive: Receive, send: Send) -> None:
        gate, now = self.gate, self.gate.clock()
        headers = Headers(scope=scope)
        given, key = _take_token(scope, headers)
        try:
            token = await self._who(given, now)
            used = _UNATTENDED.fullmatch(scope["path"]) is None
            present = None if given else await gate.keeper.present(headers.get("cookie", ""), now, used=used)
        except BantinError as error:
            await problems.unavailable(Request(scope), error)(scope, receive, send)
            return
        need = need_of(scope["path"])
        public = gate.public_reading or present is not None or _is_for_users(scope["path"])
        verdict = token if isinstance(token, Refusal) else judge(token, need, public=public, now=now)
        principal = Principal(verdict.token, key, present, self._address(scope, headers))
        scope.setdefault("state", {})["principal"] = principal
        quota, taken = self._take(principal, now)
        answer: ASGIApp = self.app
        if taken and not taken.allowed:
            answer = refusals.too_many(scope, quota, taken)
        elif isinstance(verdict, Refusal):
            answer = refusals.refused(scope, verdict.reason, need)
        else:
            answer, receive = await self._admit(scope, headers, receive, principal)
        gate.meter.count(principal.consumer, now, requests=1, refused=int(answer is not self.app))
        await answer(scope, receive, self._counting(scope, send, principal, _limits(scope, principal, quota, taken)))

    async def _admit(
        self, scope: Connection, headers: Headers, receive: Receive, principal: Principal
    ) -> tuple[ASGIApp, Receive]:
        """The app where the user may do this, and not only seems to; else what they are answered."""
        role = role_of(scope["path"])
        if role and principal.user is None:
            return refusals.sign_in_needed(scope), receive
        if role and not principal.is_a(role):
            return refusals.role_needed(scope, role), receive
        if not principal.present or scope["method"] in forgery.SAFE or _below(scope["path"], _WITHOUT_SESSION):
            return self.app, receive
        judged = await forgery.judge(headers, receive, principal.present.ticket, self.gate.origin)
        if judged.large:
            return refusals.too_large(scope, forgery.MOST_FORM), receive
        return refusals.not_from_a_page(scope, judged.wrong) if judged.wrong else self.app, judged.receive

    def _address(self, scope: Connection, headers: Headers) -> str:
        peer = scope["client"][0] if scope["client"] else ""
        return client_of(peer, headers.getlist("x-forwarded-for"), self.gate.trusted_proxies)

    def _take(self, principal: Principal, now: datetime) -> tuple[Quota, Taken | None]:
        if principal.token:
            quota, subject = Quota(principal.token.per_minute), principal.token.id
        elif principal.user:
            quota, subject = _USERS, f"user {principal.user.name}"
        else:
            quota, subject = self.gate.anonymous, principal.address
        return quota, self.gate.take(subject, quota, now)

    async def _who(self, given: str, now: datetime) -> Token | Refusal | None:
        if not given:
            return None
        credential = Credential.parse(given)
        known = recognise(credential, await self.gate.token(credential.id, now) if credential else None)
        if isinstance(known, Token):
            self.gate.meter.use(known.id, now)
        return known

    def _counting(self, scope: Connection, send: Send, principal: Principal, limits: dict[str, str]) -> Send:
        """Sends with the limits in the headers, and counts what goes out as it goes: some answers take hours. One for a
        user ends where the session does."""
        over = False

        async def counting(message: Message) -> None:
            nonlocal over
            if over:
                return
            if principal.present and message.get("more_body") and await self._has_gone(scope):
                over, message = True, {"type": "http.response.body", "body": b"", "more_body": False}
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(limits)
                if principal.token or principal.user:
                    headers["Cache-Control"] = _private(headers.get("cache-control", ""))
            elif scope["method"] != "HEAD" and message.get("body"):
                self.gate.meter.count(principal.consumer, self.gate.clock(), size=len(message["body"]))
            await send(message)

        return counting

    async def _has_gone(self, scope: Connection) -> bool:
        cookies = Headers(scope=scope).get("cookie", "")
        try:
            return await self.gate.keeper.present(cookies, self.gate.clock(), used=False) is None
        except BantinError:
            return False  # a store that is away has ended no session

    def _closing(self, send: Send) -> Send:
        async def closing(message: Message) -> None:
            if message["type"].startswith("lifespan.shutdown"):
                await self.gate.meter.close()
            await send(message)

        return closing


def _is_for_users(path: str) -> bool:
    """Whether it is a session that is asked for there, not the right to read."""
    return role_of(path) is not None or any(_below(path, door) for door in _DOORS)


def _below(path: str, top: str) -> bool:
    return path == top or path.startswith(f"{top}/")


def _take_token(scope: Connection, headers: Headers) -> tuple[str, str]:
    """The token that a request gives ("" for none), and the same again where it is the key of its address. Takes the
    key off the address in place, for the server's own log reads it there."""
    pairs = scope["query_string"].split(b"&")
    keys = [pair for pair in pairs if pair.startswith(b"key=")]
    if keys:
        scope["query_string"] = b"&".join(pair for pair in pairs if pair not in keys)
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    given = headers.get("x-auth-token") or (bearer.strip() if scheme.lower() == "bearer" else "")
    if given or not keys or scope["method"] not in ("GET", "HEAD"):
        return given, ""
    key = unquote_plus(keys[0][4:].decode("latin-1"))
    return key, key


def _limits(scope: Connection, principal: Principal, quota: Quota, taken: Taken | None) -> dict[str, str]:
    """The limit and what is left of it: the two fields of draft-ietf-httpapi-ratelimit-headers as it is now, and the
    three of its versions before 07, which are what clients know."""
    if taken is None or not any(_below(scope["path"], path) for path in _MACHINES):
        return {}
    name = "consumer" if principal.token else principal.consumer
    return {
        "RateLimit-Policy": f'"{name}";q={quota.per_minute};w=60',
        "RateLimit": f'"{name}";r={taken.remaining};t={taken.reset}',
        "RateLimit-Limit": str(quota.per_minute),
        "RateLimit-Remaining": str(taken.remaining),
        "RateLimit-Reset": str(taken.reset),
    }


def _private(cache: str) -> str:
    """What a browser may do with an answer, without what any other cache might."""
    parts = [part.strip() for part in cache.split(",") if part.strip()]
    if "no-store" in parts:
        return cache
    kept = (part for part in parts if part not in ("public", "private") and not part.startswith("s-maxage"))
    return ", ".join(("private", *kept))
