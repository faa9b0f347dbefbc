"""All pages of accounts."""

from __future__ import annotations

from fastapi import APIRouter

from storage.connect import Store
from web.access import Gate
from web.accounts import account, login, users
from web.accounts.door import Door


def routes(store: Store, gate: Gate) -> APIRouter:
    """The routes over a store; `gate` is what remembers sessions and limits."""
    router = APIRouter(include_in_schema=False)
    door = Door(store, gate)
    router.include_router(login.routes(store, gate, door))
    router.include_router(account.routes(store, gate, door))
    router.include_router(users.routes(store, gate, door))
    return router
