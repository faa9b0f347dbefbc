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
from news.addresses import Doors
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
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()

    def add(path: str, body: bytes = b"", headers: dict[str, str] | None = None, status: int = 200) -> str:
        answers[path] = body, headers or {}, status
        return f"http://127.0.0.1:{server.server_address[1]}{path}"

    yield add  # type: ignore[misc]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def fetcher(serve: Callable[..., str]) -> Fetcher:
    return Fetcher("Bantin/test (+https://x.vn)", timeout=5, max_bytes=10_000, doors=Doors.to(serve("/")))


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


def test_only_http_is_followed(serve: Callable[..., str], fetcher: Fetcher) -> None:
    for target in ("file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/"):
        with pytest.raises(BantinError):
            fetcher.get(serve("/away", b"", {"Location": target}, 302))


@pytest.mark.parametrize(
    "opening",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Long: ",
        b"HTTP/1.1 ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n",
    ],
    ids=["body", "header", "status line", "body of a known length"],
)
def test_a_server_that_drips_is_left_after_the_time_limit_wherever_it_drips(opening: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        ended = threading.Event()

        def drip() -> None:
            caller, _ = door.accept()
            with caller:
                caller.recv(1000)
                caller.sendall(opening)
                while not ended.wait(0.05):
                    try:
                        caller.sendall(b"x")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        began = time.monotonic()
        url = f"http://127.0.0.1:{door.getsockname()[1]}/"
        with pytest.raises(BantinError, match="not done after 1 s"):
            Fetcher("Bantin/test", timeout=1, doors=Doors.to(url)).get(url)
        assert time.monotonic() - began < 3
        ended.set()
        thread.join()


def test_a_server_that_sends_headers_without_end_is_left(serve: Callable[..., str], fetcher: Fetcher) -> None:
    many = serve("/headers", b"x", {f"X-{n}": "y" * 100 for n in range(200)})
    with pytest.raises(BantinError, match="headers"):
        fetcher.get(many)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress"])
def test_what_is_packed_as_nobody_asked_for_is_refused(
    serve: Callable[..., str], fetcher: Fetcher, encoding: str
) -> None:
    with pytest.raises(BantinError, match="packed as"):
        fetcher.get(serve("/packed", b"\x1b\x00", {"Content-Encoding": encoding}))


def test_five_redirects_are_followed_and_no_more(serve: Callable[..., str], fetcher: Fetcher) -> None:
    serve("/5", b"here")
    urls = [serve(f"/{n}", b"", {"Location": f"/{n + 1}"}, 302) for n in range(5)]
    assert fetcher.get(urls[0]).body == b"here"
    with pytest.raises(BantinError):
        fetcher.get(serve("/-1", b"", {"Location": "/0"}, 302))


def test_a_robots_txt_longer_than_is_read_holds_as_far_as_it_is_read(
    serve: Callable[..., str], fetcher: Fetcher
) -> None:
    rules = b"User-agent: *\nDisallow: /first/\n" + b"# padding\n" * 60_000 + b"Disallow: /last/\n"
    serve("/robots.txt", rules)
    with pytest.raises(BantinError, match="forbids"):
        fetcher.page(serve("/first/a", b"x"))
    assert fetcher.page(serve("/last/a", b"x")).body == b"x"


def test_a_robots_txt_that_redirects_for_ever_is_none(serve: Callable[..., str], fetcher: Fetcher) -> None:
    serve("/robots.txt", b"", {"Location": "/robots.txt"}, 302)
    assert fetcher.page(serve("/a", b"x")).body == b"x"


def test_a_redirect_to_what_robots_txt_forbids_is_not_followed(serve: Callable[..., str], fetcher: Fetcher) -> None:
    serve("/robots.txt", b"User-agent: *\nDisallow: /geheim/")
    serve("/geheim/a", b"secret")
    with pytest.raises(BantinError, match="forbids"):
        fetcher.page(serve("/offen", b"", {"Location": "/geheim/a"}, 302))
