"""The report of every crawl is kept, also of one that was killed."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from news.report import Fate, RunReport, RunState
from storage.connect import Store
from storage.owner import Owner

NOW = datetime(2025, 3, 1, 8, 30, 0, 123456, tzinfo=UTC)


def report(n: int = 1, **values: Any) -> RunReport:
    usual: dict[str, Any] = {"id": f"r{n}", "site": "a", "started": NOW + timedelta(hours=n)}
    return RunReport(**(usual | values))


def test_a_report_is_followed_from_start_to_end(store: Store) -> None:
    running = report()
    store.runs.start(running)
    assert store.runs.get("r1") == running
    half = replace(running, pages=3, reasons={"timeout": 1, "a.b$": 2})
    store.runs.progress(half)
    assert store.runs.get("r1") == half
    done = replace(half, state=RunState.DONE, finished=NOW + timedelta(hours=2), complete=True, new=3)
    store.runs.finish(done)
    store.runs.progress(half)  # arrives late
    assert store.runs.get("r1") == done
    assert store.runs.get("r2") is None


def test_the_newest_run_of_each_site_is_found_by_jumps_from_site_to_site(store: Store, tap: Any) -> None:
    for n, site in enumerate(("a", "b", "a", "a", "c"), 1):
        store.runs.start(report(n, site=site))
    assert {site: run.id for site, run in store.runs.latest().items()} == {"a": "r4", "b": "r2", "c": "r5"}
    command = tap.during(store.runs.latest)[0]
    query = {name: command[name] for name in ("aggregate", "pipeline")} | {"cursor": {}}
    plan = store._database.command("explain", query, verbosity="queryPlanner")
    assert "'stage': 'DISTINCT_SCAN'" in str(plan)


def test_the_end_of_a_run_is_kept_even_if_its_start_was_not(store: Store) -> None:
    done = report(state=RunState.FAILED, error="Không có mạng", finished=NOW)
    store.runs.finish(done)
    assert store.runs.get("r1") == done


def test_runs_are_listed_newest_first(store: Store) -> None:
    for n in (2, 1, 3):
        store.runs.start(report(n, site="b" if n == 2 else "a"))
    assert [found.id for found in store.runs.find()] == ["r3", "r2", "r1"]
    assert [found.id for found in store.runs.find("a")] == ["r3", "r1"]
    assert [found.id for found in store.runs.find(limit=1)] == ["r3"]


def test_a_run_whose_process_is_gone_is_lost_and_a_living_one_is_not(store: Store) -> None:
    with subprocess.Popen([sys.executable, "-c", "pass"]) as child:
        child.wait()
    dead = replace(Owner.here("r1"), pid=child.pid)
    store.runs.start(report(1, pages=7), dead)
    store.runs.start(report(2))
    store.runs.finish(report(3, state=RunState.DONE))
    assert store.runs.close_lost() == 1
    lost, living = store.runs.get("r1"), store.runs.get("r2")
    assert lost
    assert living
    assert (lost.state, lost.pages, lost.finished is not None) == (RunState.LOST, 7, True)
    assert living.state is RunState.RUNNING
    assert store.runs.close_lost() == 0


def test_the_caller_may_judge_who_is_alive(store: Store) -> None:
    store.runs.start(report(1), Owner("r1", "other-host", 7, "boot"))
    asked: list[dict[str, Any]] = []

    def judge(owner: dict[str, Any]) -> bool:
        asked.append(owner)
        return False

    assert store.runs.close_lost() == 0  # of another host's processes nothing is known
    assert store.runs.close_lost(judge) == 1
    assert asked == [{"run_id": "r1", "host": "other-host", "pid": 7, "boot": "boot"}]


def test_a_report_of_an_earlier_version_can_be_read(store: Store) -> None:
    store.runs.finish(report(state=RunState.DONE, sources={"https://a.vn/rss": Fate.READ}, newest=NOW, articles=2))
    later = (*(name for name in report().to_json() if name in ("backfill", "sources", "newest", "wait")), "articles")
    store._database.runs.update_one({"_id": "r1"}, {"$unset": {f"report.{name}": "" for name in later}})

    assert store.runs.get("r1") == report(state=RunState.DONE)
