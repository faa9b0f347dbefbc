"""Articles of a server that answers 304 though it has changed them."""

from __future__ import annotations

from typing import Any

from storage.connect import Store
from tests.crawler.conftest import Go, Host, article

ARTICLES = 60


def _stuck(host: Host, changed: dict[str, bool]) -> list[str]:
    paths = host.articles(ARTICLES)
    for n, path in enumerate(paths, start=1):

        def answer(request: Any, n: int = n) -> tuple[int, dict[str, str], bytes]:
            if request.headers.get("If-None-Match"):
                return 304, {"ETag": '"1"'}, b""
            body = article(n)
            if changed.get("now"):
                body = body.replace(
                    b"Ph\xc3\xa1t bi\xe1\xbb\x83u t\xe1\xba\xa1i", "Kết luận buổi làm việc, lãnh đạo dự".encode()
                )
            return 200, {"ETag": '"1"', "Content-Type": "text/html; charset=utf-8"}, body

        host.answers[path] = answer
    return paths


def test_a_server_that_denies_its_corrections_is_found_out_and_then_asked_in_full(
    host: Host, store: Store, go: Go
) -> None:
    changed = {"now": False}
    _stuck(host, changed)
    site = host.site(politeness={"concurrency": 8})
    assert go(site).new == ARTICLES
    changed["now"] = True
    already = 0
    for _ in range(6):  # of sixty articles three are looked behind in each crawl, on the average
        report = go(site, revisit=True)
        if report.reasons.get("validators-lied"):
            break
    assert report.reasons["validators-lied"] == report.updated
    assert 0 < report.updated < ARTICLES
    already += report.updated
    assert report.unchanged + report.updated == ARTICLES
    trust = store.site_state.trust(site.id)
    assert set(trust) == {"articles"}
    assert trust["articles"].lies == 1
    truth = go(site, revisit=True)
    assert truth.updated + truth.unchanged == ARTICLES
    assert truth.updated == ARTICLES - already


def test_an_honest_server_is_never_distrusted(host: Host, store: Store, go: Go) -> None:
    _stuck(host, {})
    site = host.site(politeness={"concurrency": 8})
    go(site)
    report = go(site, revisit=True)
    assert report.unchanged == ARTICLES
    assert store.site_state.trust(site.id) == {}
