"""The pages for everybody: with a keyboard, enlarged, on a phone, in the dark, without a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from config import Config
from news.article import Attachment, Document, Image, Removed, StoredArticle
from storage.connect import Store
from tests.browser import Bare, browser, needs_browser, serving
from tests.web.conftest import FETCHED, SITES
from web.app import create_app

__all__ = ["browser"]
pytestmark = needs_browser

Put = Callable[..., StoredArticle]
Pages = dict[str, str]
PAGES = {
    "latest": "/", "site": "/sites/soyte", "agencies": "/nganh", "places": "/dia-phuong", "documents": "/van-ban",
    "document": "/van-ban/57-NQ/TW", "topics": "/chuyen-muc", "search": "/tim?q=ti%C3%AAm&kind=province",
    "feeds": "/feeds", "article": "/articles/a", "error": "/nowhere", "empty": "/?tag=x",
}  # fmt: skip


@pytest.fixture
def pages(store: Store, put: Put) -> Pages:
    """Every kind of page, over a story told by two, with everything an article may have."""
    long = "Nghịquyếtsố" * 30
    for id, site in (("a", "soyte"), ("b", "nhandan")):
        put(
            id, site=site, section="Y tế", tags=("tiêm chủng", long), author="Lê Anh",
            title=f"Trẻ em được tiêm {long}" if id == "b" else "Trẻ em được tiêm",
            html="<p>Kế hoạch <a href='https://a.vn/'>số 12</a>.</p><h3>Lịch tiêm</h3><table><tr><td>Ngày</td>"
            "<td>Nơi tiêm</td></tr></table><blockquote><p>Đúng.</p></blockquote>",
            body=f"Kế hoạch {id}.\nLịch tiêm", images=(Image("https://soyte.gov.vn/b.jpg", "Trẻ được tiêm", "Minh"),),
            attachments=(Attachment("https://soyte.gov.vn/kh.pdf", long, "application/pdf"),),
            documents=(Document("57-NQ/TW", "Nghị quyết", date(2024, 12, 22), "Bộ Chính trị"),),
            removed=(Removed("Lượt xem: 120", "lines.toml:views"),),
        )  # fmt: skip
    store.journal.merge("a", "b", FETCHED, by="lan")
    old = store.articles.get("a")
    assert old is not None
    store.journal.update(replace(old, version=2, fetched=old.fetched + timedelta(hours=1)), old, None, changed=["body"])
    return {**PAGES, "story": f"/stories/{old.story}"}


@pytest.fixture
def page(store: Store, config: Config, pages: Pages, browser: Any) -> Iterator[Any]:
    """A page of a browser in which nothing but our own app answers."""
    # Without the policy, for axe is a script.
    with serving(Bare(create_app(store, config, lambda: SITES))) as base:
        context = browser.new_context(viewport={"width": 1280, "height": 800}, base_url=base)
        context.route("**/*", lambda route: route.continue_() if route.request.url.startswith(base) else route.abort())
        yield context.new_page()
        context.close()


def test_no_page_has_what_keeps_people_out(page: Any, pages: Pages) -> None:
    from axe_playwright_python.sync_playwright import Axe

    axe, found = Axe(), {}
    for name, path in pages.items():
        page.goto(path)
        # In the dark only the colours are others.
        for scheme, rules in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
            page.emulate_media(color_scheme=scheme)
            violations = axe.run(page, options={"resultTypes": ["violations"], **rules}).response["violations"]
            found[name, scheme] = [
                (row["id"], [node["html"][:200] for node in row["nodes"]][:3])
                for row in violations
                if row["impact"] in ("serious", "critical")
            ]
    assert not any(found.values()), {key: rows for key, rows in found.items() if rows}


def test_pages_fit_when_enlarged_and_on_a_phone(page: Any, pages: Pages) -> None:
    # 1280 pixels at 200 % are 640 of CSS, at 400 % 320 (WCAG 1.4.10), which is less than a phone has.
    for width in (640, 320):
        page.set_viewport_size({"width": width, "height": 800})
        for name, path in pages.items():
            page.goto(path)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (name, width, wide, page.evaluate(WIDEST))


WIDEST = """() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.outerHTML.slice(0, 120)).slice(0, 5)"""


def test_a_keyboard_reaches_everything_and_shows_where_it_is(page: Any) -> None:
    page.goto("/dia-phuong")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left >= 0"), (
        "a skip link shows when it is used"
    )
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    page.goto("/articles/a")
    for _ in range(page.locator("a:visible, summary:visible").count()):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(({outlineStyle, outlineWidth}) => [outlineStyle, outlineWidth])(getComputedStyle(document.activeElement))"
        )
        assert style == ["solid", "3px"], page.evaluate("document.activeElement.outerHTML")


def test_a_reader_searches_without_a_script(page: Any) -> None:
    page.goto("/")
    page.get_by_role("link", name="Tìm kiếm").first.click()
    page.get_by_label("Từ cần tìm").fill("tiêm")
    page.get_by_label("Từ cần tìm").press("Enter")
    page.locator(".teaser h3").first.wait_for()
    assert "q=ti%C3%AAm" in page.url
    page.goto("/dia-phuong")
    page.get_by_role("searchbox").fill("Không Đâu")
    page.get_by_role("button", name="Tìm kiếm").click()
    assert "Không Đâu" in page.locator(".note").inner_text()
