"""The pages, as a browser and a careless publisher see them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime

import httpx
import pytest
from lxml import html

from config import Config
from news.article import VIETNAM, Attachment, Document, Image, Precision, Removed, Status, StoredArticle
from storage.connect import Store

Put = Callable[..., StoredArticle]
Serving = Callable[[Store, Config], AbstractContextManager[httpx.Client]]
BROWSER = {"Accept": "text/html,application/xhtml+xml"}


def text(answer: httpx.Response) -> str:
    return " ".join(html.fromstring(answer.text).text_content().split())


def test_a_reader_walks_the_list_to_its_end_and_sees_each_article_once(
    client: httpx.Client, many: list[StoredArticle]
) -> None:
    seen: list[str] = []
    path = "/"
    while path:
        page = html.fromstring(client.get(path).text)
        seen += [link.text_content() for link in page.cssselect(".teaser h3 a")]
        path = next((link.get("href", "") for link in page.cssselect("a[rel=next]")), "")

    assert seen == [stored.article.title for stored in many]


def test_the_list_of_a_site_shows_that_site_and_leads_to_its_feed(client: httpx.Client, put: Put) -> None:
    put("a")
    put("b", site="nhandan")

    page = html.fromstring(client.get("/?site=nhandan").text)

    assert [link.text_content() for link in page.cssselect(".teaser h3 a")] == ["Bài b"]
    assert "Báo Nhân Dân" in page.cssselect(".conditions a")[0].text_content()
    assert page.cssselect(".conditions a")[0].get("href") == "/", "a condition can be taken off"
    for feeds in (page.cssselect("link[rel=alternate][type]"), page.cssselect(".foot .feeds a")):
        assert [link.get("href") for link in feeds] == [
            f"/feeds/{name}?site=nhandan" for name in ("atom.xml", "rss.xml", "feed.json")
        ]


def test_an_empty_store_says_what_to_do(client: httpx.Client) -> None:
    assert "Chưa có bài nào" in text(client.get("/"))


def test_an_article_page_shows_everything_that_is_known(client: httpx.Client, put: Put) -> None:
    put(
        "a",
        author="Lê Anh",
        source="Báo Tỉnh",
        section="Y tế",
        html='<p>Kế hoạch.</p><figure><img src="https://x.vn/a.jpg?x=1&amp;y=2"></figure>',
        images=(Image("https://x.vn/a.jpg?x=1&y=2", "Một"), Image("https://x.vn/b.jpg", "Trẻ được tiêm", "Minh")),
        attachments=(Attachment("https://x.vn/kh.pdf", "Kế hoạch số 12", "application/pdf"),),
        documents=(Document("57-NQ/TW", "Nghị quyết", date(2024, 12, 22)),),
        tags=("tiêm chủng",),
        removed=(Removed("Lượt xem: 120", "lines.toml:views"),),
    )

    answer = client.get("/articles/a")
    page = html.fromstring(answer.text)

    assert page.cssselect("h1")[0].text_content() == "Bài a"
    meta = " ".join(page.cssselect("article .meta")[0].text_content().split())
    assert meta == "Sở Y tế tỉnh Chủ Nhật, 01/03/2026 09:51 Lê Anh Báo Tỉnh"
    assert page.cssselect("article time")[0].get("datetime") == "2026-03-01T09:51+07:00"
    assert page.cssselect("link[rel=canonical]")[0].get("href") == "https://soyte.gov.vn/a", "the original is found"
    assert page.cssselect(".files a")[1].get("href") == "/van-ban/57-NQ/TW"
    assert page.cssselect(".tags a")[0].get("href") == "/?tag=ti%C3%AAm+ch%E1%BB%A7ng"
    shown = [image.get("src") for image in page.cssselect("article img")]
    assert shown == ["https://x.vn/a.jpg?x=1&y=2", "https://x.vn/b.jpg"], "a picture of the text is not shown again"
    assert page.cssselect(".original a")[0].get("href") == "https://soyte.gov.vn/a"
    for expected in ("Kế hoạch số 12 PDF", "57-NQ/TW Nghị quyết, ban hành 22/12/2024", "Lượt xem: 120"):
        assert expected in text(answer)


def test_a_page_that_gave_only_a_day_shows_no_midnight(client: httpx.Client, put: Put) -> None:
    put("a", published=datetime(2026, 3, 1, tzinfo=VIETNAM), published_precision=Precision.DAY)
    put("b", published=None, published_precision=None)

    assert "00:00" not in html.fromstring(client.get("/articles/a").text).cssselect(".meta")[0].text_content()
    assert "Không rõ ngày đăng" in text(client.get("/articles/b"))


def test_english_is_a_query_away_and_stays(client: httpx.Client, put: Put) -> None:
    put("a")

    page = html.fromstring(client.get("/?lang=en").text)

    assert page.get("lang") == "en"
    assert "Latest" in page.cssselect("h1")[0].text_content()
    assert page.cssselect(".teaser a")[0].get("href") == "/articles/a?lang=en"
    assert page.cssselect(".masthead a[lang=vi]")[0].get("href") == "/"
    assert "Sunday, 1 March 2026" in page.cssselect(".day h2")[0].text_content()


def test_markup_in_text_fields_is_text(client: httpx.Client, put: Put) -> None:
    attack = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    put("a", title=attack, lead=attack, author=attack, tags=(attack,), removed=(Removed(attack, attack),))

    for path in ("/", "/articles/a"):
        page = html.fromstring(client.get(path).text)
        assert not page.cssselect("script")
        assert not page.xpath("//*[@onerror]")


def test_nothing_of_an_article_can_run_even_if_cleaning_failed(client: httpx.Client, put: Put) -> None:
    put("a", html="<script>alert(1)</script><p>x</p>")

    policy = client.get("/articles/a").headers["content-security-policy"]

    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert "script-src" not in rules
    assert "allow-scripts" not in rules["sandbox"]
    assert rules["form-action"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"


def test_every_answer_carries_the_security_headers(client: httpx.Client) -> None:
    for path in ("/", "/articles/none", "/feeds/atom.xml", "/nowhere", "/static/style.css", "/healthz"):
        headers = client.get(path).headers

        assert "default-src 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "no-referrer", path


@pytest.mark.parametrize(
    ("status", "expected"), [(Status.WAITING, 404), (Status.REJECTED, 404), (Status.RETRACTED, 410)]
)
def test_an_article_that_readers_may_not_see_is_not_shown(
    client: httpx.Client, put: Put, status: Status, expected: int
) -> None:
    put("a", status=status, body="bí mật", html="<p>bí mật</p>")

    answer = client.get("/articles/a", headers=BROWSER)

    assert answer.status_code == expected
    assert "bí mật" not in answer.text


def test_an_unknown_id_is_not_found_whatever_it_looks_like(client: httpx.Client) -> None:
    for id in ("none", "a/b", "%00", "%F0%28", "x" * 5000, "{}", "..%2f..%2fetc"):
        assert client.get(f"/articles/{id}").status_code == 404, id


def test_a_bad_place_or_site_is_refused_with_the_reason(client: httpx.Client) -> None:
    for query in ("site=soyta", "after=x", "after=2026-03-01~", "after=2026-03-01T00:00:00~a"):
        program, browser = client.get(f"/?{query}"), client.get(f"/?{query}", headers=BROWSER)

        assert program.status_code == browser.status_code == 422, query
        assert program.json()["status"] == 422
        assert browser.headers["content-type"].startswith("text/html")
        assert program.json()["detail"] in text(browser)
