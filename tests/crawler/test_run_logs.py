"""What a crawl logs names its run and its site, and can be read afterwards, whatever became of the crawl."""

from __future__ import annotations

import json
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from config import Config, load
from crawler import logs
from crawler.run import CrawlOptions, Progress, crawl
from news.report import RunReport, RunState
from news.runlog import CHUNK, KEPT, LogLine
from storage.connect import Store

Go = Callable[..., RunReport]
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def lines(first: int, count: int) -> list[LogLine]:
    return [LogLine(n, NOW, "INFO", "x", f"line {n}") for n in range(first, first + count)]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """What went to stderr; afterwards logging is as it was."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield lambda: capsys.readouterr().err
    root.handlers[:] = before
    root.setLevel(level)


def test_the_log_of_a_crawl_tells_of_every_page_whatever_stderr_is_told(host: Any, store: Store, go: Go) -> None:
    paths = host.articles(3)
    host.page(paths[0], "<html><body>Không có gì.</body></html>")
    report = go(host.site())

    log = store.run_logs.of(report.id)
    assert [line.number for line in log] == list(range(len(log)))
    told = {line.url: line.message for line in log if line.url}
    assert {f"{host.base}{path}" for path in paths} <= set(told)
    assert "rejected" in told[f"{host.base}{paths[0]}"]
    assert "2 new" in log[-1].message
    assert all(report.started <= line.at for line in log)


def test_a_crawl_that_was_killed_leaves_what_it_had_logged(host: Any, store: Store, config: Config) -> None:
    released = threading.Event()
    paths = host.articles(2)
    host.answers[paths[1]] = lambda handler: released.wait(60) and None
    killed: list[str] = []

    def kill(progress: Progress) -> None:
        id = progress.report.id
        if progress.report.pages and not killed and any(line.url for line in store.run_logs.of(id)):
            killed.append(id)
            os.kill(pids()[0], signal.SIGKILL)

    report = crawl(host.site(politeness={"timeout": 600}), CrawlOptions(), replace(config, crawl_time_limit=30), kill)
    released.set()

    assert report.state is RunState.KILLED
    assert killed == [report.id]
    assert any(paths[0] in line.url for line in store.run_logs.of(report.id))


def pids() -> list[int]:
    import multiprocessing

    return [child.pid for child in multiprocessing.active_children() if child.pid]


def test_of_a_long_log_the_newest_lines_are_kept(store: Store) -> None:
    for first in range(0, KEPT + 350, CHUNK):
        store.run_logs.write("r1", NOW, lines(first, CHUNK if first < KEPT + 300 else 50))
    store.run_logs.write("r10", NOW, lines(0, 7))

    log = store.run_logs.of("r1")
    assert KEPT - CHUNK < len(log) <= KEPT
    assert [line.number for line in log] == list(range(log[0].number, KEPT + 350))
    assert store.run_logs.of("r1", after=KEPT + 340) == lines(KEPT + 341, 9)
    assert len(store.run_logs.of("r10")) == 7
    assert store.run_logs.of("r") == []


def test_a_chunk_that_grows_is_written_in_its_place(store: Store) -> None:
    for count in (1, 40, CHUNK, CHUNK):
        store.run_logs.write("r1", NOW, lines(0, count))
    assert store.run_logs.of("r1") == lines(0, CHUNK)
    assert store.run_logs.of("r1", after=97) == lines(98, 2)


def test_what_cannot_be_stored_yet_is_held_and_not_without_end() -> None:
    log = logs.RunLog()
    for n in range(KEPT * 2):
        log.handle(logging.LogRecord("bantin.x", logging.INFO, "", 0, f"line {n}", None, None))
    chunks = log.unstored()
    assert KEPT <= sum(map(len, chunks)) <= KEPT + CHUNK
    for chunk in chunks:
        log.stored(chunk)
    assert log.unstored() == []
    log.handle(logging.LogRecord("bantin.x", logging.WARNING, "", 0, "one more", None, None))
    assert [line.message for chunk in log.unstored() for line in chunk] == ["one more"]


def test_each_record_of_json_is_one_line_that_names_what_it_is_about(said: Callable[[], str]) -> None:
    logs.configure(load({"BANTIN_LOG_FORMAT": "json", "BANTIN_LOG_LEVEL": "INFO"}))
    log = logging.getLogger("bantin.tests")
    log.info("Không\ncó gì")
    with logs.about("r1", "soyte"):
        log.warning("gone", extra={"url": "https://soyte.gov.vn/1"})
        try:
            raise ValueError("hai\ndòng")
        except ValueError:
            log.exception("failed")
    log.info("after")

    rows = [json.loads(line) for line in said().splitlines()]
    assert [row["message"] for row in rows] == ["Không\ncó gì", "gone", "failed", "after"]
    assert [row.get("run") for row in rows] == [None, "r1", "r1", None]
    assert {
        "site": "soyte",
        "url": "https://soyte.gov.vn/1",
        "level": "WARNING",
        "logger": "bantin.tests",
    }.items() <= rows[1].items()
    assert "hai\ndòng" in rows[2]["traceback"]
    assert all(datetime.fromisoformat(row["time"]).tzinfo for row in rows)


def test_text_names_the_run_too_and_levels_hold(said: Callable[[], str]) -> None:
    for _ in range(2):
        logs.configure(load({}), logs.Subject("r1", "soyte"))
    logging.getLogger("bantin.tests").warning("gone")
    logging.getLogger("bantin.tests").info("unseen")

    (line,) = said().splitlines()
    assert line.endswith("WARNING bantin.tests: gone [r1]")
