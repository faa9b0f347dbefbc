"""Public hubs hear which feeds have changed, together, not too often, and until they take it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import pytest

from news.article import StoredArticle
from storage.connect import Store
from tests.web.push.conftest import QUICK, until
from tests.web.push.test_pusher import Clock
from web.push.hubs import EVERY
from web.push.pusher import Pusher
from web.push.sender import Sender
from web.shelf import Shelf

Put = Callable[..., StoredArticle]


@contextmanager
def hub(answers: list[int]) -> Iterator[tuple[str, list[list[tuple[str, str]]]]]:
    """A hub that answers so, the last one again and again; its address, and what it was told."""
    told: list[list[tuple[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.send_response(answers[min(len(told), len(answers)) - 1])
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/", told
        finally:
            server.shutdown()
            thread.join()


def test_a_hub_hears_of_changed_feeds_once_a_minute_until_it_takes_it(
    store: Store, shelf: Shelf, put: Put, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    put("before")
    with hub([503, 204]) as (address, told):
        with Pusher(shelf, Sender("t"), replace(QUICK, clock=clock, scale=1.0), [address]) as pusher:
            until(lambda: store._database.hubs.find_one({"_id": address}))
            for id, site in (("a1", "soyte"), ("a2", "nhandan"), ("a3", "soyte")):
                put(id, site=site)
            until(lambda: len(told) == 1)
            until(lambda: "was not told" in caplog.text)  # by then it knows when to come again
            clock.now += EVERY
            until(lambda: len(told) == 2)
            until(lambda: store.hubs.cursor(address, 0) == store.events.last())
            put("a4", site="nhandan")
            assert pusher.acts
            clock.now += EVERY * 0.9
            threading.Event().wait(0.2)
            assert len(told) == 2
            clock.now += EVERY * 0.2
            until(lambda: len(told) == 3)
        pairs = told[-1]
        assert pairs[0] == ("hub.mode", "publish")
        assert ("hub.url", "https://tin.example.vn/feeds/atom.xml") in pairs
        assert ("hub.url", "https://tin.example.vn/feeds/atom.xml?site=nhandan") in pairs
        assert not [url for _, url in pairs if "soyte" in url or "before" in url]
