"""The verdict over an article depends on nothing but the article and what is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from news.article import Article, Decision, Kind, Page, Status, StoredArticle
from news.dedupe import article_id, believable, fingerprint, judge, keys
from news.errors import Reason

NOW = datetime(2025, 3, 5, 3, 20, tzinfo=UTC)
URL = "https://sonoivu.gov.vn/vi/news/tin/hoi-nghi-12345.html"
ARTICLE = Article(
    URL, "sonoivu", title="Hội nghị cải cách", lead="Sáng 5/3, Sở Nội vụ tổ chức hội nghị.",
    body="Hội nghị có 126 đại biểu.\n" + "Các đại biểu đã thảo luận kỹ từng nội dung của kế hoạch. " * 12,
    published=NOW,
)  # fmt: skip


def stored(article: Article = ARTICLE, url: str = URL) -> StoredArticle:
    known_as = keys(Page(url, b"", NOW), article)
    print_ = fingerprint(article)
    return StoredArticle(article_id(known_as[0]), article, known_as, (), print_, "s1", Status.PUBLISHED, 1, NOW, NOW)


def verdict(article: Article, url: str, *known: StoredArticle) -> tuple[Decision, str]:
    found = judge(article, keys(Page(url, b"", NOW), article), fingerprint(article), known)
    assert found.reason
    return found.decision, found.article_id


def test_what_nobody_knows_is_new() -> None:
    assert verdict(ARTICLE, URL) == (Decision.NEW, "")


def test_the_same_page_again_is_unchanged_though_its_widgets_changed() -> None:
    again = replace(ARTICLE, tags=("khác",), html="<p>khác</p>", confidence=0.3)
    assert verdict(again, URL, stored()) == (Decision.UNCHANGED, stored().id)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Hội nghị CCHC"},
        {"body": "Hội nghị có 127 đại biểu."},
        {"author": "Lê Anh"},
        {"published": NOW + timedelta(1)},
    ],
)
def test_a_correction_is_an_update(change: dict[str, object]) -> None:
    assert verdict(replace(ARTICLE, **change), URL, stored()) == (Decision.UPDATED, stored().id)  # type: ignore[arg-type]


def test_the_same_words_under_another_address_are_a_duplicate() -> None:
    other = "https://sonoivu.gov.vn/vi/news/chuyen-muc-khac/hoi-nghi-99999.html"
    shouted = replace(ARTICLE, title=ARTICLE.title.upper(), body=ARTICLE.body.replace(".", " ."))
    assert verdict(shouted, other, stored()) == (Decision.DUPLICATE, stored().id)


def test_a_page_that_declares_a_known_address_is_its_duplicate_though_it_shows_less() -> None:
    mobile = replace(ARTICLE, body="Bản rút gọn cho điện thoại.", canonical=URL)
    assert verdict(mobile, "https://sonoivu.gov.vn/mobile/hoi-nghi-12345.html", stored()) == (
        Decision.DUPLICATE,
        stored().id,
    )


def test_an_alias_never_overwrites_the_article() -> None:
    known = stored()
    alias = "https://sonoivu.gov.vn/mobile/hoi-nghi.html"
    known = replace(known, keys=(*known.keys, *keys(Page(alias, b"", NOW), ARTICLE)))
    assert verdict(replace(ARTICLE, published=None), alias, known) == (Decision.DUPLICATE, known.id)


def test_a_page_without_an_article_is_rejected_with_its_reason() -> None:
    found = judge(replace(ARTICLE, kind=Kind.OTHER, reason=Reason.SOFT_404), ["k"], "f", [])
    assert (found.decision, found.reason) == (Decision.REJECTED, "soft-404")


def test_a_short_notice_of_another_day_is_another_notice() -> None:
    notice = replace(ARTICLE, lead="", body="Lịch tiếp công dân của Chủ tịch UBND tỉnh: thứ năm hằng tuần.")
    later = replace(notice, published=NOW + timedelta(days=7))
    assert fingerprint(notice) != fingerprint(later)
    assert fingerprint(ARTICLE) == fingerprint(replace(ARTICLE, published=NOW + timedelta(days=7)))


def test_the_same_words_on_another_site_are_an_article_of_their_own() -> None:
    copy = replace(ARTICLE, site="tinh", url="https://tinh.gov.vn/tin-1.html")
    assert verdict(copy, copy.url, stored()) == (Decision.NEW, "")


@pytest.mark.parametrize(
    ("declared", "url", "believed"),
    [
        ("https://x.vn/tin-12345.html", "http://www.x.vn/muc/tin-12345.html", True),
        ("https://x.vn/", "https://x.vn/tin-12345.html", False),
        ("https://x.vn/muc/", "https://x.vn/tin-12345.html", False),
        ("https://x.vn/tin-99999.html", "https://x.vn/tin-12345.html", False),
        ("https://y.vn/tin-12345.html", "https://x.vn/tin-12345.html", False),
        ("https://x.vn/chi-tiet?id=28316", "https://x.vn/chi-tiet?id=28316&_c=3", True),
        ("https://x.vn/chi-tiet?id=28316", "https://x.vn/chi-tiet?id=28317&_c=3", False),
        ("https://x.vn/-/hoi-nghi-tong-ket-nam", "https://x.vn/web/guest/-/hoi-nghi-tong-ket-nam", True),
        ("https://x.vn/-/hoi-nghi-so-ket-nam", "https://x.vn/web/guest/-/hoi-nghi-tong-ket-nam", False),
    ],
)
def test_a_canonical_link_is_believed_only_of_its_own_article(declared: str, url: str, believed: bool) -> None:
    assert believable(declared, url) is believed
