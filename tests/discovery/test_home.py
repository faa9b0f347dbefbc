"""Front pages: every section gets its share, and known ones are left in peace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.discovery.layouts import Layout, home_only, link, numbered, page, slug

Serve = Callable[[Layout], Any]


def test_a_section_without_end_leaves_pages_for_the_others(serve: Serve) -> None:
    def answer(path: str) -> bytes | None:
        if not path.startswith("/thoi-su"):
            return None
        k = int(path.partition("?page=")[2] or 1)
        items = "".join(link(f"/bai/{slug(n)}-{5000 + n}.html", n) for n in range(k * 5, k * 5 + 5))
        return page(items + numbered(lambda n: f"/thoi-su?page={n}")(k, k + 3))

    small = [f"/bai/{slug(n)}-{9000 + n}.html" for n in range(3)]
    pages = {
        "/": page('<nav><a href="/thoi-su">Thời sự</a><a href="/van-hoa">Văn hóa</a></nav>'),
        "/van-hoa": page("".join(link(path, n) for n, path in enumerate(small))),
    }
    source = {"kind": "home", "url": "/", "max_pages": 12}
    portal = serve(Layout("greedy", [], pages, [source], otherwise=answer))
    found = portal.read()
    assert set(small) <= set(found)
    assert 5 <= len([path for path in portal.asked if path.startswith("/thoi-su")]) <= 10
    assert len(portal.asked) <= 12
    assert portal.notebook.reasons["source-depth"] == 1


def test_a_front_page_without_news_spares_its_sections_for_a_day(serve: Serve) -> None:
    portal = serve(home_only("quiet", lambda n, s: f"{s}/{slug(n)}-{n + 30000}.html", ["/thoi-su", "/kinh-te"]))
    portal.read()
    portal.read(days_later=0.3)
    assert portal.asked == ["/"]
    portal.read(days_later=1.2)
    assert "/thoi-su" in portal.asked


def test_news_on_the_front_page_sends_the_crawl_to_the_sections(serve: Serve) -> None:
    portal = serve(home_only("lively", lambda n, s: f"{s}/{slug(n)}-{n + 30000}.html", ["/thoi-su", "/kinh-te"]))
    portal.read()
    fresh = f"/thoi-su/{slug(500)}-30500.html"
    portal.layout.pages["/"] += link(fresh, 1).encode()
    hidden = f"/kinh-te/{slug(501)}-30501.html"
    portal.layout.pages["/kinh-te"] += link(hidden, 1).encode()
    assert set(portal.read(days_later=0.3)) == {fresh, hidden}
    assert len(portal.asked) <= 4
