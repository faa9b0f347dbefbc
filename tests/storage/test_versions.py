"""What an article said before it was changed can be read again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from news.article import StoredArticle
from storage.connect import Store

Make = Callable[..., StoredArticle]
NOW = datetime(2025, 3, 1, tzinfo=UTC)


def test_replaced_versions_are_kept_oldest_first(store: Store, make: Make) -> None:
    versions = [make(version=n, fingerprint=f"f{n}") for n in (1, 2, 10)]
    for stored in reversed(versions):
        store.versions.keep(stored, NOW)
    store.versions.keep(make(2), NOW)
    assert store.versions.of("a0001") == versions


def test_keeping_a_version_twice_leaves_the_first(store: Store, make: Make) -> None:
    store.versions.keep(make(), NOW)
    store.versions.keep(make(fingerprint="other"), NOW + timedelta(days=1))
    assert store.versions.of("a0001") == [make()]


def test_an_article_that_never_changed_has_no_history(store: Store) -> None:
    assert store.versions.of("a0001") == []
