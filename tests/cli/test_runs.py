"""bantin runs: what a crawl did and logged, by its id or the name of its site."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from demo.server import Demo

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


def test_without_a_scheduler_nothing_is_stopped_and_it_is_said(crawled: Bantin) -> None:
    now = crawled("runs", "live", "--json").rows[0]

    assert (now["running"], now["waiting"], now["scheduler"]) == ([], {}, None)
    assert "No scheduler acts." in crawled("runs", "live").out
