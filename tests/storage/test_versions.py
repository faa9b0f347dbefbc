"""What an article said before it was changed can be read again, with who changed it, when, and what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from news.article import StoredArticle
from news.version import Version
from storage.connect import Store

Make = Callable[..., StoredArticle]


def test_replaced_versions_are_kept_oldest_first(store: Store, make: Make) -> None:
    first = make()
    hour = timedelta(hours=1)
    second = replace(first, version=2, fingerprint="f2", fetched=first.fetched + hour)
    third = replace(second, version=3, fingerprint="f3", fetched=second.fetched + hour)
    store.journal.create(first)
    store.journal.update(second, first, None, changed=["body"])
    store.journal.update(third, second, None, changed=["title", "lead"], by="reextract")
    before, after = store.versions.of(first.id)
    assert before == Version(first, before.ended, "crawl", ("body",))
    assert after == Version(second, after.ended, "reextract", ("title", "lead"))
    assert after.ended - before.ended == hour


def test_an_article_that_never_changed_has_no_history(store: Store, make: Make) -> None:
    store.journal.create(make())
    assert store.versions.of("a0001") == []
