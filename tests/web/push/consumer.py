"""A consumer of a webhook on a real port, with manners that a test chooses, which does as docs/api.md says."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from news.push import verify


@dataclass
class Heard:
    """One request: the delivery's id, what it said, and how it was answered."""

    delivery: str
    body: dict[str, Any]
    headers: dict[str, str]
    mood: str


# What to do with the n-th request, counted from 1, and its body: "ok", "late" (takes it and fails all the same), a
# status, "hang", "garbage", "cut", "drip", or the address of a redirect.
Mood = Callable[[int, dict[str, Any]], str]


@dataclass
class Consumer:
    """`have` is what it ends with: article id to its JSON."""

    mood: Mood = lambda n, body: "ok"
    secret: str = ""
    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    have: dict[str, dict[str, Any]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    cursors: dict[str, int] = field(default_factory=dict)
    released: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    forged: int = 0

    def take(self, heard: Heard) -> None:
        """Applies a delivery, once."""
        id, body = heard.body["id"], heard.body
        if heard.delivery in self.seen or not body["event"]:
            return
        self.seen.add(heard.delivery)
        cursor = int(body["event"]["cursor"])
        if cursor < self.cursors.get(id, 0):
            return
        self.cursors[id] = cursor
        if body["removed"]:
            self.have.pop(id, None)
        else:
            self.have[id] = body["article"]

    @property
    def titles(self) -> dict[str, str]:
        with self.lock:
            return {id: article["title"] for id, article in self.have.items()}

    @property
    def taken(self) -> list[Heard]:
        """What was answered with success, in order."""
        with self.lock:
            return [heard for heard in self.heard if heard.mood == "ok"]


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        consumer = self.server.consumer
        body = self.rfile.read(int(self.headers["Content-Length"]))
        genuine = verify(consumer.secret, body, self.headers["X-Bantin-Signature"], int(time.time()))
        with consumer.lock:
            consumer.forged += bool(consumer.secret) and not genuine
            said = json.loads(body)
            mood = consumer.mood(len(consumer.heard) + 1, said)
            heard = Heard(self.headers["X-Bantin-Delivery"], said, dict(self.headers), mood)
            consumer.heard.append(heard)
            if mood in ("ok", "late"):
                consumer.take(heard)
        self._answer(mood, consumer)

    def _answer(self, mood: str, consumer: Consumer) -> None:
        if mood == "hang":
            consumer.released.wait(30)
            self.close_connection = True
        elif mood == "cut":
            self.close_connection = True
        elif mood == "garbage":
            self.wfile.write(b"\x00\xff not HTTP at all\r\n\r\n")
            self.close_connection = True
        elif mood == "drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while not consumer.released.wait(0.02):
                self.wfile.write(b"X-A: b\r\n")
        elif mood.startswith("http"):
            self._say(302, b"", Location=mood)
        else:
            self._say({"ok": 204, "late": 500}.get(mood) or int(mood), b"" if mood == "ok" else b"<b>why</b>" * 200)

    def _say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    consumer: Consumer

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # the other side hung up


@contextmanager
def listening(mood: Mood = lambda n, body: "ok") -> Iterator[Consumer]:
    """A consumer that runs until the end of the block."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.consumer = Consumer(mood, url=f"http://127.0.0.1:{server.server_address[1]}/hook")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.consumer
        finally:
            server.consumer.released.set()
            server.shutdown()
            thread.join()
