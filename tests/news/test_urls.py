"""The same article is known by one address, however it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.errors import InvalidValue
from news.urls import canonical, identity, is_view


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("HTTP://WWW.MOH.gov.vn:80/tin/a.html", "http://www.moh.gov.vn/tin/a.html"),
        ("https://x.vn:443", "https://x.vn/"),
        ("https://x.vn/a.html?utm_source=zalo&utm_medium=x&id=5#binh-luan", "https://x.vn/a.html?id=5"),
        ("https://x.vn/a?fbclid=IwAR0&gclid=1&zarsrc=30", "https://x.vn/a"),
        ("https://x.vn/chi-tiet?id=28316&_c=3", "https://x.vn/chi-tiet?id=28316&_c=3"),
        ("http://x.vn/modules.php?name=News&sid=12", "http://x.vn/modules.php?name=News&sid=12"),
        ("http://x.vn/tin?id=4&sid=9f86d081884c7d659a2feaa0c55ad015", "http://x.vn/tin?id=4"),
        ("https://x.vn/tin.jsp;jsessionid=0A1B?id=7", "https://x.vn/tin.jsp?id=7"),
        ("https://x.vn/(S(abc12))/tin.aspx", "https://x.vn/tin.aspx"),
        ("https://x.vn/a/../b//c.html", "https://x.vn/b/c.html"),
        ("https&#x3a;&#x2f;&#x2f;ncov.moh.gov.vn&#x2f;web&#x2f;guest", "https://ncov.moh.gov.vn/web/guest"),
        (" \n//x.vn/tin bài?q=đảng\t", "http://x.vn/tin%20b%C3%A0i?q=%C4%91%E1%BA%A3ng"),
        ("tin-2.html", "http://b.vn/muc/tin-2.html"),
    ],
)
def test_an_address_has_one_spelling(written: str, meant: str) -> None:
    assert canonical(written, "http://b.vn/muc/tin-1.html") == meant


@pytest.mark.parametrize(
    "bad", ["javascript:alert(1)", "mailto:a@b.vn", "ftp://x.vn/a", "http://", "http://[::1", "", "tel:1"]
)
def test_what_is_no_web_address_is_refused_with_a_remedy(bad: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        canonical(bad)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "other",
    [
        "https://sonoivu.vn/vi/news/tin/bai-12.html",
        "http://www.sonoivu.vn/vi/news/tin/bai-12.html?utm_campaign=x",
        "http://sonoivu.vn/vi/news/print/tin/bai-12.html",
        "http://sonoivu.vn/vi/news/savefile/tin/bai-12.html",
        "http://sonoivu.vn/vi/news/tin/bai-12.html?print=1",
        "http://m.sonoivu.vn/vi/news/tin/bai-12.html/",
        "http://sonoivu.vn/vi/news/tin/bai-12.html/amp",
        "http://sonoivu.vn/vi/news/tin/bai-12.html#binhluan",
    ],
)
def test_views_and_spellings_of_an_article_have_its_identity(other: str) -> None:
    assert identity(other) == "sonoivu.vn/vi/news/tin/bai-12.html"


def test_an_id_in_the_query_tells_articles_apart_and_its_place_does_not() -> None:
    assert identity("http://x.vn/chi-tiet?id=1&_c=3") != identity("http://x.vn/chi-tiet?id=2&_c=3")
    assert identity("http://x.vn/chi-tiet?id=1&_c=3") == identity("http://x.vn/chi-tiet?_c=3&id=1")
    assert identity("http://127.0.0.1:8801/a") != identity("http://127.0.0.1:8802/a")


@pytest.mark.parametrize(
    ("url", "view"),
    [
        ("http://x.vn/vi/news/print/tin/a-1.html", True),
        ("http://x.vn/Portal/PrintItem.aspx?ContentID=3", True),
        ("http://x.vn/tin?id=3&print=1", True),
        ("http://x.vn/tin?format=pdf", True),
        ("http://x.vn/tin/nganh-in-viet-nam-12.html", False),
        ("http://x.vn/news/printing-house-opens-5.html", False),
        ("http://x.vn/chi-tiet?id=3&type=tin", False),
    ],
)
def test_print_and_mail_views_are_known_as_such(url: str, view: bool) -> None:
    assert is_view(url) is view


@given(st.text(max_size=60), st.text(max_size=30))
def test_the_canonical_form_is_final(path: str, query: str) -> None:
    try:
        once = canonical(f"http://x.vn/{path}?{query}")
    except InvalidValue:
        return
    assert canonical(once) == once
    assert identity(once) == identity(f"http://{identity(once)}")


@given(st.text(max_size=80))
def test_no_text_breaks_a_url_function_but_by_a_clear_error(text: str) -> None:
    try:
        canonical(text, "http://x.vn/a/b")
    except InvalidValue as error:
        assert error.problem
    is_view(text)
