"""Everything that the OpenAPI document allows is answered as it says, and everything else is refused in one way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS

from config import Config
from news.article import Attachment, Document, Image, Removed, Status, StoredArticle
from storage.connect import Store
from tests.web.conftest import running

Put = Callable[..., StoredArticle]

# What a value means is judged by what is stored: a site of a possible name that nobody knows is refused.
_LEFT_OUT = ("positive_data_acceptance",)


@pytest.fixture
def unlimited(store: Store, config: Config) -> Iterator[httpx.Client]:
    """A client that may ask as often as it likes."""
    with running(store, replace(config, anonymous_per_minute=0)) as client:
        yield client


@pytest.fixture
def library(put: Put, store: Store) -> None:
    """Articles of every kind of trouble."""
    for n in range(12):
        put(
            f"a{n}",
            section="Y tế",
            tags=("tiêm chủng", "Sở Y tế"),
            documents=(Document("57-NQ/TW", "Nghị quyết", date(2024, 12, 22), "Bộ Chính trị"),),
            images=(Image("https://x.vn/a.jpg", "Một"),),
            attachments=(Attachment("https://x.vn/a.pdf", "Kế hoạch", "application/pdf"),),
            removed=(Removed("Lượt xem: 12", "lines.toml:views"),),
            evidence={"title": "jsonld"},
        )
    at = datetime(2026, 3, 2, tzinfo=UTC)
    store.journal.merge("a1", "a0", at, by="lan")
    store.journal.retract("a2", at, "gone")
    put("waits", Status.WAITING)


def test_the_answers_are_what_the_document_says(unlimited: httpx.Client, library: None) -> None:
    document = unlimited.get("/api/v1/openapi.json").json()
    document["servers"] = [{"url": str(unlimited.base_url)}]
    schema = schemathesis.openapi.from_dict(document).exclude(path="/api/v1/events/stream")
    checks = [check for check in CHECKS.get_all() if check.__name__ not in _LEFT_OUT]
    for result in schema.get_all_operations():
        operation = result.ok()
        _try(operation, checks, str(unlimited.base_url))


def _try(operation: Any, checks: list[Any], base: str) -> None:
    @settings(
        max_examples=20, derandomize=True, deadline=None, database=None, phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in schemathesis.GenerationMode)))
    def run(case: Any) -> None:
        if case.query.get("wait"):
            case.query["wait"] = 0
        case.call_and_validate(base_url=base, checks=checks, timeout=20)

    run()
