"""What is counted is what is there, off an index alone where it can be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from news.article import VIETNAM, Document, Status, StoredArticle
from storage.articles import ArticleFilter
from storage.connect import Store
from storage.tallies import Unit
from storage.values import moment

Make = Callable[..., StoredArticle]
MORNING = datetime(2025, 3, 1, 0, 30, tzinfo=VIETNAM)
SHOWN_ANYWHERE = ArticleFilter(statuses=(Status.PUBLISHED,))
SHOWN = ArticleFilter(sites=("a", "b"), statuses=(Status.PUBLISHED,))


def test_articles_are_counted_by_the_days_and_hours_of_vietnam(store: Store, make: Make) -> None:
    for n, hours in enumerate((0, 0, 6, 23, 24)):
        store.journal.create(make(n, site="ab"[n % 2], published=MORNING + timedelta(hours=hours)))
    store.journal.create(make(9, site="a", published=MORNING, status=Status.WAITING))

    assert store.tallies.by(Unit.DAY, SHOWN) == {"2025-03-01": 4, "2025-03-02": 1}
    assert store.tallies.by(Unit.HOUR, SHOWN)["2025-03-01T00:00:00+07:00"] == 2
    assert store.tallies.by(Unit.SITE, SHOWN) == {"a": 3, "b": 2}
    assert store.tallies.count(SHOWN, 100) == 5
    assert store.tallies.count(SHOWN, 3) == 3
    later = replace(SHOWN, sites=("a", "b", "c"), since=MORNING + timedelta(hours=23))
    assert store.tallies.by(Unit.SITE, later) == {"a": 1, "b": 1}, "of these sites, since then"


def test_each_site_shows_its_newest_published_article(store: Store, make: Make) -> None:
    for n, (site, hours, status) in enumerate(
        [("a", 0, "published"), ("a", 2, "published"), ("a", 5, "waiting"), ("b", 1, "published"), ("c", 0, "rejected")]
    ):
        store.journal.create(make(n, site=site, published=MORNING + timedelta(hours=hours), status=Status(status)))
    store.journal.create(make(9, site="d", published=None))
    found = store.tallies.newest()
    assert [(row.site, row.title, row.published) for row in found] == [
        ("a", "Tin số 1", MORNING + timedelta(hours=2)),
        ("b", "Tin số 3", MORNING + timedelta(hours=1)),
        ("d", "Tin số 9", None),
    ]
    assert found[0].when == MORNING + timedelta(hours=2)
    assert found[2].when == moment(make(9).fetched), "an undated one stands where it was fetched"


def test_the_newest_are_found_by_jumps_from_site_to_site(store: Store, tap: Any) -> None:
    command = tap.during(store.tallies.newest)[0]
    query = {name: command[name] for name in ("aggregate", "pipeline")} | {"cursor": {}}
    plan = store._database.command("explain", query, verbosity="queryPlanner")
    assert "'stage': 'DISTINCT_SCAN'" in str(plan)


def test_the_articles_of_each_day_are_counted_by_site_off_the_index_alone(store: Store, make: Make, tap: Any) -> None:
    for n, (site, hours) in enumerate((("a", -2), ("a", 0), ("a", 5), ("b", 23), ("b", 30))):
        store.journal.create(make(n, site=site, published=MORNING + timedelta(hours=hours), status=Status.WAITING))
    saturday, sunday = date(2025, 3, 1), date(2025, 3, 2)

    assert store.tallies.daily(MORNING) == {"a": {saturday: 2}, "b": {saturday: 1, sunday: 1}}
    assert store.tallies.daily(MORNING - timedelta(days=1), "a") == {"a": {date(2025, 2, 28): 1, saturday: 2}}
    command = tap.during(lambda: store.tallies.daily(MORNING))[0]
    query = {name: command[name] for name in ("aggregate", "pipeline", "hint")} | {"cursor": {}}
    assert "'totalDocsExamined': 0" in str(store._database.command("explain", query, verbosity="executionStats"))


def test_labels_are_those_of_the_newest_as_their_pages_spell_them(store: Store, make: Make) -> None:
    document = Document("57-NQ/TW", "Nghị quyết", MORNING.date(), "Bộ Chính trị")
    article = replace(make(1, published=MORNING).article, section="Đời sống", tags=("Y tế",), documents=(document,))
    store.journal.create(make(1, article=article))
    store.journal.create(make(2, published=MORNING - timedelta(days=1)))
    store.journal.create(make(3, published=datetime(2026, 1, 1, tzinfo=UTC), status=Status.RETRACTED))
    assert store.tallies.labels(SHOWN_ANYWHERE, 1) == [("Đời sống", ("Y tế",), (document,), MORNING)]
    assert len(store.tallies.labels(SHOWN_ANYWHERE, 9)) == 2


def test_what_is_counted_by_time_and_site_reads_no_article(store: Store, make: Make, tap: Any) -> None:
    for n in range(20):
        store.journal.create(make(n, site="ab"[n % 2]))
    since = ArticleFilter(sites=("a", "b"), statuses=(Status.PUBLISHED,), since=datetime(2025, 1, 5, tzinfo=UTC))
    counted: list[Callable[[], object]] = [
        partial(store.tallies.by, Unit.SITE, SHOWN),
        partial(store.tallies.count, since, 100),
        *(partial(store.tallies.by, unit, since) for unit in Unit),
    ]
    for ask in counted:
        (command,) = tap.during(ask)
        query = {name: command[name] for name in ("aggregate", "pipeline", "hint")} | {"cursor": {}}
        plan = store._database.command("explain", query, verbosity="executionStats")
        assert "'totalDocsExamined': 0" in str(plan), ask


def test_numbers_are_looked_up_from_where_they_begin_to_where_they_end(store: Store, make: Make, tap: Any) -> None:
    for n in range(20):
        article = make(n).article
        store.journal.create(make(n, article=replace(article, documents=(Document(f"{n}-NQ/TW"), Document("9/CP")))))
    found = store.tallies.naming("12-NQ", SHOWN_ANYWHERE, 10)
    assert [[document.number for document in row.documents] for row in found] == [["12-NQ/TW", "9/CP"]]

    (command,) = tap.during(lambda: store.tallies.naming("12-NQ", SHOWN_ANYWHERE, 10))
    query = {name: command[name] for name in ("find", "filter", "limit")}
    plan = store._database.command("explain", query, verbosity="executionStats")
    assert plan["executionStats"]["totalKeysExamined"] <= 2
