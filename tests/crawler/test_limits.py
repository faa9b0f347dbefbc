"""No server can make a crawl swallow more bytes, time or addresses than it is given; what it tried is counted."""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from news.errors import Reason
from news.report import RunReport, RunState
from news.urls import identity
from storage.connect import Store

Go = Callable[..., RunReport]
ZEROS = b"0" * 1_000_000


def _headers_without_end(handler: Any) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        handler.wfile.write(b"X-Tin: " + b"x" * 1000 + b"\r\n")


def _one_endless_header(handler: Any) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Tin: ")
    while True:
        handler.wfile.write(b"x" * 10_000)


def _continue_without_end(handler: Any) -> None:
    while True:
        handler.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" * 100)


def _drip(start: bytes) -> Callable[[Any], None]:
    def answer(handler: Any) -> None:
        handler.wfile.write(start)
        while True:
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.2)

    return answer


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (_headers_without_end, Reason.TOO_LARGE),
        (_one_endless_header, Reason.TOO_LARGE),
        (_continue_without_end, Reason.TOO_LARGE),
        (_drip(b"HTTP/1.1 200 OK\r\nX-Tin: "), Reason.TIMEOUT),
        (_drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"), Reason.TIMEOUT),
        (_drip(b"HTTP/1.1 200 OK\r\n\r\n"), Reason.TIMEOUT),
    ],
)
def test_headers_and_time_are_bounded(host: Any, store: Store, go: Go, answer: Any, reason: Reason) -> None:
    bad, _ = host.articles(2)
    host.answers[bad] = answer
    report = go(host.site(politeness={"timeout": 2}))
    assert (report.state, report.new, report.reasons) == (RunState.DONE, 1, {reason: 1})
    assert report.seconds < 15
    row = store.urls.get(identity(host.base + bad))
    assert row is not None
    assert row.reason is reason


def _deflated(data: bytes) -> bytes:
    return zlib.compress(data)


def _brotli(data: bytes) -> bytes:
    return bytes(pytest.importorskip("brotli").compress(data))


def _zstd(data: bytes) -> bytes:
    return bytes(pytest.importorskip("backports.zstd").compress(data))


def _twice(data: bytes) -> bytes:
    return gzip.compress(gzip.compress(data))


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("deflate", _deflated), ("br", _brotli), ("zstd", _zstd), ("gzip, gzip", _twice)],
)
def test_what_unpacks_to_more_than_the_limit_is_too_large_however_packed(
    host: Any, go: Go, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    bad, _ = host.articles(2)
    bomb = pack(ZEROS * 200)
    assert len(bomb) < 1_000_000
    host.answers[bad] = (200, {"Content-Type": "text/html", "Content-Encoding": encoding}, bomb)
    report = go(host.site())
    assert report.reasons == {Reason.TOO_LARGE: 1}
    assert report.new == 1


def sitemap(*urls: str) -> str:
    return "<urlset>" + "".join(f"<url><loc>{url}</loc></url>" for url in urls) + "</urlset>"


@pytest.mark.parametrize(
    "body",
    [gzip.compress(ZEROS * 100), gzip.compress(gzip.compress(ZEROS * 100)), b"\x1f\x8b\x08\x00broken"],
    ids=["bomb", "bomb in a bomb", "no gzip"],
)
def test_a_packed_sitemap_that_cannot_be_unpacked_is_counted(host: Any, go: Go, body: bytes) -> None:
    host.articles(1)
    host.answers["/sitemap.xml.gz"] = (200, {"Content-Type": "application/gzip"}, body)
    sources = [
        {"kind": kind, "url": host.base + path} for kind, path in (("sitemap", "/sitemap.xml.gz"), ("listing", "/tin"))
    ]
    report = go(host.site(source=sources))
    assert (report.new, sum(report.reasons.values())) == (1, 1)
    assert set(report.reasons) <= {Reason.UNREADABLE, Reason.TOO_LARGE}
    assert "sitemap.xml.gz" in report.error


def test_of_a_sitemap_with_too_many_addresses_fifty_thousand_are_read_and_it_is_said(
    host: Any, store: Store, go: Go
) -> None:
    urls = [f"{host.base}/tin-{n}.html" for n in range(50_100)]
    host.page("/sitemap.xml", sitemap(*urls))
    report = go(host.site(source=[{"kind": "sitemap", "url": f"{host.base}/sitemap.xml"}]), max_pages=1)
    assert report.reasons[Reason.TOO_LARGE] == 1
    assert "100 addresses more" in report.error
    assert store._database.urls.count_documents({"site": "lamha", "state": {"$ne": "source"}}) == 50_000


def test_indexes_that_name_ever_new_indexes_end(host: Any, go: Go) -> None:
    """Each names two more; every address is another."""

    class Answers(dict[str, Any]):
        def get(self, path: str, default: Any = None) -> Any:
            if not path.startswith("/idx"):
                return default
            children = "".join(f"<sitemap><loc>{host.base}{path}{n}</loc></sitemap>" for n in (0, 1))
            return 200, {"Content-Type": "text/xml"}, f"<sitemapindex>{children}</sitemapindex>".encode()

    host.answers = Answers()
    go(host.site(source=[{"kind": "sitemap", "url": f"{host.base}/idx", "max_pages": 30}]))
    assert sum(host.asked.values()) == 31  # with robots.txt


LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)
) + "]>"  # fmt: skip


@pytest.mark.parametrize("kind", ["feed", "sitemap"])
def test_entities_are_neither_expanded_nor_fetched(host: Any, trap: Any, go: Go, kind: str) -> None:
    path, _ = host.articles(2)
    outside = (
        f'<!DOCTYPE x PUBLIC "-//X//X//EN" "http://127.0.0.1:{trap.port}/x.dtd" [<!ENTITY e SYSTEM "http://127.0.0.1:'
        f'{trap.port}/e"><!ENTITY % p SYSTEM "http://127.0.0.1:{trap.port}/p">%p;<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    )
    entry = {
        "feed": f"<rss><channel><item><title>&a9;&e;&f;</title><link>{path}</link></item></channel></rss>",
        "sitemap": f"<urlset><url><loc>{path}</loc><title>&a9;&e;&f;</title></url></urlset>",
    }[kind]
    for name, doctype in (("/mot", LAUGHS), ("/hai", outside)):
        host.page(name, doctype + entry)
    began = time.monotonic()
    report = go(host.site(source=[{"kind": kind, "url": host.base + name} for name in ("/mot", "/hai")]))
    assert trap.hits == []
    assert (report.new, report.reasons) == (1, {})
    assert time.monotonic() - began < 15
