"""The table of addresses that must not be reached (tests/data/nasty_urls.toml), through every way into a crawl.

The trap listens on all of this machine, and a crawl may reach its own server there and nothing else.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from news.errors import InvalidValue, Reason
from news.report import RunReport
from news.site import Source, SourceKind
from news.urls import identity
from storage.connect import Store

Go = Callable[..., RunReport]
STATUSES = (301, 302, 303, 307, 308)
# How a redirect that leads nowhere may end at the address that sent it. Gone: what is no address of another host is a
# path on the site's own, and not there.
ENDS = {Reason.OFFSITE, Reason.REDIRECTS, Reason.BAD_URL, Reason.PRIVATE_ADDRESS, Reason.DNS, Reason.GONE}


def a_source(url: str) -> dict[str, str] | None:
    """The feed at this address; None where a site file may not say so."""
    try:
        Source(SourceKind.FEED, url)
    except (InvalidValue, ValueError):
        return None
    return {"kind": "feed", "url": url}


def header(text: str) -> str:
    """A text as a server sends it in a header: bytes, whatever the letters."""
    return text.replace("\n", "").replace("\x01", "").encode().decode("latin-1")


def test_the_table_is_long_and_names_no_address_twice(nasty: Any) -> None:
    assert len(nasty) >= 60
    assert len({row.url for row in nasty}) == len(nasty)


def test_as_feeds_of_a_site_file(host: Any, trap: Any, nasty: Any, go: Go, store: Store) -> None:
    sources = {row.url: a_source(row.url) for row in nasty}
    feeds = [source for source in sources.values() if source]
    report = go(host.site(allow_private_network=False, source=feeds))
    assert trap.hits == []
    assert sum(report.reasons.values()) == len(feeds) > 60
    for row in nasty:
        if sources[row.url]:
            known = store.urls.get(identity(row.url))
            assert known is not None
            assert known.reason in row.ends | {Reason.OFFSITE}, row
        else:
            assert Reason.BAD_URL in row.ends, row


def test_as_redirects_of_articles_with_every_status(host: Any, trap: Any, nasty: Any, go: Go, store: Store) -> None:
    paths = {}
    for n, row in enumerate(nasty):
        for status in STATUSES:
            path = f"/hoi-nghi-phong-chong-{n}{status}.html"
            paths[path] = row
            host.answers[path] = (status, {"Location": header(row.url)}, b"")
    host.list_of(*paths)
    report = go(host.site(), max_pages=len(paths))
    assert trap.hits == []
    assert report.pages == 0
    for path, row in paths.items():
        known = store.urls.get(identity(host.base + path))
        assert known is not None
        assert known.reason in ENDS, (row, known)


def test_as_the_end_of_a_chain_and_as_meta_refresh(host: Any, trap: Any, nasty: Any, go: Go) -> None:
    chains, refreshes = [], []
    for n, row in enumerate(nasty):
        host.answers[f"/hai-{n}"] = (302, {"Location": header(row.url)}, b"")
        host.answers[f"/mot-{n}"] = (302, {"Location": f"//127.0.0.1:{host.port}/hai-{n}"}, b"")
        chains.append(f"/mot-{n}")
        refreshes.append(f"/lam-moi-tin-tuc-hom-nay-{n}00.html")
        host.page(refreshes[-1], f'<meta http-equiv="refresh" content="0;url={escape(row.url)}">')
    host.list_of(*chains, *refreshes)
    report = go(host.site(article_urls=[r"/mot-\d+$", r"/lam-moi"]), max_pages=1000)
    assert trap.hits == []
    assert (report.new, report.pages) == (0, len(refreshes))
    assert sum(report.reasons.values()) == len(chains) + len(refreshes)


def test_as_links_of_listings_feeds_and_sitemaps(host: Any, trap: Any, nasty: Any, go: Go) -> None:
    urls = [escape(row.url.replace("\x01", "")) for row in nasty]
    host.page("/tin", "".join(f'<a href="{url}">Hội nghị về phòng, chống thiên tai năm nay</a>' for url in urls))
    host.page(
        "/rss", "<rss><channel>" + "".join(f"<item><link>{url}</link></item>" for url in urls) + "</channel></rss>"
    )
    host.page("/sm", "<urlset>" + "".join(f"<url><loc>{url}</loc></url>" for url in urls) + "</urlset>")
    host.page(
        "/idx", "<sitemapindex>" + "".join(f"<sitemap><loc>{u}</loc></sitemap>" for u in urls) + "</sitemapindex>"
    )
    sources = [
        {"kind": kind, "url": host.base + path, "max_pages": 500}
        for kind, path in (("listing", "/tin"), ("feed", "/rss"), ("sitemap", "/sm"), ("sitemap", "/idx"))
    ]
    report = go(host.site(source=sources))
    assert trap.hits == []
    assert report.pages == 0
    # The feed's links are those of the sitemap too, and are written down once.
    assert report.reasons[Reason.OFFSITE] > 60
    assert {path for path in host.asked if "127.0.0.1" not in path} == {"/robots.txt", "/tin", "/rss", "/sm", "/idx"}


@pytest.mark.parametrize("kind", ["feed", "sitemap", "listing"])
def test_as_redirects_of_sources(host: Any, trap: Any, nasty: Any, go: Go, kind: str) -> None:
    sources = []
    for n, row in enumerate(nasty):
        host.answers[f"/nguon-{n}"] = (STATUSES[n % 5], {"Location": header(row.url)}, b"")
        sources.append({"kind": kind, "url": f"{host.base}/nguon-{n}"})
    report = go(host.site(source=sources))
    assert trap.hits == []
    assert set(report.reasons) <= ENDS
    assert sum(report.reasons.values()) == len(sources)


@contextmanager
def origins(targets: list[str]) -> Iterator[list[str]]:
    """As many origins, 127.1.0.1 and on, as there are targets: the robots.txt of each redirects to its own."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            number = int(self.headers["Host"].partition(":")[0].rpartition(".")[2]) - 1
            robots = self.path == "/robots.txt"
            self.send_response(STATUSES[number % 5] if robots else 200)
            self.send_header("Content-Length", "0")
            if robots:
                self.send_header("Location", header(targets[number]))
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield [f"127.1.0.{n}:{server.server_address[1]}" for n in range(1, len(targets) + 1)]
        server.shutdown()


def test_as_redirects_of_robots_txt_which_may_leave_the_site(host: Any, trap: Any, nasty: Any, go: Go) -> None:
    """An RFC 9309 robots.txt may be anywhere: the guard alone stands here."""
    with origins([row.url for row in nasty]) as hosts:
        sources = [{"kind": "listing", "url": f"http://{name}/tin"} for name in hosts]
        report = go(host.site(hosts=hosts, home=f"http://{hosts[0]}/", source=sources))
    assert trap.hits == []
    assert report.reasons[Reason.PRIVATE_ADDRESS] > 50


def test_the_trap_is_seen_where_a_site_file_opens_it(host: Any, trap: Any, go: Go) -> None:
    """The other tests would fail if something came."""
    go(host.site(hosts=[f"127.0.0.1:{trap.port}"], source=[{"kind": "feed", "url": f"http://127.0.0.1:{trap.port}/"}]))
    assert trap.hits
