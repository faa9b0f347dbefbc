"""A consumer on a webhook ends with exactly what its selection shows, whatever happens to the articles and however
badly it behaves."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

from news.article import Status, StoredArticle
from news.push import Webhook
from news.push.webhook import selection_of
from news.review.states import Move
from storage.connect import Store
from tests.web.day import NOW, Day
from tests.web.push.conftest import QUICK, pushing, settled
from tests.web.push.consumer import Consumer, listening
from web.shelf import Shelf

Put = Callable[..., StoredArticle]
Hook = Callable[..., Webhook]

SELECTIONS = {
    "everything": "",
    "each telling": "stories=all",
    "a site": "site=nhandan",
    "a kind": "kind=province",
    "words": "q=dinh+chinh&stories=all",
    "a section": "section=Y+te",
    "since": "since=2026-03-01T12:00:00%2B07:00",
    "a tag of a site": "site=soyte&tag=tiem+chung",
}


def shown(shelf: Shelf, query: str) -> dict[str, str]:
    """What a reader of the selection sees: id to title."""
    titles: dict[str, str] = {}
    after = ""
    while True:
        page = shelf.latest(selection_of(query), 50, after)
        titles |= {stored.id: stored.article.title for stored in page.articles}
        if not page.next:
            return titles
        after = page.next


def test_consumers_that_fail_half_of_the_time_end_with_exactly_what_is_shown(
    store: Store, shelf: Shelf, put: Put, hook: Hook
) -> None:
    seed = random.randrange(2**32)
    manners = random.Random(seed)
    day = Day(store, put, random.Random(seed))
    moods = ["ok", "ok", "ok", "ok", "ok", "500", "late", "cut", "garbage", "404"]
    with ExitStack() as stack:
        consumers: dict[str, Consumer] = {}
        for name, query in SELECTIONS.items():
            consumer = stack.enter_context(listening(lambda n, _: manners.choice(moods)))
            hook(consumer, name=name, query=query)
            consumers[name] = consumer
        day.happens(40)
        stack.enter_context(pushing(shelf))
        day.happens(140)
        settled(store)
        for name, query in SELECTIONS.items():
            assert consumers[name].titles == shown(shelf, query), f"{name}, seed {seed}"
            assert consumers[name].forged == 0
    everything = consumers["everything"]
    assert len(everything.heard) > 1.5 * len(everything.taken), "it did fail"
    assert {heard.body["notice"] for heard in everything.taken} == {"new", "updated", "merged", "retracted"}


def test_a_consumer_that_comes_later_is_told_to_remove_what_it_may_have_from_elsewhere(
    store: Store, shelf: Shelf, put: Put, hook: Hook
) -> None:
    old = [put(f"b{n}") for n in range(6)]
    with listening() as consumer:
        # It has taken everything that there is by an export, say, and hears of what happens from then on.
        consumer.have = {stored.id: {"title": stored.article.title} for stored in old}
        hook(consumer, after=None)
        store.journal.retract("b0", NOW, "gone")
        store.journal.decide("b1", Move.REJECT, NOW, by="lan", reason="an advertisement")
        store.journal.merge("b2", "b3", NOW, by="lan")
        store.journal.edit(old[4].id, replace(old[4].article, title="Đính chính"), NOW, by="lan")
        put("b6", Status.WAITING)
        put("b7")
        with pushing(shelf):
            settled(store)
        assert consumer.titles == shown(shelf, "")
        told = {(heard.body["id"], heard.body["notice"]) for heard in consumer.taken}
        assert {id for id, _ in told}.isdisjoint({"b5", "b6"})
        assert {("b0", "retracted"), ("b1", "retracted"), ("b4", "updated"), ("b7", "new")} <= told


def test_an_import_of_many_articles_is_told_in_order(store: Store, shelf: Shelf, put: Put, hook: Hook) -> None:
    ids = [put(f"c{n:03}").id for n in range(120)]
    with listening() as consumer:
        hook(consumer, events=("new",))
        with pushing(shelf, replace(QUICK, at_once=1)):
            settled(store)
        assert [heard.body["id"] for heard in consumer.taken] == ids
        assert [int(heard.delivery.rpartition("-")[2]) for heard in consumer.taken] == list(range(1, 121))
