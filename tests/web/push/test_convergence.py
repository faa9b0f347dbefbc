"""A consumer on a webhook ends with exactly what its selection shows, whatever happens to the articles and however
badly it behaves."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from news.article import Status, StoredArticle
from news.errors import BantinError
from news.push import Webhook
from news.push.webhook import selection_of
from storage.connect import Store
from tests.web.push.conftest import QUICK, pushing, settled
from tests.web.push.consumer import Consumer, listening
from web.shelf import Shelf

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
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


class Day:
    """Things that happen to articles, at random."""

    def __init__(self, store: Store, put: Put, chance: random.Random) -> None:
        self.store, self.put, self.chance = store, put, chance
        self.ids: list[str] = []

    def happens(self, times: int) -> None:
        what = (self.create, self.correct, self.relabel, self.redate, self.retract, self.restore, self.reject,
                self.approve, self.merge, self.split, self.choose)  # fmt: skip
        weights = (30, 12, 8, 4, 8, 5, 4, 6, 14, 5, 4)
        for _ in range(times):
            with suppress(BantinError, StopIteration):  # what cannot be done to that article is not
                self.chance.choices(what if self.ids else what[:1], weights if self.ids else weights[:1])[0]()

    def create(self) -> None:
        id = f"a{len(self.ids):03}"
        status = Status.WAITING if self.chance.random() < 0.2 else Status.PUBLISHED
        site, published = self.chance.choice(("soyte", "nhandan")), NOW - timedelta(minutes=self.chance.randrange(1440))
        section, tags = self.chance.choice(("Y tế", "Kinh tế")), self.chance.choice(((), ("Tiêm chủng",)))
        self.put(id, status, site, section=section, tags=tags, published=published)
        self.ids.append(id)

    def _edit(self, **fields: object) -> None:
        old = self.any()
        self.store.journal.edit(old, replace(old.article, **fields), None, NOW, by="lan")  # type: ignore[arg-type]

    def correct(self) -> None:
        self._edit(title=f"Đính chính {self.chance.random()}")

    def relabel(self) -> None:
        self._edit(section=self.chance.choice(("Y tế", "Kinh tế")), tags=self.chance.choice(((), ("Tiêm chủng",))))

    def redate(self) -> None:
        self._edit(published=NOW - timedelta(minutes=self.chance.randrange(1440)))

    def any(self) -> StoredArticle:
        stored = self.store.articles.get(self.chance.choice(self.ids))
        assert stored is not None
        return stored

    def retract(self) -> None:
        self.store.journal.retract(self.any().id, NOW, "gone")

    def restore(self) -> None:
        self.store.journal.restore(self.any().id, NOW, "back")

    def reject(self) -> None:
        self.store.journal.reject(self.any().id, NOW, "an advertisement", by="lan")

    def approve(self) -> None:
        self.store.journal.approve(self.any().id, NOW, by="lan")

    def merge(self) -> None:
        self.store.journal.merge(self.any().story, self.any().story, NOW, by="lan")

    def split(self) -> None:
        self.store.journal.split(self.any().id, NOW, by="lan")

    def choose(self) -> None:
        self.store.journal.choose_main(self.any().id, NOW, by="lan")


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
        store.journal.reject("b1", NOW, "an advertisement", by="lan")
        store.journal.merge("b2", "b3", NOW, by="lan")
        store.journal.edit(old[4], replace(old[4].article, title="Đính chính"), None, NOW, by="lan")
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
