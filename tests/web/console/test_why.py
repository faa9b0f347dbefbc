"""The story of one address: every step is told in words, what to do stands first, and nothing is fetched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest
from lxml import html

from news.article import Status, StoredArticle, Via
from news.errors import Reason
from news.health import Pause
from news.language import Language
from news.telling import of_reason
from storage.connect import Store
from storage.urls import UrlRow, UrlState
from tests.conftest import Nasty, Trap
from tests.web.console.ran import page_of, text_of

Put = Callable[..., StoredArticle]
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def why(operator: httpx.Client, url: str, **more: str) -> str:
    return text_of(page_of(operator.get("/console/why", params={"url": url, **more})))


def test_an_article_is_told_from_its_source_to_its_readers(store: Store, put: Put, operator: httpx.Client) -> None:
    stored = put("b1", title="Tiêm chủng cho trẻ em")
    store.urls.record(
        [UrlRow(key="soyte.gov.vn/b1", url="https://soyte.gov.vn/b1", site="soyte", found=NOW, fetched=NOW,
                state=UrlState.STORED, via=Via.SITEMAP, article_id="b1", detail="created")]
    )  # fmt: skip
    told = why(operator, "http://www.soyte.gov.vn/b1?utm_source=x")

    order = ["Sở Y tế tỉnh", "trong sơ đồ trang", "Tải về", "đã lưu", "Tiêm chủng cho trẻ em", "Bạn đọc đang thấy"]
    places = [told.rindex(words) for words in order]
    assert places == sorted(places)
    assert "Không cần làm gì." in told
    assert why(operator, stored.id) == why(operator, "https://soyte.gov.vn/b1").replace(
        "https://soyte.gov.vn/b1", stored.id, 0
    )
    assert "Readers see it." in why(operator, "b1", lang="en")


def test_what_gave_nothing_is_explained_with_what_to_do(store: Store, operator: httpx.Client) -> None:
    store.urls.record(
        [UrlRow(key="soyte.gov.vn/x", url="https://soyte.gov.vn/x", site="soyte", found=NOW, fetched=NOW,
                state=UrlState.REJECTED, reason=Reason.NO_TEXT, detail="12 words")]
    )  # fmt: skip
    store.standing.pause("soyte", Pause(NOW, "lan"))
    told = why(operator, "https://soyte.gov.vn/x")

    assert f"bị loại: {of_reason(Reason.NO_TEXT, Language.VIETNAMESE).name}: 12 words" in told
    assert of_reason(Reason.NO_TEXT, Language.VIETNAMESE).do in told
    assert "lan tạm dừng" in told
    assert "hãy cho trang tiếp tục" in told


@pytest.mark.parametrize(
    ("status", "told"),
    [(Status.WAITING, "đang chờ duyệt"), (Status.REJECTED, "bị từ chối"), (Status.RETRACTED, "đã gỡ")],
)
def test_why_readers_do_not_see_an_article_is_said(put: Put, operator: httpx.Client, status: Status, told: str) -> None:
    put("b1", status=status)
    assert f"Bạn đọc không thấy bài này: bài {told}" in why(operator, "b1").replace("đã bị", "bị")


def test_an_article_behind_another_of_its_story_says_which_readers_see(
    store: Store, put: Put, operator: httpx.Client
) -> None:
    put("a"), put("b", site="nhandan", title="Bài chép lại")
    store.journal.merge("a", "b", NOW, by="lan")
    told = {id: why(operator, id) for id in ("a", "b")}
    shown = next(id for id in told if "Bạn đọc đang thấy bài này." in told[id])
    (other,) = {"a", "b"} - {shown}
    assert f"đứng đầu cùng chuỗi tin: {shown}" in told[other]


def test_an_address_that_nobody_met_is_told_what_it_waits_for(operator: httpx.Client) -> None:
    told = why(operator, "https://khong-co.gov.vn/tin-1.html")
    assert "chưa có tệp trang nào khai báo máy chủ khong-co.gov.vn" in told
    assert "docs/adding-a-site.md" in told


@pytest.mark.parametrize("url", ["khong co", "ftp://x.vn/a", "http://[", "javascript:alert(1)", "data:text/html,<b>"])
def test_what_is_no_address_is_refused_in_words(operator: httpx.Client, url: str) -> None:
    answer = operator.get("/console/why", params={"url": url})

    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert page.xpath("//input[@name='url']/@value") == [url]
    assert not [link for link in page.xpath("//a/@href") if link == url]
    assert "Không phải địa chỉ web" in text_of(page)


def test_a_hostile_address_does_nothing(operator: httpx.Client) -> None:
    answer = operator.get("/console/why", params={"url": 'https://x.vn/"><script>alert(1)</script>{{7*7}}{at}'})

    assert answer.status_code == 200
    page = page_of(answer)
    assert not page.xpath("//script[not(@src)]")
    for link in page.xpath("//a[starts-with(@href, 'http')]"):
        assert {"noreferrer", "nofollow"} <= set(link.get("rel").split())


def test_nothing_is_fetched_to_tell_it(operator: httpx.Client, nasty: list[Nasty], trap: Trap) -> None:
    for one in nasty:
        assert operator.get("/console/why", params={"url": one.url}).status_code in (200, 422), one.url
    assert trap.hits == []
