"""bantin events: one order, a cursor to go on from, and a follower that hears of everything once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from news.review.states import Move
from storage.connect import Store

ROOT = Path(__file__).resolve().parents[2]
Bantin = Callable[..., Any]


@contextmanager
def follower(environ: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A running `bantin events follow` that hears of what happens from here on."""
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "events", "follow", *arguments], env={**os.environ, **environ}, cwd=ROOT,
        text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr
    try:
        assert "until Ctrl-C" in process.stderr.readline()
        yield process
    finally:
        process.kill()
        process.communicate()


def heard(process: subprocess.Popen[str], count: int) -> list[dict[str, Any]]:
    assert process.stdout
    return [json.loads(process.stdout.readline()) for _ in range(count)]


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_follower_hears_of_each_event_as_it_comes_and_ends_with_0(
    bantin: Bantin, environ: dict[str, str], store: Store, sign: signal.Signals
) -> None:
    bantin("crawl", "demo-mst", "--max-pages", "2")
    id = next(store.articles.ids())
    with follower(environ, "--json") as process:
        store.journal.decide(id, Move.RETRACT, datetime.now(UTC), by="Lan", reason="gỡ bài")
        first = heard(process, 1)
        store.journal.decide(id, Move.RESTORE, datetime.now(UTC), by="Lan", reason="đăng lại")
        second = heard(process, 1)
        process.send_signal(sign)
        out, err = process.communicate(timeout=30)

    assert process.returncode == 0, err
    assert (out, "Traceback" in err) == ("", False)
    assert [(row["kind"], row["article"], row["by"]) for row in first + second] == [
        ("retracted", id, "Lan"), ("restored", id, "Lan"),
    ]  # fmt: skip
    assert bantin("events", "list", "--after", first[0]["cursor"], "--json").rows == second


def test_a_follower_from_the_beginning_hears_what_the_list_shows(bantin: Bantin, environ: dict[str, str]) -> None:
    bantin("crawl", "demo-mst", "--max-pages", "5")
    listed = bantin("events", "list", "--after", "0", "--json").rows
    assert len(listed) == 5

    with follower(environ, "--after", "0", "--json") as process:
        assert heard(process, len(listed)) == listed
    with follower(environ, "--after", listed[2]["cursor"], "--json") as process:
        assert heard(process, 2) == listed[3:]


def test_events_are_numbered_without_gaps_and_read_on_from_any_cursor(storied: Bantin) -> None:
    rows = storied("events", "list", "--after", "0", "--limit", "1000", "--json").rows
    articles = storied("articles", "list", "--limit", "1000", "--json").rows

    assert [int(row["cursor"]) for row in rows] == list(range(1, len(rows) + 1))
    assert {row["article"] for row in rows if row["kind"] == "created"} == {row["id"] for row in articles}
    assert storied("events", "list", "--after", rows[-3]["cursor"], "--json").rows == rows[-2:]
    assert storied("events", "list", "--after", "0", "--limit", "2", "--json").rows == rows[:2]
    assert storied("events", "list", "--limit", "2", "--json").rows == rows[-2:]
    assert storied("events", "list", "--after", rows[-1]["cursor"], "--json").rows == []


def test_people_read_what_happened_to_which_article(storied: Bantin, twin: Any) -> None:
    (copy,) = storied("articles", "show", twin.copy_url, "--json").rows
    rows = storied("events", "list", "--limit", "1000", "--json").rows
    # Of two sites crawled at once either may be first, and then its article hears of the story that the other brings.
    (event,) = [row for row in rows if row["article"] == copy["id"] and row["kind"] == "created"]

    before = str(int(event["cursor"]) - 1)
    said = storied("events", "list", "--after", before, "--limit", "1").out

    assert all(word in said for word in (event["cursor"], "created", copy["id"], "demo-nhandan", copy["title"]))


@pytest.mark.parametrize("cursor", ["abc", "-1", "1.5", "٣", "9" * 30])
def test_what_is_no_cursor_is_refused_with_what_to_do(storied: Bantin, cursor: str) -> None:
    for verb in ("list", "follow"):
        refused = storied("events", verb, "--after", cursor, expect=1)
        assert cursor in refused.err
        assert "the last event you have" in refused.err


def test_a_cursor_of_another_database_is_refused_and_not_waited_for(storied: Bantin) -> None:
    for verb in ("list", "follow"):
        assert "another database" in storied("events", verb, "--after", "900000", expect=1).err
