"""bantin backfill: what it does, and what it says of how complete it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from demo.server import Demo

Bantin = Callable[..., Any]


def _written(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def test_the_days_asked_for_are_stored_and_the_report_says_so(bantin: Bantin, portals: Demo) -> None:
    articles = portals.portals["demo-nhandan"].articles
    days = sorted({article.stamp.date() for article in articles})
    first, last = days[len(days) // 3], days[2 * len(days) // 3]
    asked = ("backfill", "demo-nhandan", "--from", _written(first), "--to", _written(last))

    rows = bantin(*asked, "--json").rows

    dated = [row for row in rows if row["day"]]
    assert all(first.isoformat() <= row["day"] <= last.isoformat() for row in dated)
    assert sum(row["missing"] for row in dated) == 0
    stored = bantin("articles", "list", "--site", "demo-nhandan", "--limit", "500", "--json").rows
    inside = [article for article in stored if article["published"][:10] <= last.isoformat()]
    assert sum(row["stored"] for row in dated) == len(inside) > 0
    assert all(first.isoformat() <= article["published"][:10] for article in stored)
    # Only pages whose source tells no day of publication are fetched to find out; what they hold is not thrown away.
    assert len(stored) < len(articles)
    assert all(row["named"] for row in dated)

    again = bantin("backfill", "demo-nhandan", "--report", "--from", _written(first), "--to", _written(last))
    assert f"{first:%d/%m/%Y}" in again.out
    assert "total" in again.out


def test_days_that_are_missing_or_the_wrong_way_round_are_misuse(bantin: Bantin) -> None:
    assert "--from" in bantin("backfill", "demo-nhandan", expect=2).err
    assert "--from" in bantin("backfill", "demo-nhandan", "--from", "2025-03-02", "--to", "2025-03-01", expect=2).err


def test_a_report_of_a_site_of_which_nothing_is_known_says_what_to_do(bantin: Bantin) -> None:
    assert "Crawl the site first" in bantin("backfill", "demo-nhandan", "--report", expect=1).err
