"""Signing in by single sign-on: /login/sso leads to the provider, /login/sso/back is where it leads again."""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import datetime
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from config import Config
from news.errors import BantinError, InvalidValue
from news.sso import WAY, Errand, full_name_in, identity, names_in, role_in
from news.users import Role, User
from storage.connect import Store
from web.access import Gate
from web.accounts.door import Door
from web.contexts.accounts import LoginPage
from web.pages import answer_to_user, user_frame_of
from web.principal import principal_of
from web.problems import Problem
from web.texts.accounts import ACCOUNT_TEXTS

if TYPE_CHECKING:
    from web.accounts.provider import Provider

log = logging.getLogger("bantin.web")

START, BACK = "/login/sso", "/login/sso/back"
_MOST_NAMES = 100  # that are tried for a new user
_MOST_ONWARD = 2_000


def provider_of(config: Config) -> Provider | None:
    """The provider that the settings name. Raises BantinError where something is missing for it."""
    if not config.oidc_issuer:
        return None
    if not config.oidc_client_id or not config.base_url:
        raise BantinError(
            "BANTIN_OIDC_ISSUER is set, but who we are to it is not.", "Set BANTIN_OIDC_CLIENT_ID and BANTIN_BASE_URL."
        )
    try:
        from web.accounts.provider import Provider
    except ImportError:
        raise BantinError("Single sign-on is not installed.", "Run pip install 'bantin[sso]'.") from None
    return Provider(config, f"{config.base_url.rstrip('/')}{BACK}")


def routes(store: Store, gate: Gate, door: Door, config: Config) -> APIRouter:
    """The routes over a store; `gate` is what remembers sessions and limits."""
    router = APIRouter(include_in_schema=False)
    provider = provider_of(config)
    known = _Known(store, config)
    cookie = f"{gate.keeper.cookie}-sso"
    secure = cookie.startswith("__Host-")

    @router.get(START)
    async def leave(request: Request, next: str = "") -> Response:
        if provider is None:
            raise Problem(HTTPStatus.NOT_FOUND, "There is no single sign-on here.")
        if door.too_often("", principal_of(request).address):
            return _failed(request, HTTPStatus.TOO_MANY_REQUESTS)
        held, now = secrets.token_urlsafe(32), gate.clock()
        try:
            address, errand = await to_thread.run_sync(provider.errand, _digest(held), next[:_MOST_ONWARD], now)
        except BantinError as error:
            return _refused(request, error)
        await to_thread.run_sync(store.errands.send, errand, now)
        response = RedirectResponse(address, HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})
        response.set_cookie(
            cookie, held, max_age=int(WAY.total_seconds()), path="/", secure=secure, httponly=True, samesite="lax"
        )
        return response

    @router.get(BACK)
    async def back(request: Request, state: str = "", code: str = "") -> Response:
        if provider is None:
            raise Problem(HTTPStatus.NOT_FOUND, "There is no single sign-on here.")
        now = gate.clock()
        errand = await to_thread.run_sync(store.errands.take, state, _digest(request.cookies.get(cookie, "")), now)
        if errand is None or not code:
            log.warning(
                "Single sign-on: %s", "the provider gave no code" if errand else "nobody was sent out like that"
            )
            return _failed(request, HTTPStatus.UNAUTHORIZED)
        try:
            user = await to_thread.run_sync(_vouched, provider, known, code, errand, now)
        except BantinError as error:
            return _refused(request, error)
        if user is None:
            frame = user_frame_of(request)
            return answer_to_user(
                LoginPage(frame, wrong=ACCOUNT_TEXTS[frame.language].sso_unknown), HTTPStatus.FORBIDDEN
            )
        response = await door.let_in(request, user, errand.onward)
        response.delete_cookie(cookie, path="/", secure=secure, httponly=True, samesite="lax")
        return response

    return router


class _Known:
    """The users, by what the provider says of them."""

    def __init__(self, store: Store, config: Config) -> None:
        self._store = store
        self._issuer = config.oidc_issuer
        self._claim = config.oidc_role_claim
        self._otherwise = Role.READER if config.oidc_new_users == "reader" else None

    def user(self, claims: dict[str, Any], now: datetime) -> User | None:
        """Who it is, made where they are new; None for who may not come in."""
        subject = identity(self._issuer, claims["sub"])
        role = (role_in(claims, self._claim) if self._claim else None) or self._otherwise
        user = self._store.users.by_subject(subject)
        if user is None:
            return self._new(claims, subject, role, now) if role else None
        if user.disabled is not None or (self._claim and role is None):
            return None
        if self._claim and role and role is not user.role:
            self._store.users.set_role(user.name, role)
        return user

    def _new(self, claims: dict[str, Any], subject: str, role: Role, now: datetime) -> User | None:
        for name in islice(names_in(claims), _MOST_NAMES):
            user = User(name, role, now, full_name=full_name_in(claims), subject=subject)
            try:
                self._store.users.add(user)
            except InvalidValue:
                if found := self._store.users.by_subject(subject):
                    return found  # they came by another door at the same time
                continue
            return user
        return None


def _vouched(provider: Provider, known: _Known, code: str, errand: Errand, now: datetime) -> User | None:
    return known.user(provider.claims(code, errand, now), now)


def _refused(request: Request, error: BantinError) -> Response:
    log.error("%s", error)
    return _failed(request, HTTPStatus.UNAUTHORIZED)


def _failed(request: Request, status: HTTPStatus) -> Response:
    frame = user_frame_of(request)
    return answer_to_user(LoginPage(frame, wrong=ACCOUNT_TEXTS[frame.language].sso_failed, sso=START), status)


def _digest(held: str) -> str:
    return hashlib.sha256(held.encode("utf-8", "replace")).hexdigest()
