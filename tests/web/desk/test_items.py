"""An article at the desk: what editors are told of it, and its views."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from lxml import html

import web.desk.framed
from news.article import Page, Status, StoredArticle
from news.extract.trace import Trace, trace
from news.review.review import Concern, Review
from news.review.rules import RuleKind, SiteRule
from news.site import Site
from storage.connect import Store
from tests.web.conftest import FETCHED

Put = Callable[..., StoredArticle]
PAGE = """<!DOCTYPE html><html lang="vi"><body><h1>Lịch tiêm</h1><div class="menu"><a href="/">Trang chủ</a></div>
<article><p>Sở Y tế đã ban hành kế hoạch tiêm chủng cho trẻ em trên địa bàn toàn tỉnh trong năm nay.</p>
<p>Các trạm y tế bắt đầu tiêm từ ngày 02/3, mỗi tuần hai buổi, theo danh sách đã lập.</p>
<p>Lượt xem: 1.204</p><img src="https://soyte.gov.vn/a.jpg" alt="Trẻ được tiêm"></article></body></html>"""


def test_what_waits_is_shown_as_readers_will_see_it(editor: httpx.Client, put: Put) -> None:
    put("a", Status.WAITING, title="Lịch tiêm", html="<p>Kế hoạch <b>mới</b>.</p>")
    page = html.fromstring(editor.get("/desk?open=a").text)
    assert page.cssselect("#item h2")[0].text_content() == "Lịch tiêm"
    assert page.cssselect("#item .body b")[0].text == "mới"
    assert [button.get("data-move") for button in page.cssselect("#item .moves button")] == [
        "approve", "reject", "hold", "retract",
    ]  # fmt: skip


def test_forms_of_the_desk_say_that_they_are_ours(editor: httpx.Client) -> None:
    # Where there is no https browsers say nothing else of where a form stands, and `no-referrer` takes that away.
    assert editor.get("/desk").headers["referrer-policy"] == "same-origin"


def test_each_concern_is_said_in_words(editor: httpx.Client, put: Put) -> None:
    put("a", Status.WAITING, review=Review(concerns=(Concern.NO_DATE,)), published=None)
    page = html.fromstring(editor.get("/desk/items/a").text)
    assert "Thiếu ngày đăng Không tìm thấy ngày đăng trên trang." in page.cssselect(".concerns li")[0].text_content()
    page = html.fromstring(editor.get("/desk/items/a?lang=en").text)
    assert "The page states no date." in page.cssselect(".concerns li")[0].text_content()


def test_what_changed_is_shown_by_word(editor: httpx.Client, store: Store, put: Put) -> None:
    old = put("a", body="Có 1.204 ca.\nHết.")
    article = replace(old.article, body="Có 1.240 ca.\nHết.")
    new = replace(old, article=article, version=2, fetched=FETCHED + timedelta(hours=1))
    store.journal.update(new, old, None, changed=["body"])
    page = html.fromstring(editor.get("/desk/items/a?view=diff").text)
    assert [element.text for element in page.cssselect("del, ins")] == [" 1.204", " 1.240"]
    assert "1 chỗ khác nhau" in page.cssselect(".summary")[0].text_content()


def test_what_the_publisher_wrote_beside_an_edit_and_replaced_can_still_be_compared(
    editor: httpx.Client, store: Store, put: Put
) -> None:
    stored = put("a", body="Có 1.204 ca.")
    store.journal.edit("a", replace(stored.article, title="Sửa"), FETCHED, by="lan")
    for n, body in enumerate(("Có 1.240 ca.", "Có 1.402 ca."), start=1):
        edited = store.articles.get("a")
        assert edited is not None
        text = replace(stored.article, body=body)
        store.journal.park(edited, text, edited.keys, FETCHED + timedelta(hours=n))
    page = html.fromstring(editor.get("/desk/items/a?view=diff").text)
    (passed,) = [option for option in page.cssselect("#against option") if "không được dùng" in option.text_content()]
    page = html.fromstring(editor.get(f"/desk/items/a?view=diff&with={passed.get('value')}").text)
    assert " 1.240" in [element.text for element in page.cssselect("del")]


def test_an_article_is_compared_with_one_that_may_be_the_same(editor: httpx.Client, put: Put) -> None:
    put("other", site="nhandan", title="Bài kia")
    put("a", Status.WAITING, review=Review(concerns=(Concern.UNSURE_DUPLICATE,), alike=("other",)), title="Bài này")
    page = html.fromstring(editor.get("/desk/items/a").text)
    assert "Báo Nhân Dân: Bài kia" in page.cssselect("#against option")[0].text_content()
    assert [element.text for element in page.cssselect(".fields del, .fields ins")] == [" kia", " này"]


def test_the_page_is_shown_as_it_was_fetched_with_what_was_left_out(
    editor: httpx.Client, store: Store, put: Put
) -> None:
    put("a")
    store.pages.keep("a", "soyte", Page("https://soyte.gov.vn/a", PAGE.encode(), FETCHED))
    around = html.fromstring(editor.get("/desk/items/a?view=page").text)
    assert around.cssselect("iframe")[0].get("sandbox") == "allow-same-origin"
    gone = around.cssselect(".jump")
    assert any("Lượt xem: 1.204" in button.text_content() for button in gone)

    answer = editor.get(around.cssselect("iframe")[0].get("src", ""))
    framed = html.fromstring(answer.text)
    run = gone[0].get("data-run")
    assert framed.cssselect(f"[data-run='{run}'][data-mark=removed]")
    assert framed.cssselect("[data-mark=kept]")
    assert not framed.cssselect("img")
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert "img-src 'none'" in policy
    assert "sandbox allow-same-origin" in policy
    assert "script-src" not in policy
    assert html.fromstring(editor.get("/desk/items/a/page?images=on").text).cssselect("img")


def test_a_page_is_read_once_for_its_view_and_its_frame_and_anew_by_other_rules(
    editor: httpx.Client, store: Store, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("a")
    store.pages.keep("a", "soyte", Page("https://soyte.gov.vn/mot-lan", PAGE.encode(), FETCHED))
    readings: list[Site | None] = []

    def counted(*args: Any, site: Site | None, **more: Any) -> Trace:
        readings.append(site)
        return trace(*args, site=site, **more)

    monkeypatch.setattr(web.desk.framed, "trace", counted)

    def marked() -> set[str | None]:
        editor.get("/desk/items/a?view=page")
        page = html.fromstring(editor.get("/desk/items/a/page").text)
        return {span.get("data-mark") for span in page.cssselect("span") if "mỗi tuần" in span.text_content()}

    assert marked() == {"kept"}
    assert len(readings) == 1
    store.rules.teach(SiteRule("r1", "soyte", RuleKind.DROP, "article p:nth-of-type(2)", by="lan", at=FETCHED))
    assert marked() == {"removed"}
    assert len(readings) == 2


def test_a_page_that_is_not_kept_is_said_to_be(editor: httpx.Client, put: Put) -> None:
    put("a")
    assert "Không giữ trang gốc" in editor.get("/desk/items/a?view=page").text
    assert editor.get("/desk/items/a/page").status_code == 200


def test_an_article_that_never_was_is_not_found(editor: httpx.Client) -> None:
    assert editor.get("/desk/items/none").status_code == 404
    assert editor.get("/desk?open=none").status_code == 200, "an old link leads to the queue"
