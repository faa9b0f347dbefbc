"""One site: why it is as it is, what is asked of it and what came of that, its next runs, its file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from lxml import html

from news.article import VIETNAM, StoredArticle
from news.control import ControlKind, ControlState
from news.health import Fact, HealthState, Pause
from news.report import RunReport, RunState
from news.review.rules import SiteRule
from news.schedule import Schedule, ScheduleMode
from storage.connect import Store
from storage.health import HealthChange
from tests.web.conftest import SITES
from tests.web.console.judged import HOUR, NOW, judge, told

Put = Callable[..., StoredArticle]
PAGE = "/console/sites/soyte"
HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)>" onload="x'


def shown(text: str) -> html.HtmlElement:
    return html.fromstring(text if text.lstrip().startswith("<!") else f"<div>{text}</div>")


def ahead(text: str) -> list[str]:
    return [" ".join(row.text_content().split()) for row in shown(text).cssselect("#ahead li")]


def test_every_figure_stands_beside_the_usual_one_and_the_decisive_ones_say_so(
    operator: httpx.Client, store: Store
) -> None:
    judge(store, "soyte", HealthState.BLOCKED, Fact("let_in", 0.2, 0.98, True), Fact("title", 1.0, 0.99))
    health = store.health.get("soyte")
    assert health is not None
    store.health.keep(health, HealthChange("soyte", 1, NOW, HealthState.HEALTHY, health.health), turn=1)
    page = shown(operator.get(PAGE).text)
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in page.cssselect(".facts-of tbody tr")]
    assert rows == [["Trang bài không bị chặn quyết định", "20 %", "98 %"], ["Bài có tiêu đề", "100 %", "99 %"]]
    assert [row.get("class") for row in page.cssselect(".facts-of tbody tr")] == ["decisive", None]
    assert "xin đơn vị quản trị cho phép" in told(page, ".remedy")
    assert told(page, ".past-states .state") == "Bình thường → Bị chặn"
    assert told(page, ".because") == "Chỉ 20 % số trang bài cho vào, thường là 98 %."


def test_a_site_of_which_nothing_is_known_says_that(operator: httpx.Client) -> None:
    text = operator.get(PAGE).text
    assert "Chưa có gì để nói về trang này." in text
    assert "Chưa có lượt nào." in text
    assert operator.get("/console/sites/none").status_code == 404


def test_the_next_ten_runs_are_those_of_the_schedule_as_it_is_typed(operator: httpx.Client) -> None:
    typed = {"mode": "cron", "cron": "30 6,17 * * *", "jitter_seconds": "0", "timezone": "Asia/Ho_Chi_Minh"}
    runs = ahead(operator.get(f"{PAGE}/ahead", params=typed).text)
    assert len(runs) == 10
    assert {run.split()[-1] for run in runs[1:]} == {"06:30", "17:30"}, "the first is at once: it never ran"
    assert re.match(r"(Thứ|Chủ)", runs[1])
    typed = {"mode": "interval", "every_minutes": "120", "jitter_seconds": "30", "windows": "06:00-07:00\n20:00-21:00"}
    clocks = {run.split()[-1] for run in ahead(operator.get(f"{PAGE}/ahead", params=typed).text)[1:]}
    assert clocks == {"06:00", "20:00"}


def test_a_schedule_that_cannot_be_is_refused_while_it_is_typed_and_when_it_is_sent(
    operator: httpx.Client, store: Store
) -> None:
    every: dict[str, str] = {"mode": "interval", "every_minutes": "5"}
    for typed, says in (
        ({"mode": "cron", "cron": "61 * * * *"}, "61"), (every | {"every_minutes": "x"}, "Cách nhau"),
        (every | {"every_minutes": "0"}, "Cách nhau"), (every | {"mode": "odd"}, "odd"),
        (every | {"windows": "25:00-26:00"}, "25:00"), (every | {"timezone": "Mars/Base"}, "Mars"),
    ):  # fmt: skip
        for answer in (operator.get(f"{PAGE}/ahead", params=typed), operator.post(f"{PAGE}/ask/schedule", data=typed)):
            assert answer.status_code == 422
            assert says in told(shown(answer.text), ".wrong")
            assert not shown(answer.text).cssselect(".wrong[lang=en]"), "it is said in the operator's language"
    assert store.controls.of("soyte") == []


def test_what_is_asked_is_a_document_for_the_scheduler_by_whoever_asks(operator: httpx.Client, store: Store) -> None:
    for kind, form in (
        ("run", {}), ("pause", {"until": "2126-03-01T08:00", "reason": "bảo trì"}), ("resume", {}),
        ("backfill", {"since": "2026-03-01", "until": "2026-03-03"}), ("schedule", {"file": "1"}), ("accept", {}),
        ("schedule", {"mode": "interval", "every_minutes": "45", "at_least_minutes": "x", "cron": "no", "windows": ""}),
    ):  # fmt: skip
        answer = operator.post(f"{PAGE}/ask/{kind}", data=form)
        assert answer.status_code == 200
        assert "Đang gửi…" in answer.text
    asked = {(control.kind, json.dumps(dict(control.args), sort_keys=True)) for control in store.controls.of("soyte")}
    assert {control.by for control in store.controls.of("soyte")} == {"minh"}
    assert asked == {
        (kind, json.dumps(args, sort_keys=True))
        for kind, args in (
            (ControlKind.RUN, {}), (ControlKind.RESUME, {}), (ControlKind.ACCEPT, {}), (ControlKind.SCHEDULE, {}),
            (ControlKind.PAUSE, {"until": "2126-03-01T08:00:00+07:00", "reason": "bảo trì"}),
            (ControlKind.BACKFILL, {"since": "2026-03-01T00:00:00+07:00", "until": "2026-03-04T00:00:00+07:00"}),
            (ControlKind.SCHEDULE, {"mode": "interval", "every_minutes": 45, "jitter_seconds": 0}),
        )
    }  # fmt: skip


def test_what_cannot_be_asked_says_why_and_is_not_written_down(operator: httpx.Client, store: Store) -> None:
    for kind, form in (
        ("pause", {"until": "soon"}), ("backfill", {"since": "2026-03-05", "until": "2026-03-01"}),
        ("backfill", {"since": "", "until": ""}), ("pause", {"reason": "x" * 501}),
    ):  # fmt: skip
        answer = operator.post(f"{PAGE}/ask/{kind}", data=form)
        assert answer.status_code == 422, form
        assert [wrong.get("lang") for wrong in shown(answer.text).cssselect(".wrong[role=alert]")] == [None], form
    assert store.controls.of("soyte") == []
    assert operator.post(f"{PAGE}/ask/explode").status_code == 404


def test_that_something_is_over_is_told_once_and_the_page_hears_of_it(operator: httpx.Client, store: Store) -> None:
    answer = operator.post(f"{PAGE}/ask/run")
    again = shown(answer.text).cssselect("#asked")[0].get("hx-get", "")
    (control,) = store.controls.of("soyte")
    assert control.id in again
    waiting = operator.get(again)
    assert ("hx-trigger" in waiting.headers, "toast" in waiting.text) == (False, False)

    store.controls.take(control.id, NOW)
    store.controls.end(control.id, ControlState.DONE, "It is crawled next.", datetime.now(UTC))
    over = operator.get(again)
    assert set(json.loads(over.headers["hx-trigger"])) == {"console-now", "console-schedule"}
    assert told(shown(over.text), ".toast p") == "Chạy ngay: Xong. Trang được chạy ngay."
    later = operator.get(shown(over.text).cssselect("#asked")[0].get("hx-get", ""))
    assert ("hx-trigger" in later.headers, "toast" in later.text) == (False, False)


def test_what_was_refused_says_why(operator: httpx.Client, store: Store) -> None:
    control = store.controls.ask("soyte", ControlKind.RUN, "lan", NOW)
    store.controls.end(control.id, ControlState.REFUSED, "soyte is not on schedule.", NOW)
    assert "Trang soyte không có trong lịch." in told(shown(operator.get(PAGE).text), "[data-control=refused]")


def test_the_button_is_that_of_the_moment(operator: httpx.Client, store: Store) -> None:
    before = shown(operator.get(PAGE).text)
    assert before.cssselect("#pausing form")[0].get("hx-post") == f"{PAGE}/ask/pause"
    again = before.cssselect("#now")[0].get("hx-get", "")
    assert "pausing" not in operator.get(again).text, "a form in which somebody types is left alone"
    store.standing.pause("soyte", Pause(NOW, "lan"))
    after = shown(operator.get(again).text)
    assert after.cssselect("#pausing[hx-swap-oob] form")[0].get("hx-post") == f"{PAGE}/ask/resume"
    assert "Tạm dừng" in told(after, "#now .held")


def test_what_is_overridden_or_taught_is_marked_in_the_file(operator: httpx.Client, store: Store) -> None:
    store.rules.teach(SiteRule("r1", "soyte", "drop", ".quang-cao", by="lan", at=NOW))
    plain = shown(operator.get(PAGE).text)
    lines = {" ".join(line.text_content().split()): line.get("data-of") for line in plain.cssselect(".file .line")}
    assert lines['name = "Sở Y tế tỉnh"'] == "file"
    assert lines['drop = [".quang-cao"] # được dạy'] == "taught"
    assert "[schedule]" not in lines

    store.standing.schedule("soyte", Schedule(ScheduleMode.CRON, cron="0 6 * * *"), "lan", NOW)
    page = shown(operator.get(PAGE).text)
    assert [line.get("data-of") for line in page.cssselect(".file .line") if "[schedule]" in line.text_content()] == [
        "overridden"
    ]
    assert told(page, "#schedule mark").startswith("lan đặt thay cho tệp")
    assert page.cssselect("#cron")[0].get("value") == "0 6 * * *"
    assert {run.split()[-1] for run in ahead(operator.get(PAGE).text)[1:]} == {"06:00"}
    assert page.cssselect("#schedule button[hx-params=file]"), "it can be taken back"


def test_charts_have_their_tables(operator: httpx.Client, store: Store, put: Put) -> None:
    for n in range(4):
        state = RunState.FAILED if n == 3 else RunState.DONE
        run = RunReport(
            f"r{n}", "soyte", NOW - n * HOUR, state, NOW - n * HOUR + timedelta(seconds=30 + n), articles=2,
            confidence=0.9, new=2, reasons={"timeout": n, "no-text": 1},
        )  # fmt: skip
        store.runs.finish(run)
    put("a1", published=NOW.astimezone(VIETNAM))
    page = shown(operator.get(PAGE).text)
    days, took, sure, why = page.cssselect(".chart")
    assert (len(days.cssselect("rect")), len(days.cssselect("tbody tr"))) == (1, 60)
    assert (len(took.cssselect("circle")), len(took.cssselect(".marked"))) == (3, 1), "by shape, not by colour alone"
    assert [row.text_content() for row in took.cssselect("tbody td")] == ["30", "31", "32", "33"]
    assert [row.text_content() for row in sure.cssselect("tbody td")] == ["90"] * 4
    assert [" ".join(row.text_content().split()) for row in why.cssselect("tbody tr")] == [
        "quá thời gian chờ timeout 6",
        "không có nội dung no-text 4",
    ]
    assert page.cssselect(".runs tbody a")[0].get("href") == "/console/runs/r0"


def test_nothing_that_a_site_or_its_servers_say_runs(
    operator: httpx.Client, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SITES, "soyte", replace(SITES["soyte"], name=HOSTILE, name_en=HOSTILE, family=HOSTILE))
    judge(store, "soyte", HealthState.BROKEN, Fact("failed_runs", 7, 0, True), Fact("errors", HOSTILE, None, True),
          Fact("lost_sources", HOSTILE, None, True), Fact(f"body:{HOSTILE}", 0.1, 0.9, True))  # fmt: skip
    store.runs.finish(RunReport("r1", "soyte", NOW, RunState.FAILED, NOW, error=HOSTILE, reasons={HOSTILE: 2}))
    store.standing.pause("soyte", Pause(NOW, HOSTILE[:90], None, HOSTILE))
    store.rules.teach(SiteRule("r1", "soyte", "drop", ".x", by=HOSTILE, at=NOW))
    control = store.controls.ask("soyte", ControlKind.RUN, HOSTILE[:90], NOW)
    store.controls.end(control.id, ControlState.REFUSED, HOSTILE, NOW)
    for path in ("/console", "/console?lang=en", f"/console?q={HOSTILE}", PAGE, f"{PAGE}/now", f"{PAGE}/asked"):
        answer = operator.get(path)
        page = shown(answer.text)
        assert not page.cssselect("script:not([src^='/static/']), img, style, iframe, object"), path
        attributes = {name for element in page.iter() if isinstance(element.tag, str) for name in element.attrib}
        assert not [name for name in attributes if name.startswith("on") or name == "style"], path
        assert "script-src 'self'" in answer.headers["content-security-policy"], path
        assert "unsafe" not in answer.headers["content-security-policy"], path


def test_the_schedule_alone_can_be_asked_for_anew(operator: httpx.Client) -> None:
    part = shown(operator.get(f"{PAGE}/schedule?lang=en").text)
    assert told(part, "h2") == "Schedule"
    assert part.cssselect("#schedule")[0].get("hx-get") == f"{PAGE}/schedule?lang=en"
    assert str(Schedule().every_minutes) == part.cssselect("#every")[0].get("value")
