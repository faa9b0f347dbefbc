"""GET /metrics: what Prometheus reads, in its text format.

Crawls are other processes, so what they did is read from the store (store.py); what the web app answers it counts
itself (traffic.py).
"""

from __future__ import annotations

from fastapi import APIRouter, FastAPI
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, ProcessCollector, generate_latest
from starlette.responses import Response

from web.metrics.measured import Measured
from web.metrics.store import StoreCollector
from web.metrics.traffic import Traffic, Watched

__all__ = ["Measured", "install", "routes"]

PATH = "/metrics"


def install(app: FastAPI) -> None:
    """Counts the requests of the app. What is added to the app later stands before it: add it last."""
    app.state.traffic = traffic = Traffic()
    app.add_middleware(Watched, traffic=traffic)


def routes(app: FastAPI, measured: Measured) -> APIRouter:
    """The one route. Who may read it, web.access judges."""
    registry = CollectorRegistry()
    registry.register(StoreCollector(measured))
    registry.register(app.state.traffic)
    ProcessCollector(registry=registry)
    router = APIRouter(include_in_schema=False)

    @router.api_route(PATH, methods=["GET", "HEAD"])
    def metrics() -> Response:
        headers = {"Cache-Control": "no-store"}
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4, headers=headers)

    return router
