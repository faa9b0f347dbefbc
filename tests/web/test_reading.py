"""The pages that lead to articles: by agency, place, document and topic, and from telling to telling."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from lxml import html

from config import Config
from news.article import VIETNAM, Document, Precision, Status, StoredArticle
from news.saved import SavedSearch
from news.selection import Selection
from news.site import Site, SiteKind
from storage.connect import Store
from tests.web.conftest import FETCHED, SITES
from web.glance import Glance
from web.places import find, places, short, slug, squares

Put = Callable[..., StoredArticle]
Serving = Callable[[Store, Config], AbstractContextManager[httpx.Client]]
PHUTHO = Site(
    "phutho", "Tỉnh Phú Thọ", SiteKind.PROVINCE, ("phutho.gov.vn",), "https://phutho.gov.vn/", name_en="Phu Tho",
    territory="tỉnh Phú Thọ", replaces=("tỉnh Hòa Bình", "tỉnh Vĩnh Phúc"),
)  # fmt: skip


@pytest.fixture
def phutho() -> Iterator[Site]:
    """A province that took two others over is in the catalogue."""
    SITES["phutho"] = PHUTHO
    yield PHUTHO
    del SITES["phutho"]


def page(client: httpx.Client, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return html.fromstring(answer.text)


def said(element: Any) -> str:
    return " ".join(element.text_content().split())


def test_every_province_lies_on_a_square_of_its_own() -> None:
    assert len(squares()) == len({square[1:] for square in squares()}) == 34


@pytest.mark.parametrize("name", ["hoa-binh", "Hòa Bình", "HOA BINH", "tỉnh Hòa Bình"])
def test_a_former_unit_leads_to_that_of_today(name: str) -> None:
    place, former = find(name, [PHUTHO])
    assert place is not None
    assert (place.territory, former) == ("tỉnh Phú Thọ", "tỉnh Hòa Bình")


def test_names_are_short_and_addresses_plain() -> None:
    assert (short("thành phố Hồ Chí Minh"), slug("thành phố Hồ Chí Minh")) == ("Hồ Chí Minh", "ho-chi-minh")
    assert slug("Bà Rịa - Vũng Tàu") == "ba-ria-vung-tau"
    assert find("", [PHUTHO]) == find("đâu đó", [PHUTHO]) == (None, "")
    assert [place.sites for place in places([PHUTHO])] == [("phutho",)]


def test_map_and_list_say_the_same_of_a_province(client: httpx.Client, put: Put, phutho: Site) -> None:
    put("a", site="phutho", published=datetime.now(UTC) - timedelta(hours=3))
    put("b", site="phutho", published=datetime.now(UTC) - timedelta(days=20))

    seen = page(client, "/dia-phuong")

    tile = seen.cssselect(".map a")[0]
    assert (tile.get("href"), tile.get("aria-label")) == ("/dia-phuong/phu-tho", "Phú Thọ: 1 bài trong 7 ngày qua")
    row = seen.cssselect(".entry")[0]
    assert row.cssselect(".who a")[0].get("href") == tile.get("href")
    assert "Bài a" in said(row)
    assert "1 bài trong 7 ngày qua" in said(row)
    assert [said(li) for li in seen.cssselect(".formers li")] == [
        "Hòa Bình nay thuộc Phú Thọ",
        "Vĩnh Phúc nay thuộc Phú Thọ",
    ]
    assert len(seen.cssselect(".map svg g[role=img]")) == 33 + 2, "what nobody speaks for is drawn and leads nowhere"


def test_who_looks_for_a_former_province_finds_its_news(client: httpx.Client, put: Put, phutho: Site) -> None:
    put("a", site="phutho")

    answer = client.get("/dia-phuong", params={"ten": "Hòa Bình"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/dia-phuong/hoa-binh")
    seen = page(client, answer.headers["location"])

    assert said(seen.cssselect("h1")[0]) == "Phú Thọ"
    assert said(seen.cssselect(".note")[0]) == "Hòa Bình nay thuộc tỉnh Phú Thọ."
    assert [link.get("href") for link in seen.cssselect(".teaser h3 a")] == ["/articles/a"]
    assert client.get("/dia-phuong/none").status_code == 404


def test_agencies_stand_by_kind_with_their_newest(client: httpx.Client, put: Put) -> None:
    put("a", site="nhandan")
    put("b", site="nhandan", published=datetime(2026, 3, 1, 10, 0, tzinfo=VIETNAM), title="Mới hơn")

    seen = page(client, "/nganh")

    assert [said(h2) for h2 in seen.cssselect("h2")] == ["Báo chí"]
    assert said(seen.cssselect(".entry .last")[0]) == "Mới hơn 01/03/2026 10:00"


def test_documents_are_counted_and_lead_to_what_names_them(client: httpx.Client, put: Put) -> None:
    full = Document("57-NQ/TW", "Nghị quyết", date(2024, 12, 22), "Bộ Chính trị")
    put("a", documents=(Document("57-NQ/TW"), Document("06/QĐ-TTg", "Quyết định", date(2025, 1, 6))))
    put("b", documents=(full,))

    seen = page(client, "/van-ban")
    most, newest = (section.cssselect("li") for section in seen.cssselect(".halves section"))
    assert said(most[0]) == "Nghị quyết 57-NQ/TW 2 bài Bộ Chính trị, ban hành 22/12/2024"
    assert [li.cssselect("strong")[0].text for li in newest] == ["06/QĐ-TTg", "57-NQ/TW"]

    one = page(client, most[0].cssselect("a")[0].get("href"))
    assert {link.get("href") for link in one.cssselect(".teaser h3 a")} == {"/articles/a", "/articles/b"}
    assert client.get("/van-ban", params={"so": " 57-nq/tw "}).headers["location"] == "/van-ban/57-nq/tw"
    assert client.get("/van-ban/none").status_code == 404


def test_what_is_looked_for_is_found_without_marks_and_shown_with_them(client: httpx.Client, put: Put) -> None:
    put("a", title="Hội nghị khoa học toàn quốc")
    put("b", title="Giá lúa")

    seen = page(client, "/tim?q=khoa+hoc")

    assert [link.get("href") for link in seen.cssselect(".teaser h3 a")] == ["/articles/a"]
    assert [said(mark) for mark in seen.cssselect(".teaser h3 mark")] == ["khoa", "học"]
    assert said(seen.cssselect(".day h2")[0]) == "1 bài"
    assert "01/03/2026 09:51" in said(seen.cssselect(".teaser .meta")[0])
    assert "Không tìm thấy" in said(page(client, "/tim?q=khong+co"))


def test_topics_lead_to_their_articles(client: httpx.Client, put: Put) -> None:
    put("a", section="Y tế", tags=("tiêm chủng",))
    put("b", section="Y TẾ")

    seen = page(client, "/chuyen-muc")

    assert [said(li) for li in seen.cssselect(".topics li")] == ["Y tế 2 bài", "tiêm chủng 1 bài"]
    found = page(client, seen.cssselect(".topics a")[0].get("href"))
    assert len(found.cssselect(".teaser")) == 2


def test_a_story_tells_who_came_later_and_what_they_changed(client: httpx.Client, put: Put, store: Store) -> None:
    put("a", body="Một.\nHai.")
    put("b", site="nhandan", body="Một.\nBa bốn năm sáu.", published=datetime(2026, 3, 1, 12, 6, tzinfo=VIETNAM))
    store.journal.merge("a", "b", FETCHED, by="lan")

    article = page(client, "/articles/a")
    box = said(article.cssselect(".tellings li")[0])
    assert "Báo Nhân Dân sau 2 giờ 15 phút" in box
    assert "đoạn" in box
    story = page(client, next(a.get("href") for a in article.cssselect(".box p a")))
    assert [said(badge) for badge in story.cssselect(".badge")] == ["đăng đầu tiên", "sau 2 giờ 15 phút"]
    assert "Ba bốn năm sáu." in said(story.cssselect("ins")[0])
    assert client.get("/stories/none").status_code == 404


def test_an_article_says_that_and_when_it_was_changed(client: httpx.Client, put: Put, store: Store) -> None:
    old = put("a")
    new = replace(
        old, article=replace(old.article, title="Đính chính"), version=2, fetched=FETCHED + timedelta(hours=1)
    )
    store.journal.update(new, old, None, changed=["title"])

    seen = page(client, "/articles/a")

    assert "Đã cập nhật 02/03/2026 09:00" in said(seen.cssselect(".updated")[0])
    assert said(seen.cssselect(".versions li")[0]) == "02/03/2026 09:00: tiêu đề nơi đăng"


def test_labels_longer_than_a_query_may_be_break_no_page(client: httpx.Client, put: Put) -> None:
    put("a", section="x" * 500, tags=("y" * 500,))
    seen = page(client, "/articles/a")
    for link in (*seen.cssselect(".trail a")[-1:], *seen.cssselect(".tags a")):
        assert client.get(link.get("href")).status_code == 200


def test_a_reader_is_never_shown_what_waits(client: httpx.Client, put: Put) -> None:
    put("a", status=Status.WAITING, tags=("mật",), title="Bài mật")
    for path in ("/?status=waiting", "/tim?q=b&status=waiting", "/sites/soyte?status=waiting", "/nganh", "/chuyen-muc"):
        assert "mật" not in client.get(path).text.lower(), path


def test_every_page_links_its_feeds_and_the_page_of_feeds_links_all(
    client: httpx.Client, store: Store, phutho: Site
) -> None:
    store.searches.save(SavedSearch("bao-lu", "Bão lũ", Selection(q="bão"), "lan", FETCHED))
    seen = page(client, "/feeds")
    hrefs = {link.get("href") for link in seen.cssselect(".feedrows a")}
    for query in ("", "?search=bao-lu", "?kind=press", "?site=nhandan", "?territory=t%E1%BB%89nh+Ph%C3%BA+Th%E1%BB%8D"):
        assert {f"/feeds/atom.xml{query}", f"/feeds/rss.xml{query}", f"/feeds/feed.json{query}"} <= hrefs
    assert seen.cssselect(".opml a")[0].get("href") == "/feeds/opml.xml"


def test_days_have_the_names_that_people_give_them(client: httpx.Client, put: Put) -> None:
    now = datetime.now(VIETNAM)
    put("a", published=now, published_precision=Precision.DAY)
    put("b", published=now - timedelta(days=1), published_precision=Precision.DAY)
    days = [said(h2) for h2 in page(client, "/").cssselect(".day h2")]
    assert [day.partition(" · ")[0] for day in days] == ["Hôm nay", "Hôm qua"]


def test_a_glance_is_taken_again_when_something_happened(store: Store, put: Put) -> None:
    clock = iter([0.0, 1.0, 10.0, 20.0])
    glance = Glance(store, lambda: next(clock))
    assert glance.now().newest == {}
    put("a")
    assert glance.now().newest == {}, "within three seconds all share one"
    seen = glance.now()
    assert set(seen.newest) == {"soyte"}
    assert glance.now() is seen, "nothing happened since"
