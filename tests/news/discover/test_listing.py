"""Listings: which links are articles, and where the list goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

import pytest

from news.article import VIETNAM
from news.discover import Discovery, discover
from news.discover.shape import Shape, shape_of
from news.site import Site, Source, SourceKind

LIST = "https://lamha.gov.vn/tin-tuc"
HEADLINE = "Chủ tịch tỉnh kiểm tra tiến độ xây dựng cầu mới"


def read(site: Site, body: str, url: str = LIST, source: Source | None = None) -> Discovery:
    return discover(f"<html><body>{body}</body></html>".encode(), url, source or site.sources[2], site)


def urls(found: Discovery) -> list[str]:
    return [lead.url.removeprefix("https://lamha.gov.vn") for lead in found.leads]


# Addresses of articles by family (PORTALS.md), and of what stands beside them in menus.
ARTICLES = [
    "/portal/pages/2023-01-30/Trieu-Son-khai-mac-giai-bong-chuyen-h-412.aspx",
    "/portal/Pages/2021-5-7/Hoi-nghi-tiep-xuc-cu-trix7k2q.aspx",
    "/vi/news/tin-tuc/khai-mac-le-hoi-xuan-12.html",
    "/web/guest/chinh-quyen/chi-tiet?id=28316&_c=3",
    "/web/guest/-/khai-mac-le-hoi-xuan",
    "/chi-tiet-tin/-/view-article/1/1662019200000/1662019200001",
    "/khai-mac-le-hoi-xuan-102260228093004191.htm",
    "/khai-mac-le-hoi-188260307071033787.chn",
    "/khai-mac-le-hoi-xuan-post812345.html",
    "/Default.aspx/tabid/255/post/3011/khai-mac.aspx",
    "/kinh-doanh/khai-mac-le-hoi-xuan-20260307075519174.htm",
    "/vn/tin-tuc/16078/khai-mac-le-hoi-xuan-tai-tinh.aspx",
    "/index.php?option=com_content&view=article&id=512",
    "/tin-tuc/khai-mac-le-hoi-xuan-tai-trung-tam",
]
FURNITURE = [
    "/", "/gioi-thieu", "/lien-he", "/tin-tuc", "/chuyen-muc/kinh-te", "/tags/le-hoi", "/tim-kiem?q=a", "/dang-nhap",
    "/rss", "/sitemap.html", "/thu-vien-anh/le-hoi-xuan-tai-trung-tam-tinh", "/van-ban/quyet-dinh-12-qd-ubnd.pdf",
    "/vi/news/print/tin-tuc/khai-mac-le-hoi-xuan-12.html", "/portal/KenhTin/Tin-trong-tinh.aspx",
    "/tin-tuc-su-kien/xem-theo-ngay/07-03-2026.htm", "https://facebook.com/lamha/posts/123456789-le-hoi-xuan-nay",
    "mailto:ubnd@lamha.gov.vn", "javascript:void(0)", "#top", "/quang-cao/khuyen-mai-lon-nhat-nam-12345.html",
]  # fmt: skip


@pytest.mark.parametrize("path", ARTICLES)
def test_an_article_is_known_by_its_address_and_its_headline(site: Site, path: str) -> None:
    assert urls(read(site, f'<a href="{path}">{HEADLINE}</a>')) == [path]


@pytest.mark.parametrize("href", FURNITURE)
def test_furniture_is_no_article_whatever_its_words(site: Site, href: str) -> None:
    assert read(site, f'<a href="{href}">{HEADLINE}</a>').leads == ()


@pytest.mark.parametrize(
    ("href", "words"), [("/tin-trong-tinh-12.html", "Tin trong tỉnh"), ("/xa-hoi-5.htm", "Xã hội")]
)
def test_a_category_with_a_number_is_no_article(site: Site, href: str, words: str) -> None:
    assert read(site, f'<a href="{href}">{words}</a>').leads == ()


def test_a_dated_address_needs_no_headline() -> None:
    assert shape_of(urlsplit("https://a.vn/portal/pages/2025-1-20/x-412.aspx")) is Shape.SURE


def test_the_sites_own_patterns_decide_when_there_are_any(site: Site) -> None:
    patterned = replace(site, article_urls=(r"/bai/\d+$",))
    body = f'<a href="/bai/7">Ngắn</a><a href="{ARTICLES[0]}">{HEADLINE}</a>'
    assert urls(read(patterned, body)) == ["/bai/7"]


def test_picture_headline_and_more_link_are_one_lead_with_the_headline(site: Site) -> None:
    path = ARTICLES[2]
    body = (
        f'<a href="{path}"><img src="a.jpg"></a><h3><a href="{path}#x">{HEADLINE}</a></h3><a href="{path}">Xem tiếp</a>'
    )
    (lead,) = read(site, body).leads
    assert (lead.title, lead.section) == (HEADLINE, "Tin trong tỉnh")


def test_the_day_beside_an_item_is_its_own_and_nobody_elses(site: Site) -> None:
    item = '<li><a href="/khai-mac-le-hoi-xuan-{0}99.html">{1}</a>{2}</li>'
    body = "Thứ Tư, ngày 27 tháng 9 năm 2017 | 11:19 GMT+7<ul>"
    body += item.format(1, HEADLINE, "<span>20/02/2025 08:05</span>")
    body += item.format(2, HEADLINE, "")
    body += item.format(3, HEADLINE, "<p>Từ 01/03/2025 đến 05/03/2025</p>")
    first, second, third = read(site, body + "</ul>").leads
    assert first.published == datetime(2025, 2, 20, 8, 5, tzinfo=VIETNAM)
    assert second.published is None
    assert third.published is None


def test_a_date_beside_a_short_headline_makes_it_an_article(site: Site) -> None:
    link = '<li><a href="/cong-dien-34.html">Công điện khẩn</a>{}</li>'
    menu = '<li><a href="/gioi-thieu-chung-55.html">Giới thiệu chung</a></li><p>Thứ bảy, 07/03/2026</p>'
    assert len(read(site, f"<ul>{link.format(' 07/03/2026')}{menu}</ul>").leads) == 1
    assert read(site, f"<ul>{link.format('')}{menu}</ul>").leads == ()


def test_a_day_in_the_address_is_taken_for_want_of_a_better(site: Site) -> None:
    (lead,) = read(site, f'<a href="{ARTICLES[1]}">{HEADLINE}</a>').leads
    assert lead.published == datetime(2021, 5, 7, tzinfo=VIETNAM)


def test_relative_links_follow_the_base_of_the_page(site: Site) -> None:
    body = f'<base href="https://lamha.gov.vn/vi/"><a href="news/khai-mac-le-hoi-xuan-123.html">{HEADLINE}</a>'
    assert urls(read(site, body)) == ["/vi/news/khai-mac-le-hoi-xuan-123.html"]


A = f'<a href="{ARTICLES[0]}">{HEADLINE}</a>'


@pytest.mark.parametrize(
    ("pager", "here", "following"),
    [
        ('<link rel="next" href="/tin-tuc?page=2">', LIST, "/tin-tuc?page=2"),
        ('<a rel="nofollow next" href="/tin-tuc-p2">2</a>', LIST, "/tin-tuc-p2"),
        ('<span>1</span><a href="?page=2">2</a><a href="?page=9">9</a>', LIST, "/tin-tuc?page=2"),
        ('<a href="?page=1">1</a><a href="?page=2">2</a><a href="?page=3">3</a>', LIST + "?page=2", "/tin-tuc?page=3"),
        ('<a href="/tin-tuc">1</a><b>2</b><a href="/tin-tuc/page-3/">3</a>', LIST + "/page-2/", "/tin-tuc/page-3/"),
        ('<a href="/tin-tuc?PageIndex=2">Tiếp</a>', LIST, "/tin-tuc?PageIndex=2"),
        ('<a href="/tin-tuc/trang-2.htm">»</a>', LIST, "/tin-tuc/trang-2.htm"),
        ('<a href="/tin-tuc?p=2" title="Trang sau"><i></i></a>', LIST, "/tin-tuc?p=2"),
        ('<a href="/tin-tuc?p=2">Next</a>', LIST, "/tin-tuc?p=2"),
        ('<a href="javascript:__doPostBack(1)">2</a>', LIST, None),
        ('<a href="https://khac.vn/tin-tuc?page=2">2</a>', LIST, None),
        ('<a href="/hoi-dap">Tiếp</a>', LIST, None),
        ('<a href="?page=1">1</a><a href="?page=2">2</a>', LIST + "?page=2", None),
        ("", LIST, None),
    ],
)
def test_the_list_goes_on_where_its_pager_points(site: Site, pager: str, here: str, following: str | None) -> None:
    expected = () if following is None else ("https://lamha.gov.vn" + following,)
    assert read(site, A + pager, here).next_pages == expected


def test_a_template_counts_pages_from_its_first_number_to_the_limit(site: Site) -> None:
    source = Source(SourceKind.LISTING, LIST, paging=LIST + "?PageIndex={n}", first=0, max_pages=3)
    seen = [LIST]
    while following := read(site, A, seen[-1], source).next_pages:
        seen += following
    assert seen == [LIST, LIST + "?PageIndex=1", LIST + "?PageIndex=2"]


def test_a_page_without_articles_is_a_problem_that_names_it(site: Site) -> None:
    found = read(site, "<h1>Đang bảo trì</h1>")
    assert found.problem == f"{LIST} links to no article"


def test_a_list_in_windows_1258_is_read_in_vietnamese(site: Site) -> None:
    body = '<meta charset="windows-1258"><a href="/doan-vien-12345-khai-mac-le.html">Đoàn viên Nguyên khai lễ</a>'
    found = discover(body.encode("cp1258", "xmlcharrefreplace"), LIST, site.sources[2], site)
    assert [lead.title for lead in found.leads] == ["Đoàn viên Nguyên khai lễ"]


def test_a_list_goes_on_behind_the_end_of_its_page(site: Site) -> None:
    assert urls(read(site, f"<p>Tin</p></body></html>{A}")) == [ARTICLES[0]]


def test_a_date_that_touches_the_headline_is_read(site: Site) -> None:
    (lead,) = read(site, f'<div><a href="/khai-mac-le-hoi-xuan-99.html">{HEADLINE} 2</a><i>07/03/2026</i></div>').leads
    assert lead.published == datetime(2026, 3, 7, tzinfo=VIETNAM)


def test_a_long_name_in_a_menu_is_a_section_and_no_article(site: Site) -> None:
    name = '<a href="/vn/pages/hoat-dong-cua-lanh-dao.aspx">Hoạt động của lãnh đạo tỉnh</a>'
    article = f'<a href="{ARTICLES[0]}">{HEADLINE}</a>'
    for menu in (f"<nav>{name}</nav>", f'<ul class="main-menu"><li>{name}</li></ul>', f'<div id="nav">{name}</div>'):
        assert urls(read(site, menu + article)) == [ARTICLES[0]]
        home = Source(SourceKind.HOME, "https://lamha.gov.vn/")
        found = read(site, menu + article, home.url, home)
        assert found.sections == ("https://lamha.gov.vn/vn/pages/hoat-dong-cua-lanh-dao.aspx",)
        assert urls(found) == [ARTICLES[0]]


def test_a_front_page_names_its_feeds_and_its_sections_menus_first(site: Site) -> None:
    home = Source(SourceKind.HOME, "https://lamha.gov.vn/")
    body = (
        '<link rel="alternate" type="application/rss+xml" href="/rss/tin.rss">'
        '<link rel="alternate" type="application/rss+xml" href="https://khac.vn/rss">'
        '<a href="/lien-ket">Liên kết</a><nav><a href="/thoi-su">Thời sự</a><a href="/danh-muc/van-hoa">Văn hóa</a>'
        '<a href="/tags/a">Nhãn</a><a href="/lich?month=3&year=2026">Lịch</a><a href="https://khac.vn/b">Khác</a></nav>'
    )
    found = read(site, body, home.url, home)
    assert [url.removeprefix("https://lamha.gov.vn") for url in found.sections] == [
        "/thoi-su", "/danh-muc/van-hoa", "/lien-ket",
    ]  # fmt: skip
    assert found.feeds == ("https://lamha.gov.vn/rss/tin.rss",)
    assert found.problem == ""


@pytest.mark.parametrize(
    ("pager", "scripted"),
    [
        ("<a href=\"javascript:__doPostBack('pager','2')\">2</a>", True),
        ('<a href="javascript:void(0)" class="loadmore">Xem thêm</a>', True),
        ("<button>Tải thêm tin</button>", True),
        ('<a href="/tin-tuc?page=2">2</a><button>Xem thêm</button>', False),
        ('<a href="/tin/xem-them">Xem thêm</a>', False),
        ("", False),
    ],
)
def test_a_list_that_goes_on_by_script_only_says_so(site: Site, pager: str, scripted: bool) -> None:
    assert read(site, A + pager).scripted is scripted


def test_months_and_repeating_paths_where_a_pager_stands_are_told_as_traps(site: Site) -> None:
    found = read(site, A + '<a href="?month=4&year=2026">»</a><a href="/tin/tin/tin/tin/bai-1.html">Bài</a>')
    assert found.next_pages == ()
    assert found.traps == (LIST + "?month=4&year=2026", "https://lamha.gov.vn/tin/tin/tin/tin/bai-1.html")
