"""Feeds and sitemaps of a server that answers 304 whatever was published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spiders.frontier import DISTRUST, Asked, is_audited
from tests.discovery.conftest import moment
from tests.discovery.layouts import Layout, sitemap, slug

Serve = Callable[[Layout], Any]


def _stuck(serve: Serve) -> Any:
    old = [f"/tin/{slug(n)}-{5000 + n}.html" for n in range(9)]
    portal = serve(Layout("stuck", old, {"/sitemap.xml": sitemap(old)}, [{"kind": "sitemap", "url": "/sitemap.xml"}]))
    portal.stuck = True
    assert sorted(portal.read()) == sorted(old)
    return portal


def _visit(portal: Any, *, audited: bool) -> float:
    """The next visit, in days, at which a 304 for the sitemap is looked behind, or is not."""
    url = f"{portal.base}/sitemap.xml"
    return next(n / 24 for n in range(1, 999) if is_audited(url, moment(n / 24)) is audited)


def test_a_lie_comes_out_when_a_304_is_looked_behind_and_then_nothing_is_believed_for_a_week(serve: Serve) -> None:
    portal = _stuck(serve)
    news = f"/tin/{slug(99)}-5099.html"
    portal.layout.pages["/sitemap.xml"] = sitemap([*portal.layout.articles, news])

    assert portal.read(days_later=_visit(portal, audited=False)) == []
    assert portal.asked == ["/sitemap.xml"]

    assert portal.read(days_later=_visit(portal, audited=True)) == [news]
    assert portal.notebook.reasons["validators-lied"] == 1
    trust = portal.notebook.trusted[Asked.SOURCES]
    assert (trust.lies, trust.url) == (1, f"{portal.base}/sitemap.xml")

    later = f"/tin/{slug(98)}-5098.html"
    portal.layout.pages["/sitemap.xml"] = sitemap([*portal.layout.articles, news, later])
    assert portal.read(days_later=DISTRUST.days - 0.1) == [later]


def test_a_server_that_tells_the_truth_is_asked_twice_in_an_audit_and_stays_believed(serve: Serve) -> None:
    portal = _stuck(serve)
    assert portal.read(days_later=_visit(portal, audited=True)) == []
    assert portal.asked == ["/sitemap.xml", "/sitemap.xml"]
    assert portal.notebook.trusted == {}
