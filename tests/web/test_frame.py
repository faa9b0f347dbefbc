"""What stands before every route: names of static files, packing, headers."""

from __future__ import annotations

import asyncio
import gc
import gzip
import hashlib
import re
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
import zstandard
from fastapi import FastAPI
from lxml import html
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from news.article import StoredArticle
from web import problems
from web.compression import Compression, accepted
from web.pages import STATIC
from web.security import SecurityHeaders
from web.server import send_at_once, settle
from web.static import Static

Put = Callable[..., StoredArticle]
PLAIN = {"Accept-Encoding": "identity"}


def test_a_static_file_is_kept_for_ever_because_its_name_tells_its_content(client: httpx.Client) -> None:
    page = html.fromstring(client.get("/").text)
    style = page.cssselect("link[rel=stylesheet]")[0].get("href", "")

    assert re.fullmatch(r"/static/style\.[0-9a-f]{12}\.css", style)
    answer = client.get(style)
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/css")
    assert client.get(style, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_a_page_of_before_an_update_still_finds_its_style(client: httpx.Client) -> None:
    for old in ("/static/style.css", "/static/style.0123456789ab.css"):
        answer = client.get(old)
        assert ("--paper" in answer.text, answer.headers["cache-control"]) == (True, "no-cache")


@pytest.mark.parametrize("name", ["none.css", "../app.py", "..%2fapp.py", "vendor", "vendor/README.md", "%00"])
def test_nothing_but_static_files_is_served(client: httpx.Client, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_another_content_has_another_name(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a {}")
    before = Static(tmp_path).address("a.css")
    (tmp_path / "a.css").write_text("b {}")
    assert Static(tmp_path).address("a.css") != before


def test_htmx_is_there_as_its_readme_says_and_on_no_reading_page(client: httpx.Client, put: Put) -> None:
    readme = (Path(__file__).parents[2] / "web" / "static" / "vendor" / "README.md").read_text(encoding="utf-8")
    body = client.get(STATIC.address("vendor/htmx.min.js")).content
    assert hashlib.sha256(body).hexdigest() in readme
    put("a")
    for path in ("/", "/articles/a", "/tim"):
        assert "<script" not in client.get(path).text


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", ""), ("gzip", "gzip"), ("gzip, deflate, br, zstd", "zstd"), ("zstd;q=0.5, gzip", "gzip"), ("*", "zstd"),
        ("zstd;q=0, *;q=0.1", "gzip"), ("identity", ""), ("gzip;q=x", ""), ("GZIP;q=1.0", "gzip"),
    ],
)  # fmt: skip
def test_the_coding_is_one_that_the_reader_takes(header: str, coding: str) -> None:
    assert accepted(header) == coding


def test_a_packed_answer_says_the_same_and_its_tag_is_known_again(client: httpx.Client, put: Put) -> None:
    put("a")
    plain = client.get("/", headers=PLAIN)
    for coding in ("gzip", "zstd"):
        with client.stream("GET", "/", headers={"Accept-Encoding": coding}) as packed:
            raw = b"".join(packed.iter_raw())
        unpack = gzip.decompress if coding == "gzip" else zstandard.ZstdDecompressor().decompressobj().decompress
        assert (packed.headers["content-encoding"], unpack(raw)) == (coding, plain.content)
        assert "accept-encoding" in packed.headers["vary"].lower()
        assert packed.headers["etag"] == f"W/{plain.headers['etag']}", "other bytes, the same meaning"
        again = client.get("/", headers={"If-None-Match": packed.headers["etag"], "Accept-Encoding": coding})
        assert (again.status_code, again.headers["etag"]) == (304, packed.headers["etag"])
    assert "content-encoding" not in plain.headers
    assert "accept-encoding" in plain.headers["vary"].lower()
    assert client.get("/", headers=PLAIN | {"If-None-Match": plain.headers["etag"]}).status_code == 304


async def _asked(app: FastAPI, path: str) -> list[tuple[str, bytes]]:
    """What an app sends, piece by piece, with the coding that the first piece names."""
    sent: list[tuple[str, bytes]] = []

    async def send(message: dict[str, object]) -> None:
        headers = dict(message.get("headers", []))  # type: ignore[call-overload]
        sent.append((headers.get(b"content-encoding", b"").decode(), message.get("body", b"")))  # type: ignore[arg-type]

    async def receive() -> dict[str, object]:
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"", "scheme": "http",
        "headers": [(b"accept-encoding", b"gzip")], "server": ("a", 80), "client": ("b", 1), "http_version": "1.1",
    }  # fmt: skip
    await app(scope, receive, send)  # type: ignore[arg-type]
    return sent


def _streams(media_type: str, **headers: str) -> FastAPI:
    app = FastAPI()
    app.add_middleware(Compression)

    @app.get("/")
    def stream(request: Request) -> Response:
        async def pieces() -> AsyncIterator[bytes]:
            for n in range(3):
                yield f"data: {n}\n\n".encode() * 300

        return StreamingResponse(pieces(), media_type=media_type, headers=headers)

    return app


def test_events_go_out_as_they_come_and_secrets_are_not_packed() -> None:
    for app in (_streams("text/event-stream"), _streams("text/html", **{"Cache-Control": "no-store"})):
        sent = asyncio.run(_asked(app, "/"))
        assert sent[0][0] == ""
        assert [body for _, body in sent[1:4]] == [f"data: {n}\n\n".encode() * 300 for n in range(3)]


def test_a_stream_is_packed_as_a_stream() -> None:
    sent = asyncio.run(_asked(_streams("application/x-ndjson"), "/"))
    assert sent[0][0] == "gzip"
    whole = gzip.decompress(b"".join(body for _, body in sent[1:]))
    assert whole == b"".join(f"data: {n}\n\n".encode() * 300 for n in range(3))


def test_even_what_broke_carries_the_headers() -> None:
    app = FastAPI()
    problems.install(app)
    app.add_middleware(SecurityHeaders)

    @app.get("/")
    def broken() -> None:
        raise RuntimeError("x")

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://a") as client:
            return await client.get("/")

    answer = asyncio.run(ask())
    assert answer.status_code == 500
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_only_pages_with_a_form_may_send_one_and_only_to_us(client: httpx.Client, put: Put) -> None:
    put("a")
    for path, allowed in (("/articles/a", "'none'"), ("/", "'none'"), ("/tim", "'self'"), ("/dia-phuong", "'self'")):
        policy = client.get(path).headers["content-security-policy"]
        assert f"form-action {allowed}" in policy, path
        assert "script-src" not in policy


def test_an_answer_goes_out_whole_at_once_on_a_connection_that_is_kept() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        send_at_once(door)
        with socket.create_connection(door.getsockname()[:2]), door.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_what_is_there_at_the_start_holds_up_no_answer() -> None:
    try:
        settle()
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.unfreeze()
