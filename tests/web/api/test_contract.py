"""Everything that the OpenAPI document allows is answered as it says, and everything else is refused in one way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
from news.access import Scope
from news.article import Attachment, Document, Image, Removed, Status, StoredArticle
from storage.connect import Store
from tests.web.conftest import running

Put = Callable[..., StoredArticle]

HOOKS = "/api/v1/webhooks"

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


@pytest.fixture
def consumer(store: Store) -> dict[str, str]:
    """The headers of a consumer that may export and be pushed to, as often as it likes."""
    scopes = (Scope.READ, Scope.EXPORT, Scope.PUSH)
    return {"X-Auth-Token": str(store.tokens.issue("tests", scopes, 10_000, datetime.now(UTC), None)[1])}


def test_the_answers_are_what_the_document_says(
    unlimited: httpx.Client, library: None, consumer: dict[str, str]
) -> None:
    document = unlimited.get("/api/v1/openapi.json").json()
    document["servers"] = [{"url": str(unlimited.base_url)}]
    schema = schemathesis.openapi.from_dict(document).exclude(path="/api/v1/events/stream")
    checks = [check for check in CHECKS.get_all() if check.__name__ not in _LEFT_OUT]
    told = document["components"]["schemas"]["Wish"]["properties"]
    wish = {name: row["examples"][0] for name, row in told.items()} | {"url": "http://127.0.0.1:9/"}  # is never called
    making = schema[HOOKS]["POST"].Case(body=wish, media_type="application/json")
    made = making.call_and_validate(checks=checks, base_url=str(unlimited.base_url), headers=consumer)
    hook = made.json()["id"]
    for result in schema.get_all_operations():
        operation = result.ok()
        headers = consumer if "security" in operation.definition.raw else {}
        ids = [hook] if operation.path.startswith(HOOKS) and operation.method != "delete" else []
        _try(operation, checks, ids, base_url=str(unlimited.base_url), headers=headers)


def _try(operation: Any, checks: list[Any], ids: Sequence[str], **call: Any) -> None:
    """`ids` are some that there are."""
    modes = (operation.as_strategy(generation_mode=mode) for mode in schemathesis.GenerationMode)

    @settings(
        max_examples=20, derandomize=True, deadline=None, database=None, phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=st.one_of(*modes), id=st.sampled_from([*ids, ""]))
    def run(case: Any, id: str) -> None:
        if case.query.get("wait"):
            case.query["wait"] = 0
        if id and "id" in case.path_parameters:
            case.path_parameters["id"] = id
        case.call_and_validate(checks=checks, timeout=20, **call)

    run()
