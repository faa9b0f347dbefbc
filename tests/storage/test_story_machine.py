"""Whatever crawls find and editors decide, in whatever order: every article is told in one story, what an editor took
apart is never joined again by a machine, and the events tell it all."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from news.article import Article, Status, StoredArticle
from news.dedupe import Likeness, Neighbour, Relation, place, story_id
from news.errors import BantinError
from news.event import EventKind
from storage.conflicts import AlreadyStored
from storage.connect import Store
from storage.journal import Place

NEAR = Likeness(Relation.NEAR, 0.8, 0.9, "made up")
NOON = datetime(2025, 7, 1, 5, 0, tzinfo=UTC)
FEW = 5  # so that most of what happens, happens to the same ones
NUMBERS = count(1)  # articles of all runs share a database, each run looks at its own


@dataclass
class World:
    """What the machine believes: who is together, and which pairs an editor took apart and never put together again."""

    articles: list[str] = field(default_factory=list)
    apart: set[frozenset[str]] = field(default_factory=set)
    stale: tuple[StoredArticle, Place] | None = None


class Stories(RuleBasedStateMachine):
    """Crawls and editors at work on a real store."""

    store: Store

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.began = self.store.events.last()
        self.now = NOON

    # what crawls do

    @precondition(lambda self: len(self.world.articles) < FEW)
    @rule(near=st.sets(st.integers(0, 7), max_size=3))
    def a_crawl_finds_an_article(self, near: set[int]) -> None:
        stored, where = self._placed(near)
        self.store.journal.create(stored, where)
        self.store.journal.create(stored, where)  # the answer was lost
        self.world.articles.append(stored.id)

    @precondition(lambda self: self.world.stale is None and 0 < len(self.world.articles) < FEW)
    @rule(near=st.sets(st.integers(0, 7), min_size=1, max_size=3))
    def a_slow_crawl_has_found_one_and_not_stored_it_yet(self, near: set[int]) -> None:
        self.world.stale = self._placed(near)

    @precondition(lambda self: self.world.stale is not None)
    @rule()
    def a_slow_crawl_stores_what_it_found(self) -> None:
        assert self.world.stale is not None
        stored, where = self.world.stale
        self.world.stale = None
        try:
            self.store.journal.create(stored, where)
        except AlreadyStored:  # it would decide anew
            return
        self.world.articles.append(stored.id)
        assert where.placement.story == story_id(stored.id) or self._members(where.placement.story) != [stored.id]

    @precondition(lambda self: self._alone())
    @rule(which=st.integers(0, 7), near=st.sets(st.integers(0, 7), min_size=1, max_size=2))
    def an_article_that_stood_alone_comes_to_read_like_others(self, which: int, near: set[int]) -> None:
        alone = self._alone()
        old = self._get(alone[which % len(alone)])
        new = replace(old, version=old.version + 1, fingerprint=f"{old.id}/{old.version + 1}")
        self.store.journal.update(new, old, None, changed=["body"], place=self._place(old.id, old.story, near))

    # what editors do

    @precondition(lambda self: len(self.world.articles) > 1)
    @rule(one=st.integers(0, 7), other=st.integers(0, 7))
    def an_editor_merges_two_stories(self, one: int, other: int) -> None:
        gone, into = (self._get(self._pick(which)).story for which in (one, other))
        if gone == into:
            with pytest.raises(BantinError):
                self.store.journal.merge(gone, into, self._later(), by="lan")
            return
        came = self._members(gone)
        together = [*came, *self._members(into)]
        assert self.store.journal.merge(gone, into, self._later(), by="lan")
        assert {self._get(id).story for id in came} == {into}
        self.world.apart -= {frozenset((a, b)) for a in together for b in together}
        assert self.store.journal.merge(gone, into, self._later(), by="lan") is None
        assert sorted(self._members(into)) == sorted(together)

    @precondition(lambda self: self.world.articles)
    @rule(which=st.integers(0, 7))
    def an_editor_takes_an_article_out_of_its_story(self, which: int) -> None:
        id = self._pick(which)
        before = [member for member in self._members(self._get(id).story) if member != id]
        try:
            self.store.journal.split(id, self._later(), by="lan")
        except BantinError:
            assert not before
            return
        self.world.apart |= {frozenset((id, member)) for member in before}
        assert self._members(self._get(id).story) == [id]
        assert self.store.journal.split(id, self._later(), by="lan") is None

    @precondition(lambda self: self.world.articles)
    @rule(which=st.integers(0, 7))
    def an_editor_chooses_who_stands_for_a_story(self, which: int) -> None:
        id = self._pick(which)
        self.store.journal.choose_main(id, self._later(), by="lan")
        story = self.store.stories.get(self._get(id).story)
        assert story is not None
        assert story.main == id

    # what holds

    @invariant()
    def the_members_of_a_story_are_the_articles_that_name_it(self) -> None:
        named = defaultdict(set)
        for stored in self.store.articles.some(self.world.articles):
            named[stored.story].add(stored.id)
        assert sum(map(len, named.values())) == len(self.world.articles)
        kept = self.store.stories.some(list(named))
        for id, members in named.items():
            assert (set(kept[id].members) if id in kept else members) == members
            assert id in kept or len(members) == 1
            assert id not in kept or len(kept[id].members) == len(members)
            assert id not in kept or kept[id].main in ("", *members)

    @invariant()
    def what_an_editor_took_apart_stays_apart(self) -> None:
        story = {stored.id: stored.story for stored in self.store.articles.some(self.world.articles)}
        assert not [pair for pair in self.world.apart if len({story[id] for id in pair}) == 1]

    def teardown(self) -> None:
        """Played back, the events give every article the story that it has."""
        events = self.store.events.after(str(self.began), limit=1000)
        assert [event.number for event in events] == list(range(self.began + 1, self.began + 1 + len(events)))
        story = {event.article_id: event.story for event in events}
        assert story == {stored.id: stored.story for stored in self.store.articles.some(self.world.articles)}
        created = [event.article_id for event in events if event.kind is EventKind.CREATED]
        assert created == self.world.articles

    # how it is done

    def _placed(self, near: set[int]) -> tuple[StoredArticle, Place]:
        id = f"a{next(NUMBERS):06}"
        where = self._place(id, story_id(id), near)
        article = Article(f"https://{id}.vn/tin.html", id, title=id, body=id)
        stored = StoredArticle(
            id, article, (f"{id}.vn/tin.html",), (), f"f{id}", where.placement.story, Status.PUBLISHED, 1,
            self._later(), self.now,
        )  # fmt: skip
        return stored, where

    def _place(self, id: str, own: str, near: set[int]) -> Place:
        """Where the judge puts an article that is like these."""
        seen = self.store.events.last()
        others = [self._get(self._pick(which)) for which in sorted(near)] if self.world.articles else []
        neighbours = [Neighbour(o.id, o.article.site, o.story, NEAR) for o in others if o.id != id]
        stories = self.store.stories.some([own, *(neighbour.story for neighbour in neighbours)])
        return Place(place(own, neighbours, stories), None, seen)

    def _pick(self, which: int) -> str:
        return self.world.articles[which % len(self.world.articles)]

    def _get(self, id: str) -> StoredArticle:
        stored = self.store.articles.get(id)
        assert stored is not None
        return stored

    def _members(self, story: str) -> list[str]:
        return [stored.id for stored in self.store.articles.some(self.world.articles) if stored.story == story]

    def _alone(self) -> list[str]:
        story = {stored.id: stored.story for stored in self.store.articles.some(self.world.articles)}
        return [id for id in story if list(story.values()).count(story[id]) == 1]

    def _later(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


def test_stories_hold_together_whatever_crawls_and_editors_do(store: Store) -> None:
    machine = type("Machine", (Stories,), {"store": store})
    # A run that fails is told step by step; to shrink it would take minutes.
    few = settings(
        max_examples=15, stateful_step_count=20, deadline=None, phases=[Phase.generate], database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=few)
