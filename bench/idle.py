"""What a scheduler costs that has nothing to do: 500 sites on schedule, none of them due, beside APScheduler alone with
as many jobs in memory."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bench.endurance import resident
from bench.figures import Figure, run
from cli.session import Following
from config import Config, load
from news.report import RunReport, RunState
from scheduler import Scheduler
from storage.connect import Store, open_store

SITES = 500
# The first seconds, in which the jobs are made, are no idling.
SETTLE, WATCH, QUICK_WATCH = 20.0, 120.0, 25.0
GOAL_PERCENT = 3.0

_FILE = """id = "{id}"
name = "Cổng thông tin điện tử {id}"
kind = "province"
hosts = ["{id}.example.vn"]
home = "https://{id}.example.vn/"

[schedule]
every_minutes = 600
at_least_minutes = 600

[[source]]
kind = "listing"
url = "https://{id}.example.vn/tin"
"""


def measure(quick: bool) -> list[Figure]:
    watched = QUICK_WATCH if quick else WATCH
    with tempfile.TemporaryDirectory(prefix="bantin-bench-") as folder:
        sites = Path(folder) / "sites"
        sites.mkdir()
        for n in range(SITES):
            (sites / f"site-{n:03}.toml").write_text(_FILE.format(id=f"site-{n:03}"), encoding="utf-8")
        config = replace(load({"BANTIN_DATA_DIR": f"{folder}/data"}), sites_dir=sites)
        with open_store(config, must_own=True) as store:
            _crawled(store)
            joined = replace(config, mongodb_uri=store.uri)
            ours, planned, memory = _watched(_scheduler, joined, watched)
        bare, _, _ = _watched(_bare, config, watched)
    return [
        Figure("CPU of the idle scheduler", ours, "% of a core", f"< {GOAL_PERCENT:g}", ours < GOAL_PERCENT,
               f"APScheduler alone, jobs in memory: {bare:.2f} %; {watched:g} s watched"),
        Figure("sites on schedule", planned, "", f"= {SITES}", planned == SITES),
        Figure("memory of the scheduler", memory, "MB"),
    ]  # fmt: skip


def _crawled(store: Store) -> None:
    """Every site was crawled just now, so that none is due."""
    now = datetime.now(UTC)
    for n in range(SITES):
        store.runs.finish(RunReport(f"r{n}", f"site-{n:03}", now, RunState.DONE, now, complete=True))


def _watched(work: object, config: Config, seconds: float) -> tuple[float, int, float]:
    """CPU in percent of a core, sites planned and memory of a process of its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(config, seconds, theirs), daemon=True)  # type: ignore[arg-type]
    process.start()
    theirs.close()
    result: tuple[float, int, float] = ours.recv()
    process.join()
    return result


def _scheduler(config: Config, seconds: float, pipe: Connection) -> None:
    with open_store(config) as store, Scheduler(Following(config, store), config, store) as scheduler:
        time.sleep(SETTLE)
        percent = _cpu(seconds)
        pipe.send((percent, len(scheduler.next_runs()), resident()))


def _bare(config: Config, seconds: float, pipe: Connection) -> None:
    jobs = BackgroundScheduler(timezone=UTC)
    for n in range(SITES):
        jobs.add_job(time.time, IntervalTrigger(hours=10, timezone=UTC), id=str(n))
    jobs.start()
    time.sleep(1)
    pipe.send((_cpu(seconds), len(jobs.get_jobs()), resident()))
    jobs.shutdown()


def _cpu(seconds: float) -> float:
    began, start = time.monotonic(), _spent()
    time.sleep(seconds)
    return 100 * (_spent() - start) / (time.monotonic() - began)


def _spent() -> float:
    times: Sequence[float] = os.times()
    return times[0] + times[1]


if __name__ == "__main__":
    run(Path(__file__).stem, measure)
