"""All pages of accounts."""

from __future__ import annotations

from fastapi import APIRouter

from config import Config
from storage.connect import Store
from web.access import Gate
from web.accounts import account, login, sso, users
from web.accounts.door import Door


def routes(store: Store, gate: Gate, config: Config) -> APIRouter:
    """The routes over a store; `gate` is what remembers sessions and limits. Raises BantinError for settings of single
    sign-on that cannot work."""
    router = APIRouter(include_in_schema=False)
    door = Door(store, gate)
    router.include_router(login.routes(store, gate, door, sso.START if config.oidc_issuer else ""))
    router.include_router(sso.routes(store, gate, door, config))
    router.include_router(account.routes(store, gate, door))
    router.include_router(users.routes(store, gate, door))
    return router
