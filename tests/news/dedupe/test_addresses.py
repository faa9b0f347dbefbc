"""Which address of an article is its own: what pages declare is believed only where it can be true."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from news.article import Article, Page
from news.dedupe import believable, best_url, keys, tail
from news.extract import extract
from news.site import Site

NOW = datetime(2025, 3, 5, 3, 20, tzinfo=UTC)
SITE = Site.parse(
    {"id": "x", "name": "X", "kind": "press", "hosts": ["x.vn"], "home": "https://x.vn/", "urls": {"ignore": ["_c"]}}
)


def page(url: str, requested: str = "") -> Page:
    return Page(url, b"", NOW, requested=requested or url)


def best(declared: str, url: str, requested: str = "", site: Site | None = None) -> str:
    return best_url(page(url, requested), Article(url, "x", canonical=declared), site)


@pytest.mark.parametrize(
    ("declared", "url"),
    [
        # The same number, in another category or under a corrected headline.
        ("https://x.vn/vi/news/muc-a/hoi-nghi-12345.html", "https://x.vn/vi/news/muc-b/hoi-nghi-12345.html"),
        ("https://x.vn/hoi-nghi-lan-hai-12345.html", "https://x.vn/hoi-nghi-12345.html"),
        ("https://x.vn/vi/news/a/tam-ngung-tiem-chung-mo-rong-402.html", "https://x.vn/tam-ngung-tiem-chung-mo-rong-402.html"),
        # The number in the query, whatever says where the link stood; the readable form of it.
        ("http://x.vn/chi-tiet?id=28316", "http://x.vn/chi-tiet?id=28316&_c=3"),
        ("http://x.vn/tin/hoi-nghi-28316.html", "http://x.vn/chi-tiet?id=28316&_c=3"),
        ("https://x.vn/Default.aspx?tabid=91&ItemID=774", "https://x.vn/default.aspx?tabid=12&itemid=774"),
        ("https://x.vn/a/tabid/9/post/3011/vi-giam.aspx", "https://x.vn/b/tabid/255/post/3011/ve-mien-vi-giam.aspx"),
        # One article in two pages of a Liferay.
        ("https://x.vn/-/hoi-nghi-tong-ket-nam", "https://x.vn/web/guest/p/-/asset_publisher/a1/content/hoi-nghi-tong-ket-nam"),
        ("https://www.x.vn/hoi-nghi-12345.html", "https://m.x.vn/hoi-nghi-12345.html?ref=home"),
    ],
)  # fmt: skip
def test_what_names_the_same_article_is_believed(declared: str, url: str) -> None:
    assert believable(declared, url)


@pytest.mark.parametrize(
    ("declared", "url"),
    [
        # Every page declares the home page, the section, the page that shows all articles, or the first article.
        ("https://x.vn/", "https://x.vn/hoi-nghi-12345.html"),
        ("https://x.vn/vi/news/thoi-su/", "https://x.vn/vi/news/thoi-su/hoi-nghi-12345.html"),
        ("https://x.vn/ChiTietTin.aspx", "https://x.vn/ChiTietTin.aspx?id=1190"),
        ("https://x.vn/ChiTietTin.aspx?id=119", "https://x.vn/ChiTietTin.aspx?id=120"),
        ("https://x.vn/chi-tiet-bai-viet", "https://x.vn/chi-tiet-bai-viet?so=5512"),
        ("https://x.vn/tin-tuc-su-kien-noi-bat", "https://x.vn/tin-tuc-su-kien-noi-bat?so=5512"),
        ("https://x.vn/hoat-dong-cua-hoi-dong-nhan-dan", "https://x.vn/hoat-dong-cua-hoi-dong-nhan-dan?so=5512"),
        ("https://x.vn/hoi-nghi-99999.html", "https://x.vn/hoi-nghi-12345.html"),
        ("https://x.vn/chi-tiet?id=28317&_c=3", "https://x.vn/chi-tiet?id=28316&_c=3"),
        ("https://x.vn/tin/hoi-nghi-28317.html", "https://x.vn/chi-tiet?id=28316"),
        # A year, a day and a category's number are no article's number.
        ("https://x.vn/hoi-cho-2025", "https://x.vn/le-hoi-2025"),
        ("https://x.vn/hop-bao-05032025.html", "https://x.vn/ban-tin-05032025.html"),
        ("https://x.vn/news/2025/le-hoi.html", "https://x.vn/news/2025/hoi-cho.html"),
        # Another site's article; no address at all.
        ("https://y.vn/hoi-nghi-12345.html", "https://x.vn/hoi-nghi-12345.html"),
        ("javascript:void(0)", "https://x.vn/hoi-nghi-12345.html"),
        ("", "https://x.vn/hoi-nghi-12345.html"),
    ],
)
def test_what_may_name_anything_else_is_not_believed(declared: str, url: str) -> None:
    assert not believable(declared, url)


@pytest.mark.parametrize(
    ("head", "declared"),
    [
        ('<link rel="canonical" href="https&#x3a;&#x2f;&#x2f;x.vn&#x2f;-&#x2f;hoi-nghi-tong-ket-nam">', True),
        ('<link rel="canonical" href="https&amp;#x3a;&amp;#x2f;&amp;#x2f;x.vn/-/hoi-nghi-tong-ket-nam">', True),
        ('<meta property="og:url" content="https://x.vn/-/hoi-nghi-tong-ket-nam">', True),
        ('<meta property="og:url" content="https://x.vn/">', False),
        ('<link rel="canonical" href="/web/guest/home">', False),
    ],
)  # fmt: skip
def test_a_declared_address_becomes_a_key_however_it_is_written(head: str, declared: bool) -> None:
    url = "https://x.vn/web/so/tin/-/hoi-nghi-tong-ket-nam"
    article = extract(f"<html><head>{head}</head><body><p>Tin</p></body></html>", url)
    assert ("x.vn/-/hoi-nghi-tong-ket-nam" in keys(page(url), article)) is declared


def test_keys_are_where_it_was_asked_for_where_that_led_what_it_declares_and_then_the_sites_spelling() -> None:
    article = Article("https://x.vn/b?id=28316&_c=4", "x", canonical="https://x.vn/b?id=28316")
    known_as = keys(page("https://x.vn/b?id=28316&_c=4", "https://x.vn/a?id=28316&_c=4"), article, SITE)
    assert known_as == ("x.vn/a?_c=4&id=28316", "x.vn/b?_c=4&id=28316", "x.vn/b?id=28316", "x.vn/a?id=28316")


def test_the_declared_address_is_shown_if_it_can_be_believed_and_is_no_view() -> None:
    plain = "https://x.vn/hoi-nghi-12345.html"
    assert best(plain, "https://m.x.vn/hoi-nghi-12345.html") == plain
    assert best("https://x.vn/", plain) == plain
    assert best("https://x.vn/hoi-nghi-12345.html?print=1", plain) == plain
    assert best("https://amp.x.vn/hoi-nghi-12345.html", plain) == plain


def test_else_where_the_redirects_ended_but_no_view_where_the_plain_page_is_known() -> None:
    assert best("", "https://x.vn/moi-12345.html", "https://x.vn/cu-1.html") == "https://x.vn/moi-12345.html"
    plain = "https://x.vn/hoi-nghi-12345.html"
    assert best("", "https://m.x.vn/hoi-nghi-12345.html", plain) == plain
    assert best("", "https://m.x.vn/hoi-nghi-12345.html") == "https://m.x.vn/hoi-nghi-12345.html"


def test_https_is_shown_where_both_are_known_and_not_guessed() -> None:
    http, https = "http://x.vn/hoi-nghi-12345.html", "https://www.x.vn/hoi-nghi-12345.html"
    assert best(http, https) == best("", https, http) == best(https, http) == https
    assert best("", http) == http


def test_no_tracking_is_shown_and_none_of_what_the_site_ignores() -> None:
    url = "https://x.vn/chi-tiet?id=28316&_c=3&utm_source=zalo"
    assert best("", url) == "https://x.vn/chi-tiet?id=28316&_c=3"
    assert best("", url, site=SITE) == "https://x.vn/chi-tiet?id=28316"
    assert best("", url, site=SITE.with_learned({"id"})) == "https://x.vn/chi-tiet?id=28316"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://x.vn/muc-a/hoi-nghi-12345.html", "hoi-nghi-12345.html"),
        ("http://www.x.vn/muc-b/hoi-nghi-12345.html?utm_source=z", "hoi-nghi-12345.html"),
        ("https://x.vn/chinh-quyen/chi-tiet?id=28316&_c=3", "id=28316"),
        ("https://x.vn/chi-tiet?p_p_id=tin&_tin_newsId=20717", "newsid=20717"),
        ("https://x.vn/l/chi-tiet?dDocName=PORTAL315606", "ddocname=PORTAL315606"),
        ("https://x.vn/a/tabid/255/post/3011/ve-mien-vi-giam.aspx", "post=3011"),
        ("https://x.vn/web/guest/-/trao-62-con-bo-giong-cho-ho-ngheo", "trao-62-con-bo-giong-cho-ho-ngheo"),
        ("https://x.vn/kinh-te/tin-bai/21044", "21044"),
        ("https://x.vn/", ""),
        ("https://x.vn/vi/news/cai-cach-hanh-chinh/", ""),
        ("https://x.vn/tin-tuc-su-kien-noi-bat", ""),
        ("https://x.vn/tin/2025", ""),
        ("https://x.vn/tin?id=5", ""),
        ("https://x.vn/video-12.html", ""),
        ("mailto:a@x.vn", ""),
    ],
)
def test_the_tail_is_what_one_article_has_in_every_category(url: str, said: str) -> None:
    assert tail(url) == said
