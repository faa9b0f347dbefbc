"""Which expression the addresses of a portal's articles have in common."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.propose.patterns import clusters, covers, expression, make_of, view_expression

# The forms of the saved pages and portals: three articles seen, another that must match, and addresses that must not.
FORMS = {
    "tandan": (
        ["/portal/pages/2025-03-28/to-cong-nghe-so-g-388372.aspx", "/portal/Pages/2025-3-8/dang-bo-xa-388274.aspx",
         "/portal/pages/2025-12-01/khu-cong-nghiep-o-xa-388358.aspx"],
        ["/portal/Pages/2021-5-7/le-hoi-den-hung-388999.aspx"],
        ["/portal/KenhTin/tin-trong-huyen.aspx?PageIndex=2", "/portal/pages/print.aspx?id=388372"],
    ),
    "nukeviet": (
        ["/vi/news/tin-tuc/khai-mac-lop-boi-duong-1427.html", "/vi/news/cai-cach-hanh-chinh/hop-tac-1441.html",
         "/news/thong-bao/lich-lay-nuoc-1399.html"],
        ["/vi/news/van-hoa/le-hoi-chua-huong-98.html", "/vi/news/a-b-c-d-e/le-hoi-chua-huong-20001.html"],
        ["/vi/news/tin-tuc/", "/vi/news/tin-tuc/page-2/", "/vi/about/co-cau-to-chuc.html"],
    ),
    "liferay": (
        ["/web/guest/-/le-hoi", "/web/guest/-/tinh-uy-son-la-gap-mat-doanh-nghiep", "/web/guest/-/doi-thay-o-vung-que"],
        ["/web/guest/-/mot-bai-khac"],
        ["/web/guest/tin-trong-tinh", "/web/guest/tin-trong-tinh?cur=2"],
    ),
    "danang": (
        ["/web/guest/chinh-quyen/chi-tiet?id=28316&_c=3", "/web/guest/chinh-quyen/chi-tiet?_c=1&id=28317",
         "/web/guest/chinh-quyen/chi-tiet?id=28318&_c=2"],
        ["/web/guest/chinh-quyen/chi-tiet?_c=3&id=9"],
        ["/web/guest/chinh-quyen/danh-muc?_c=1&page=2", "/web/guest/chinh-quyen/chi-tiet?_c=3"],
    ),
    "dotnetnuke": (
        [f"/Home/TabId/55/ArticleId/{n}/Default.aspx" for n in (3241, 3234, 3227)],
        ["/Home/TabId/70/ArticleId/12/Default.aspx", "/home/tabid/55/articleid/9/default.aspx"],
        ["/Home/TabId/1/Default.aspx", "/Home/TabId/1/Default.aspx?PageNo=2"],
    ),
    "vccorp": (
        ["/le-hoi-den-hung-102260228093004191.htm", "/kinh-te-phuc-hoi-102260301080004112.htm",
         "/kinh-te/gia-vang-hom-nay-102260301090004112.htm"],
        ["/thoi-su/hop-bao-chinh-phu-10226030109000411.htm"],
        ["/chinh-tri.htm", "/chinh-tri/trang-2.htm", "/tin-tuc/xem-theo-ngay-05-03-2025.htm"],
    ),
    "zce": (
        ["/nong-dan-duoc-mua-post857380.html", "/xa-hoi/khai-hoi-chua-lang-post857310.html", "/le-hoi-post857303.html"],
        ["/chinh-tri/phien-hop-post901234.html"],
        ["/chinh-tri/", "/chinh-tri/trang-2.htm", "/print-857380.html"],
    ),
    "wordpress": (
        ["/tin-tuc/hoi-nghi-ve-phong-chong-thien-tai/", "/tin-tuc/ngay-hoi-khoa-hoc-cong-nghe/",
         "/tin-tuc/truong-don-doan-cong-tac/"],
        ["/tin-tuc/mot-bai-viet-khac-nua/"],
        ["/tin-tuc/", "/tin-tuc/page/2/", "/lien-he/", "/gioi-thieu/co-cau-to-chuc-bo-may/"],
    ),
    "joomla": (
        ["/tin-tuc/301-benh-an-dien-tu-o-huyen", "/tin-tuc/302-hoi-thao-khoa-hoc-y-te", "/y-te/303-kham-benh-cho-ai"],
        ["/giao-duc/1304-khai-giang-nam-hoc-moi"],
        ["/tin-tuc", "/tin-tuc?start=20"],
    ),
    "number alone": (
        ["/bai-viet/7001", "/bai-viet/7002", "/bai-viet/7003"],
        ["/bai-viet/12999", "/bai-viet/8"],
        ["/bai-viet/", "/chuyen-muc/7001", "/bai-viet/7001/in"],
    ),
    "path with id before the headline": (
        [f"/vn/tin-tuc/{n}/khoi-cong-can-nha-cho-ho-ngheo.aspx" for n in (17531, 17524, 17517)],
        ["/vn/tin-tuc/20001/le-hoi-den-hung-nam-nay.aspx"],
        ["/vn/Pages/tin-tong-hop.aspx", "/vn/Pages/tin-tong-hop.aspx?p=2", "/vn/tin-tuc/17531/"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_the_expressions_match_the_articles_of_a_form_and_nothing_else(form: str) -> None:
    seen, others, not_articles = ([f"https://lamha.gov.vn{path}" for path in paths] for paths in FORMS[form])
    patterns = [expression(cluster) for cluster in clusters(seen)]

    assert [url for url in (*seen, *others) if not covers(patterns, url)] == []
    assert [url for url in not_articles if covers(patterns, url)] == [], patterns
    assert len(patterns) <= 2, "one make, and perhaps an older one"


def test_the_largest_make_comes_first() -> None:
    urls = [f"https://x.vn/le-hoi-{n}.html" for n in range(10, 15)] + [f"https://x.vn/?p={n}" for n in range(10, 13)]

    assert [len(cluster.urls) for cluster in clusters([*urls, urls[0]])] == [5, 3]


PATHS = st.text("abz019-_./?=&%(){}[]+*$^|\\ăé", max_size=40)


@given(paths=st.lists(PATHS, min_size=1, max_size=6))
def test_whatever_the_addresses_the_expressions_compile_and_match_them(paths: list[str]) -> None:
    urls = [f"https://x.vn/{path}" for path in paths]
    for cluster in clusters(urls):
        assert re.compile(expression(cluster))
        assert make_of(cluster.urls[0]) == cluster.make


def test_an_expression_takes_no_time_on_an_address_made_to_take_much() -> None:
    patterns = [
        expression(cluster) for paths, *_ in FORMS.values() for cluster in clusters(f"https://x.vn{p}" for p in paths)
    ]
    began = time.perf_counter()
    for nasty in ("-" * 3000, "a-" * 1500, "1" * 3000, "a/" * 1500, "?id=" * 700, "&" * 3000):
        covers(patterns, f"https://x.vn/{nasty}!")
    assert time.perf_counter() - began < 1.5


@pytest.mark.parametrize(
    ("view", "others", "articles"),
    [
        ("/tin-bai/9100/in", ["/tin-bai/55/in"], ["/tin-bai/9100", "/tin-bai/tin-tuc/le-hoi-9100"]),
        ("/print-857380.html", ["/print-1.html"], ["/le-hoi-post857380.html", "/in-857380.html"]),
        ("/ban-in/le-hoi-den-hung-12.html", ["/ban-in/mot-bai-khac-13.html"], ["/tin/le-hoi-den-hung-12.html"]),
    ],
)
def test_a_view_is_denied_with_all_of_its_kind(view: str, others: list[str], articles: list[str]) -> None:
    denied = view_expression(f"https://x.vn{view}")

    assert all(covers([denied], f"https://x.vn{path}") for path in (view, *others))
    assert not any(covers([denied], f"https://x.vn{path}") for path in articles)


def test_a_view_that_looks_like_any_article_is_not_denied() -> None:
    assert view_expression("https://x.vn/le-hoi-den-hung-12.html") == ""
    assert view_expression("https://x.vn/chi-tiet?id=12&kieu=in") == ""
