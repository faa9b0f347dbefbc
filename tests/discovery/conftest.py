"""The layouts on a real server, and a notebook in the place of the store."""

from __future__ import annotations

import asyncio
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from news.article import VIETNAM, Lead
from news.errors import Reason
from news.site import Site
from news.urls import identity
from spiders.frontier import Asked, Seen, SourceMemory, Terms, Trust, Validators
from spiders.ledger import Fetched
from spiders.sources import Sources
from tests.discovery.layouts import TODAY, Layout

NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=VIETNAM)


def moment(days_later: float) -> datetime:
    """When a reading begins that comes so much later than the layouts' day."""
    return (NOON + timedelta(days=days_later)).astimezone(UTC) + timedelta(seconds=1)


@dataclass
class Notebook:
    """A ledger in memory."""

    rows: dict[str, Seen] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    memory: dict[str, SourceMemory] = field(default_factory=dict)
    kept: dict[str, Validators] = field(default_factory=dict)
    trusted: dict[Asked, Trust] = field(default_factory=dict)

    async def known(self, leads: Sequence[Lead]) -> dict[str, Seen]:
        return {lead.url: self.rows[key] for lead in leads if (key := identity(lead.url)) in self.rows}

    async def examples(self) -> list[str]:
        return [f"http://{key}" for key in self.rows]

    async def found(self, leads: Sequence[Lead]) -> None:
        for lead in leads:
            self.rows.setdefault(identity(lead.url), Seen(NOON.astimezone(UTC)))

    async def passed(self, leads: Sequence[tuple[Lead, Reason]]) -> None:
        self.reasons.update(str(reason) for _, reason in leads)

    async def cut(self, url: str, reason: Reason, detail: str = "") -> None:
        self.reasons[str(reason)] += 1

    async def sources(self) -> dict[str, SourceMemory]:
        return dict(self.memory)

    async def remember(self, memories: Mapping[str, SourceMemory]) -> None:
        self.memory.update(memories)

    async def validators(self, url: str) -> Validators:
        return self.kept.get(url, Validators())

    async def read(self, url: str, validators: Validators) -> None:
        self.kept[url] = validators

    async def unreadable(self, url: str, cause: Exception | Reason | None, detail: str) -> Reason:
        self.reasons["unreadable"] += 1
        return cause if isinstance(cause, Reason) else Reason.UNREADABLE

    async def trust(self) -> dict[Asked, Trust]:
        return dict(self.trusted)

    async def lied(self, asked: Asked, url: str) -> None:
        self.reasons[str(Reason.VALIDATORS)] += 1
        self.trusted[asked] = self.trusted.get(asked, Trust()).betrayed(NOON, url)


@dataclass
class Portal:
    """A layout that is served. `asked` are the targets of all requests."""

    layout: Layout
    port: int
    asked: list[str] = field(default_factory=list)
    notebook: Notebook = field(default_factory=Notebook)
    stuck: bool = False  # answers 304 to whoever has been here before, whatever has happened since

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def site(self, **changes: Any) -> Site:
        sources = []
        for source in self.layout.sources:
            row = dict(source)
            for key in ("url", "paging"):
                if key in row:
                    row[key] = self.base + row[key]
            sources.append(row)
        table = {
            "id": "lamha", "name": "Tỉnh Lam Hà", "kind": "province", "hosts": [f"127.0.0.1:{self.port}"],
            "home": self.base + "/", "allow_private_network": True, "source": sources, "politeness": {"delay": 0},
        }  # fmt: skip
        return Site.parse({**table, **changes})

    def read(self, days_later: float = 0, **terms: Any) -> list[str]:
        """Reads the sources once, as a crawl does; the addresses it would fetch."""
        started = moment(days_later)
        self.asked.clear()
        self.sources = Sources(self.site(), Terms(started, 10_000, **terms), self.notebook, self._fetch, lambda: True)  # type: ignore[arg-type]
        return asyncio.run(self._all())

    async def _all(self) -> list[str]:
        found = []
        async for batch in self.sources.wanted():
            found += [lead.url.removeprefix(self.base) for lead, _ in batch]
        return found

    async def _fetch(self, url: str, headers: Mapping[str, str]) -> Fetched:
        return await asyncio.to_thread(self._get, url, headers)

    def _get(self, url: str, headers: Mapping[str, str]) -> Fetched:
        request = urllib.request.Request(url, headers=dict(headers))
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return Fetched(url, answer.status, answer.read(), answer.headers.get("ETag", ""), "")
        except urllib.error.HTTPError as error:
            return Fetched(url, error.code, error.read(), "", "")


@pytest.fixture
def serve() -> Iterator[Any]:
    servers: list[ThreadingHTTPServer] = []

    def start(layout: Layout) -> Portal:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        server.portal = Portal(layout, server.server_address[1])  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        servers.append(server)
        return server.portal  # type: ignore[attr-defined, no-any-return]

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        portal: Portal = self.server.portal  # type: ignore[attr-defined]
        portal.asked.append(self.path)
        if portal.stuck and self.headers.get("If-None-Match"):
            self.send_response(304)
            self.end_headers()
            return
        body = portal.layout.pages.get(self.path) or portal.layout.otherwise(self.path)
        data = (body or b"<html><body>404</body></html>").replace(b"http://HOST", portal.base.encode())
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Length", str(len(data)))
        if portal.stuck:
            self.send_header("ETag", '"1"')
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: Any) -> None:
        """Says nothing."""
