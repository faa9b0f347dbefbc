"""The bad day: schedulers, crawls and MongoDB killed at random, a scheduler that sleeps through the end of its turn."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from pymongo import MongoClient

import config as settings
from demo.server import Demo
from news.report import RunReport, RunState
from storage.articles import ArticleFilter
from storage.connect import Store, open_store
from storage.leases import SCHEDULER

ROOT = Path(__file__).resolve().parent.parent
SITES = ("demo-noivu", "demo-mst", "demo-most", "demo-sonlam")
_CHILD = """
import sys, threading
import config
from cli import session
from scheduler import Scheduler
from storage.connect import open_store

if __name__ == "__main__":
    loaded = config.load()
    with open_store(loaded) as store:
        sites = list(session.catalog(loaded).sites.values())
        for site in sites:  # a site file says a minute at least, of which most would be waiting here
            object.__setattr__(site.schedule, "every_minutes", 0.25)
        with Scheduler(lambda: sites, loaded, store):
            print("ready", flush=True)
            threading.Event().wait()
"""


@dataclass
class Installation:
    """A MongoDB of the test's own, four slow sample portals that are crawled every quarter of a minute, and the
    environment in which schedulers run."""

    store: Store
    demo: Demo
    environ: dict[str, str]
    script: Path

    def scheduler(self) -> subprocess.Popen[str]:
        """A running scheduler, in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, str(self.script)], env=self.environ, cwd=ROOT, text=True, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def runs(self, site: str) -> list[RunReport]:
        return self.store.runs.find(site, limit=500)

    def mongod(self) -> int:
        with MongoClient[dict[str, object]](self.store.uri) as client:
            return int(str(client.admin.command("serverStatus")["pid"]))


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    plain = settings.load({"BANTIN_DATA_DIR": str(tmp_path / "data"), "BANTIN_MONGODB_PATIENCE": "60"})
    sites = tmp_path / "sites"
    sites.mkdir()
    with open_store(plain, must_own=True) as store, Demo(base_port=0) as demo:
        for id in SITES:
            text = (ROOT / "spiders" / "sites" / f"{id}.toml").read_text(encoding="utf-8")
            text = re.sub(r"127\.0\.0\.1:\d+", demo.portals[id].netloc, text)
            text = re.sub(r"\n\[schedule\]\n(?:[^\[\n].*\n)*", "\n", text)
            text += '\n[schedule]\nmode = "interval"\nevery_minutes = 1\njitter_seconds = 0\n'
            (sites / f"{id}.toml").write_text(text, encoding="utf-8")
            demo.portals[id].latency = 0.5
        environ = {
            **os.environ, "MONGODB_URI": store.uri, "BANTIN_MONGODB_PATIENCE": "60", "BANTIN_SITES_DIR": str(sites),
            "BANTIN_LOG_LEVEL": "ERROR", "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        script = tmp_path / "run_scheduler.py"
        script.write_text(_CHILD, encoding="utf-8")
        yield Installation(store, demo, environ, script)


@contextmanager
def ended(*processes: subprocess.Popen[str]) -> Iterator[None]:
    """Whatever becomes of the test, nothing of these processes stays."""
    try:
        yield
    finally:
        for process in processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def crawls_of(scheduler: subprocess.Popen[str]) -> list[int]:
    """The processes in which the scheduler crawls: children of its fork server."""
    below = Counter[int]()
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(") ")[2].split()[1])
    servers = {pid for pid, parent in parents.items() if parent == scheduler.pid}
    below.update(pid for pid, parent in parents.items() if parent in servers)
    return list(below)


def test_twenty_kills_lose_no_run_no_article_and_no_schedule(installation: Installation) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    running = installation.scheduler()
    started = [running]
    # An embedded MongoDB that dies more than five times a minute is given up, with a word to the operator.
    killed = 0
    victims = chance.sample(["scheduler"] * 6 + ["crawl"] * 10 + ["mongod"] * 4, k=20)
    with ended(running):
        for victim in victims:
            time.sleep(chance.uniform(0.5, 3.5))
            if victim == "crawl" and (crawls := soon(partial(crawls_of, running))):
                with suppress(ProcessLookupError):
                    os.kill(chance.choice(crawls), signal.SIGKILL)
                    killed += 1
            elif victim == "mongod":
                os.kill(installation.mongod(), signal.SIGKILL)
            else:
                running.kill()  # its fork server and its crawls end with it
                running.wait()
                running = installation.scheduler()
                started.append(running)
            if chance.random() < 0.3:
                installation.demo.publish(chance.choice(SITES))
        truth = {id: Counter(article.title for article in installation.demo.portals[id].articles) for id in SITES}
        wait_for(lambda: all(stored(installation, id) == truth[id] for id in SITES), f"seed {seed}", 120)
        wait_for(lambda: all(is_settled(installation.runs(id)) for id in SITES), f"seed {seed}", 120)
    with ended(*started):
        pass

    # Every crawl that began is on record, and closed, if only when the next scheduler would begin its turn.
    wait_for(lambda: is_closed(installation), f"seed {seed}")
    states = Counter(run.state for id in SITES for run in installation.runs(id))
    assert killed, f"seed {seed} killed no crawl"
    assert states[RunState.KILLED] + states[RunState.LOST] >= 1, (seed, states)
    planned = installation.store.jobs.next_runs()
    assert set(planned) == set(SITES)
    assert min(planned.values()) > max(run.started for id in SITES for run in installation.runs(id))
    events = installation.store.events.after("", 10_000)
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    assert {event.article_id for event in events} == set(installation.store.articles.ids())


def test_a_scheduler_that_slept_through_the_end_of_its_turn_crawls_nothing_twice(installation: Installation) -> None:
    first = installation.scheduler()
    with ended(first):
        wait_for(lambda: any(run.pages for id in SITES for run in installation.runs(id)), "the first one crawls")
        second = installation.scheduler()
        with ended(second):
            time.sleep(3)
            os.kill(first.pid, signal.SIGSTOP)
            stopped = time.monotonic()
            wait_for(lambda: installation.store.leases.is_current(SCHEDULER, 2), "the second one takes over")
            assert time.monotonic() - stopped < 15
            time.sleep(3)
            os.kill(first.pid, signal.SIGCONT)
            time.sleep(6)
            assert installation.store.leases.is_current(SCHEDULER, 2), "who wakes does not take it back"
            wait_for(lambda: all(is_settled(installation.runs(id)) for id in SITES), "both are crawled", 90)

    for id in SITES:
        crawls = [run for run in installation.runs(id) if run.pages or run.state is RunState.DONE]
        spans = sorted((run.started, run.finished or datetime.max.replace(tzinfo=UTC)) for run in crawls)
        assert all(earlier[1] <= later[0] for earlier, later in pairwise(spans)), spans
        assert stored(installation, id) == Counter(article.title for article in installation.demo.portals[id].articles)


def test_a_mongodb_that_is_silent_for_longer_than_a_turn_lasts_is_waited_for(installation: Installation) -> None:
    for id in SITES:
        installation.demo.portals[id].latency = 0.0
    running = installation.scheduler()
    with ended(running):
        wait_for(lambda: all(is_settled(installation.runs(id)) for id in SITES), "all are crawled", 90)
        mongod = installation.mongod()
        os.kill(mongod, signal.SIGSTOP)
        time.sleep(14)
        os.kill(mongod, signal.SIGCONT)
        published = [installation.demo.publish(id).title for id in SITES]
        wait_for(
            lambda: all(stored(installation, id)[title] == 1 for id, title in zip(SITES, published, strict=True)),
            "the crawls go on and bring what was published since", 120,
        )  # fmt: skip
        assert running.poll() is None


def soon(look: Callable[[], list[int]]) -> list[int]:
    """What there is to be seen within some seconds: a scheduler takes two or three to begin."""
    until = time.monotonic() + 8
    while not (seen := look()) and time.monotonic() < until:
        time.sleep(0.1)
    return seen


def stored(installation: Installation, site: str) -> Counter[str]:
    found = installation.store.articles.find(ArticleFilter(sites=(site,)), limit=1000)
    return Counter(one.article.title for one in found)


def is_closed(installation: Installation) -> bool:
    """Whether no crawl is left open, once those of processes that are gone were closed as lost."""
    installation.store.runs.close_lost()
    return all(run.finished for id in SITES for run in installation.runs(id))


def is_settled(runs: list[RunReport]) -> bool:
    """Whether the newest crawl has read everything, and none is said to be running."""
    newest = next((run for run in runs if run.state is not RunState.SKIPPED), None)
    done = newest is not None and newest.state is RunState.DONE and newest.complete
    return done and all(run.state is not RunState.RUNNING for run in runs)


def wait_for(condition: Callable[[], object], what: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, what
        time.sleep(0.2)
