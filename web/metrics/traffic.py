"""What the web app answers: how much, how fast, and how it ended, by kind of address."""

from __future__ import annotations

import time
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.core import Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The first that fits. Addresses themselves would be series without end.
_KINDS = (
    ("/api/v1/export", "export"),
    ("/api/v1/events/stream", "stream"),
    ("/api", "api"),
    ("/feeds", "feeds"),
    ("/static", "static"),
    ("/desk", "desk"),
    ("/console", "console"),
    ("/users", "accounts"),
    ("/account", "accounts"),
    ("/login", "accounts"),
    ("/logout", "accounts"),
    ("/healthz", "watch"),
    ("/readyz", "watch"),
    ("/metrics", "watch"),
)
_READING = "reading"
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


# In this format that is one gauge more for each series.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Traffic(Collector):
    """The counters of this process."""

    def __init__(self) -> None:
        own = CollectorRegistry()
        self.requests = Counter(
            "bantin_http_requests", "Requests answered by this process.", ("kind", "method", "status"), registry=own
        )
        self.seconds = Histogram(
            "bantin_http_request_duration_seconds", "From the request to the end of the answer.", ("kind",),
            buckets=_BOUNDS, registry=own,
        )  # fmt: skip
        self.under_way = Gauge("bantin_http_requests_under_way", "Requests being answered.", registry=own)
        self._own = own

    def collect(self) -> Iterable[Metric]:
        return self._own.collect()


class Watched:
    """The middleware: outside of all others, so that what they refuse is counted too."""

    def __init__(self, app: ASGIApp, traffic: Traffic) -> None:
        self.app = app
        self._traffic = traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = "500"  # what is raised past every handler is answered so, outside of here

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        began, kind = time.perf_counter(), kind_of(scope["path"])
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._traffic.under_way.inc()
        try:
            await self.app(scope, receive, noting)
        finally:
            self._traffic.under_way.dec()
            self._traffic.requests.labels(kind, method, status).inc()
            self._traffic.seconds.labels(kind).observe(time.perf_counter() - began)


def kind_of(path: str) -> str:
    """What is asked for at an address."""
    return next((kind for top, kind in _KINDS if path == top or path.startswith(f"{top}/")), _READING)
