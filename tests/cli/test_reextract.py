"""bantin reextract: what today's rules make of kept pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from news.article import Removed, StoredArticle
from storage.connect import Store

Bantin = Callable[..., Any]


@pytest.fixture
def outdated(bantin: Bantin, store: Store) -> list[StoredArticle]:
    """Three crawled articles, two of which were stored by yesterday's rules: one kept a counter in its body and lost
    its author, of the other only the remarks differ."""
    bantin("crawl", "demo-mst", "--max-pages", "3")
    first, second, third = store.articles.find()
    older = replace(first.article, body=first.article.body + "\nLượt truy cập: 1024", author="Ai đó")
    remark = replace(second.article, removed=(Removed("x", "old:rule"),))
    for stored, article in ((first, older), (second, remark)):
        store.journal.update(replace(stored, article=article), stored, None, changed=[])
    return [first, second, third]


def test_it_says_what_would_change_and_changes_nothing(
    bantin: Bantin, store: Store, outdated: list[StoredArticle]
) -> None:
    before = {id: store.articles.get(id) for id in store.articles.ids()}

    rows = {row["id"]: row for row in bantin("reextract", "--json").rows}
    said = bantin("reextract").out

    assert set(rows) == {outdated[0].id, outdated[1].id}
    changes = rows[outdated[0].id]["changes"]
    assert set(changes) == {"body", "author"}
    assert changes["author"] == {"before": "Ai đó", "after": outdated[0].article.author}
    assert set(rows[outdated[1].id]["changes"]) == {"removed"}
    assert "3 pages read again; 2 articles would change." in said
    assert "-Lượt truy cập: 1024" in said
    assert {id: store.articles.get(id) for id in store.articles.ids()} == before


def test_apply_brings_articles_to_what_a_crawl_would_store_and_keeps_the_versions(
    bantin: Bantin, store: Store, outdated: list[StoredArticle]
) -> None:
    assert "2 articles changed." in bantin("reextract", "--apply").out

    for wanted, version in zip(outdated, (2, 1, 1), strict=True):
        assert store.articles.get(wanted.id) == replace(wanted, version=version)
    (kept,) = store.versions.of(outdated[0].id)
    assert "Lượt truy cập: 1024" in kept.stored.article.body
    assert kept.by == "reextract"
    assert store.versions.of(outdated[1].id) == [], "a remark is no new version"
    assert "0 articles changed." in bantin("reextract", "--apply").out


def test_a_page_that_holds_no_article_any_more_is_told_and_left(
    bantin: Bantin, store: Store, outdated: list[StoredArticle]
) -> None:
    page = store.pages.get(outdated[2].id)
    assert page
    store.pages.keep(outdated[2].id, "demo-mst", replace(page, body=b"<html><body></body></html>"))

    said = bantin("reextract", "--apply").out

    assert "1 pages hold no article by today's rules" in said
    assert store.articles.get(outdated[2].id) == outdated[2]


def test_only_the_named_site_is_read(bantin: Bantin, outdated: list[StoredArticle]) -> None:
    assert bantin("reextract", "--site", "demo-noivu").out.startswith("0 pages")
