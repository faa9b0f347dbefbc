"""bantin cadence: policies compared on a history, and a site's learned week."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from news.article import VIETNAM

Bantin = Callable[..., Any]


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """Ten weeks of an office that publishes at 9:10 and 15:40 on working days; one time has no zone."""
    start = datetime(2025, 6, 2, tzinfo=VIETNAM)
    days = [start + timedelta(days=n) for n in range(70) if n % 7 < 5]
    times = [day + timedelta(hours=hour, minutes=minute) for day in days for hour, minute in ((9, 10), (15, 40))]
    lines = [time.isoformat() for time in times]
    file = tmp_path / "history.txt"
    file.write_text("\n".join([lines[0].removesuffix("+07:00"), *lines[1:], "", ""]), encoding="utf-8")
    return file


def test_policies_are_compared_on_a_file_beside_every_15_minutes(bantin: Bantin, history: Path) -> None:
    rows = {
        row["policy"]: row
        for row in bantin(
            "cadence", "simulate", "--history", history, "--every", "60", "--cron", "30 9,16 * * mon-fri", "--json"
        ).rows
    }

    assert list(rows) == [
        "every 15 min", "every 60 min", "cron 30 9,16 * * mon-fri",
        "adaptive, as fresh as 15 min", "adaptive, as fresh as 60 min",
    ]  # fmt: skip
    assert {row["items"] for row in rows.values()} == {100}
    assert rows["every 60 min"]["requests"] < rows["every 15 min"]["requests"] / 3
    assert rows["cron 30 9,16 * * mon-fri"]["mean_minutes"] == 35  # 9:10 waits 20 minutes, 15:40 waits 50
    assert rows["adaptive, as fresh as 15 min"]["requests"] < rows["every 15 min"]["requests"] / 2


def test_the_table_says_what_each_costs_as_a_multiple(bantin: Bantin, history: Path) -> None:
    ran = bantin("cadence", "simulate", "--history", history)

    assert "requests x" in ran.out
    assert "every 30 min" in ran.out
    assert ran.err.startswith("100 items, 02/06/2025 09:09 to 08/08/2025 15:40.")


def test_only_what_lies_between_the_dates_is_compared(bantin: Bantin, history: Path) -> None:
    ran = bantin("cadence", "simulate", "--history", history, "--from", "2025-06-09", "--to", "16/06/2025", "--json")

    assert {row["items"] for row in ran.rows} == {10}
    assert ran.rows[0]["requests"] == 7 * 96 + 1


def test_what_cannot_be_compared_is_refused_with_a_remedy(bantin: Bantin, history: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("2025-06-02T09:00:00+07:00\nyesterday\n", encoding="utf-8")

    assert "Line 2" in bantin("cadence", "simulate", "--history", bad, expect=1).err
    assert "not five" in bantin("cadence", "simulate", "--history", history, "--cron", "x", expect=1).err
    assert "no two moments" in bantin("cadence", "simulate", "--history", history, "--to", "2020-01-01", expect=1).err
    bantin("cadence", "simulate", expect=2)


def test_a_site_that_was_crawled_has_a_history_and_a_week(crawled: Bantin) -> None:
    simulated = crawled("cadence", "simulate", "--site", "demo-mst", "--from", "2025-04-01", "--json").rows
    shown = crawled("cadence", "show", "demo-mst", "--json").rows[0]
    said = crawled("cadence", "show", "demo-mst").out

    assert simulated[0]["items"] > 2
    assert len(shown["week"]) == 168
    assert len(shown["next"]) == 10
    assert shown["next"] == sorted(shown["next"])
    rows = [line for line in said.splitlines() if line.startswith(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))]
    assert len(rows) == 7
    assert all(len(row.partition("|")[0]) == 5 + 2 * 24 for row in rows)


def test_a_site_that_nobody_knows_is_said_so(crawled: Bantin) -> None:
    assert "nosuch" in crawled("cadence", "show", "nosuch", expect=1).err
