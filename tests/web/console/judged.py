"""How sites are, for the tests of the console, and what its pages say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from lxml import html

from news.health import Fact, Health, HealthState, Memory
from news.rhythm import Rhythm
from storage.connect import Store
from storage.health import SiteHealth

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


def judge(store: Store, site: str, state: HealthState, *facts: Fact, per_day: float = 5.0, **more: Any) -> None:
    """Says how a site is."""
    health = Health(state, NOW - 26 * HOUR, facts)
    row = SiteHealth(site, health, NOW, NOW, None, 1, Memory(), Rhythm().to_json(), NOW, 1.0, per_day)
    store.health.keep(replace(row, **more), turn=1)  # as the first scheduler would


def told(element: html.HtmlElement, part: str) -> str:
    return " ".join(element.cssselect(part)[0].text_content().split())
