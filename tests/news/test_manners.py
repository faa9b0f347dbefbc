"""robots.txt and Retry-After, as a server writes them and as we read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from news.manners import MAX_ROBOTS_BYTES, RobotsTxt, product, retry_after, robots_text

NOW = datetime(2026, 3, 1, tzinfo=UTC)
GROUPS = "User-agent: bantin\nDisallow: /a\n\nUser-agent: *\nDisallow: /b\n\nUser-agent: bantin\nDisallow: /c"
AGENT = "Bantin/0.1 (+https://example.org/bantin)"


def allows(text: str | bytes, path: str) -> bool:
    body = text.encode() if isinstance(text, str) else text
    return RobotsTxt("https://a.vn", robots_text(200, body) or "", NOW).allows(f"https://a.vn{path}", AGENT)


@pytest.mark.parametrize(
    ("status", "text"), [(200, "x"), (404, ""), (401, ""), (403, ""), (429, ""), (301, ""), (500, None), (503, None)]
)
def test_what_a_status_means(status: int, text: str | None) -> None:
    assert robots_text(status, b"x") == text


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /tin", "/tin/a", False),
        ("User-agent: *\nDisallow: /tin", "/bai", True),
        ("User-agent: *\nDisallow: /tin/\nAllow: /tin/moi", "/tin/moi-1", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x=1", True),
        ("User-agent: *\nDisallow: /a*/in", "/abc/x/in-bai", False),
        ("User-agent: *\nDisallow: /tin%2Dtuc", "/tin-tuc", False),
        ("User-agent: *\nDisallow: /tìm-kiếm", "/t%C3%ACm-ki%E1%BA%BFm", False),
        ("User-agent: *\nDisallow: /%e1%ba%bf", "/ế", False),
        ("User-agent: x\nUser-agent: BANTIN\nDisallow: /", "/", False),
        (GROUPS, "/a", False),
        (GROUPS, "/b", True),
        (GROUPS, "/c", False),
        ("User-agent: example\nDisallow: /", "/", True),
        ("User-agent: *\nDisallow:", "/", True),
        ("USER-AGENT : *\r\nDISALLOW : /tin # our news", "/tin", False),
        ("Disallow: /", "/", True),
        ("<html><body>User-agent: * Disallow: /</body></html>", "/", True),
        ("", "/", True),
    ],
)  # fmt: skip
def test_rules_as_portals_write_them(rules: str, path: str, allowed: bool) -> None:
    assert allows(rules, path) is allowed


@pytest.mark.parametrize(
    "body",
    ["\ufeffUser-agent: *\nDisallow: /".encode(), "User-agent: *\nDisallow: /".encode("utf-16")],
)
def test_marks_of_byte_order_do_not_hide_the_first_line(body: bytes) -> None:
    assert not allows(body, "/")


def test_of_a_long_one_half_a_megabyte_is_read_and_no_half_line() -> None:
    pad = b"User-agent: *\n" + b"#" * (MAX_ROBOTS_BYTES - 40) + b"\n"
    body = pad + b"Disallow: /mot\nDisallow: /hai-ba-bon-nam\n"
    assert not allows(body, "/mot")
    assert allows(body, "/hai-ba-bon-nam")
    assert allows(body, "/hai")


def test_a_crawl_delay_and_sitemaps_are_kept() -> None:
    robots = RobotsTxt(
        "https://a.vn", "Sitemap: https://a.vn/s.xml\nUser-agent: *\nCrawl-delay: 2.5\nSitemap: /t.xml", NOW
    )
    assert robots.crawl_delay(AGENT) == 2.5
    assert robots.sitemaps == ("https://a.vn/s.xml", "/t.xml")


def test_it_is_fresh_for_a_day_and_stands_in_for_thirty() -> None:
    robots = RobotsTxt("https://a.vn", "", NOW)
    ages = [timedelta(hours=23), timedelta(hours=24), timedelta(days=29), timedelta(days=30)]
    assert [robots.fresh(NOW + age) for age in ages] == [True, False, False, False]
    assert [robots.usable(NOW + age) for age in ages] == [True, True, True, False]
    assert not robots.fresh(NOW - timedelta(hours=1)), "a clock that was set back must not keep it for ever"


@pytest.mark.parametrize(("agent", "name"), [(AGENT, "Bantin"), ("", ""), ("Báo mới", "Báo"), ("a/1", "a")])
def test_the_product_is_what_a_robots_txt_names(agent: str, name: str) -> None:
    assert product(agent) == name


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120), (" 0 ", 0), ("Sun, 01 Mar 2026 00:01:00 GMT", 60), ("Sat, 28 Feb 2026 00:00:00 GMT", 0),
        ("9" * 400, 999_999_999), ("soon", None), ("-5", None), ("1.5", None), ("", None), ("²", None),
    ],
)  # fmt: skip
def test_retry_after_in_seconds_or_as_a_date(value: str, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds
