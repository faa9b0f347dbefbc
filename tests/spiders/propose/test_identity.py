"""Who speaks on a home page."""

from __future__ import annotations

import pytest

from news.discover.links import links_of, parsed
from news.site import SiteKind
from spiders.propose.identity import (
    declared_feeds,
    feed_links,
    id_of,
    kind_of,
    moved_to,
    name_of,
    territory_of,
)


def page(head: str = "", body: str = "<p>x</p>") -> object:
    return parsed(f"<html><head>{head}</head><body>{body}</body></html>".encode())


@pytest.mark.parametrize(
    ("host", "id"),
    [
        ("hatinh.gov.vn", "hatinh"), ("www.mst.gov.vn", "mst"), ("sokhcn.quangtri.gov.vn", "sokhcn-quangtri"),
        ("cand.com.vn", "cand"), ("xaydungchinhsach.chinhphu.vn", "xaydungchinhsach-chinhphu"), ("vov.vn", "vov"),
        ("127.0.0.1:8801", "127-0-0-1-8801"), ("gov.vn", "gov-vn"),
    ],
)  # fmt: skip
def test_a_site_is_called_by_its_host(host: str, id: str) -> None:
    assert id_of(host) == id


@pytest.mark.parametrize(
    ("head", "body", "name"),
    [
        ('<meta property="og:site_name" content="Báo Nhân Dân"><title>Trang chủ</title>', "", "Báo Nhân Dân"),
        ("<title>Tin trong tỉnh - Cổng thông tin tỉnh Sơn La</title>", "", "Cổng thông tin tỉnh Sơn La"),
        ("<title>Cổng thông tin điện tử Bộ Y tế | Trang chủ</title>", "", "Cổng thông tin điện tử Bộ Y tế"),
        ("<title>Tin - CỔNG THÔNG TIN HUYỆN TRIỆU SƠN</title>", "", "Cổng thông tin huyện Triệu Sơn"),
        ("<title>Trang chủ</title>", "<h1>Trang thông tin điện tử xã Hợp Lý</h1>", "Trang thông tin điện tử xã Hợp Lý"),
        ("<title>Tin tức sự kiện</title>", "<p>Cơ quan chủ quản: Bộ Khoa học và Công nghệ. Giấy phép số 9</p>",
         "Bộ Khoa học và Công nghệ"),
        ("<title>Home</title>", "", "lamha.gov.vn"),
        ("", "", "lamha.gov.vn"),
    ],
)  # fmt: skip
def test_a_site_is_named_as_it_names_itself(head: str, body: str, name: str) -> None:
    assert name_of(page(head, body), "www.lamha.gov.vn") == name  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "kind", "territory"),
    [
        ("Cổng thông tin điện tử tỉnh Sơn La", SiteKind.PROVINCE, "tỉnh Sơn La"),
        ("Cổng Thông tin điện tử thành phố Đà Nẵng", SiteKind.CITY, "thành phố Đà Nẵng"),
        ("Cổng thông tin điện tử huyện Triệu Sơn, tỉnh Thanh Hóa", SiteKind.DISTRICT, "huyện Triệu Sơn"),
        ("Bộ Khoa học và Công nghệ", SiteKind.MINISTRY, ""),
        ("Sở Nội vụ tỉnh Lam Hà", SiteKind.AGENCY, ""),
        ("Báo Nhân Dân điện tử", SiteKind.PRESS, ""),
        ("Báo Thanh Hóa", SiteKind.PRESS, ""),
        ("Đài Tiếng nói Việt Nam", SiteKind.PRESS, ""),
        ("Trang thông tin điện tử Ban Kinh tế", SiteKind.PARTY, ""),
        ("Báo điện tử Đảng Cộng sản Việt Nam", SiteKind.PRESS, ""),
        ("Tỉnh ủy Lam Hà", SiteKind.PARTY, ""),
        ("lamha.gov.vn", SiteKind.AGENCY, ""),
        ("lamha.vn", SiteKind.PRESS, ""),
    ],
)
def test_kind_and_territory_are_guessed_from_the_name(name: str, kind: SiteKind, territory: str) -> None:
    host = name if name.endswith(".vn") else "lamha.vn"

    assert kind_of(name, host) is kind
    assert territory_of(name, kind) == territory


def test_feeds_are_those_of_articles() -> None:
    head = (
        '<link rel="alternate" type="application/rss+xml" href="/rss/home.rss">'
        '<link rel="alternate" type="application/atom+xml; charset=utf-8" href="https://x.vn/atom.xml">'
        '<link rel="alternate" type="application/rss+xml" href="/comments/feed/">'
        '<link rel="alternate" hreflang="en" href="/en/"><link rel="stylesheet" href="/a.css">'
    )
    body = (
        '<a href="/rss/kinh-te.rss">Kinh tế</a><a href="/_layouts/GenRss.aspx?List=6f1d">RSS</a><a href="/tin">Tin</a>'
        '<a href="/feed/">Feed</a><a href="/thoi-su/feeding-the-poor">x</a>'
    )
    root = page(head, body)
    assert root is not None

    assert list(declared_feeds(root, "https://x.vn/")) == ["https://x.vn/rss/home.rss", "https://x.vn/atom.xml"]  # type: ignore[arg-type]
    found = feed_links(links_of(root, "https://x.vn/"))  # type: ignore[arg-type]
    assert found == [
        "https://x.vn/rss/kinh-te.rss",
        "https://x.vn/_layouts/GenRss.aspx?List=6f1d",
        "https://x.vn/feed/",
    ]


@pytest.mark.parametrize(
    ("head", "body", "target"),
    [
        ('<meta http-equiv="refresh" content="0;url=/web/guest/home">', "", "https://x.vn/web/guest/home"),
        ('<META HTTP-EQUIV="Refresh" CONTENT="3; URL=\'/vi/\'">', "", "https://x.vn/vi/"),
        ('<script>window.location.href = "/Pages/default.aspx";</script>', "", "https://x.vn/Pages/default.aspx"),
        ('<script>if (a) location = "/m/";</script>', '<a href="/1">1</a><a href="/2">2</a><a href="/3">3</a>', ""),
        ('<meta http-equiv="refresh" content="300">', "", ""),
        ('<meta http-equiv="refresh" content="300;url=https://x.vn/">', "", ""),
        ('<meta http-equiv="refresh" content="0;url=file:///etc/passwd">', "", ""),
    ],
)
def test_a_page_that_sends_its_visitors_on_is_followed(head: str, body: str, target: str) -> None:
    assert moved_to(page(head, body), "https://x.vn/") == target  # type: ignore[arg-type]
