"""bantin runs: what a crawl did and logged, by its id or the name of its site."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config import Config
from demo.server import Demo
from news.control import ControlKind
from news.report import RunReport
from scheduler import Scheduler
from storage.connect import Store

ROOT = Path(__file__).resolve().parents[2]
Bantin = Callable[..., Any]


def test_the_log_of_a_run_is_that_of_its_newest_where_a_site_is_named(crawled: Bantin) -> None:
    (run,) = crawled("runs", "list", "--site", "demo-mst", "--json").rows
    by_id = crawled("runs", "log", run["id"], "--json").rows

    assert [row["number"] for row in by_id] == list(range(len(by_id)))
    assert sum(": new" in row["message"] for row in by_id) == run["new"]
    assert crawled("runs", "log", "demo-mst", "--json").rows == by_id
    assert f"{run['new']} new" in crawled("runs", "log", "demo-mst").out.splitlines()[-1]
    assert "no run 'demo-none'" in crawled("runs", "log", "demo-none", expect=1).err


def test_every_line_that_a_crawl_logs_says_whose_it_is(environ: dict[str, str], sites_dir: Path) -> None:
    log = {"BANTIN_LOG_FORMAT": "json", "BANTIN_LOG_LEVEL": "INFO", "BANTIN_SITES_DIR": str(sites_dir)}
    ran = subprocess.run(
        [sys.executable, "-m", "cli.main", "crawl", "demo-mst", "--max-pages", "2", "--json"],
        env={**os.environ, **environ, **log}, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip

    rows = [json.loads(line) for line in ran.stderr.splitlines() if line.startswith("{")]
    about = [row for row in rows if row["logger"] == "bantin.crawler"]
    assert about
    assert {(row["run"], row["site"]) for row in about} == {(json.loads(ran.stdout)["id"], "demo-mst")}
    assert [row for row in about if row.get("url", "").startswith("http")]


def test_what_gave_nothing_is_explained_and_listed(changing: tuple[Bantin, Demo]) -> None:
    bantin, demo = changing
    paper = demo.portals["demo-mst"]
    paper.fault(re.escape(paper.articles[0].path), "blank")
    bantin("crawl", "demo-mst", "--max-pages", "2", BANTIN_LOG_LEVEL="ERROR")
    (run,) = bantin("runs", "list", "--state", "done", "--json").rows
    ((reason, count),) = run["reasons"].items()

    shown = bantin("runs", "show", run["id"]).out
    rows = bantin("runs", "urls", "demo-mst", reason, "--json").rows

    assert run["memory"] > 20_000_000
    assert "what it means, what to do" in shown
    assert all(url in shown for url in run["sources"])
    assert [(row["url"], row["reason"]) for row in rows] == [(paper.url(paper.articles[0]), reason)] * count
    assert rows[0]["url"] in bantin("runs", "urls", "demo-mst", reason).out
    assert "no-text" in bantin("runs", "urls", "demo-mst", "no-txt", expect=1).err
    assert bantin("runs", "list", "--state", "lost", "--json").rows == []


def test_a_log_is_followed_to_the_end_of_its_run(crawled: Bantin) -> None:
    lines = crawled("runs", "log", "demo-mst", "--json").rows

    followed = crawled("runs", "log", "demo-mst", "--follow", "--json").rows
    chosen = crawled("runs", "log", "demo-mst", "--words", "NEW", "--json").rows

    assert followed == lines
    assert chosen == [row for row in lines if "new" in (row["message"] + row["url"]).lower()]
    assert crawled("runs", "log", "demo-mst", "--level", "ERROR").out == ""


def test_without_a_scheduler_nothing_is_stopped_and_it_is_said(
    bantin: Bantin, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.orders._PATIENCE", 0.1)
    store.runs.start(RunReport("r1", "demo-mst", datetime.now(UTC)))
    now = bantin("runs", "live", "--json").rows[0]

    assert ([run["id"] for run in now["running"]], now["waiting"], now["scheduler"]) == (["r1"], {}, None)
    assert "No scheduler acts." in bantin("runs", "live").out
    assert "r1: no scheduler has answered" in bantin("runs", "stop", "r1").err
    (asked,) = store.controls.open()
    assert (asked.kind, asked.run, asked.by) == (ControlKind.STOP, "r1", "operator")
    assert "no run 'demo-none'" in bantin("runs", "stop", "demo-none", expect=1).err


def test_a_run_is_stopped_by_the_name_of_its_site_and_says_by_whom(
    changing: tuple[Bantin, Demo], config: Config, store: Store
) -> None:
    bantin, demo = changing
    demo.portals["demo-mst"].fault("post|tin|bai|html", "hang")
    sites = [demo.site("demo-mst")]
    with Scheduler(lambda: sites, config, store):
        until = time.monotonic() + 60
        while not (running := bantin("runs", "live", "--json").rows[0]["running"]):
            assert time.monotonic() < until, "nothing was begun"
        (run,) = running
        began = time.monotonic()
        assert bantin("runs", "stop", "demo-mst", "--by", "lan").out == f"{run['id']}: It is being stopped.\n"
        while bantin("runs", "show", run["id"], "--json").rows[0]["state"] == "running":
            assert time.monotonic() - began < 10, "it goes on"
        assert "lan stopped it." in bantin("runs", "show", run["id"]).out
        done = bantin("runs", "stop", run["id"], "--json").rows[0]
        assert (done["state"], done["answer"]) == ("done", "It is over already.")
        store.runs.start(RunReport("by-hand", "demo-mst", datetime.now(UTC)))
        refused = bantin("runs", "stop", "by-hand", expect=1).err
    assert f"It was begun by hand (process {os.getpid()}" in refused
