"""The glance at all that readers may see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from news.article import VIETNAM, Article, Document, Precision, Status, StoredArticle
from storage.connect import Store

Make = Callable[..., StoredArticle]
DAY = datetime(2025, 3, 1, 9, 30, tzinfo=VIETNAM)


def test_each_site_shows_its_newest_published_article(store: Store, make: Make) -> None:
    for n, (site, hours, status) in enumerate(
        [("a", 0, "published"), ("a", 2, "published"), ("a", 5, "waiting"), ("b", 1, "published"), ("c", 0, "rejected")]
    ):
        store.journal.create(make(n, site=site, published=DAY + timedelta(hours=hours), status=Status(status)))
    found = store.overview.newest()
    assert [(row.site, row.title, row.published) for row in found] == [
        ("a", "Tin số 1", DAY + timedelta(hours=2)),
        ("b", "Tin số 3", DAY + timedelta(hours=1)),
    ]


def test_the_newest_are_found_by_jumps_from_site_to_site(store: Store, tap: Any) -> None:
    command = tap.during(store.overview.newest)[0]
    query = {name: command[name] for name in ("aggregate", "pipeline")} | {"cursor": {}}
    plan = store._database.command("explain", query, verbosity="queryPlanner")
    assert "DISTINCT_SCAN" in set(_stages(plan))


def test_what_is_counted_is_published_since_then_on_these_sites(store: Store, make: Make) -> None:
    for n, (site, hours) in enumerate([("a", -1), ("a", 0), ("a", 5), ("b", 3), ("c", 3)]):
        store.journal.create(make(n, site=site, published=DAY + timedelta(hours=hours)))
    store.journal.create(make(9, site="a", published=DAY, status=Status.WAITING))
    assert store.overview.count_since(DAY, ["a", "b", "d"]) == {"a": 2, "b": 1}


def test_labels_are_those_of_the_newest_as_their_pages_spell_them(store: Store, make: Make) -> None:
    document = Document("57-NQ/TW", "Nghị quyết", DAY.date(), "Bộ Chính trị")
    labelled = Article(
        "https://a.vn/1", "a", section="Đời sống", tags=("Y tế",), documents=(document,), published=DAY,
        published_precision=Precision.MINUTE,
    )  # fmt: skip
    store.journal.create(make(1, article=labelled))
    store.journal.create(make(2, published=DAY - timedelta(days=1)))
    store.journal.create(make(3, published=datetime(2026, 1, 1, tzinfo=UTC), status=Status.RETRACTED))
    assert store.overview.labels(1) == [("Đời sống", ("Y tế",), (document,))]
    assert len(store.overview.labels(9)) == 2


def _stages(plan: Any) -> Iterator[str]:
    if isinstance(plan, dict):
        yield from (value for name, value in plan.items() if name == "stage")
        for inner in plan.values():
            yield from _stages(inner)
    elif isinstance(plan, list):
        for inner in plan:
            yield from _stages(inner)
