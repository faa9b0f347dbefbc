"""Whatever a server does instead of sending an article ends in a counted reason at the URL."""

from __future__ import annotations

import gzip
import socket
import struct
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from demo.server import Demo
from news.errors import Reason
from news.report import RunReport, RunState
from news.urls import identity
from spiders.frontier import is_audited
from storage.connect import Store
from storage.urls import UrlState

Go = Callable[..., RunReport]

# What the demo's faults come to. Those of the second table are judged on the page, where more than one word is true.
LOST = {
    "500": Reason.HTTP_SERVER,
    "503": Reason.HTTP_SERVER,
    "404": Reason.GONE,
    "410": Reason.GONE,
    "maintenance-503": Reason.MAINTENANCE,
    "waf-403": Reason.BLOCKED,
    "hang": Reason.TIMEOUT,
    "slow-drip": Reason.TIMEOUT,
    "cut-off": Reason.CUT_OFF,
    "reset": Reason.CUT_OFF,
    "huge": Reason.TOO_LARGE,
    "redirect-loop": Reason.REDIRECTS,
    "redirect-away": Reason.OFFSITE,
}
REFUSED = {
    "empty": {Reason.EMPTY},
    "blank": {Reason.NO_TITLE, Reason.NO_TEXT, Reason.EMPTY},
    "binary-as-html": {Reason.BINARY},
    "nul-bytes": {Reason.BINARY},
    "not-found-200": {Reason.SOFT_404},
    "maintenance-200": {Reason.MAINTENANCE},
    "waf-200": {Reason.BLOCKED},
    "redirect-home": {Reason.SOFT_404},
    "truncated": {Reason.TRUNCATED, Reason.NO_TEXT, Reason.NO_TITLE},
}


def test_every_fault_of_the_demo_is_counted_and_kept_at_its_url_and_none_becomes_an_article(
    demo: Demo, store: Store, go: Go
) -> None:
    portal = demo.portals["demo-mst"]
    site = demo.site("demo-mst")
    faults = [*LOST, *REFUSED]
    struck = dict(zip(faults, portal.articles, strict=False))
    for fault, article in struck.items():
        portal.fault(str(article.number), fault)
    report = go(replace(site, politeness=replace(site.politeness, timeout=2.0, retries=1)))

    assert report.state is RunState.DONE
    expected: dict[str, set[Reason]] = {name: {reason} for name, reason in LOST.items()} | REFUSED
    for fault, article in struck.items():
        row = store.urls.get(identity(portal.url(article)))
        assert row is not None, fault
        assert row.reason in expected[fault], (fault, row)
        assert row.state in (UrlState.FAILED, UrlState.REJECTED), fault
        assert store.articles.by_url(row.key) is None, fault
        assert (row.next_check is not None) == row.reason.temporary, (fault, row)
        assert report.reasons[row.reason] > 0
    assert sum(report.reasons.values()) >= len(faults)
    healthy = [article for article in portal.articles if article not in struck.values()]
    assert all(store.articles.by_url(identity(portal.url(article))) for article in healthy)


def test_a_temporary_failure_is_tried_again_when_it_is_due_and_then_stored(host: Any, store: Store, go: Go) -> None:
    path, _ = host.articles(2)
    whole = host.answers[path]
    host.page(path, "", 503)
    go(host.site())
    host.answers[path] = whole
    key = identity(host.base + path)
    assert go(host.site()).pages == 0  # not due yet
    row = store.urls.get(key)
    assert row is not None
    assert (row.state, row.attempts) == (UrlState.FAILED, 1)
    assert row.next_check is not None
    assert row.next_check > datetime.now(UTC)
    store.urls.record([replace(row, next_check=datetime.now(UTC) - timedelta(seconds=1))])
    assert go(host.site()).new == 1
    assert store.articles.by_url(key) is not None


def test_an_article_that_cannot_be_had_again_stays_known_by_its_url(host: Any, store: Store, go: Go) -> None:
    path, _ = host.articles(2)
    go(host.site())
    host.page(path, "", 500)
    report = go(host.site(), revisit=True)
    assert report.reasons == {Reason.HTTP_SERVER: 1}
    row = store.urls.get(identity(host.base + path))
    assert row is not None
    assert (row.state, row.reason) == (UrlState.STORED, Reason.HTTP_SERVER)
    assert store.articles.get(row.article_id) is not None


def test_a_page_that_has_not_changed_is_not_sent_again(host: Any, store: Store, go: Go) -> None:
    path, _ = host.articles(2)
    status, headers, body = host.answers[path]

    def conditional(handler: Any) -> tuple[int, dict[str, str], bytes]:
        if handler.headers["If-None-Match"] == '"one"':
            return 304, {"ETag": '"one"'}, b""
        return status, {**headers, "ETag": '"one"'}, body

    host.answers[path] = conditional
    assert go(host.site()).new == 2
    key, looked_behind = identity(host.base + path), True
    while looked_behind:  # one 304 in twenty, by its address and the time of the crawl
        before = store.urls.get(key)
        again = go(host.site(), revisit=True)
        looked_behind = is_audited(key, again.started)
    assert (again.pages, again.unchanged, again.new) == (1, 2, 0)
    row = store.urls.get(key)
    assert before is not None
    assert row is not None
    assert row.fetched is not None
    assert before.fetched is not None
    assert row.fetched > before.fetched
    assert replace(row, fetched=None, next_check=None) == replace(before, fetched=None, next_check=None)


def test_retries_are_made_and_counted_as_requests(host: Any, go: Go) -> None:
    paths = host.articles(2)
    host.page(paths[0], "", 500)
    report = go(host.site(politeness={"retries": 2}))
    assert host.asked[paths[0]] == 3
    assert report.requests == sum(host.asked.values()) == 6
    assert report.reasons == {Reason.HTTP_SERVER: 1}
    assert report.new == 1


def _rst(handler: Any) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


def _endless(handler: Any) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    while True:
        handler.wfile.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")


def _garbage(handler: Any) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
    handler.close_connection = True


BOMB = gzip.compress(b"<p>" + b"bom " * 5_000_000)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (_rst, Reason.CONNECT),
        (_garbage, Reason.CONNECT),
        (_endless, Reason.TOO_LARGE),
        ((200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, BOMB), Reason.TOO_LARGE),
        ((200, {"Content-Type": "text/html", "Content-Length": "90000000"}, b"x"), Reason.TOO_LARGE),
        ((302, {"Location": "http://127.0.0.1:1/"}, b""), Reason.OFFSITE),
        ((302, {"Location": "file:///etc/passwd"}, b""), Reason.REDIRECTS),
        ((302, {"Location": "/hoi-nghi-phong-chong-100.html"}, b""), Reason.REDIRECTS),
        ((301, {}, b""), Reason.REDIRECTS),
        ((200, {"Content-Type": "application/pdf"}, b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj"), None),
        ((200, {"Content-Type": "image/png"}, b"\x89PNG\r\n\x1a\n"), None),
        ((204, {}, b""), Reason.EMPTY),
    ],
)
def test_a_server_with_bad_manners_costs_one_url(
    host: Any, store: Store, go: Go, answer: Any, reason: Reason | None
) -> None:
    bad, _ = host.articles(2)
    host.answers[bad] = answer
    report = go(host.site())
    assert (report.state, report.new) == (RunState.DONE, 1)
    row = store.urls.get(identity(host.base + bad))
    assert row is not None
    assert row.reason is not None
    assert row.reason in ({reason} if reason else {Reason.NOT_HTML, Reason.BINARY}), row
    assert report.reasons == {row.reason: 1}


def test_a_host_that_is_not_there_fails_the_crawl_in_words(host: Any, go: Go) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    dead = {"kind": "listing", "url": f"http://127.0.0.1:{port}/tin"}
    report = go(host.site(source=[dead]))
    assert report.state is RunState.FAILED
    assert report.reasons == {Reason.CONNECT: 1}
    assert dead["url"] in report.error
    assert "bantin sites check" in report.error


def test_tls_that_is_none_is_a_tls_error(host: Any, go: Go) -> None:
    report = go(host.site(source=[{"kind": "listing", "url": f"https://127.0.0.1:{host.port}/tin"}]))
    assert report.reasons == {Reason.TLS: 1}


def test_a_name_that_does_not_exist_is_a_dns_error(host: Any, go: Go) -> None:
    site = host.site(source=[{"kind": "listing", "url": "http://khong-co.invalid/tin"}])
    assert go(site).reasons == {Reason.DNS: 1}


def test_a_redirect_within_the_site_is_followed_and_both_addresses_are_known(host: Any, store: Store, go: Go) -> None:
    first, _ = host.articles(2)
    host.answers["/moved"] = host.answers[first]
    host.answers[first] = (301, {"Location": "/moved"}, b"")
    assert go(host.site()).new == 2
    assert store.articles.by_url(identity(host.base + first)) is not None
    assert store.articles.by_url(identity(host.base + "/moved")) is not None
    assert go(host.site()).pages == 0
