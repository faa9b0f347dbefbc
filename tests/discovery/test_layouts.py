"""Every layout: all its articles, nothing but its articles, and an end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.discovery.catalogue import LAYOUTS
from tests.discovery.layouts import Layout

Serve = Callable[[Layout], Any]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_every_article_is_found_and_nothing_is_taken_for_one(serve: Serve, layout: Layout) -> None:
    portal = serve(layout)
    found = portal.read()
    assert sorted(found) == sorted(layout.articles)
    assert layout.cuts <= set(portal.notebook.reasons)
    assert portal.sources.problems == []
    assert portal.sources.complete
    assert len(portal.asked) <= layout.most


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_the_next_reading_finds_no_news_where_there_is_none_and_costs_little(serve: Serve, layout: Layout) -> None:
    portal = serve(layout)
    portal.read()
    first = len(portal.asked)
    assert portal.read(days_later=0.01) == []
    assert len(portal.asked) <= max(3, first // 3)
