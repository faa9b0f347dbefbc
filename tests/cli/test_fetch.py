"""One polite request to servers with bad manners."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cli.fetch import Fetcher
from news.errors import BantinError

Serve = Callable[[str, bytes, dict[str, str], int], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Answers for a path with a body, headers and a status; gives the address."""
    answers: dict[str, tuple[bytes, dict[str, str], int]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, headers, status = answers.get(self.path, (b"", {}, 404))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value.replace("{agent}", self.headers["User-Agent"]))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()

    def add(path: str, body: bytes = b"", headers: dict[str, str] | None = None, status: int = 200) -> str:
        answers[path] = body, headers or {}, status
        return f"http://127.0.0.1:{server.server_address[1]}{path}"

    yield add  # type: ignore[misc]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def fetcher() -> Fetcher:
    return Fetcher("Bantin/test (+https://x.vn)", timeout=5, max_bytes=10_000, allow_private=True)


def test_an_answer_is_had_with_its_address_after_redirects(serve: Callable[..., str], fetcher: Fetcher) -> None:
    end = serve("/end", b"<p>x", {"Content-Type": "text/html; charset=utf-8", "X-Agent": "{agent}"})
    start = serve("/start", b"", {"Location": "/end"}, 302)

    answer = fetcher.get(start)

    assert (answer.url, answer.status, answer.body) == (end, 200, b"<p>x")
    assert answer.content_type == "text/html; charset=utf-8"


def test_an_error_page_is_an_answer_but_no_page(serve: Callable[..., str], fetcher: Fetcher) -> None:
    url = serve("/error", b"gone", {}, 410)

    assert fetcher.get(url).status == 410
    with pytest.raises(BantinError, match="answers 410"):
        fetcher.page(url)


def test_robots_txt_is_obeyed(serve: Callable[..., str], fetcher: Fetcher) -> None:
    url = serve("/geheim/a", b"x")
    serve("/robots.txt", b"User-agent: *\nDisallow: /geheim/")

    with pytest.raises(BantinError, match=r"robots\.txt"):
        fetcher.page(url)
    assert fetcher.page(serve("/frei", b"x")).body == b"x"


def test_a_broken_robots_txt_forbids_and_a_missing_one_allows(serve: Callable[..., str], fetcher: Fetcher) -> None:
    url = serve("/a", b"x")
    assert fetcher.page(url).body == b"x"

    serve("/robots.txt", b"", {}, 503)
    with pytest.raises(BantinError, match=r"robots\.txt"):
        fetcher.page(url)


def test_what_is_too_large_is_not_had_packed_or_not(serve: Callable[..., str], fetcher: Fetcher) -> None:
    with pytest.raises(BantinError, match="larger than"):
        fetcher.get(serve("/large", b"x" * 20_000))
    packed = serve("/bomb", gzip.compress(b"x" * 5_000_000), {"Content-Encoding": "gzip"})
    with pytest.raises(BantinError, match="larger than"):
        fetcher.get(packed)
    assert fetcher.get(serve("/fine", gzip.compress(b"fine"), {"Content-Encoding": "gzip"})).body == b"fine"


def test_a_private_address_is_refused_also_behind_a_redirect_or_a_name(serve: Callable[..., str]) -> None:
    careful = Fetcher("Bantin/test", timeout=5)
    port = serve("/a", b"x").partition("127.0.0.1:")[2]

    for host in ("127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "169.254.1.1"):
        with pytest.raises(BantinError, match=r"private network|not an http"):
            careful.get(f"http://{host}:{port}")


def test_only_http_is_followed(serve: Callable[..., str], fetcher: Fetcher) -> None:
    for target in ("file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/"):
        with pytest.raises(BantinError):
            fetcher.get(serve("/away", b"", {"Location": target}, 302))


def test_a_server_that_drips_is_left_after_the_time_limit() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        ended = threading.Event()

        def drip() -> None:
            caller, _ = door.accept()
            with caller:
                caller.recv(1000)
                caller.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                while not ended.wait(0.05):
                    try:
                        caller.sendall(b"x")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        began = time.monotonic()
        with pytest.raises(BantinError, match="still sending"):
            Fetcher("Bantin/test", timeout=1, allow_private=True).get(f"http://127.0.0.1:{door.getsockname()[1]}/")
        assert time.monotonic() - began < 3
        ended.set()
        thread.join()
