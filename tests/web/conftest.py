"""A real web server over a real store with a few articles in it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import uvicorn

from config import Config
from news.article import VIETNAM, Article, Precision, Status, StoredArticle
from news.review.review import Review
from news.site import Site, SiteKind
from storage.connect import Store
from web.app import create_app
from web.server import Server

SITES = {
    "soyte": Site("soyte", "Sở Y tế tỉnh", SiteKind.PROVINCE, ("soyte.gov.vn",), "https://soyte.gov.vn/"),
    "nhandan": Site("nhandan", "Báo Nhân Dân", SiteKind.PRESS, ("nhandan.vn",), "https://nhandan.vn/"),
}
FETCHED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SETTLED = Review()
Put = Callable[..., StoredArticle]


@pytest.fixture
def put(store: Store) -> Put:
    """Stores an article; `id`, `status`, what is open about it and fields of Article may be given."""

    def put(
        id: str, status: Status = Status.PUBLISHED, site: str = "soyte", review: Review = SETTLED, **fields: object
    ) -> StoredArticle:
        values = {
            "title": f"Bài {id}",
            "lead": "Từ ngày 02/3, các trạm y tế bắt đầu tiêm.",
            "body": "Sở Y tế đã ban hành kế hoạch.",
            "html": "<p>Sở Y tế đã ban hành kế hoạch.</p>",
            "published": datetime(2026, 3, 1, 9, 51, tzinfo=VIETNAM),
            "published_precision": Precision.MINUTE,
        }
        article = Article(url=f"https://soyte.gov.vn/{id}", site=site, **{**values, **fields})  # type: ignore[arg-type]
        stored = StoredArticle(
            id=id, article=article, keys=(f"soyte.gov.vn/{id}",), aliases=(), fingerprint=f"f-{id}", story=id,
            status=status, version=1, first_seen=FETCHED, fetched=FETCHED, review=review,
        )  # fmt: skip
        store.journal.create(stored)
        return stored

    return put


@pytest.fixture
def many(put: Put) -> list[StoredArticle]:
    """45 articles, one an hour, the newest first."""
    newest = datetime(2026, 3, 1, 12, 0, tzinfo=VIETNAM)
    return [put(f"b{n:02}", published=newest - timedelta(hours=n)) for n in range(45)]


@contextmanager
def running(store: Store, config: Config, clock: Callable[[], datetime] | None = None) -> Iterator[httpx.Client]:
    with socket.create_server(("127.0.0.1", 0)) as door:
        app = create_app(store, replace(config, base_url="https://tin.example.vn"), lambda: SITES)
        if clock:
            app.state.access.clock = clock
        # With the server's own log of requests, which tests may read.
        server = Server(uvicorn.Config(app, log_config=None, lifespan="on", proxy_headers=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{door.getsockname()[1]}") as http:
                yield http
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="session")
def serving() -> Callable[..., AbstractContextManager[httpx.Client]]:
    """Runs the web app over a store, by a clock of the test where it gives one, and gives a client of it."""
    return running


@pytest.fixture
def client(store: Store, config: Config) -> Iterator[httpx.Client]:
    """A client of the web app over the test's store."""
    with running(store, config) as http:
        yield http
