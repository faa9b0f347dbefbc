"""What goes on is seen as it goes on, and a run that somebody stops is over."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from config import Config
from news.report import RunReport, RunState
from scheduler import Scheduler
from storage.connect import Store
from storage.engine import Station
from storage.leases import SCHEDULER
from storage.owner import Owner
from tests.web.console.ran import PORTAL, page_of, portal, text_of
from web.console.pace import Paces

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def wait_for(condition: Callable[[], Any]) -> Any:
    until = time.monotonic() + 60
    while not (found := condition()):
        assert time.monotonic() < until, condition
        time.sleep(0.1)
    return found


def test_a_crawl_is_seen_while_it_runs_and_stopped_by_who_looks(
    store: Store, config: Config, operator: httpx.Client
) -> None:
    with portal() as demo:
        for article in demo.portals[PORTAL].articles[3:]:
            demo.portals[PORTAL].fault(re.escape(article.path), "hang")
        site = demo.site(PORTAL)
        sites = [site, replace(site, id="cho-luot", name="Trang chờ")]
        with Scheduler(lambda: sites, replace(config, workers=1), store):
            run = wait_for(lambda: next((run for run in store.runs.under_way() if run.pages), None))
            page = page_of(operator.get("/console/live/now"))
            told = text_of(page)
            log = wait_for(lambda: page_of(operator.get(f"/console/runs/{run.id}/log")).xpath("//li"))

            assert "1/1 luồng bận" in told
            assert "1 lượt đang chạy, 1 lượt chờ tới phiên" in told
            assert run.site in text_of(page.xpath("//ul[@class='crawls']")[0])
            assert page.xpath("//span[@class='url']/text()")[0].startswith(f"http://{demo.portals[PORTAL].netloc}")
            shown = page_of(operator.get(f"/console/runs/{run.id}"))
            assert shown.xpath("//*[@id='run-now']/@hx-get") == [f"/console/runs/{run.id}/now"]
            assert shown.xpath("//*[@id='log-more']/@hx-get")[0].startswith(f"/console/runs/{run.id}/log?after=")
            assert log

            (where,) = page.xpath("//ul[@class='crawls']//form/@action")
            answer = operator.post(where, headers={"HX-Request": "true"})
            assert "Đã yêu cầu ngắt" in answer.text
            ended = wait_for(lambda: (found := store.runs.get(run.id)) and "minh" in found.error and found)
            assert ended.state is RunState.KILLED
            assert "minh stopped it" in text_of(page_of(operator.get(f"/console/runs/{run.id}")))

            (second,) = wait_for(store.runs.under_way)
            operator.post(f"/console/runs/{second.id}/stop")
            wait_for(lambda: not store.runs.under_way())


def test_without_a_scheduler_it_is_said_and_nothing_old_is_shown_for_what_is(
    store: Store, operator: httpx.Client
) -> None:
    store.engine.tell(Station(1, 4, 3, 900, {"soyte": NOW}))

    told = text_of(page_of(operator.get("/console/live")))

    assert "Không có bộ lập lịch nào đang làm việc." in told
    assert "luồng bận" not in told
    assert "Không có lượt nào đang chạy." in told


def test_what_an_earlier_scheduler_said_counts_no_more(store: Store, operator: httpx.Client) -> None:
    owner = Owner.here("s1")
    first = store.leases.acquire(SCHEDULER, owner, 60)
    assert first is not None
    store.engine.tell(Station(first.token, 4, 3, 900, {"soyte": NOW}))
    assert "3/4 luồng bận" in text_of(page_of(operator.get("/console/live/now")))

    store.leases.release(first)
    second = store.leases.acquire(SCHEDULER, Owner.here("s2"), 60)
    assert second is not None
    assert "luồng bận" not in text_of(page_of(operator.get("/console/live/now")))
    store.engine.tell(Station(second.token, 2, 0, 900))
    store.engine.tell(Station(first.token, 4, 3, 900, {"soyte": NOW}))
    assert "0/2 luồng bận" in text_of(page_of(operator.get("/console/live/now")))


def test_what_a_run_that_is_over_is_asked_changes_nothing(store: Store, operator: httpx.Client) -> None:
    store.runs.finish(RunReport("r1", "soyte", NOW, RunState.DONE, NOW))

    answer = operator.post("/console/runs/r1/stop")

    assert (answer.status_code, answer.headers["location"]) == (303, "/console/runs/r1")
    assert store.controls.open() == []


def test_the_pace_is_that_of_the_last_half_minute() -> None:
    paces, run = Paces(), RunReport("r1", "a", NOW)

    def look(seconds: int, pages: int) -> float | None:
        return paces.look([replace(run, pages=pages)], NOW + timedelta(seconds=seconds)).get("r1")

    assert look(1, 0) is None, "too young to say"
    assert look(61, 60) == 60
    assert [look(61 + n, 60 + 2 * n) for n in range(1, 60)][-1] == 120
    assert paces.look([], NOW) == {}
