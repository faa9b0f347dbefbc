"""bantin runs: what a crawl did and logged, by its id or the name of its site."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
