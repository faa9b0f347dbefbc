"""A consumer manages its own webhooks over HTTP, and nobody else's."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from fastapi import FastAPI, Request

from storage.connect import Store
from storage.events import begin_at
from tests.conftest import Trap
from tests.web.push.conftest import pushing, settled
from tests.web.push.test_convergence import Put
from web import problems, webhooks
from web.push.sender import Sender
from web.shelf import Shelf

BASE = "/api/v1/webhooks"


def owner_of(request: Request) -> str:
    return request.headers["x-owner"]


@contextmanager
def client_of(shelf: Shelf) -> Iterator[httpx.Client]:
    app = FastAPI()
    problems.install(app)
    app.include_router(webhooks.routes(shelf, Sender("Bantin/test"), owner_of))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        with httpx.Client(base_url=address, headers={"x-owner": "t1"}, timeout=30) as client:
            try:
                yield client
            finally:
                server.should_exit = True
                thread.join()


def test_a_consumer_makes_tries_pauses_and_removes_its_own(store: Store, shelf: Shelf, put: Put, trap: Trap) -> None:
    with client_of(shelf) as client:
        wish = {"name": "bao", "url": f"http://127.0.0.1:{trap.port}/", "select": "site=soyte", "after": "0"}
        made = client.post(BASE, json=wish)
        assert made.status_code == 201
        assert len(made.json()["secret"]) == 64
        one = f"{BASE}/{made.json()['id']}"
        assert client.get(BASE).json()["webhooks"] == [client.get(one).json()]
        assert "secret" not in client.get(one).json()

        for method, path in (("GET", one), ("DELETE", one), ("POST", f"{one}/test"), ("GET", f"{one}/deliveries")):
            stranger = client.request(method, path, headers={"x-owner": "t2"})
            assert stranger.status_code == 404
            assert stranger.headers["content-type"] == "application/problem+json"
        assert client.post(BASE, json={**wish, "allow_private": True}).status_code == 422
        assert client.post(BASE, json={**wish, "select": "site=nobody"}).status_code == 422
        assert client.post(BASE, json={**wish, "url": "ftp://a.vn/"}).status_code == 422
        for body, status, kind in ((b'{"name"', 422, "invalid-query"), (b"\xff", 400, "bad-request")):
            broken = client.post(BASE, content=body, headers={"content-type": "application/json"})
            assert (broken.status_code, broken.json()["type"]) == (status, f"/api/v1/#problem-{kind}")
            assert broken.headers["content-type"] == "application/problem+json"

        tried = client.post(f"{one}/test").json()
        assert tried["state"] == "failed"
        assert "not an address of the public internet" in tried["attempts"][0]["error"]
        assert trap.hits == []

        assert client.post(f"{one}/pause", json={"reason": "bảo trì"}).json()["paused"]["reason"] == "bảo trì"
        assert client.post(f"{one}/resume").json()["paused"] is None
        for n in range(1, 4):
            put(f"a{n}")
        with pushing(shelf, timeout=1.0):
            settled(store)
        told = client.get(f"{one}/deliveries", params={"limit": 1}).json()
        assert (told["deliveries"][0]["article"], told["deliveries"][0]["state"]) == ("a3", "failed")
        before = client.get(f"{one}/deliveries", params={"before": told["next"]}).json()["deliveries"]
        assert [row["article"] for row in before] == ["a2", "a1", ""]
        assert before[-1]["id"] == tried["id"]
        store._database.events.delete_many({"_id": {"$lt": 3}})
        begin_at(store._database.counters, 3)
        for path, body in ((BASE, {**wish, "after": "1"}), (f"{one}/replay", {"after": "1"})):
            gone = client.post(path, json=body)
            assert (gone.status_code, gone.json()["cursor"]) == (410, "2")
        assert client.post(f"{one}/replay", json={"after": "0"}).json()["cursor"] == "0"
        assert client.post(f"{one}/replay", json={"after": "0", "delivery": "x"}).status_code == 422
        assert client.post(f"{one}/replay", json={"delivery": "x"}).status_code == 404
        assert client.post(f"{one}/replay", json={"delivery": told["deliveries"][0]["id"]}).status_code == 200
        for _ in range(webhooks.MOST - 1):
            assert client.post(BASE, json=wish).status_code == 201
        assert client.post(BASE, json=wish).json()["type"] == "/api/v1/#problem-conflict"
        assert client.delete(one).status_code == 204
        assert client.get(one).status_code == 404
