"""Whether the app can answer, for whoever watches it."""

from __future__ import annotations

from fastapi import APIRouter

from storage.connect import Store


def routes(store: Store) -> APIRouter:
    """GET /healthz: 200 while MongoDB answers, else 503."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/healthz", methods=["GET", "HEAD"])
    def healthz() -> dict[str, str]:
        store.ping()
        return {"status": "ok"}

    return router
