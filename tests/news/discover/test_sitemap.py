"""Sitemaps of every kind, packed and broken."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from news.article import VIETNAM, Lead, Via
from news.discover import MAX_BYTES, Discovery, discover
from news.site import Site

SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def read(site: Site, body: str | bytes, url: str = "https://lamha.gov.vn/sitemap.xml") -> Discovery:
    return discover(body.encode() if isinstance(body, str) else body, url, site.sources[1], site)


def urlset(*locs: str) -> str:
    return f"<urlset {SPACE}>" + "".join(f"<url><loc>{loc}</loc></url>" for loc in locs) + "</urlset>"


def test_an_entry_says_where_and_when_changed(site: Site) -> None:
    found = read(
        site,
        f"<?xml version='1.0'?><urlset {SPACE}><url><loc> https://lamha.gov.vn/hoi-nghi-so-ket-12.html\n</loc>"
        "<lastmod>2025-02-20T08:05:00+07:00</lastmod><priority>0.5</priority></url></urlset>",
    )
    changed = datetime(2025, 2, 20, 8, 5, tzinfo=VIETNAM)
    assert found.leads == (Lead("https://lamha.gov.vn/hoi-nghi-so-ket-12.html", Via.SITEMAP, modified=changed),)


def test_a_news_sitemap_gives_title_and_publication(site: Site) -> None:
    (lead,) = read(
        site,
        f"<urlset {SPACE} {NEWS}><url><loc>https://lamha.gov.vn/hoi-nghi-so-ket-12.html</loc><news:news>"
        "<news:publication/><news:title>Hội nghị &amp; sơ kết</news:title>"
        "<news:publication_date>2025-02-20T08:05:00+07:00</news:publication_date></news:news></url></urlset>",
    ).leads
    assert lead.title == "Hội nghị & sơ kết"
    assert lead.published == datetime(2025, 2, 20, 8, 5, tzinfo=VIETNAM)


def test_an_index_gives_its_children_latest_first(site: Site) -> None:
    rows = [("a", "2024-01-01"), ("b", "2025-02-01"), ("c", ""), ("/d", "2024-06-01")]
    body = "".join(
        f"<sitemap><loc>{'https://lamha.gov.vn/' if not name.startswith('/') else ''}{name}.xml</loc>"
        f"{f'<lastmod>{day}</lastmod>' if day else ''}</sitemap>"
        for name, day in rows
    )
    found = read(site, f"<sitemapindex {SPACE}>{body}</sitemapindex>")
    assert [url.rpartition("/")[2] for url in found.next_pages] == ["b.xml", "d.xml", "a.xml", "c.xml"]
    assert found.leads == ()
    assert found.problem == ""


def test_an_index_that_names_itself_does_not_go_round(site: Site) -> None:
    me = "https://lamha.gov.vn/sitemap.xml"
    assert read(site, f"<sitemapindex {SPACE}><sitemap><loc>{me}</loc></sitemap></sitemapindex>").next_pages == ()


def test_lines_of_text_are_a_sitemap(site: Site) -> None:
    text = "https://lamha.gov.vn/hoi-nghi-so-ket-12.html\r\nhttps://lamha.gov.vn/khanh-thanh-cau-moi-13.html\n"
    assert len(read(site, "\ufeff" + text).leads) == 2


def test_a_feed_may_stand_in_for_a_sitemap(site: Site) -> None:
    (lead,) = read(site, "<rss><channel><item><link>/khanh-thanh-cau-moi-13.html</link></item></channel></rss>").leads
    assert lead.via is Via.SITEMAP


def test_gzip_is_unpacked_whatever_the_name(site: Site) -> None:
    packed = gzip.compress(urlset("https://lamha.gov.vn/khanh-thanh-cau-moi-13.html").encode())
    assert len(read(site, packed).leads) == 1


def test_a_gzip_bomb_is_refused_before_it_unfolds(site: Site) -> None:
    found = read(site, gzip.compress(b" " * (MAX_BYTES + 1000)))
    assert found.leads == ()
    assert str(MAX_BYTES) in found.problem


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: data[:2] + b"\x00" * 40])
def test_a_damaged_gzip_gives_what_came_or_a_problem(site: Site, damage: object) -> None:
    packed = gzip.compress(urlset(*(f"https://lamha.gov.vn/khanh-thanh-cau-{n}99.html" for n in range(5000))).encode())
    found = read(site, damage(packed))  # type: ignore[operator]
    assert found.leads or found.problem


@pytest.mark.parametrize(
    "url",
    [
        "https://lamha.gov.vn/",
        "https://lamha.gov.vn/web/guest/home",
        "https://lamha.gov.vn/lien-he",
        "https://lamha.gov.vn/tags/chuyen-doi-so",
        "https://lamha.gov.vn/tim-kiem?q=a",
        "https://lamha.gov.vn/uploads/news/2025_02/anh.jpg",
        "https://lamha.gov.vn/van-ban/quyet-dinh-12.pdf",
        "https://lamha.gov.vn/news/print/tin/hoi-nghi-so-ket-12.html",
        "https://lamha.gov.vn/danh-muc/tin-tuc",
    ],
)
def test_pages_that_are_plainly_no_articles_are_left_out(site: Site, url: str) -> None:
    article = "https://lamha.gov.vn/hoi-nghi-so-ket-12.html"
    assert [lead.url for lead in read(site, urlset(url, article)).leads] == [article]


def test_the_sites_own_patterns_say_which_addresses_are_articles(site: Site) -> None:
    patterned = replace(site, article_urls=(r"-\d+\.html$",))
    found = read(patterned, urlset("https://lamha.gov.vn/ve-chung-toi-o-day", "https://lamha.gov.vn/a-1.html"))
    assert [lead.url for lead in found.leads] == ["https://lamha.gov.vn/a-1.html"]


def test_another_host_is_kept_so_that_its_refusal_is_counted(site: Site) -> None:
    assert len(read(site, urlset("https://quangcao.vn/mua-ngay-hom-nay-15.html")).leads) == 1


def test_the_sitemaps_that_robots_txt_names_are_its_children(site: Site) -> None:
    body = "User-agent: *\r\nDisallow: /admin\r\nSITEMAP : https://lamha.gov.vn/a.xml\r\nsitemap: /b.xml.gz # tin\r\n"
    found = read(site, body, "https://lamha.gov.vn/robots.txt")
    assert found.next_pages == ("https://lamha.gov.vn/a.xml", "https://lamha.gov.vn/b.xml.gz")


def test_a_sitemap_written_in_one_go_says_nothing_of_changes(site: Site) -> None:
    def body(gap: int) -> str:
        rows = "".join(
            f"<url><loc>https://lamha.gov.vn/hoi-nghi-so-ket-{n}.html</loc>"
            f"<lastmod>{(datetime(2025, 2, 20, 8) + timedelta(seconds=n * gap)).isoformat()}+07:00</lastmod></url>"
            for n in range(100, 130)
        )
        return f"<urlset {SPACE}>{rows}</urlset>"

    assert all(lead.modified is None for lead in read(site, body(1)).leads)
    assert all(lead.modified is not None for lead in read(site, body(60)).leads)
