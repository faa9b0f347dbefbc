"""bantin searches: a search gets a name and feeds of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Bantin = Callable[..., Any]


def test_a_search_is_saved_listed_and_forgotten(storied: Bantin) -> None:
    saved = storied("searches", "save", "bao", "--select", "kind=press&q=bão lũ", "--title", "Bão lũ", "--by", "lan")
    assert saved.out.strip() == "/feeds/atom.xml?search=bao"
    (row,) = storied("searches", "list", "--json").rows
    assert (row["title"], row["query"], row["by"]) == ("Bão lũ", "kind=press&q=b%C3%A3o+l%C5%A9", "lan")
    storied("searches", "remove", "bao")
    assert storied("searches", "list", "--json").rows == []
    assert "no search 'bao'" in storied("searches", "remove", "bao", expect=1).err


def test_what_cannot_be_found_is_not_saved(storied: Bantin) -> None:
    for select, said in (
        ("kinds=press", "no kinds"),
        ("site=nowhere", "nowhere"),
        ("", "everything"),
        ("kind=x", "'x'"),
    ):
        shown = storied("searches", "save", "a", "--select", select, "--title", "A", "--by", "lan", expect=1)
        assert said in shown.err, select
