"""The stories of several articles are listed, that which grew last first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from news.article import StoredArticle
from news.dedupe import Placement
from news.story import Story
from storage import stories
from storage.connect import Store
from storage.journal import Place

Make = Callable[..., StoredArticle]
NOW = datetime(2025, 3, 5, 3, 20, 1, tzinfo=UTC)


def keep(store: Store, *given: Story) -> None:
    store._database.stories.insert_many([stories.to_document(story) for story in given])


def story(n: int, members: int = 2, age: int = 0) -> Story:
    return Story(f"s{n}", tuple(f"a{n}-{m}" for m in range(members)), NOW - timedelta(hours=age))


def test_a_story_comes_back_as_it_was_kept(store: Store) -> None:
    full = replace(story(1, 3), main="a1-2", decided_by="lan", apart=frozenset({"s2", "s3"}))
    keep(store, full, story(2))
    assert store.stories.get("s1") == full
    assert store.stories.some(["s2", "s1", "nothing"]) == {"s1": full, "s2": story(2)}
    assert store.stories.get("nothing") is None


def test_an_article_alone_has_nothing_kept_of_its_story(store: Store, make: Make) -> None:
    store.journal.create(make(1))
    assert store.stories.some(["s1"]) == {}
    assert store.stories.find() == []


def test_a_second_article_makes_it_a_story_in_the_order_of_joining(store: Store, make: Make) -> None:
    later = make().first_seen + timedelta(hours=2)
    for n in (3, 1, 2):
        stored = make(n, story="s3", first_seen=later if n == 2 else make().first_seen)
        store.journal.create(stored, Place(Placement("s3"), None, store.events.last()) if n != 3 else None)
    kept = store.stories.get("s3")
    assert kept is not None
    assert kept.members == ("a0003", "a0001", "a0002")
    assert kept.newest == later.replace(microsecond=456000)


def test_that_which_grew_last_comes_first_and_one_article_makes_no_story(store: Store) -> None:
    keep(store, story(1, age=3), story(2, age=1), story(3, members=1), story(4, age=2))
    assert [found.id for found in store.stories.find()] == ["s2", "s4", "s1"]


def test_page_after_page_no_story_is_skipped_or_seen_twice_though_several_grew_at_once(store: Store) -> None:
    keep(store, *(story(n, age=n // 3) for n in range(10)))
    seen: list[Story] = []
    while page := store.stories.find(limit=3, after=(seen[-1].newest, seen[-1].id) if seen else None):
        seen += page
    assert [found.id for found in seen] == [f"s{n}" for n in range(10)]
