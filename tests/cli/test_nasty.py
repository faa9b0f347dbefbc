"""The table of addresses that must not be reached (tests/data/nasty_urls.toml), through the verbs that fetch."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from cli.fetch import Fetcher, _Clock, _Connect
from news.addresses import SHUT, Doors, PrivateAddress
from news.errors import BantinError

Bantin = Callable[..., Any]
STATUSES = (301, 302, 303, 307, 308)


@pytest.fixture
def turn(nasty: Any) -> Iterator[str]:
    """A server whose /<status>/<n> redirects to the n-th nasty address, and its robots.txt, if asked as /r/<n>/..."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = self.path.split("/")
            if not parts[1].isdigit():
                self.send_error(404)
                return
            self.send_response(int(parts[1]))
            target = nasty[int(parts[2])].url.replace("\n", "").replace("\x01", "")
            self.send_header("Location", target.encode().decode("latin-1"))
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def refused(fetcher: Fetcher, url: str) -> bool:
    """Whether nothing came of it, or only an answer that is no page: a path on the asked server itself."""
    try:
        return fetcher.get(url).status != 200
    except BantinError as error:
        assert error.remedy
        return True


def test_none_is_fetched_as_it_stands(trap: Any, nasty: Any) -> None:
    fetcher = Fetcher("Bantin/test", timeout=5)
    for row in nasty:
        assert refused(fetcher, row.url), row
        assert refused(Fetcher("Bantin/test", timeout=5, doors=Doors.to("http://127.0.0.1:1/")), row.url), row
    assert trap.hits == []


def test_none_is_fetched_behind_a_redirect_from_where_we_may_ask(trap: Any, nasty: Any, turn: str) -> None:
    fetcher = Fetcher("Bantin/test", timeout=5, doors=Doors.to(turn))
    for n in range(len(nasty)):
        for status in STATUSES:
            assert refused(fetcher, f"{turn}/{status}/{n}"), nasty[n]
    assert trap.hits == []


def test_extract_and_record_reach_none(trap: Any, nasty: Any, turn: str, bantin: Bantin, tmp_path: Path) -> None:
    for n, row in enumerate(nasty):
        assert not bantin("extract", "--", row.url, expect=None).out
        assert not bantin("extract", f"{turn}/302/{n}", "--allow-private", expect=1).out
    for row in nasty[::8]:
        assert not bantin("sites", "record", "--site", "mst", "--to", tmp_path, "--", row.url, expect=None).out
    assert trap.hits == []
    assert not list(tmp_path.iterdir())


def test_sites_check_reaches_none_behind_the_addresses_of_a_site_file(
    trap: Any, nasty: Any, turn: str, bantin: Bantin, tmp_path: Path
) -> None:
    rows = "".join(f'[[source]]\nkind = "sitemap"\nurl = "{turn}/307/{n}"\n' for n in range(len(nasty)))
    (tmp_path / "hamy.toml").write_text(
        f'id = "hamy"\nname = "Hà Mỹ"\nkind = "province"\nhosts = ["{turn[7:]}"]\nhome = "{turn}/"\n'
        f"allow_private_network = true\n{rows}[politeness]\ndelay = 0\ntimeout = 5\n",
        encoding="utf-8",
    )
    told = bantin("sites", "check", "hamy", "--json", expect=1, BANTIN_SITES_DIR=str(tmp_path)).rows
    assert len(told) == len(nasty) + 2
    assert all(row["problem"] for row in told if row["what"] == "sitemap")
    assert trap.hits == []


def test_sites_add_reaches_none_as_a_home_page(trap: Any, nasty: Any, bantin: Bantin, tmp_path: Path) -> None:
    for row in nasty:
        bantin("sites", "add", "--yes", "--", row.url, expect=None, BANTIN_SITES_DIR=str(tmp_path))
    assert trap.hits == []
    assert not list(tmp_path.iterdir())


def test_sites_add_reaches_none_that_a_home_page_names(trap: Any, nasty: Any, bantin: Bantin, tmp_path: Path) -> None:
    """As links, feeds, listings, and sitemaps of its robots.txt; the home page itself may be asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            named = [escape(row.url) for row in nasty]
            links = "".join(f'<a href="{url}">Hội nghị tổng kết công tác năm của tỉnh</a>' for url in named)
            feeds = "".join(f'<link rel="alternate" type="application/rss+xml" href="{url}">' for url in named)
            pages = {
                "/": f"<html lang=vi><title>Tỉnh Hà Mỹ</title>{feeds}<body><nav>{links}</nav>{links}</body>",
                "/robots.txt": "".join(f"Sitemap: {row.url}\n" for row in nasty if "\n" not in row.url),
            }
            body = pages.get(self.path, "").encode("utf-8", "replace")
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        home = f"http://127.0.0.1:{server.server_address[1]}/"
        told = bantin("sites", "add", home, "--allow-private", "--json", BANTIN_SITES_DIR=str(tmp_path))
        server.shutdown()
    assert trap.hits == []
    assert "127.0.0.1" in told.out, "the site itself may be private: it was named"


def test_the_trap_is_seen_where_it_may_be_asked(trap: Any) -> None:
    url = f"http://127.0.0.1:{trap.port}/"
    with pytest.raises(BantinError):
        Fetcher("Bantin/test", timeout=5, doors=Doors.to(url)).get(url)
    assert trap.hits


class _Names:
    """Answers of a name server that rebinds: each is given once."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    def __call__(self, host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in self.answers.pop(0)]


def test_a_name_is_looked_up_once_for_each_connection_and_that_answer_is_judged(trap: Any) -> None:
    """Were it looked up again to connect, the second answer would be reached, unjudged."""
    names = _Names(["127.0.0.1"], ["127.0.0.1"])
    with _Clock(5).running() as clock:
        connect = _Connect(Doors.to(f"http://doi.vn:{trap.port}/"), clock, names)
        connect("doi.vn", trap.port, 5).close()
        assert len(names.answers) == 1
        with pytest.raises(PrivateAddress, match=r"doi\.vn leads to 127\.0\.0\.1"):
            _Connect(SHUT, clock, names)("doi.vn", trap.port, 5)
    assert len(trap.hits) == 1


@pytest.mark.parametrize("answers", [["8.8.8.8", "127.0.0.1"], ["127.0.0.1", "8.8.8.8"], ["8.8.8.8", "::1"]])
def test_a_name_with_public_and_private_addresses_is_refused_before_it_is_connected_to(
    trap: Any, answers: list[str]
) -> None:
    with _Clock(5).running() as clock, pytest.raises(PrivateAddress):
        _Connect(SHUT, clock, _Names(answers))("hai-mat.vn", trap.port, 5)
    assert trap.hits == []
