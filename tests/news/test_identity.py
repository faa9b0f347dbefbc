"""One article has one identity under all the addresses that portals give it, and two articles never share one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.urls import canonical, identity, is_reduced, is_view, without_noise

# Each row: spellings of the address of one article.
SAME = {
    "scheme, www, ports, dot": [
        "http://moh.gov.vn/tin-1.html",
        "https://www.moh.gov.vn:443/tin-1.html",
        "HTTP://MOH.gov.vn.:80/tin-1.html/",
        "//moh.gov.vn/tin-1.html",
        "http://www.m.moh.gov.vn/tin-1.html",
    ],
    "who shared it": [
        "https://x.vn/a?id=5",
        "https://x.vn/a?utm_source=zalo&id=5&fbclid=IwAR0&srsltid=AfmB&ttclid=1",
        "https://x.vn/a?gad_source=1&id=5#binh-luan",
        "https://x.vn/a?id=5&utm%5Fmedium=feed",
        "https://x.vn/a?id=5#!",
    ],
    "sessions": [
        "https://x.vn/tin.jsp?id=7",
        "https://x.vn/tin.jsp;jsessionid=0A1B?id=7",
        "https://x.vn/tin.jsp?PHPSESSID=q1&id=7",
        "https://x.vn/tin.jsp?id=7&p_auth=Xy3kP0aq",
        "https://x.vn/tin.jsp?id=7&sid=9f86d081884c7d659a2feaa0c55ad015",
        "https://x.vn/tin.jsp?id=7&_=1709287200123",
        "https://x.vn/tin.jsp?id=7&id=7",
    ],
    "escapes": [
        "https://x.vn/b%C3%A1o-ch%C3%AD/a~(1).html?q=%C4%91%E1%BA%A3ng%20b%E1%BB%99",
        "https://x.vn/báo-chí/a%7e%281%29.html?q=đảng+bộ",
        "https://x.vn/b%c3%a1o%2Dch%c3%ad/a~(1).html?q=%c4%91ảng%20bộ",
    ],
    "IDN": ["https://tuổitrẻ.vn/a-1.html", "http://www.TUỔITRẺ.vn/a-1.html", "https://xn--tuitr-351b8g.vn/a-1.html"],
    "case on Microsoft's servers": [
        "https://thanhhoa.gov.vn/portal/Pages/2023-01-30/Tin-Ngay-12.aspx?ItemID=5",
        "https://thanhhoa.gov.vn/Portal/pages/2023-01-30/tin-ngay-12.ASPX?itemid=5",
    ],
    "GUIDs, with braces and without": [
        "https://moj.gov.vn/_layouts/GenRss.aspx?List=6F1D2C9E-57AA-4D0C-9A51-3F2C9A1B77E0",
        "https://moj.gov.vn/_Layouts/genrss.aspx?list=%7B6f1d2c9e-57aa-4d0c-9a51-3f2c9a1b77e0%7D",
    ],
    "DotNetNuke": [
        "https://so.hatinh.vn/hoat-dong/tabid/255/post/3011/ve-mien-vi-giam",
        "https://so.hatinh.vn/Hoat-Dong/TabID/255/Post/3011/Ve-mien-vi-giam?dnnprintmode=true",
    ],
    "index pages": ["https://x.vn/Default.aspx?tabid=91&ItemID=774", "https://x.vn/default.aspx?ItemID=774&tabid=91"],
    "NukeViet": [
        "https://tayninh.vn/vi/news/thoi-su/hoi-nghi-12345.html",
        "https://tayninh.vn/vi/news/print/thoi-su/hoi-nghi-12345.html",
        "https://tayninh.vn/vi/news/savefile/thoi-su/hoi-nghi-12345.html",
        "https://tayninh.vn/vi/news/sendmail/thoi-su/hoi-nghi-12345.html",
    ],
    "NukeViet without rewriting": [
        "https://x.vn/index.php?language=vi&nv=news&op=thoi-su/hoi-nghi-12",
        "https://x.vn/index.php?language=vi&nv=news&op=print/thoi-su/hoi-nghi-12",
    ],
    "Liferay": [
        "https://sonla.vn/-/hoi-nghi-tong-ket",
        "https://sonla.vn/web/guest/-/hoi-nghi-tong-ket",
        "https://sonla.vn/vi/web/guest/tin-tuc/-/hoi-nghi-tong-ket?redirect=%2Ftin-tuc&inheritRedirect=true",
        "https://sonla.vn/web/guest/tin-noi-bat/-/asset_publisher/3Yst7Y/content/hoi-nghi-tong-ket",
        "https://sonla.vn/tin-noi-bat/-/asset_publisher/aB1/content/hoi-nghi-tong-ket?_101_INSTANCE_aB1_redirect=%2F",
        "https://sonla.vn/-/asset_publisher/aB1/content/hoi-nghi-tong-ket?p_p_id=101_INSTANCE_aB1&p_p_lifecycle=0"
        "&p_p_state=pop_up&p_p_mode=view&p_p_col_id=column-1&p_p_col_count=1&_101_INSTANCE_aB1_viewMode=print",
    ],
    "Liferay's query": [
        "https://x.vn/chi-tiet?p_p_id=tin&_tin_newsId=20717",
        "https://x.vn/chi-tiet?p_p_id=tin&p_p_lifecycle=0&p_p_state=normal&p_p_mode=view&_tin_newsId=20717",
        "https://x.vn/chi-tiet?p_p_id=tin&_tin_newsId=20717&p_p_state=pop_up&_tin_redirect=%2Fweb%2Fguest",
    ],
    "mobile and AMP": [
        "https://x.vn/hoi-nghi-12.html",
        "https://m.x.vn/hoi-nghi-12.html",
        "https://amp.x.vn/hoi-nghi-12.html",
        "https://x.vn/amp/hoi-nghi-12.html",
        "https://x.vn/hoi-nghi-12.html/amp/",
        "https://x.vn/hoi-nghi-12.amp.html",
        "https://x.vn/hoi-nghi-12.amp",
        "https://x.vn/hoi-nghi-12.html?amp=1",
        "https://x.vn/hoi-nghi-12.html?mobile=1",
        "https://x.vn/hoi-nghi-12.html?view=mobile",
    ],
    "print": [
        "https://x.vn/tin?id=3",
        "https://x.vn/tin?id=3&print=1",
        "https://x.vn/tin?print=true&id=3&tmpl=component",
        "https://x.vn/tin?id=3&mode=print",
        "https://x.vn/tin?id=3&IsDlg=1",
    ],
    "entities": [
        "https://x.vn/tin?id=3&section=2",
        "https&#x3a;&#x2f;&#x2f;x.vn&#x2f;tin&#x3f;id&#x3d;3&amp;section=2",
        "https://x.vn/tin?section=2&amp;amp;id=3",
    ],
}
# Each pair: addresses of two articles that look alike.
OTHER = [
    ("http://danang.gov.vn/chi-tiet?id=28316&_c=3", "http://danang.gov.vn/chi-tiet?id=28317&_c=3"),
    ("https://x.vn/Tin-Moi.html", "https://x.vn/tin-moi.html"),
    ("https://x.vn/a.php?ID=3", "https://x.vn/a.php?id=3"),
    ("https://x.vn/a.aspx?key=Ab", "https://x.vn/a.aspx?key=aB"),
    ("https://x.vn/#!/tin/3", "https://x.vn/#!/tin/4"),
    ("https://x.vn/tin?t=%E1", "https://x.vn/tin?t=%E2"),
    ("https://x.vn/a%2Fb", "https://x.vn/a/b"),
    ("https://x.vn/a%3Fb=1", "https://x.vn/a?b=1"),
    ("https://x.vn/web/so-noi-vu/-/hoi-nghi-tong-ket", "https://x.vn/web/guest/-/hoi-nghi-tong-ket"),
    ("https://x.vn/en/-/hoi-nghi-tong-ket", "https://x.vn/-/hoi-nghi-tong-ket"),
    ("https://x.vn/tin/-/view-article/1/1662000000001/1", "https://x.vn/tin/-/view-article/1/1662000000002/1"),
    ("https://x.vn/-/asset_publisher/a/content/id/101", "https://x.vn/-/asset_publisher/a/content/id/102"),
    ("https://x.vn/chi-tiet?p_p_id=tin&id=5", "https://x.vn/chi-tiet?p_p_id=video&id=5"),
    ("http://x.vn/modules.php?name=News&sid=12", "http://x.vn/modules.php?name=News&sid=13"),
    ("https://x.vn/di?redirect=%2Fa", "https://x.vn/di?redirect=%2Fb"),
    ("https://x.vn:8080/a", "https://x.vn/a"),
    ("https://x.vn/tin?id=3&section=2", "https://x.vn/tin?id=3&section=4"),
    ("https://m.vn/a", "https://x.m.vn/a"),
]


@pytest.mark.parametrize("case", SAME)
def test_spellings_of_one_address_have_one_identity(case: str) -> None:
    spellings = [canonical(url, "http://moh.gov.vn/") for url in SAME[case]]
    assert {identity(url) for url in spellings} == {identity(spellings[0])}


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_addresses_of_two_articles_keep_two_identities(one: str, other: str) -> None:
    assert identity(one) != identity(other)


@pytest.mark.parametrize(
    "url", [url for case in SAME.values() for url in case] + [url for pair in OTHER for url in pair]
)
def test_an_identity_is_final(url: str) -> None:
    key = identity(canonical(url, "http://moh.gov.vn/"))
    assert identity(f"http://{key}") == key


def test_a_reading_address_keeps_the_case_that_a_server_may_need() -> None:
    url = "https://thanhhoa.gov.vn/portal/Pages/Tin.aspx?ItemID=5&Key=Ab"
    assert canonical(url) == url
    assert identity(url) == "thanhhoa.gov.vn/portal/pages/tin.aspx?itemid=5&key=Ab"


@pytest.mark.parametrize(
    ("url", "view"),
    [
        ("https://x.vn/-/slug-a?p_p_state=pop_up", True),
        ("https://x.vn/a?_101_INSTANCE_aB1_viewMode=print", True),
        ("https://x.vn/index.php?nv=news&op=print/thoi-su/hoi-nghi-12", True),
        ("https://x.vn/index.php?nv=news&op=printing-house-12", False),
        ("https://x.vn/a?p_p_state=normal&p_p_mode=view", False),
        ("https://x.vn/in-bai/hoi-nghi-12.html", True),
        ("https://m.x.vn/hoi-nghi-12.html", False),
    ],
)
def test_views_of_the_portals_are_known_as_such(url: str, view: bool) -> None:
    assert is_view(url) is view


@pytest.mark.parametrize(
    ("url", "reduced"),
    [
        ("https://x.vn/hoi-nghi-12.html", False),
        ("https://www.x.vn/hoi-nghi-12.html", False),
        ("https://m.x.vn/hoi-nghi-12.html", True),
        ("https://x.vn/hoi-nghi-12.html?amp=1", True),
        ("https://x.vn/hoi-nghi-12.amp", True),
        ("https://x.vn/hoi-nghi-12.html?print=1", True),
        ("https://amphitheatre.vn/ampere-12.html", False),
        ("http://[::1", False),
    ],
)
def test_a_page_for_telephones_or_printers_shows_less(url: str, reduced: bool) -> None:
    assert is_reduced(url) is reduced


def test_an_address_is_shown_without_what_frames_it() -> None:
    url = "https://x.vn/chi-tiet?p_p_id=tin&p_p_lifecycle=0&_tin_newsId=20717&_tin_redirect=%2F&utm_source=z&ref=home"
    assert without_noise(url, drop={"ref"}) == "https://x.vn/chi-tiet?p_p_id=tin&_tin_newsId=20717"
    assert without_noise("https://x.vn/di?redirect=%2Fa") == "https://x.vn/di?redirect=%2Fa"
    assert without_noise("https://x.vn/a?ref=1", drop={"ref"}, keep=("ref",)) == "https://x.vn/a?ref=1"


_NAMES = st.sampled_from(["id", "_c", "rand", "utm_source", "print", "op", "p_p_state", "redirect", "amp", "ID"])
_QUERY = st.lists(st.tuples(_NAMES, st.sampled_from(["", "1", "2", "print/a", "Ab"])), max_size=5)
_PATH = st.lists(
    st.sampled_from(["a", "B.aspx", "-", "print", "amp", "web", "guest", "index.html", "x-y", "a.amp", "%7e", "%2f"]),
    max_size=6,
)


@given(_PATH, _QUERY, st.randoms())
def test_the_order_of_parameters_and_a_second_reading_change_nothing(
    path: list[str], pairs: list[tuple[str, str]], chance: object
) -> None:
    def url(shuffled: list[tuple[str, str]]) -> str:
        return f"http://x.vn/{'/'.join(path)}?" + "&".join(f"{name}={value}" for name, value in shuffled)

    key = identity(url(pairs))
    other = list(pairs)
    chance.shuffle(other)  # type: ignore[attr-defined]
    assert identity(url(other)) == key
    assert identity(f"http://{key}") == key


@given(st.sampled_from(["id", "newsId", "ItemID", "dDocName"]), st.integers(0, 10**9), st.integers(0, 10**9), _QUERY)
def test_an_id_in_the_query_always_tells_articles_apart(
    name: str, one: int, other: int, pairs: list[tuple[str, str]]
) -> None:
    rest = "&".join(f"{key}={value}" for key, value in pairs if key.lower() != name.lower())
    urls = [f"http://x.vn/chi-tiet.aspx?{name}={number}&{rest}" for number in (one, other)]
    assert (identity(urls[0]) == identity(urls[1])) is (one == other)
