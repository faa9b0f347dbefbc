"""A crawl is a process of its own: limited, claimed, reported whatever happens."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config import Config
from crawler.run import CrawlOptions, Progress, crawl, crawl_many
from demo.server import Demo
from news.report import RunReport, RunState
from storage.connect import Store
from storage.owner import Owner

Go = Callable[..., RunReport]
ROOT = Path(__file__).resolve().parents[2]


def until(condition: Callable[[], object], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def hung(host: Any) -> Any:
    """A site whose articles never answer."""
    host.released = threading.Event()
    for path in host.articles(2):
        host.answers[path] = lambda handler: host.released.wait(60) and None
    yield host
    host.released.set()


def test_a_site_that_hangs_is_ended_at_the_limit(hung: Any, store: Store, config: Config) -> None:
    began = time.monotonic()
    site = hung.site(politeness={"timeout": 600})
    report = crawl(site, CrawlOptions(), replace(config, crawl_time_limit=2.0))
    assert time.monotonic() - began < 6
    assert report.state is RunState.KILLED
    assert "2 seconds" in report.error
    assert not report.complete
    assert store.runs.get(report.id) == report
    assert store.site_state.claim(site.id, Owner.here("next"), datetime.now(UTC), 60)


def _child() -> multiprocessing.process.BaseProcess:
    """The process of the crawl. Others may be there: a desk that another test opened reads pages in one of its own."""
    (child,) = (one for one in multiprocessing.active_children() if one.name.startswith("crawl "))
    return child


def test_a_crawl_that_is_killed_from_outside_is_reported(hung: Any, store: Store, go: Go) -> None:
    with ThreadPoolExecutor(1) as pool:
        running: Future[RunReport] = pool.submit(go, hung.site(politeness={"timeout": 600}))
        until(lambda: len(hung.asked) > 2)
        _child().kill()
        report = running.result(10)
    assert report.state is RunState.KILLED
    assert "signal 9" in report.error
    stored = store.runs.get(report.id)
    assert stored is not None
    assert stored.state is RunState.KILLED


def test_a_site_is_crawled_by_one_at_a_time(hung: Any, store: Store, go: Go) -> None:
    site = hung.site(politeness={"timeout": 600})
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(go, site)
        until(lambda: len(hung.asked) > 2)
        second = go(site)
        assert second.state is RunState.FAILED
        assert "is being crawled already" in second.error
        assert second.requests == 0
        _child().kill()
        running.result(10)
    hung.released.set()
    hung.articles(2)
    assert go(hung.site()).state is RunState.DONE


def test_a_claim_of_the_dead_is_taken_over(host: Any, store: Store, go: Go) -> None:
    host.articles(1)
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    dead = replace(Owner.here("gone"), pid=process.pid)
    process.wait()
    assert store.site_state.claim("lamha", dead, datetime.now(UTC), 600)
    assert go(host.site()).new == 1


def test_a_crawl_told_to_stop_writes_what_it_has_and_says_so(hung: Any, store: Store, go: Go) -> None:
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(go, hung.site(politeness={"timeout": 4}))
        until(lambda: len(hung.asked) > 2)
        _child().terminate()
        hung.released.set()
        report = running.result(15)
    assert report.state is RunState.KILLED
    assert "told to stop" in report.error
    assert store.runs.get(report.id) == report


def test_progress_tells_how_it_goes_while_it_goes(hung: Any, store: Store, config: Config) -> None:
    seen: list[Progress] = []

    def hear(progress: Progress) -> None:
        seen.append(progress)
        hung.released.set()

    crawl(hung.site(), CrawlOptions(), config, hear)
    assert seen[0].report.state is RunState.RUNNING
    assert seen[0].queued == 2
    assert seen[0].report.requests == 4
    assert seen[-1].report.finished


def test_an_unreachable_mongodb_is_a_report_and_not_an_exception(host: Any, config: Config) -> None:
    host.articles(1)
    away = replace(config, mongodb_uri="mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100", mongodb_patience=0.5)
    report = crawl(host.site(), CrawlOptions(), away)
    assert report.state is RunState.FAILED
    assert "127.0.0.1:1" in report.error


def test_two_sites_are_crawled_at_the_same_time(host: Any, store: Store, config: Config) -> None:
    meeting = threading.Barrier(2, timeout=10)

    def met(handler: Any) -> tuple[int, dict[str, str], bytes]:
        meeting.wait()
        return 404, {}, b""

    host.answers["/robots.txt"] = met
    host.articles(1)
    sites = [host.site(id="mot"), host.site(id="hai")]
    reports = crawl_many(sites, CrawlOptions(), replace(config, workers=2))
    assert [report.site for report in reports] == ["mot", "hai"]
    assert all(report.state is RunState.DONE for report in reports)


_PARENT = """
import sys
sys.path.insert(0, {root!r})
from crawler.run import CrawlOptions, crawl
from news.site import Site
import config, json
if __name__ == "__main__":
    site = Site.parse(json.loads(sys.argv[1]))
    report = crawl(site, CrawlOptions(), config.load())
    print(json.dumps(report.to_json()))
"""


@pytest.fixture
def parent(tmp_path: Path, environ: dict[str, str]) -> Callable[[dict[str, Any]], subprocess.Popen[str]]:
    """A program that crawls a site and prints the report."""
    script = tmp_path / "parent.py"
    script.write_text(_PARENT.format(root=str(ROOT)))

    def start(site: dict[str, Any]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(script), json.dumps(site)],
            env={**os.environ, **environ},
            stdout=subprocess.PIPE,
            text=True,
        )

    return start


def _table(host: Any, timeout: float) -> dict[str, Any]:
    return {
        "id": "lamha",
        "name": "Lam Hà",
        "kind": "province",
        "hosts": [f"127.0.0.1:{host.port}"],
        "home": host.base,
        "allow_private_network": True,
        "source": [{"kind": "listing", "url": f"{host.base}/tin"}],
        "politeness": {"delay": 0, "timeout": timeout},
    }


def test_a_plain_script_can_crawl(host: Any, parent: Any) -> None:
    host.articles(2)
    with parent(_table(host, 5)) as process:
        out, _ = process.communicate(timeout=30)
    assert json.loads(out)["new"] == 2


def test_a_crawl_ends_with_its_parent(hung: Any, store: Store, parent: Any) -> None:
    with parent(_table(hung, 600)) as process:
        until(lambda: len(hung.asked) > 2)
        (run,) = store.runs.find()
        assert run.state is RunState.RUNNING
        process.kill()
        process.wait()
    until(lambda: store.runs.close_lost() == 1)
    assert store.site_state.claim("lamha", Owner.here("next"), datetime.now(UTC), 60)


def test_scrapys_own_commands_work_from_a_checkout(demo: Demo, store: Store, environ: dict[str, str]) -> None:
    scrapy = [sys.executable, "-m", "scrapy"]
    env = {**os.environ, **environ}
    listed = subprocess.run([*scrapy, "list"], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert listed.stdout.split() == ["portal"]
    sites = Path(environ["BANTIN_DATA_DIR"]) / "sites"
    sites.mkdir(parents=True)
    source = (ROOT / "spiders" / "sites" / "demo-mst.toml").read_text()
    netloc = demo.portals["demo-mst"].netloc
    (port,) = {line.rpartition(":")[2].strip('"/\n]') for line in source.splitlines() if line.startswith("home")}
    (sites / "demo-mst.toml").write_text(source.replace(f"127.0.0.1:{port}", netloc))
    ran = subprocess.run(
        [*scrapy, "crawl", "portal", "-a", "site=demo-mst", "-a", "max_pages=3", "-o", f"{sites}/out.jsonl"],
        cwd=ROOT, env={**env, "BANTIN_SITES_DIR": str(sites)}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert store.articles.count() == 3
    rows = [json.loads(line) for line in (sites / "out.jsonl").read_text().splitlines()]
    assert len(rows) == 3
    assert all(row["decision"] == "new" and row["title"] and row["body"] for row in rows)
    (report,) = store.runs.find()
    assert report.state is RunState.DONE
