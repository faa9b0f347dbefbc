"""bantin articles: until there is a desk, a person publishes and rejects here, and consumers hear of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Bantin = Callable[..., Any]


def status(bantin: Bantin, id: str) -> str:
    (row,) = bantin("articles", "show", id, "--json").rows
    return str(row["status"])


def test_what_is_rejected_leaves_its_readers_and_what_is_approved_comes_back(storied: Bantin, twin: Any) -> None:
    (row,) = storied("articles", "show", twin.copy_url, "--json").rows
    id = row["id"]
    storied("articles", "reject", twin.copy_url, "--by", "lan", "--reason", "an advertisement")
    assert status(storied, id) == "rejected"
    assert id in [row["id"] for row in storied("articles", "list", "--status", "rejected", "--json").rows]
    assert "is rejected" in storied("articles", "reject", id, "--by", "lan", "--reason", "again").out

    storied("articles", "approve", id, "--by", "lan")
    assert status(storied, id) == "published"
    events = [event for event in storied("events", "list", "--limit", "1000", "--json").rows if event["article"] == id]
    assert [(event["kind"], event["by"], event["status"]) for event in events[-2:]] == [
        ("rejected", "lan", "rejected"),
        ("approved", "lan", "published"),
    ]


def test_a_decision_needs_a_name_and_a_reason(storied: Bantin, twin: Any) -> None:
    for options in (["--by", "lan"], ["--reason", "x"], ["--by", "crawl", "--reason", "x"]):
        storied("articles", "reject", twin.copy_url, *options, expect=2)
