"""The table of sites: what comes first, what is told of each, what limits it, and what becomes of its rows."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable

import httpx
import pytest
from lxml import html

from config import Config
from news.article import StoredArticle
from news.health import Fact, Health, HealthState, Pause
from news.report import RunReport, RunState
from news.site import Site
from storage.connect import Store
from storage.search import SearchIndex
from tests.served import served
from tests.web.conftest import SITES
from tests.web.console.judged import HOUR, NOW, judge, told
from web.app import create_app
from web.console.asked import Asked
from web.console.overview import Overview
from web.console.rows import Rows
from web.console.sites import warm
from web.contexts.console.frame import ConsoleFrame
from web.contexts.console.words import sentence
from web.contexts.frame import Frame
from web.shelf import Shelf
from web.texts import Language

Put = Callable[..., StoredArticle]


def page(text: str) -> html.HtmlElement:
    return html.fromstring(f"<div>{text}</div>" if not text.lstrip().startswith("<!") else text)


def ids(text: str) -> list[str]:
    return [row.get("id", "") for row in page(text).cssselect("tr[data-row]")]


def row(text: str, site: str) -> html.HtmlElement:
    (found,) = page(text).cssselect(f"#site-{site}")
    return found


def test_it_is_seen_and_drawn_before_anybody_asks(
    store: Store, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the first table after a start is there as soon as the next."""
    asked = threading.Event()

    def sites() -> dict[str, Site]:
        asked.set()
        return SITES

    with served(create_app(store, config, sites)):
        assert asked.wait(20)

    overview, rows = Overview(Shelf(store, SearchIndex.of(config, store), sites, "")), Rows()
    warm(overview, rows)
    monkeypatch.delattr("web.console.rows._drawn")
    frame = ConsoleFrame.of(Frame(Language.VIETNAMESE, "/console", ""))
    assert len(rows.table(frame, Asked(), overview.now()).rows) == len(SITES)


def test_the_console_has_its_menu_and_its_place_in_the_masthead(operator: httpx.Client) -> None:
    shown = page(operator.get("/console").text)
    assert [link.text for link in shown.cssselect(".menu a")] == ["Trang nguồn", "Lượt chạy", "Đang chạy", "Vì sao"]
    assert [link.text for link in shown.cssselect(".workplace a[aria-current]")] == ["Vận hành"]
    assert shown.cssselect("dialog#login form")
    assert "Running" in operator.get("/console?lang=en").text


def test_the_worst_comes_first_and_says_why_in_a_sentence(operator: httpx.Client, store: Store) -> None:
    failing = (Fact("failed_runs", 7, 0, True), Fact("errors", "timeout 7", None, True))
    judge(store, "nhandan", HealthState.BROKEN, *failing)
    judge(store, "soyte", HealthState.HEALTHY, Fact("last_new", NOW.replace(hour=3, minute=5)))
    text = operator.get("/console").text
    assert ids(text) == ["site-nhandan", "site-soyte"]
    assert told(row(text, "nhandan"), ".reason") == "7 lượt liền không đọc được: quá thời gian chờ (timeout) 7."
    assert told(row(text, "nhandan"), ".state") == "Không đọc được"
    assert row(text, "nhandan").cssselect(".state use")[0].get("href") == "#shape-broken", "not by its colour alone"
    assert "10:05" in told(row(text, "soyte"), ".reason")
    english = operator.get("/console?lang=en").text
    assert told(row(english, "nhandan"), ".reason") == "It could not be read 7 times in a row: timed out (timeout) 7."


@pytest.mark.parametrize(
    ("state", "facts", "says"),
    [
        (HealthState.SILENT, (Fact("last_new", NOW - 240 * HOUR, None, True), Fact("expected", 12.5, 9.0, True)),
         r"Không có bài mới từ \d\d/\d\d \d\d:\d\d; lẽ ra đã có 12,5 bài, quá 9 thì mới báo\."),
        (HealthState.REDESIGNED, (Fact("author", 0.1, 0.95, True),), r"Bài có tác giả: chỉ còn 10 %, thường là 95 %\."),
        (HealthState.BLOCKED, (Fact("let_in", 0.2, 0.98, True),), r"Chỉ 20 % số trang bài cho vào, thường là 98 %\."),
        (HealthState.BROKEN, (Fact("maintained", 0.9, None, True), Fact("reached", 0.1, 0.98, True)),
         r"90 % số trang bài gần nhất ghi rằng trang đang bảo trì\."),
        (HealthState.LATE, (Fact("our_runs", 3, 0, True), Fact("last_error", "killed", None, True)),
         r"3 lượt liền hỏng do phía Bantin, không phải do trang; xem bantin doctor\."),
        (HealthState.PAUSED, (Fact("paused_by", "lan", None, True), Fact("paused_for", "bảo trì")),
         r"lan tạm dừng: bảo trì\."),
        (HealthState.HEALTHY, (Fact("failed_runs", 1, 0), Fact("errors", "timeout 1")),
         r"Đang thử lại: 1 lượt vừa rồi không đọc được: quá thời gian chờ \(timeout\) 1\."),
        (HealthState.HEALTHY, (), r"Đọc được bình thường\."),
    ],
)  # fmt: skip
def test_each_state_has_its_sentence(state: HealthState, facts: tuple[Fact, ...], says: str) -> None:
    frame = ConsoleFrame(Language.VIETNAMESE, "/console")
    said = sentence(frame, Health(state, NOW, facts), NOW)
    assert re.fullmatch(says, " ".join(said.split()))


def test_a_row_tells_of_its_runs_and_its_days(operator: httpx.Client, store: Store, put: Put) -> None:
    store.runs.finish(RunReport("r1", "soyte", NOW - HOUR, RunState.DONE, NOW, new=3))
    store.runs.finish(RunReport("r2", "nhandan", NOW - HOUR, RunState.KILLED, NOW, error="over its limit"))
    for n in range(3):
        put(f"a{n}", published=NOW - 24 * n * HOUR)
    judge(store, "soyte", HealthState.HEALTHY, per_day=4.25)
    text = operator.get("/console").text
    assert "Xong" in told(row(text, "soyte"), ".last")
    assert "+3 mới" in told(row(text, "soyte"), ".last")
    assert "Bị ngắt" in told(row(text, "nhandan"), ".last")
    spark = row(text, "soyte").cssselect(".spark")[0]
    assert spark.get("aria-label", "").startswith("3 bài trong 30 ngày; hôm nay 1, nhiều nhất 1 một ngày, 27 ngày")
    assert spark.cssselect("path")[0].get("d", "").count("M") == 3
    assert told(row(text, "soyte"), ".tally small") == "~4,2/ngày"
    assert told(row(text, "soyte"), ".next small") == "không có lịch"


def test_what_is_paused_or_left_alone_says_so(operator: httpx.Client, store: Store) -> None:
    store.standing.pause("soyte", Pause(NOW, "lan", NOW + 48 * HOUR))
    assert "Dừng đến" in told(row(operator.get("/console").text, "soyte"), ".next")


def test_sites_are_limited_by_state_kind_and_words_as_they_are_typed(operator: httpx.Client, store: Store) -> None:
    judge(store, "soyte", HealthState.SILENT, Fact("expected", 9.0, 3.0, True))
    for query, found in (
        ("state=silent", ["site-soyte"]), ("state=unknown", ["site-nhandan"]), ("kind=press", ["site-nhandan"]),
        ("q=nhan+dan", ["site-nhandan"]), ("q=S%E1%BB%9F+y", ["site-soyte"]), ("q=soyte.gov", ["site-soyte"]),
        ("kind=press&q=y", []), ("state=broken", []),
    ):  # fmt: skip
        answer = operator.get(f"/console/table?{query}")
        assert ids(answer.text) == found, query
        assert answer.headers["hx-replace-url"].startswith("/console?"), "the address says what is shown"
    links = page(operator.get("/console").text).cssselect("#counts a")
    counts = {link.get("data-state"): link.cssselect("b")[0].text for link in links}
    assert counts == {"": "2", "silent": "1", "unknown": "1"}
    assert "Bỏ lọc" in operator.get("/console/table?state=broken").text


def test_what_nobody_can_ask_for_is_refused(operator: httpx.Client) -> None:
    assert [operator.get(f"/console?{query}").status_code for query in ("state=ill", "kind=x")] == [422, 422]


def test_rows_that_change_are_brought_in_their_place_and_the_order_waits(operator: httpx.Client, store: Store) -> None:
    judge(store, "nhandan", HealthState.SILENT, Fact("expected", 9.0, 3.0, True))
    pulse = page(operator.get("/console").text).cssselect("#pulse")[0].get("hx-get", "")
    same = operator.get(pulse).text
    assert ids(same) == [], "nothing has happened"

    judge(store, "soyte", HealthState.BROKEN, Fact("failed_runs", 3, 0, True))
    changed = _later(operator, pulse)
    assert ids(changed) == ["site-soyte"]
    assert row(changed, "soyte").get("hx-swap-oob") == "true"
    assert told(page(changed), ".moved").startswith("1 trang vừa đổi tình trạng")
    again = page(changed).cssselect("#pulse")[0].get("hx-get", "")
    assert ids(operator.get(again).text) == [], "what was brought is not brought again"
    assert ids(operator.get("/console/table").text) == ["site-soyte", "site-nhandan"], "in order when it is asked for"


def test_another_process_is_asked_for_all_of_the_table(operator: httpx.Client) -> None:
    assert len(ids(operator.get("/console/changes?book=x&after=9&listed=9").text)) == 2


def test_that_no_scheduler_is_at_work_is_said(operator: httpx.Client) -> None:
    assert "Không có bộ lập lịch nào" in told(page(operator.get("/console").text), ".warn")


def _later(operator: httpx.Client, path: str) -> str:
    """What an answer says once what was seen before is a second old."""
    for _ in range(40):
        text = operator.get(path).text
        if ids(text):
            return text
        time.sleep(0.05)
    return text
