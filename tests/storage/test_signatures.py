"""What may be alike is found by equal keys: near in time, newest first, never too many, and never itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from news.article import StoredArticle
from news.dedupe import Placement, Sketch, story_id
from news.dedupe.sketch import VERSION
from storage import signatures
from storage.connect import Store
from storage.journal import Place

Make = Callable[..., StoredArticle]
NOW = datetime(2025, 3, 5, 3, 20, tzinfo=UTC)
DAY = timedelta(days=1)


def sketch(*keys: int, asked: tuple[int, ...] = ()) -> Sketch:
    return Sketch(bytes(range(256)) * 2, keys, asked or keys, 120)


@pytest.fixture
def sign(store: Store, make: Make) -> Callable[..., None]:
    """Signs article n, published at a time, under keys."""

    def write(n: int, *keys: int, at: datetime = NOW, version: int = VERSION) -> None:
        document = signatures.to_document(make(n, published=at), sketch(*keys) if keys else None)
        store._database.signatures.insert_one(document | {"version": version})

    return write


def near(store: Store, *asked: int, apart_from: str = "") -> list[str]:
    return [id for id, _ in store.signatures.near(sketch(*asked), NOW, apart_from=apart_from)]


def test_what_shares_a_key_is_found_with_its_sketch(store: Store, sign: Callable[..., None]) -> None:
    sign(1, 7, 8)
    sign(2, 9)
    found = store.signatures.near(sketch(1, asked=(8, 2**32 - 1)), NOW)
    assert found == [("a0001", Sketch(bytes(range(256)) * 2, (7, 8), (), 120))]


def test_an_article_is_not_its_own_neighbour(store: Store, sign: Callable[..., None]) -> None:
    sign(1, 7)
    sign(2, 7)
    assert near(store, 7, apart_from="a0001") == ["a0002"]


def test_what_appeared_half_a_year_before_or_after_is_another_matter(store: Store, sign: Callable[..., None]) -> None:
    for n, days in enumerate((-180, -91, -89, 0, 89, 91, 180)):
        sign(n, 7, at=NOW + days * DAY)
    assert near(store, 7) == ["a0004", "a0003", "a0002"]


def test_the_newest_come_first_and_no_more_than_can_be_looked_at(
    store: Store, sign: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signatures, "CANDIDATES", 4)
    for n in range(9):
        sign(n, 7, at=NOW - n * DAY)
    assert near(store, 7) == ["a0000", "a0001", "a0002", "a0003"]


def test_what_was_signed_in_another_way_is_not_compared(store: Store, sign: Callable[..., None]) -> None:
    sign(1, 7, version=VERSION - 1)
    sign(2, 7)
    assert near(store, 7) == ["a0002"]


def test_a_text_too_short_to_be_compared_is_found_by_nobody(store: Store, sign: Callable[..., None]) -> None:
    sign(1)
    assert near(store, 0, 7) == []


def test_an_article_that_is_stored_is_found_and_by_its_new_text_once_that_changed(store: Store, make: Make) -> None:
    old = make(1, published=NOW, story=story_id("a0001"))
    store.journal.create(old, Place(Placement(old.story), sketch(7), 0))
    assert near(store, 7) == ["a0001"]
    store.journal.update(replace(old, version=2, fingerprint="new"), old, sketch(8), changed=["body"])
    assert (near(store, 7), near(store, 8)) == ([], ["a0001"])
