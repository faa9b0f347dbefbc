"""Whether a link leads to an article, and why."""

from __future__ import annotations

import pytest

from news.discover.shape import judge, skeleton, skeletons
from news.discover.traps import choices, trap, turns_page, without_tokens

HOST = "https://lamha.gov.vn"
HEADLINE = "Chủ tịch tỉnh kiểm tra tiến độ xây dựng cầu mới"


@pytest.mark.parametrize(
    ("path", "title", "dated", "article"),
    [
        ("/khai-mac-le-hoi-xuan-102260228093004191.htm", "", False, True),
        ("/khai-mac-12.html", HEADLINE, False, True),
        ("/Home/TabId/55/ArticleId/3241/Default.aspx", "Họp báo", False, True),
        ("/Home/TabId/55/Default.aspx", "Nghị quyết và cuộc sống", True, False),
        ("/khai-mac-12.html", "Khai mạc", False, False),
        ("/cong-dien-34.html", "Công điện khẩn", True, True),
        ("/kiem-tra-cau", HEADLINE, True, False),
        ("/kiem-tra-cau-moi-o-huyen", HEADLINE, False, True),
        ("/tin-tuc?page=2", "2", False, False),
        ("/chuyen-doi-so-tag1234.html", HEADLINE, True, False),
        ("/lich?month=3&year=2026", HEADLINE, True, False),
    ],
)
def test_address_words_and_date_are_weighed_together(path: str, title: str, dated: bool, article: bool) -> None:
    assert judge(HOST + path, title, dated=dated).is_article is article


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/", "a front page"),
        ("/van-ban/quyet-dinh-12-qd-ubnd.pdf", "a file"),
        ("/tags/le-hoi", "a page of the site's furniture"),
        ("/tim-tin?q=le-hoi", "a search or a login"),
        ("/vi/news/print/tin/le-hoi-12.html", "a view to print, mail or save"),
        ("/lich-lam-viec?month=3&year=2026", "a calendar"),
        ("/tin/tin/tin/le-hoi-xuan-nam-nay-12345.html", "a path that repeats itself"),
    ],
)
def test_what_is_never_an_article_says_what_it_is(path: str, why: str) -> None:
    judged = judge(HOST + path, HEADLINE)
    assert (judged.score, judged.reasons) == (0.0, (why,))


def test_addresses_like_those_of_known_articles_need_no_headline() -> None:
    learnt = skeletons(f"{HOST}/bai-viet/{n}00-hop-bao" for n in range(1, 5))
    assert judge(f"{HOST}/bai-viet/977-gap-mat", "Gặp mặt", learnt=learnt).is_article
    assert not judge(f"{HOST}/bai-viet/977-gap-mat", "Gặp mặt").is_article
    assert not judge(f"{HOST}/muc-luc/gap-mat", "Gặp mặt", learnt=learnt).is_article


def test_two_known_articles_or_bare_words_teach_nothing() -> None:
    assert skeletons(f"{HOST}/a/{n}00-hop" for n in (1, 2)) == frozenset()
    assert skeletons(f"{HOST}/muc/{word}" for word in ("van-hoa", "xa-hoi", "kinh-te")) == frozenset()


def test_a_skeleton_keeps_the_form_and_drops_words_and_numbers() -> None:
    first = skeleton(f"{HOST}/tin-tuc/khai-mac-le-hoi-xuan-moi-123.html")
    assert first == skeleton(f"{HOST}/xa-hoi/trao-qua-cho-ho-ngheo-98765.html")
    assert first != skeleton(f"{HOST}/tin-tuc/khai-mac-le-hoi-xuan-moi")
    assert skeleton(f"{HOST}/x?id=5&_c=3") == skeleton(f"{HOST}/x?_c=4&id=77")


@pytest.mark.parametrize(
    "path",
    ["/a/a/a/b.html", "/x/y/x/y/x/y/tin.html", "/lich?year=2199&day=1", "/lich/2199-01-02/su-kien", "/" + "a" * 1600],
)
def test_addresses_without_end_are_told(path: str) -> None:
    assert trap(HOST + path)


@pytest.mark.parametrize(
    "path",
    [
        "/tin-tuc/tin-tuc/le-hoi.html",
        "/2026/03/07/le-hoi/",
        "/chi-tiet-tin/-/view-article/1/1662019200000/1662019200001",
        "/1/1/1/tin.html",
        "/van-ban?nam=2026",
    ],
)
def test_honest_addresses_are_no_traps(path: str) -> None:
    assert trap(HOST + path) == ""


@pytest.mark.parametrize(
    ("url", "start", "page"),
    [
        ("/tin?page=2", "/tin", True),
        ("/tin?id=5&trang=2", "/tin?id=5", True),
        ("/tin?p_p_id=x&_101_cur=2&_101_delta=5", "/tin", True),
        ("/tin?xyz=2", "/tin", True),
        ("/tin/page-2/", "/tin", True),
        ("/tin?month=4&year=2026", "/tin", False),
        ("/tin?nam=2025", "/tin", False),
        ("/tin?loai=3&linhvuc=4", "/tin", False),
        ("/tin?page=2&month=4", "/tin", False),
    ],
)
def test_pages_of_a_list_are_told_from_filters_and_months(url: str, start: str, page: bool) -> None:
    assert turns_page(HOST + url, HOST + start) is page


def test_the_choices_of_a_form_are_told_from_articles_with_a_parameter() -> None:
    articles = [f"{HOST}/xem.aspx?ma={n}&c={n % 3}" for n in range(20)]
    others = [f"{HOST}/xem.aspx?page={n}" for n in range(30)]  # the pager and the menu of the same page
    form = [f"{HOST}/loc.aspx?loai={a}&nam={b}" for a in range(5) for b in range(5)]
    assert choices([*articles, *others, *form]) == {"lamha.gov.vn/loc.aspx?loai&nam"}


def test_sessions_in_an_address_do_not_make_another() -> None:
    one, other = (f"{HOST}/s/{token}/le-hoi-1.html" for token in ("a1b2c3d4e5f6a7b8c9", "99ffee00112233aabb"))
    assert without_tokens(one) == without_tokens(other)
    assert without_tokens(f"{HOST}/khai-mac-le-hoi-102260228093004191.htm").endswith("102260228093004191.htm")
