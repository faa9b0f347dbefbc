"""bantin sites add on layouts that the sample portals do not have, each a real server with its traps.

A crawl with the proposed file must ask for every article, and for nothing that is none.
"""

from __future__ import annotations

import gzip
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

Bantin = Callable[..., Any]
FEED = '<?xml version="1.0"?><rss version="2.0"><channel><title>Tin mới</title>{}</channel></rss>'
ITEM = "<item><title>{title}</title><link>{base}{path}</link><pubDate>Fri, 07 Mar 2025 08:00:00 +0700</pubDate></item>"
TOPICS = [
    "phòng chống thiên tai", "xây dựng nông thôn mới", "chuyển đổi số cấp xã", "cải cách thủ tục hành chính",
    "bảo vệ rừng mùa khô", "an toàn giao thông học đường", "nước sạch vùng cao", "trồng cây dược liệu",
]  # fmt: skip
ASCII = [
    "phong-chong-thien-tai", "xay-dung-nong-thon-moi", "chuyen-doi-so-cap-xa", "cai-cach-thu-tuc-hanh-chinh",
    "bao-ve-rung-mua-kho", "an-toan-giao-thong-hoc-duong", "nuoc-sach-vung-cao", "trong-cay-duoc-lieu",
]  # fmt: skip


def title(n: int) -> str:
    return f"Hội nghị lần thứ {n} về {TOPICS[n % 8]} tỉnh Lam Hà"


def slug(n: int) -> str:
    return f"hoi-nghi-lan-thu-{n}-ve-{ASCII[n % 8]}-tinh-lam-ha"


def article(n: int, extra: str = "") -> str:
    topic = TOPICS[n % 8]
    return f"""<div class="bai-viet"><h1>{title(n)}</h1><div class="ngay">Thứ sáu, 07/03/2025 08:{n % 60:02}</div>
<div class="noi-dung"><p>Sáng ngày 7 tháng 3, Ủy ban nhân dân tỉnh Lam Hà tổ chức hội nghị lần thứ {n} về {topic},
với sự tham dự của lãnh đạo các sở, ban, ngành và {n + 20} xã, phường trong toàn tỉnh.</p>
<p>Phát biểu tại hội nghị, lãnh đạo tỉnh đề nghị các địa phương rà soát {n + 3} nội dung về {topic}, chuẩn bị lực lượng
theo phương châm bốn tại chỗ và báo cáo kết quả trước ngày 30 tháng 4 hằng năm.</p>
<p>Hội nghị thống nhất giao Sở Nông nghiệp và Môi trường theo dõi, đôn đốc việc thực hiện {n + 2} nhiệm vụ đã nêu.</p>
</div></div>{extra}"""


@dataclass
class Town:
    """A site whose pages a test writes: `publish` an article, `show` any page; the frame stands around all."""

    port: int = 0
    menu: str = ""
    name: str = "Cổng thông tin điện tử tỉnh Lam Hà"
    head: str = ""
    answers: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    articles: list[str] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def show(self, path: str, content: str) -> None:
        page = f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{self.name}</title>{self.head}
</head><body><ul class="menu"><li><a href="/">Trang chủ</a>{self.menu}
<li><a href="/gioi-thieu/co-cau-to-chuc-bo-may">Giới thiệu</a><li><a href="/lien-he">Liên hệ</a>
<li><a href="/tag/hoi-nghi">hội nghị</a></ul>{content}
<footer>Cơ quan chủ quản: Ủy ban nhân dân tỉnh Lam Hà. <a href="/tim-kiem?q=">Tìm kiếm</a></footer></body></html>"""
        self.answers[path] = (200, "text/html; charset=utf-8", page.encode())

    def serve(self, path: str, body: bytes | str, kind: str = "application/xml") -> None:
        self.answers[path] = (200, kind, body.encode() if isinstance(body, str) else body)

    def publish(self, count: int, path: Callable[[int], str], extra: Callable[[int], str] = lambda _: "") -> None:
        for n in range(count, 0, -1):
            self.articles.append(path(n))
            self.show(path(n), article(n, extra(n)))

    def items(self, paths: list[str]) -> str:
        numbered = {path: len(self.articles) - place for place, path in enumerate(self.articles)}
        return "".join(
            f'<div class="item"><a href="{path}">{title(numbered[path])}</a> <span>07/03/2025</span></div>'
            for path in paths
        )

    def list_pages(self, size: int, path: Callable[[int], str], pager: Callable[[int, int], str]) -> None:
        """The articles as a list, `size` a page: the page at path(n), with pager(n, of) below."""
        pages = [self.articles[place : place + size] for place in range(0, len(self.articles), size)]
        for n, paths in enumerate(pages, 1):
            self.show(path(n), self.items(paths) + pager(n, len(pages)))

    def feed(self, path: str, paths: list[str]) -> None:
        items = (ITEM.format(title=title(n), base=self.base, path=each) for n, each in enumerate(paths))
        self.serve(path, FEED.format("".join(items)))


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            made.asked[self.path] += 1
            status, kind, body = made.answers.get(self.path, (404, "text/html", b"<html><body>404</body></html>"))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield made
        server.shutdown()
        thread.join()


def numbered(n: int, of: int, address: Callable[[int], str]) -> str:
    return "".join(f'<a href="{address(m)}">{m}</a> ' if m != n else f"<b>{m}</b> " for m in range(1, of + 1))


def wordpress(town: Town) -> None:
    """Articles without numbers, a feed of the newest, tags and an about page with a headline's worth of words."""
    town.head = '<link rel="alternate" type="application/rss+xml" href="/feed/"><link rel="alternate" ' \
        'type="application/rss+xml" href="/comments/feed/">'  # fmt: skip
    town.menu = '<li><a href="/category/tin-tuc/">Tin tức</a>'
    town.publish(
        25, lambda n: f"/tin-tuc/{slug(n)}/", lambda _: '<a href="/tag/hoi-nghi-ve-phong-chong-thien-tai/">x</a>'
    )
    address = lambda n: f"/category/tin-tuc/page/{n}/" if n > 1 else "/category/tin-tuc/"  # noqa: E731
    town.list_pages(10, address, lambda n, of: numbered(n, of, address))
    town.feed("/feed/", town.articles[:10])
    town.show("/", town.items(town.articles[:4]))


def more_by_script(town: Town) -> None:
    """The list links no further pages; they answer to the address that its script would ask for."""
    town.menu = '<li><a href="/thoi-su.htm">Thời sự</a>'
    town.publish(32, lambda n: f"/{slug(n)}-1022503070800{n:04}.htm", lambda n: f'<a href="/print/{n}.htm">In bài</a>')
    address = lambda n: f"/thoi-su/trang-{n}.htm" if n > 1 else "/thoi-su.htm"  # noqa: E731
    town.list_pages(10, address, lambda *_: '<a class="loadmore" href="javascript:void(0)">Xem thêm</a>')
    town.show("/", town.items(town.articles[:5]))


def counted_from_nought(town: Town) -> None:
    town.menu = '<li><a href="/kinh-doanh">Kinh doanh</a>'
    town.publish(34, lambda n: f"/{slug(n)}-24{n:05}.html")
    address = lambda n: f"/kinh-doanh-page{n - 1}" if n > 1 else "/kinh-doanh"  # noqa: E731
    town.list_pages(12, address, lambda n, of: numbered(n, of, address))
    town.show("/", town.items(town.articles[:3]))


def post_back(town: Town) -> None:
    """The numbers below the list are scripts of ASP.NET."""
    town.menu = '<li><a href="/Pages/tin-hoat-dong.aspx">Tin hoạt động</a>'
    town.publish(28, lambda n: f"/Pages/chitiet.aspx?ItemID={n + 400}&amp;CateID=2".replace("&amp;", "&"))
    town.list_pages(
        10,
        lambda n: f"/Pages/tin-hoat-dong.aspx?PageIndex={n}" if n > 1 else "/Pages/tin-hoat-dong.aspx",
        lambda *_: "<a href=\"javascript:__doPostBack('p','2')\">2</a>",
    )
    town.show("/", town.items(town.articles[:3]))


def feeds_on_a_page(town: Town) -> None:
    """No lists at all: the home page shows three, a page of feeds leads to the rest."""
    town.menu = '<li><a href="/rss.html">RSS</a>'
    town.publish(24, lambda n: f"/bai-viet/{n + 7000}")
    town.show("/rss.html", '<a href="/rss/kinh-te.rss">Kinh tế</a> <a href="/rss/xa-hoi.rss">Xã hội</a>')
    town.feed("/rss/kinh-te.rss", town.articles[:12])
    town.feed("/rss/xa-hoi.rss", town.articles[12:])
    town.show("/", town.items(town.articles[:3]))


def packed_sitemap(town: Town) -> None:
    """robots.txt names an index of packed sitemaps, one of them of standing pages; the home page shows three."""
    town.publish(40, lambda n: f"/{n + 300}-{slug(n)}")
    rows = "".join(f"<url><loc>{town.base}{path}</loc></url>" for path in town.articles)
    pages = "".join(
        f"<url><loc>{town.base}/{path}</loc></url>" for path in ("", "lien-he", "gioi-thieu/co-cau", "tag/a")
    )
    town.serve("/s/bai.xml.gz", gzip.compress(f"<urlset>{rows}</urlset>".encode()), "application/gzip")
    town.serve("/s/trang.xml.gz", gzip.compress(f"<urlset>{pages}</urlset>".encode()), "application/gzip")
    index = "".join(f"<sitemap><loc>{town.base}/s/{name}.xml.gz</loc></sitemap>" for name in ("bai", "trang"))
    town.serve("/s/index.xml", f"<sitemapindex>{index}</sitemapindex>")
    town.serve("/robots.txt", f"User-agent: *\nDisallow: /tim-kiem\nSitemap: {town.base}/s/index.xml\n", "text/plain")
    town.show("/", town.items(town.articles[:3]))


def home_page_only(town: Town) -> None:
    """The last day of a site that keeps no lists; its sitemap was made once and forgotten."""
    town.publish(15, lambda n: f"/?p={n + 1200}")
    old = "".join(f"<url><loc>{town.base}/?p={n}</loc></url>" for n in range(10, 90))
    town.serve("/sitemap.xml", f"<urlset>{old}</urlset>")
    town.show("/", town.items(town.articles))


def sent_on(town: Town) -> None:
    """A home page that only sends its visitors on; articles behind Liferay's dash, an archive of days beside."""
    town.serve(
        "/", '<html><head><meta http-equiv="refresh" content="0;url=/web/guest/home"></head></html>', "text/html"
    )
    town.menu = '<li><a href="/web/guest/tin-tuc">Tin tức - Sự kiện</a>'
    days = "".join(f'<a href="/web/guest/tin-tuc/xem-theo-ngay-{d:02}-03-2025.htm">{d}</a> ' for d in range(1, 29))
    town.publish(
        26, lambda n: f"/web/guest/-/{slug(n)}", lambda n: f'<a href="/web/guest/-/{slug(n)}?print=1">Bản in</a>'
    )
    address = lambda n: f"/web/guest/tin-tuc?cur={n}&delta=10" if n > 1 else "/web/guest/tin-tuc"  # noqa: E731
    town.list_pages(10, address, lambda n, of: numbered(n, of, address) + f'<div class="lich">{days}</div>')
    town.show("/web/guest/home", town.items(town.articles[:5]) + days)


def several_sections(town: Town) -> None:
    """Each section has articles of its own, and a box of the most read stands on every page, by other addresses."""
    town.publish(36, lambda n: f"/{('thoi-su', 'van-hoa', 'doi-song')[n % 3]}/{slug(n)}-d{n + 9100}.html")
    names = {"thoi-su": "Thời sự", "van-hoa": "Văn hóa", "doi-song": "Đời sống"}
    town.menu = "".join(f'<li><a href="/{path}">{name}</a>' for path, name in names.items())
    box = f'<aside>{town.items(town.articles[:4])}</aside><a href="/video">Video</a>'
    for section in names:
        own = [path for path in town.articles if path.startswith(f"/{section}/")]
        first, second = own[:7], own[7:]
        pager = f'<a href="/{section}?trang=2">2</a> <a rel="next" href="/{section}?trang=2">Tiếp</a>'
        town.show(f"/{section}", town.items(first) + pager + box)
        town.show(f"/{section}?trang=2", town.items(second) + box)
    town.show("/video", box)
    town.show("/", town.items(town.articles[:6]) + box)


def only_a_word_for_next(town: Town) -> None:
    """Oracle WebCenter: articles are documents, and a list has nothing but "Tiếp »"."""
    town.menu = '<li><a href="/portal/page/portal/tin">Tin hoạt động</a>'
    town.publish(23, lambda n: f"/portal/page/portal/chitiet?dDocName=PORTAL{n + 315600}")
    address = lambda n: f"/portal/page/portal/tin?trang={n}" if n > 1 else "/portal/page/portal/tin"  # noqa: E731
    town.list_pages(8, address, lambda n, of: f'<a href="{address(n + 1)}">Tiếp »</a>' if n < of else "")
    town.show("/", town.items(town.articles[:3]))


def moments_for_numbers(town: Town) -> None:
    """A Liferay portlet of Quảng Trị: two moments in milliseconds, and no words at all."""
    town.menu = '<li><a href="/tin-tuc-su-kien">Tin tức - Sự kiện</a>'
    town.publish(22, lambda n: f"/chi-tiet-tin/-/view-article/1/16632981{n:05}/16632982{n:05}")
    address = lambda n: f"/tin-tuc-su-kien/-/page/{n}" if n > 1 else "/tin-tuc-su-kien"  # noqa: E731
    town.list_pages(8, address, lambda n, of: numbered(n, of, address))
    town.show("/", town.items(town.articles[:3]))


def dashes_for_pages(town: Town) -> None:
    """VnExpress and DotNetNuke together: pages as -p2, posts between a tab's number and a slug."""
    town.menu = '<li><a href="/van-hoa">Văn hóa</a><li><a href="/tabid/255/Default.aspx">Sơ đồ cổng</a>'
    town.publish(30, lambda n: f"/su-kien/tabid/255/post/{n + 3000}/{slug(n)}.aspx")
    address = lambda n: f"/van-hoa-p{n}" if n > 1 else "/van-hoa"  # noqa: E731
    town.list_pages(9, address, lambda n, of: numbered(n, of, address))
    town.show("/", town.items(town.articles[:3]))


LAYOUTS = [
    wordpress, more_by_script, counted_from_nought, post_back, feeds_on_a_page, packed_sitemap, home_page_only, sent_on,
    several_sections, only_a_word_for_next, moments_for_numbers, dashes_for_pages,
]  # fmt: skip
STANDING = ("/lien-he", "/gioi-thieu", "/tag/", "/tim-kiem", "/print", "/comments", "xem-theo-ngay", "print=1")


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_a_crawl_with_the_proposed_file_asks_for_every_article_and_nothing_else(
    bantin: Bantin, town: Town, tmp_path: Path, layout: Callable[[Town], None]
) -> None:
    layout(town)
    here = {"BANTIN_SITES_DIR": str(tmp_path)}

    (said,) = bantin("sites", "add", town.base, "--id", "lamha", "--yes", "--allow-private", "--json", **here).rows
    looked = sum(town.asked.values())
    path = Path(said["path"])
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\n\n[[source]]", "\n\n[politeness]\ndelay = 0\n\n[[source]]", 1), encoding="utf-8")
    town.asked.clear()
    (run,) = bantin("crawl", "lamha", "--json", **here).rows

    missing = [path for path in town.articles if path not in town.asked]
    assert len(missing) <= 0.05 * len(town.articles), (missing, text)
    traps = {path for path in town.asked if any(word in path for word in STANDING)}
    assert not traps, text
    nowhere = [path for path in town.asked if path not in town.answers and path != "/robots.txt"]
    assert len(nowhere) <= len(said["sources"]), "a list may be read one page too far, and that is all"
    assert run["pages"] <= len(town.articles), run
    assert (run["state"], run["rejected"]) == ("done", 0), run
    assert looked == said["requests"] < 70


def test_robots_txt_is_obeyed_while_looking_around(bantin: Bantin, town: Town, tmp_path: Path) -> None:
    several_sections(town)
    town.serve("/robots.txt", "User-agent: *\nDisallow: /van-hoa\n", "text/plain")

    (said,) = bantin("sites", "add", town.base, "--allow-private", "--json", BANTIN_SITES_DIR=str(tmp_path)).rows

    assert not [path for path in town.asked if path.startswith("/van-hoa")]
    assert any("robots.txt forbids" in note for note in said["notes"])
    assert {source["url"].rpartition("/")[2] for source in said["sources"]} >= {"thoi-su", "doi-song"}

    town.serve("/robots.txt", "User-agent: *\nDisallow: /\n", "text/plain")
    town.asked.clear()
    said = bantin("sites", "add", town.base, "--allow-private", expect=1, BANTIN_SITES_DIR=str(tmp_path))
    assert "robots.txt" in said.err
    assert set(town.asked) == {"/robots.txt"}


def test_a_site_that_shows_nothing_without_scripts_is_said_to(bantin: Bantin, town: Town, tmp_path: Path) -> None:
    town.show("/", '<div id="app"></div><script src="/app.js"></script>')

    (said,) = bantin("sites", "add", town.base, "--allow-private", "--json", BANTIN_SITES_DIR=str(tmp_path)).rows

    assert said["sources"] == []
    assert any("by script" in note for note in said["notes"])


def test_a_hostile_page_cannot_write_the_file(bantin: Bantin, town: Town, tmp_path: Path) -> None:
    """What a site says of itself ends in a file that is trusted."""
    town.name = 'Báo "X"&#10;allow_private_network = true&#10;verified = true &#27;[31m {n} \\'
    home_page_only(town)

    (said,) = bantin(
        "sites", "add", town.base, "--id", "x", "--yes", "--allow-private", "--json", BANTIN_SITES_DIR=str(tmp_path)
    ).rows
    (shown,) = bantin("sites", "show", "x", "--json", BANTIN_SITES_DIR=str(tmp_path)).rows

    assert shown["verified"] is False
    assert said["toml"].count("\nverified = ") == 1
    assert "\x1b" not in said["toml"]


def test_a_page_of_a_private_network_does_not_lead_to_its_other_machines(
    bantin: Bantin, town: Town, tmp_path: Path
) -> None:
    several_sections(town)
    inside = f"http://localhost:{town.port}/inside"
    town.head = f'<link rel="alternate" type="application/rss+xml" href="{inside}/feed">'
    town.serve("/robots.txt", f"User-agent: *\nDisallow:\nSitemap: {inside}/sitemap.xml\n", "text/plain")
    town.show("/", town.items(town.articles[:6]) + f'<a href="{inside}/rss/tin.rss">RSS</a>')

    (said,) = bantin("sites", "add", town.base, "--allow-private", "--json", BANTIN_SITES_DIR=str(tmp_path)).rows

    assert len(said["sources"]) == 3
    assert not [path for path in town.asked if path.startswith("/inside")]
