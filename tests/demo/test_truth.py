"""The answer key agrees with the pages: what it calls the article is there, and so is what it leaves out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from itertools import combinations
from urllib.request import urlopen

import pytest

from demo.portal import Portal
from demo.server import Demo
from demo.truth import DemoArticle
from demo.writer import all_articles, spec_of
from news.article import Precision

_INLINE = re.compile(r"</?(?:span|o:p|font|b|i|u|em|strong|a)\b[^>]*>")
_BOILERPLATE = {
    "demo-trieuson": ("Ý kiến thăm dò", "Bạn quan tâm đến chuyên mục nào trên trang?", "Truy cập", "Các tin khác"),
    "demo-noivu": ("Tổng số điểm của bài viết là:", "Những tin cũ hơn", "Tổng lượt truy cập", "Thống kê truy cập"),
    "demo-sonlam": ("THĂM DÒ Ý KIẾN", "Số người đang truy cập", "Cơ quản chủ quản:", "Các tin cũ hơn"),
    "demo-cuadong": ("Hồ sơ vừa trả:", "Tổng lượt truy cập:", "Giấy phép: 612/GP-STTTT", "GMT+7"),
    "demo-mst": ("Lượt xem:", "Tìm theo ngày :", "Đánh giá", "(Di chuột vào ngôi sao để chọn điểm)", "Tham khảo thêm"),
    "demo-kinhte": ("Phản hồi", "Các tin khác", "Số người truy cập"),
    "demo-nhandan": ("Copy link thành công", "Tin bài cùng chủ đề", "Đọc nhiều"),
    "demo-most": ("Số lượt đọc:", "Tin cũ hơn:", "Gửi cho bạn bè"),
    "demo-hamy": ("Tin nổi bật", "Quay lại", "Thống kê truy cập:"),
}


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with Demo(0) as running:
        yield running


def fold(text: str) -> str:
    """Letters composed, spaces single, nothing of zero width."""
    return " ".join(re.sub("[\u200b\u200c\u200d\ufeff]", "", unicodedata.normalize("NFC", text)).split())


def visible(portal: Portal, path: str) -> str:
    """All text of a page, in the way of a reader who sees hidden text, too."""
    with urlopen(portal.base + path) as answer:
        page = answer.read().decode(portal.spec.encoding)
    page = _INLINE.sub("", re.sub(r"(?s)<(script|style)\b.*?</\1>", "", page))
    return fold(unescape(unescape(re.sub(r"(?s)<[^>]*>", " ", page))))


def told(article: DemoArticle) -> list[str]:
    lines = [part.text if part.kind != "tr" else " ".join(part.cells) for part in article.parts]
    return [article.title, article.mark + article.lead, article.author, article.source, *lines]


@pytest.mark.parametrize("portal", sorted(_BOILERPLATE))
def test_a_page_holds_its_article_word_for_word_and_its_boilerplate(demo: Demo, portal: str) -> None:
    for article in demo.portals[portal].articles:
        page = visible(demo.portals[portal], article.path)
        assert [line for line in told(article) if fold(line) not in page] == [], article.key
        assert [line for line in _BOILERPLATE[portal] if line not in page] == [], article.key


@pytest.mark.parametrize("portal", sorted(_BOILERPLATE))
def test_every_other_address_and_the_print_view_hold_the_same_text(demo: Demo, portal: str) -> None:
    for article in demo.portals[portal].articles[::9]:
        for path in (*article.variants, article.print_path, *article.other_views):
            page = visible(demo.portals[portal], path)
            assert [line for line in article.body if "|" not in line and fold(line.lstrip("- ")) not in page] == [], (
                path
            )


def test_each_of_nine_portals_has_at_least_thirty_two_articles_with_a_title_of_their_own() -> None:
    articles = all_articles()
    assert len(articles) == 9
    assert min(len(of_portal) for of_portal in articles.values()) >= 32
    for of_portal in articles.values():
        assert len({article.title for article in of_portal}) == len(of_portal)
        assert len({article.path for article in of_portal}) == len(of_portal)


def test_no_two_articles_share_a_third_of_their_sentences_unless_one_is_taken_over() -> None:
    said = {
        article.key: set(re.split(r"(?<=[.;!?])\s+", " ".join(article.body)))
        for articles in all_articles().values()
        for article in articles
        if not article.twin_of
    }
    alike = [
        (one, other)
        for one, other in combinations(said, 2)
        if len(said[one] & said[other]) * 3 > min(len(said[one]), len(said[other]))
    ]
    assert alike == []


def test_an_article_taken_over_has_the_text_of_its_origin_and_a_lead_of_its_own() -> None:
    every = {article.key: article for articles in all_articles().values() for article in articles}
    twins = [article for article in every.values() if article.twin_of]
    assert len(twins) >= 5
    for twin in twins:
        origin = every[twin.twin_of]
        assert twin.body == origin.body
        assert twin.lead != origin.lead
        assert twin.stamp > origin.stamp


@pytest.mark.parametrize(
    ("portal", "title", "published", "precision", "author", "source", "paragraphs", "captions"),
    [
        ("demo-kinhte", "Tăng cường phối hợp công tác", "2021-10-15T00:00:00+07:00", "day", "", "", 7, 2),
        (
            "demo-most", "Khối cơ quan Bộ KH&CN tổ chức", "2019-12-19T16:45:00+07:00", "minute", "",
            "Trung tâm Nghiên cứu và Phát triển truyền thông KH&CN", 13, 5,
        ),
        (
            "demo-mst", "Hội nghị sơ kết công tác đảng", "2019-06-29T16:24:00+07:00", "minute", "",
            "Trung tâm Nghiên cứu và Phát triển truyền thông KH&CN", 14, 6,
        ),
        ("demo-trieuson", "Hội nghị toàn quốc về", "2025-01-13T14:39:32+07:00", "second", "Lê Anh", "", 9, 1),
        ("demo-nhandan", "Phiên họp thứ nhất Ban Chỉ đạo", "2025-01-20T19:33:00+07:00", "minute", "", "NDO", 8, 0),
    ],
)  # fmt: skip
def test_the_five_seed_texts_are_articles_of_fitting_portals(
    portal: str, title: str, published: str, precision: str, author: str, source: str, paragraphs: int, captions: int
) -> None:
    [article] = [article for article in all_articles()[portal] if article.title.startswith(title)]
    assert article.published == datetime.fromisoformat(published)
    assert article.precision is Precision(precision)
    assert (article.author, article.source) == (author, source)
    assert (len(article.body), len(article.captions)) == (paragraphs, captions)
    assert not set(article.captions) & set(article.body)


def test_the_page_of_seed_003_carries_its_article_twice_with_two_forms_of_the_date(demo: Demo) -> None:
    portal = demo.portals["demo-trieuson"]
    [article] = [article for article in portal.articles if article.author == "Lê Anh" and article.style == "doubled"]
    page = visible(portal, article.path)
    assert page.count(fold(article.body[0])) == 2
    assert "Ngày 13/01/2025 14:39:32" in page
    assert "Đăng lúc: 13/01/2025 14:39:32 (GMT+7)" in page
    assert page.index("Bạn quan tâm đến chuyên mục nào") < page.index(fold(article.body[0]))


def test_the_hour_is_the_most_that_the_egov_portal_tells_of_a_time(demo: Demo) -> None:
    portal = demo.portals["demo-sonlam"]
    article = next(article for article in portal.articles if article.stamp.second != article.stamp.minute)
    assert f"{article.stamp:%d/%m/%Y %H:%S}" in visible(portal, article.path)
    assert article.precision is Precision.DAY
    assert article.published == article.stamp.replace(hour=0, minute=0, second=0)


def test_the_table_portal_is_windows_1258_with_tones_apart_from_their_vowels(demo: Demo) -> None:
    portal = demo.portals["demo-kinhte"]
    with urlopen(portal.url(portal.articles[0])) as answer:
        page = answer.read()
        assert "charset" not in answer.headers["Content-Type"]
    assert b"windows-1258" in page
    with pytest.raises(UnicodeDecodeError):
        page.decode("utf-8")
    assert not unicodedata.is_normalized("NFC", page.decode("cp1258"))


def test_the_articles_are_the_same_whenever_they_are_written() -> None:
    first = all_articles()
    all_articles.cache_clear()
    assert all_articles() == first
    assert spec_of("demo-mst").template == "vccorp"


def test_documents_named_in_a_text_stand_there_with_their_numbers() -> None:
    named = 0
    for articles in all_articles().values():
        for article in articles:
            text = " ".join([article.lead, *article.body])
            named += len(article.documents)
            # Seed 002 writes its number with a stray space ("số 20 -NQ/TW").
            missing = [d.number for d in article.documents if d.number not in text.replace(" -", "-")]
            assert missing == [], article.key
    assert named > 100
