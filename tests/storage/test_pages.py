"""The page of every article is kept as it came, so that better rules can read it again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from news.article import VIETNAM, Lead, Page, Via
from news.errors import BantinError
from storage.connect import Store
from storage.values import DOCUMENT_LIMIT

FETCHED = datetime(2025, 3, 1, 8, 30, 15, 123456, tzinfo=VIETNAM)


def page(body: bytes = b"<p>Tin", lead: Lead | None = None) -> Page:
    return Page(
        "https://a.vn/1", body, FETCHED, 200, "text/html; charset=windows-1258", "http://a.vn/1", '"e1"', "Sat", lead
    )


def test_a_page_comes_back_byte_for_byte(store: Store) -> None:
    lead = Lead("https://a.vn/1", Via.FEED, "Tin", FETCHED, datetime(2025, 1, 1, tzinfo=UTC), "Kinh tế")
    for kept in (page(), page(bytes(range(256)) * 9, lead)):
        store.pages.keep("a1", "a", kept)
        assert store.pages.get("a1") == kept
    assert store.pages.get("a2") is None


def test_only_the_current_page_of_an_article_is_kept(store: Store) -> None:
    store.pages.keep("a1", "a", page(b"old"))
    store.pages.keep("a1", "a", page(b"new"))
    assert [(id, kept.body) for id, kept in store.pages.each()] == [("a1", b"new")]


def test_pages_are_read_in_order_for_a_site_and_from_where_one_stopped(store: Store) -> None:
    for n in range(40):
        store.pages.keep(f"p{n:02}", "odd" if n % 2 else "even", page(str(n).encode()))
    assert [id for id, _ in store.pages.each()] == [f"p{n:02}" for n in range(40)]
    assert [id for id, _ in store.pages.each("odd", after="p30")] == ["p31", "p33", "p35", "p37", "p39"]


def test_the_largest_page_fits_and_a_larger_one_is_refused_by_name(store: Store) -> None:
    store.pages.keep("a1", "a", page(b"x" * DOCUMENT_LIMIT))
    with pytest.raises(BantinError, match=r"https://a\.vn/1 has 16\.7 MB.*max_bytes of the site a"):
        store.pages.keep("a1", "a", page(b"x" * (DOCUMENT_LIMIT + 1)))


def test_kept_pages_are_compressed(store: Store) -> None:
    options = store._database.pages.options()
    assert options["storageEngine"]["wiredTiger"]["configString"] == "block_compressor=zstd"
