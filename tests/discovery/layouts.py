"""Small portals, one for each form of list and paging that Vietnamese sites were seen to have: addresses, words and
pagers are those of the saved pages. Each says what its articles are; everything else on its pages is furniture."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

TODAY = date(2026, 3, 7)
_SUBJECTS = (
    "Hội nghị tổng kết công tác dân vận",
    "Khai mạc lễ hội xuân",
    "Lãnh đạo tỉnh kiểm tra phòng chống thiên tai",
    "Đoàn công tác khảo sát dự án giao thông",
    "Trao quà cho hộ nghèo nhân dịp năm mới",
    "Triển khai chuyển đổi số cấp xã",
)
_SLUGS = (
    "hoi-nghi-tong-ket-cong-tac-dan-van",
    "khai-mac-le-hoi-xuan",
    "lanh-dao-tinh-kiem-tra-phong-chong-thien-tai",
    "doan-cong-tac-khao-sat-du-an-giao-thong",
    "trao-qua-cho-ho-ngheo-nhan-dip-nam-moi",
    "trien-khai-chuyen-doi-so-cap-xa",
)
FURNITURE = """<nav class="menu"><ul><li><a href="/">Trang chủ</a></li>
<li><a href="/gioi-thieu.html">Giới thiệu</a></li>
<li><a href="/tags/chuyen-doi-so">Chuyển đổi số quốc gia năm 2026 tại địa phương</a></li>
<li><a href="/dang-nhap?returnurl=/tin-1234567.html">Đăng nhập hệ thống quản trị nội dung</a></li>
<li><a href="/tim-kiem?q=le-hoi-xuan-2026">Tìm kiếm tin tức, sự kiện, văn bản</a></li><li><a href="/rss">RSS</a></li>
<li><a href="/uploads/2026/quyet-dinh-1234-qd-ubnd-ngay-07-03.pdf">Quyết định số 1234 về dự toán ngân sách</a></li>
<li><a href="/chuyen-doi-so-tag1234.html">Chuyển đổi số là gì và vì sao cần thiết</a></li></ul></nav>"""


def title(n: int) -> str:
    return f"{_SUBJECTS[n % len(_SUBJECTS)]} lần thứ {n}"


def slug(n: int) -> str:
    return f"{_SLUGS[n % len(_SLUGS)]}-lan-thu-{n}"


def day(n: int) -> date:
    """When article n was published: three a day, newest first."""
    return TODAY - timedelta(days=n // 3)


def link(path: str, n: int, more: str = "") -> str:
    """An item of a list as most portals write it: picture, headline, date, teaser."""
    return (
        f'<div class="item"><a href="{path}"><img src="/a.jpg"></a><h3><a href="{path}">{title(n)}</a></h3>'
        f"<span>{day(n):%d/%m/%Y}</span><p>Sáng nay, Ủy ban nhân dân tỉnh tổ chức hội nghị.</p>{more}</div>"
    )


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body>{FURNITURE}{body}</body></html>".encode()


@dataclass
class Layout:
    """A portal: `articles` its paths, newest first; `pages` everything it answers; `sources` those of its site file.

    `cuts` are the reasons that a crawl of it must count, `most` the requests of its first reading at most.
    """

    name: str
    articles: list[str]
    pages: dict[str, bytes]
    sources: Sequence[Mapping[str, Any]]
    cuts: set[str] = field(default_factory=set)
    most: int = 60
    otherwise: Callable[[str], bytes | None] = lambda path: None


Address = Callable[[int], str]


def chunks(paths: list[str], size: int) -> list[list[tuple[int, str]]]:
    every = list(enumerate(paths))
    return [every[start : start + size] for start in range(0, len(every), size)]


def listed(
    name: str,
    article: Address,
    page_path: Address,
    *,
    pager: Callable[[int, int], str],
    head: Callable[[int, int], str] = lambda k, last: "",
    more: Callable[[str], str] = lambda path: "",
    source: Mapping[str, Any] | None = None,
    extra: Mapping[str, bytes] | None = None,
    count: int = 23,
    **rest: Any,
) -> Layout:
    """A list of pages, `page_path(1)` the first, each with a pager."""
    articles = [article(n) for n in range(count)]
    groups = chunks(articles, 6)
    pages = {
        page_path(k): page(
            "".join(link(path, n, more(path)) for n, path in group) + pager(k, len(groups)), head(k, len(groups))
        )
        for k, group in enumerate(groups, 1)
    }
    sources = [{"kind": "listing", "url": page_path(1), **(source or {})}, *rest.pop("sources", [])]
    return Layout(name, articles, {**pages, **(extra or {})}, sources, **rest)


def numbered(page_path: Address) -> Callable[[int, int], str]:
    """A pager of numbers, the current one unlinked."""

    def pager(k: int, last: int) -> str:
        links = "".join(f"<b>{n}</b>" if n == k else f'<a href="{page_path(n)}">{n}</a>' for n in range(1, last + 1))
        return f'<div class="pagination">{links}</div>'

    return pager


def worded(page_path: Address, word: str) -> Callable[[int, int], str]:
    return lambda k, last: f'<a href="{page_path(k + 1)}">{word}</a>' if k < last else ""


def relative_next(page_path: Address) -> Callable[[int, int], str]:
    return lambda k, last: f'<link rel="next" href="{page_path(k + 1)}">' if k < last else ""


def postback(k: int, last: int) -> str:
    return "".join(f"<a href=\"javascript:__doPostBack('ctl00$pager','{n}')\">{n}</a>" for n in range(1, last + 1))


def nothing(k: int, last: int) -> str:
    return ""


def load_more(k: int, last: int) -> str:
    return '<a href="javascript:;" class="box-viewmore">Xem thêm</a>'


def sitemap(paths: Sequence[str], base: str = "") -> bytes:
    rows = "".join(f"<url><loc>{base}{path.replace('&', '&amp;')}</loc></url>" for path in paths)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode()


def archived(name: str, form: str, article: Address, days: int = 9) -> Layout:
    """A list that goes on by a button, and a page for each day."""
    articles = [article(n) for n in range(days * 3)]
    first = page("".join(link(path, n) for n, path in enumerate(articles[:4])) + load_more(1, 9))
    pages = {"/tin-tuc-su-kien.htm": first}
    for back in range(40):
        shown = TODAY - timedelta(days=back)
        items = "".join(link(path, n) for n, path in enumerate(articles) if day(n) == shown)
        pages[form.replace("{d}", f"{shown:%d-%m-%Y}")] = page(items or "<p>Không có tin nào.</p>")
    sources = [{"kind": "listing", "url": "/tin-tuc-su-kien.htm"}, {"kind": "archive", "url": form}]
    return Layout(name, articles, pages, sources, cuts={"paging-by-script"})


def home_only(name: str, article: Callable[[int, str], str], sections: Sequence[str], **rest: Any) -> Layout:
    """A front page with teasers of the newest, and sections in its menu; the site file names nothing."""
    by_section = {
        section: [article(n, section) for n in range(i * 40, i * 40 + 9)] for i, section in enumerate(sections)
    }
    menu = "".join(f'<li><a href="{section}">Mục {i}</a></li>' for i, section in enumerate(sections))
    teasers = "".join(link(paths[0], i * 40) for i, paths in enumerate(by_section.values()))
    pages = {"/": page(f'<ul class="main-menu">{menu}</ul>{teasers}')}
    for i, (section, paths) in enumerate(by_section.items()):
        for k, group in enumerate(chunks(paths, 5), 1):
            items = "".join(link(path, i * 40 + n) for n, path in group)
            address = section if k == 1 else f"{section}?page={k}"
            pages[address] = page(items + numbered(lambda p, s=section: s if p == 1 else f"{s}?page={p}")(k, 2))  # type: ignore[misc]
    pages["/gioi-thieu.html"] = page("<h1>Giới thiệu</h1>")
    return Layout(name, [path for paths in by_section.values() for path in paths], pages, [], **rest)


def packed_index(name: str) -> Layout:
    """robots.txt names an index, that one indexes and packed files, one without the header that says so."""
    articles = [f"/tin-tuc/{slug(n)}-{90000 + n}.html" for n in range(30)]
    index = "<sitemapindex>{}</sitemapindex>"
    child = "<sitemap><loc>{}</loc><lastmod>2099-01-01</lastmod></sitemap>"
    pages = {
        "/robots.txt": b"User-agent: *\r\nDisallow: /admin\r\nSitemap: /sitemap_index.xml\r\n",
        "/sitemap_index.xml": index.format(child.format("/nested.xml") + child.format("/news.xml")).encode(),
        "/nested.xml": index.format(child.format("/a.xml.gz") + child.format("/b.txt")).encode(),
        "/a.xml.gz": gzip.compress(sitemap([*articles[:10], "/tags/le-hoi", "/lien-he", "/van-ban/a-12345.pdf"])),
        "/b.txt": "\n".join(f"http://HOST{path}" for path in articles[10:20]).encode(),
        "/news.xml": sitemap(articles[20:]),
    }
    return Layout(name, articles, pages, [{"kind": "sitemap", "url": "/robots.txt"}])


def calendar(name: str) -> Layout:
    """A widget whose months go on into the year 2199, in the place where pagers stand, with a page for each day."""

    def months(path: str) -> bytes:
        year, month = 2026, 3
        if "month=" in path:
            query = dict(pair.split("=") for pair in path.partition("?")[2].split("&"))
            year, month = int(query["year"]), int(query["month"])
        following = f"/tin?month={month % 12 + 1}&year={year + month // 12}"
        days = "".join(f'<a href="/tin?day={d}&month={month}&year={year}">{d}</a>' for d in range(1, 29))
        items = "".join(link(path, n) for n, path in enumerate(articles))
        return page(f'{items}<div class="calendar">{days}<a href="{following}">»</a></div>')

    articles = [f"/tin/{slug(n)}-{5000 + n}.html" for n in range(8)]
    return Layout(
        name,
        articles,
        {},
        [{"kind": "listing", "url": "/tin"}],
        cuts={"crawler-trap"},
        most=2,
        otherwise=lambda path: months(path) if path.partition("?")[0] == "/tin" else None,
    )
