"""The portals behave as portals do: counters move, feeds answer conditionally, a day can be played, faults happen."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from demo.faults import FAULTS
from demo.portal import Portal
from demo.server import Demo
from demo.specs import portal_specs
from news.article import VIETNAM
from news.errors import BantinError


@pytest.fixture
def demo() -> Iterator[Demo]:
    with Demo(0) as running:
        yield running


def get(
    portal: Portal, path: str, method: str = "GET", timeout: float = 5, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(portal.netloc, timeout=timeout)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path.encode().decode("latin-1"), headers=named)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def links(page: bytes, portal: Portal) -> set[str]:
    """Paths of the articles that a page links to, tracking parameters off."""
    text = page.decode(portal.spec.encoding).replace("&amp;", "&").replace(portal.base, "")
    hrefs = (portal.spec.route(href) for href in re.findall(r'href="([^"]+)"', text))
    by_route = {portal.spec.route(article.path): article.path for article in portal.articles}
    return {by_route[href] for href in hrefs if href in by_route}


@pytest.mark.parametrize("spec", portal_specs(), ids=lambda spec: spec.id)
def test_the_listing_and_its_paging_lead_to_every_article(demo: Demo, spec: Any) -> None:
    portal = demo.portals[spec.id]
    found: set[str] = set()
    for page in range(1, 10):
        status, _, body = get(portal, spec.listing_path(spec.sections[0], page))
        if status != 200 or b"kh\xc3\xb4ng t\xe1\xbb\x93n t\xe1\xba\xa1i" in body:
            break
        found |= links(body, portal)
    assert found == {article.path for article in portal.articles}


@pytest.mark.parametrize("spec", portal_specs(), ids=lambda spec: spec.id)
def test_a_site_file_names_the_running_portal_and_knows_its_articles_from_other_pages(demo: Demo, spec: Any) -> None:
    portal, site = demo.portals[spec.id], demo.site(spec.id)
    assert site.hosts == (portal.netloc,)
    assert site.allow_private_network
    assert not site.selectors
    for article in portal.articles:
        for path in (article.path, *article.variants):
            url = portal.base + path
            assert site.owns(url)
            assert any(re.search(pattern, url) for pattern in site.article_urls), url
            assert not any(re.search(pattern, url) for pattern in site.deny_urls), url
        for path in (article.print_path, *article.other_views):
            assert any(re.search(pattern, path) for pattern in site.deny_urls), path
    for source in site.sources:
        url = portal.base + source.url.removeprefix(portal.base)
        assert url == source.url
        assert not any(re.search(pattern, url) for pattern in site.article_urls), url
        assert get(portal, url.removeprefix(portal.base))[0] == 200


def test_counters_change_at_each_request_and_nothing_else_does(demo: Demo) -> None:
    for portal in demo.portals.values():
        first, second = (get(portal, portal.articles[3].path)[2] for _ in range(2))
        assert first != second
        # Digits are what counters, clocks and tickers are made of; the nonce has letters, too.
        first, second = (re.sub(rb"[0-9A-F]", b"", page) for page in (first, second))
        assert first == second


@pytest.mark.parametrize(
    ("portal", "path"),
    [
        ("demo-noivu", "/vi/news/rss/"),
        ("demo-kinhte", "/_layouts/GenRss.aspx?List=6f1d2c9e-57aa-4d0c-9a51-3f2c9a1b77e0"),
        ("demo-nhandan", "/sitemap.xml"),
        ("demo-nhandan", "/sitemap-articles.xml"),
    ],
)
def test_a_feed_is_not_sent_again_until_it_changes(demo: Demo, portal: str, path: str) -> None:
    site = demo.portals[portal]
    status, headers, body = get(site, path)
    assert (status, bool(body)) == (200, True)
    assert get(site, path, If_None_Match=headers["etag"])[0] == 304
    assert get(site, path, If_Modified_Since=headers["last-modified"])[0] == 304
    site.publish()
    assert get(site, path, If_None_Match=headers["etag"])[0] == 200
    assert get(site, path, If_Modified_Since=headers["last-modified"])[0] == 200


def test_a_feed_holds_only_the_newest_so_that_a_first_crawl_needs_the_listing(demo: Demo) -> None:
    portal = demo.portals["demo-noivu"]
    feed = get(portal, "/vi/news/rss/")[2].decode()
    assert feed.count("<item>") == 20
    assert portal.articles[0].path in feed
    assert portal.articles[-1].path not in feed


def test_the_old_portals_feed_is_broken_as_such_feeds_are(demo: Demo) -> None:
    feed = get(demo.portals["demo-kinhte"], portal_specs()[5].feed)[2].decode()
    assert re.search(r"<pubDate>\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d:\d\d [AP]M</pubDate>", feed)
    assert "Tin hoạt động & Trao đổi" in feed


def test_every_portal_has_a_robots_txt_that_keeps_print_views_away(demo: Demo) -> None:
    for portal in demo.portals.values():
        status, headers, body = get(portal, "/robots.txt")
        assert status == 200
        assert headers["content-type"] == "text/plain"
        assert b"Disallow: /" in body
    assert b"Crawl-delay" in get(demo.portals["demo-sonlam"], "/robots.txt")[2]
    assert b"Sitemap: " in get(demo.portals["demo-nhandan"], "/robots.txt")[2]


def test_canonical_links_are_right_on_some_portals_absent_on_others_and_wrong_on_one(demo: Demo) -> None:
    declared = {}
    for name, portal in demo.portals.items():
        page = get(portal, portal.articles[1].path)[2].decode(portal.spec.encoding)
        found = re.search(r'rel="canonical" href="([^"]+)"', page)
        declared[name] = found and ("right" if found[1] == portal.url(portal.articles[1]) else "wrong")
    assert {name for name, what in declared.items() if what == "right"} == {"demo-noivu", "demo-mst", "demo-nhandan"}
    assert [name for name, what in declared.items() if what == "wrong"] == ["demo-cuadong"]


def test_a_day_is_played_an_article_comes_changes_and_goes(demo: Demo) -> None:
    portal = demo.portals["demo-nhandan"]
    new = demo.publish("demo-nhandan", title="Tin mới trong ngày", lead="Sapo mới.", body=["Đoạn một.", "Đoạn hai."])
    assert portal.articles[0] is new
    assert new.body == ("Đoạn một.", "Đoạn hai.")
    assert "Tin mới trong ngày".encode() in get(portal, "/chinh-tri/")[2]
    assert new.path in get(portal, "/sitemap-articles.xml")[2].decode()

    edited = demo.edit("demo-nhandan", new.path, body=["Đoạn một đã sửa."])
    assert edited.modified is not None
    assert edited.modified.isoformat() in get(portal, "/sitemap-articles.xml")[2].decode()
    assert "Đoạn một đã sửa.".encode() in get(portal, new.path)[2]
    assert "Đoạn hai.".encode() not in get(portal, new.path)[2]

    demo.delete("demo-nhandan", new.number)
    assert get(portal, new.path)[0] == 410
    assert new.path not in get(portal, "/sitemap-articles.xml")[2].decode()

    assert demo.restore("demo-nhandan", new.number) == edited
    assert get(portal, new.path)[0] == 200
    assert portal.articles[0] == edited


def test_a_silent_correction_changes_the_page_and_no_sitemap_tells(demo: Demo) -> None:
    portal = demo.portals["demo-nhandan"]
    before = get(portal, "/sitemap-articles.xml")[2]
    edited = demo.edit("demo-nhandan", portal.articles[2].number, silent=True, body=["Chỉ còn một câu."])
    assert "Chỉ còn một câu.".encode() in get(portal, edited.path)[2]
    assert get(portal, "/sitemap-articles.xml")[2] == before


@pytest.mark.parametrize(
    ("how", "status", "says"),
    [("", 410, "không tồn tại"), ("410", 410, ""), ("404", 404, ""), ("not-found-200", 200, "không tồn tại")],
)
def test_a_portal_takes_an_article_down_in_its_own_way(demo: Demo, how: str, status: int, says: str) -> None:
    portal = demo.portals["demo-noivu"]
    gone = demo.delete("demo-noivu", portal.articles[1].number, how)
    for path in (gone.path, *gone.variants):
        answer = get(portal, path)
        assert (answer[0], says in answer[2].decode()) == (status, True)


def test_what_was_taken_down_may_lead_home_or_to_a_page_that_says_200(demo: Demo) -> None:
    gone = demo.delete("demo-noivu", demo.portals["demo-noivu"].articles[1].number, "redirect-home")
    status, headers, _ = get(demo.portals["demo-noivu"], gone.path)
    assert (status, headers["location"]) == (302, "/")
    polite = demo.delete("demo-cuadong", demo.portals["demo-cuadong"].articles[1].number)
    status, _, body = get(demo.portals["demo-cuadong"], polite.path)
    assert (status, polite.title.encode() in body) == (200, False)
    with pytest.raises(BantinError, match="Use one of 410, 404"):
        demo.delete("demo-noivu", demo.portals["demo-noivu"].articles[1].number, "hang")


def test_another_portal_takes_an_article_over_with_a_lead_and_a_paragraph_of_its_own(demo: Demo) -> None:
    origin = demo.publish("demo-mst", published=datetime(2025, 7, 1, 8, 0, tzinfo=VIETNAM))
    taken = demo.syndicate("demo-mst", origin.number, "demo-hamy", hours=4.5)
    assert (taken.title, taken.body[:-1]) == (origin.title, origin.body)
    assert "tỉnh Hà Mỹ" in taken.body[-1]
    assert taken.lead != origin.lead
    assert taken.lead.endswith(origin.lead)
    assert taken.source == "Cổng Thông tin điện tử Bộ Khoa học và Công nghệ"
    assert (taken.twin_of, taken.stamp - origin.stamp) == (origin.key, timedelta(hours=4.5))
    portal = demo.portals["demo-hamy"]
    assert portal.articles[0] is taken
    assert get(portal, taken.path)[0] == 200
    bare = demo.syndicate("demo-mst", origin.number, "demo-noivu", hours=1, lead="Sapo riêng.", paragraph="")
    assert (bare.lead, bare.body) == ("Sapo riêng.", origin.body)


def test_a_published_article_is_made_up_where_none_is_given(demo: Demo) -> None:
    for name, portal in demo.portals.items():
        before = portal.articles
        new = demo.publish(name)
        assert new.body
        assert portal.articles == (new, *before)
        assert get(portal, new.path)[0] == 200


def test_the_control_calls_work_over_http(demo: Demo) -> None:
    portal = demo.portals["demo-mst"]

    def call(verb: str, **given: Any) -> Any:
        with urlopen(Request(f"{portal.base}/_control/{verb}", json.dumps(given).encode(), method="POST")) as answer:
            return json.load(answer)

    new = call("publish", title="Qua điều khiển", published="2025-07-01T08:00:00+07:00")
    assert new["published"] == "2025-07-01T08:00:00+07:00"
    assert "Đã sửa" in call("edit", which=new["path"], lead="Đã sửa", silent=True)["lead"]
    taken = call("syndicate", which=new["number"], to="demo-noivu", hours=3, lead="Theo Bộ", paragraph="Tại Lam Hà.")
    assert (taken["lead"], taken["body"][-1]) == ("Theo Bộ", "Tại Lam Hà.")
    assert taken["url"] == demo.portals["demo-noivu"].url(demo.portals["demo-noivu"].articles[0])
    assert call("delete", which=new["number"], how="404")["title"] == "Qua điều khiển"
    assert get(portal, new["path"])[0] == 404
    assert call("restore", which=new["number"])["path"] == new["path"]
    call("delete", which=new["number"])
    call("fault", pattern=".", name="500", times=1)
    assert [get(portal, "/")[0] for _ in range(2)] == [500, 200]
    assert json.loads(get(portal, "/_control/requests")[2]) == {new["path"]: 1, "/": 2}
    status, _, body = get(portal, "/_control/delete", "POST")
    assert (status, "error" in json.loads(body)) == (400, True)


def test_requests_are_counted_by_portal_and_path(demo: Demo) -> None:
    portal = demo.portals["demo-hamy"]
    for _ in range(3):
        get(portal, "/robots.txt")
    assert portal.requests == {"/robots.txt": 3}
    assert not demo.portals["demo-mst"].requests
    demo.reset_counters()
    assert not portal.requests


def test_a_missing_page_is_a_404_but_on_the_portal_that_says_200(demo: Demo) -> None:
    for name, portal in demo.portals.items():
        status, _, body = get(portal, "/khong-co-gi-o-day.htm")
        assert status == (200 if name == "demo-cuadong" else 404)
        assert len(body) > 1000


def test_pictures_and_attachments_are_served(demo: Demo) -> None:
    portal = demo.portals["demo-trieuson"]
    assert get(portal, "/uploads/images/z6223.jpg")[2].startswith(b"\x89PNG")
    path, _ = next(article.attachments[0] for article in portal.articles if article.attachments)
    status, headers, body = get(portal, path)
    assert (status, bool(body)) == (200, True)
    assert not headers["content-type"].startswith("text/")


def test_head_states_the_length_and_sends_no_body(demo: Demo) -> None:
    status, headers, body = get(demo.portals["demo-most"], "/", "HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) > 5000


_EXPECTED: dict[str, Any] = {
    "500": lambda status, headers, body: status == 500,
    "503": lambda status, headers, body: status == 503 and headers["retry-after"] == "1",
    "404": lambda status, headers, body: status == 404,
    "410": lambda status, headers, body: status == 410,
    "not-found-200": lambda status, headers, body: status == 200 and "Không tìm thấy trang".encode() in body,
    "truncated": lambda status, headers, body: b"</html>" not in body.lower() and len(body) > 1000,
    "empty": lambda status, headers, body: (status, body) == (200, b""),
    "blank": lambda status, headers, body: b"<body></body>" in body,
    "nul-bytes": lambda status, headers, body: body.count(b"\x00") > 50,
    "wrong-charset": lambda status, headers, body: headers["content-type"].endswith("iso-8859-1"),
    "unknown-charset": lambda status, headers, body: headers["content-type"].endswith("x-tcvn-none"),
    "huge": lambda status, headers, body: len(body) >= 30_000_000,
    "binary-as-html": lambda status, headers, body: body.startswith(b"\x89PNG") and "html" in headers["content-type"],
    "redirect-loop": lambda status, headers, body: status == 302 and headers["location"].endswith(".htm"),
    "redirect-away": lambda status, headers, body: status == 302 and "127.0.0.1" not in headers["location"],
    "redirect-home": lambda status, headers, body: status == 302 and headers["location"] == "/",
    "maintenance-200": lambda status, headers, body: status == 200 and "đang bảo trì".encode() in body,
    "maintenance-503": lambda status, headers, body: status == 503 and "đang bảo trì".encode() in body,
    "waf-403": lambda status, headers, body: status == 403 and b"support ID" in body,
    "waf-200": lambda status, headers, body: status == 200 and b"support ID" in body,
    "no-type": lambda status, headers, body: "content-type" not in headers,
}


@pytest.mark.parametrize("name", sorted(_EXPECTED))
def test_a_fault_strikes_what_its_pattern_says_and_as_often(demo: Demo, name: str) -> None:
    portal = demo.portals["demo-mst"]
    path = portal.articles[2].path
    portal.fault(r"-197\d+\.htm", name, times=1)
    whole = get(portal, "/")
    assert whole[0] == 200
    assert _EXPECTED[name](*get(portal, path))
    status, headers, body = get(portal, path)
    assert status == 200
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert b"</html>" in body


@pytest.mark.parametrize("name", ["cut-off", "reset"])
def test_a_connection_can_end_before_its_stated_length(demo: Demo, name: str) -> None:
    portal = demo.portals["demo-mst"]
    portal.fault(".", name)
    with pytest.raises(http.client.IncompleteRead):
        get(portal, "/")


@pytest.mark.parametrize("name", ["hang", "slow-drip"])
def test_a_portal_can_be_slower_than_patience(demo: Demo, name: str) -> None:
    portal = demo.portals["demo-mst"]
    portal.fault(".", name)
    began = time.monotonic()
    connection = http.client.HTTPConnection(portal.netloc, timeout=0.5)
    connection.request("GET", "/")
    if name == "hang":
        with pytest.raises(TimeoutError):
            connection.getresponse()
    else:
        assert len(connection.getresponse().read(600)) == 600
        assert time.monotonic() - began > 0.2
    connection.close()
    portal.mend()
    assert get(portal, "/")[0] == 200


def test_every_fault_is_tried_here_and_an_unknown_one_is_refused(demo: Demo) -> None:
    assert set(FAULTS) == {*_EXPECTED, "cut-off", "reset", "hang", "slow-drip"}
    with pytest.raises(BantinError, match="Use one of"):
        demo.portals["demo-mst"].fault(".", "earthquake")


def test_latency_delays_every_answer(demo: Demo) -> None:
    portal = demo.portals["demo-hamy"]
    portal.latency = 0.2
    began = time.monotonic()
    assert get(portal, "/")[0] == 200
    assert time.monotonic() - began >= 0.2


def test_requests_sent_in_one_go_are_answered_in_order(demo: Demo) -> None:
    portal = demo.portals["demo-hamy"]
    connection = http.client.HTTPConnection(portal.netloc, timeout=5)
    connection.connect()
    connection.sock.sendall(
        b"".join(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for path in ("/robots.txt", "/x.pdf"))
    )
    received = b""
    while b"%%EOF" not in received:
        received += connection.sock.recv(4096)
    connection.close()
    assert received.index(b"User-agent") < received.index(b"%PDF")


def test_a_busy_port_is_named_with_what_to_do(demo: Demo) -> None:
    port = int(demo.portals["demo-trieuson"].netloc.rpartition(":")[2])
    with pytest.raises(BantinError, match=f"127.0.0.1:{port}.*another first port"), Demo(port):
        pass


def test_the_command_prints_its_addresses_and_stops_when_told() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "demo", "--port", "0"],
        stdout=subprocess.PIPE, text=True, cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(10)]
    process.terminate()
    assert process.wait(10) == 0
    process.stdout.close()
    assert sum(line.startswith("http://127.0.0.1:") for line in lines) == 9
