"""Whatever two editors and a crawler do to the same articles, in whatever order: no text is lost, every change is told
by one event and every deed of an editor by one entry of the trail, and who follows the events shows what is
published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from news.article import Article, Status, StoredArticle
from news.dedupe import story_id
from news.errors import BantinError
from news.event import Event, EventKind
from news.review.record import Action, Record
from news.review.review import Queue
from news.review.settling import queued
from news.review.states import MOVES, Move, NotAllowed, moves_from, state_tag, undone
from news.review.triage import Beside, review_after, review_of
from storage.audit import TrailFilter
from storage.conflicts import AlreadyStored, Stale
from storage.connect import Store
from storage.undoing import TooLate

NOON = datetime(2025, 7, 1, 5, 0, tzinfo=UTC)
FEW = 2  # so that most of what happens, happens to the same ones
NUMBERS = count(1)  # articles of all runs share a database, each run looks at its own
EDITORS = st.sampled_from(("lan", "minh"))
WHICH = st.integers(0, 15)


@dataclass
class World:
    """What the machine believes: every text that was ever stored of each article, where each stands, what editors did,
    and what an editor has on the screen."""

    articles: list[str] = field(default_factory=list)
    texts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    status: dict[str, Status] = field(default_factory=dict)
    before_retract: dict[str, Status] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    done: list[Record] = field(default_factory=list)
    undone: set[str] = field(default_factory=set)
    screen: dict[str, StoredArticle] = field(default_factory=dict)
    page: StoredArticle | None = None


class Desk(RuleBasedStateMachine):
    """Two editors and a crawler at work on a real store."""

    store: Store

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.began = self.store.events.last()
        self.now = NOON

    # what the crawler does

    @precondition(lambda self: len(self.world.articles) < FEW)
    @rule(status=st.sampled_from((Status.WAITING, Status.PUBLISHED)), sure=st.sampled_from((0.4, 0.9)))
    def the_crawler_finds_an_article(self, status: Status, sure: float) -> None:
        id = f"r{next(NUMBERS):06}"
        article = Article(f"https://{id}.vn/tin.html", id, title=id, body=f"{id} 0", confidence=sure)
        stored = StoredArticle(
            id, article, (f"{id}.vn/tin.html",), (), f"f{id}", story_id(id), status, 1, self._later(), self.now
        )
        self.store.journal.create(replace(stored, review=review_of(stored, Beside())))
        self.world.articles.append(id)
        self.world.status[id] = status
        self.world.texts[id].add(article.body)

    @precondition(lambda self: self.world.articles)
    @rule(which=WHICH)
    def the_crawler_has_read_an_article_and_not_stored_it_yet(self, which: int) -> None:
        self.world.page = self._get(self._pick(which))

    @precondition(lambda self: self.world.articles)
    @rule(which=WHICH)
    def the_crawler_stores_what_it_read(self, which: int) -> None:
        old, self.world.page = self.world.page or self._get(self._pick(which)), None
        fetched = self._later()
        text = replace(old.source_text, body=f"{old.id} {fetched.timestamp():.0f}")
        try:
            if old.edit is not None:
                self.store.journal.park(old, text, old.keys, fetched)
            else:
                new = replace(old, article=text, version=old.version + 1, fetched=fetched, fingerprint=f"f{text.body}")
                new = replace(new, review=review_after(old, new, Beside()))
                self.store.journal.update(new, old, None, changed=["body"])
        except AlreadyStored:  # it would read it again
            assert self._get(old.id) != old
            return
        self.world.texts[old.id].add(text.body)

    @precondition(lambda self: self.world.articles)
    @rule(which=WHICH, back=st.booleans())
    def the_crawler_finds_a_page_gone_or_back(self, which: int, back: bool) -> None:
        id = self._pick(which)
        was = self.world.status[id]
        if back:
            done = self.store.journal.restore(id, self._later(), "back")
            assert done is (was is Status.RETRACTED)
            self.world.status[id] = self.world.before_retract[id] if done else was
        else:
            done = self.store.journal.retract(id, self._later(), "gone")
            assert done is (was not in (Status.RETRACTED, Status.REJECTED))
            self._stands(id, Status.RETRACTED if done else was)

    # what editors do

    @precondition(lambda self: self.world.articles)
    @rule(by=EDITORS, which=WHICH, how=st.integers(0, 9))
    def an_editor_moves_an_article(self, by: str, which: int, how: int) -> None:
        shown = self._open(by, which)
        may = moves_from(shown.status)
        move = may[how % len(may)] if how else Move.HOLD

        def act() -> Record | None:
            return self.store.journal.decide(
                shown.id, move, self._later(), by=by, reason="vì thế", seen=state_tag(shown)
            )

        try:
            record = self._seen(shown, act)
        except NotAllowed:
            assert move not in moves_from(shown.status)
            return
        if record is not None:
            row = next(row for row in MOVES if row.move is move and shown.status in row.sources)
            assert (record.before, record.after) == (shown.status, row.target)
            self._stands(shown.id, row.target)

    @precondition(lambda self: self.world.articles)
    @rule(by=EDITORS, which=WHICH)
    def an_editor_writes_an_article_anew(self, by: str, which: int) -> None:
        shown = self._open(by, which)
        text = replace(shown.article, body=f"{by} {self._later().timestamp():.0f}")
        if self._seen(shown, lambda: self.store.journal.edit(
            shown.id, text, self.now, by=by, seen=state_tag(shown)
        )):  # fmt: skip
            self.world.texts[shown.id].add(text.body)

    @precondition(lambda self: self.world.articles)
    @rule(by=EDITORS, which=WHICH)
    def an_editor_takes_the_publishers_text(self, by: str, which: int) -> None:
        shown = self._open(by, which)
        if shown.edit is None:
            return
        self._seen(shown, lambda: self.store.journal.take(shown.id, self._later(), by=by, seen=state_tag(shown)))

    @precondition(lambda self: self.world.articles)
    @rule(by=EDITORS, which=WHICH, note=st.booleans())
    def an_editor_notes_something_or_asks_a_colleague(self, by: str, which: int, note: bool) -> None:
        id = self._pick(which)
        if note:
            self._did(self.store.journal.note(id, "Hỏi lại.", self._later(), by=by))
            self.world.notes[id] += 1
        else:
            self._did(self.store.journal.assign(id, "hoa" if which % 2 else "", self._later(), by=by))

    @precondition(lambda self: len(self.world.articles) > 1)
    @rule(by=EDITORS, one=WHICH, other=WHICH)
    def an_editor_merges_two_stories(self, by: str, one: int, other: int) -> None:
        gone, into = (self._get(self._pick(which)).story for which in (one, other))
        if gone != into:
            assert self._did(self.store.journal.merge(gone, into, self._later(), by=by))

    @precondition(lambda self: self.world.articles)
    @rule(by=EDITORS, which=WHICH, main=st.booleans())
    def an_editor_splits_a_story_or_says_who_stands_for_it(self, by: str, which: int, main: bool) -> None:
        act = self.store.journal.choose_main if main else self.store.journal.split
        try:
            self._did(act(self._pick(which), self._later(), by=by))
        except BantinError:
            assert not main

    @precondition(lambda self: self.world.done)
    @rule(by=EDITORS, back=st.sampled_from((0, 0, 0, 1, 2)))
    def an_editor_takes_back_what_somebody_did(self, by: str, back: int) -> None:
        last = [record for record in self.world.done if record.id not in self.world.undone] or self.world.done
        record = last[-1 - min(back, len(last) - 1)]
        states = {id: self._get(id) for id in self.world.articles}
        try:
            done = self.store.journal.undo(record.id, self._later(), by=by)
        except (Stale, TooLate):
            assert {id: self._get(id) for id in self.world.articles} == states
            return
        self._did(done)
        self.world.undone.add(record.id)
        if record.before is not record.after:
            assert record.before
            assert record.after
            self._stands(record.article_id, undone(record.after, record.before))

    # what holds

    @invariant()
    def every_article_stands_where_it_was_put_and_lies_in_the_queues_of_that(self) -> None:
        for stored in self._all():
            review = stored.review
            assert stored.status is self.world.status[stored.id]
            assert review.notes == self.world.notes[stored.id]
            updated = Queue.UPDATED in review.queues
            assert review.queues == queued(stored.status, review.concerns, seen=review.seen, updated=updated)

    def teardown(self) -> None:
        """Told from the beginning, the events and the trail are all that happened."""
        events = self.store.events.after(str(self.began), limit=1000)
        assert [event.number for event in events] == list(range(self.began + 1, self.began + 1 + len(events)))
        mine = [event for event in events if event.article_id in self.world.articles]
        stored = {one.id: one for one in self._all()}
        follower = _Follower()
        for event in mine:
            follower.hear(event)
        assert follower.shown == {id for id, one in stored.items() if one.status is Status.PUBLISHED}
        last = {event.article_id: event for event in mine}
        assert {id: (event.status, event.version, event.story) for id, event in last.items()} == {
            id: (one.status, one.version, one.story) for id, one in stored.items()
        }
        trail = self.store.audit.find(TrailFilter(), limit=1000)
        trail = [record for record in trail if record.event > self.began]
        assert [(one.id, one.action, one.by) for one in trail] == [
            (one.id, one.action, one.by) for one in reversed(self.world.done)
        ]
        self._every_event_of_an_editor_is_of_an_entry(events, trail)
        self._no_text_is_lost()

    def _every_event_of_an_editor_is_of_an_entry(self, events: list[Event], trail: list[Record]) -> None:
        begins = {record.event for record in trail}
        for event in events:
            if event.by != "crawl" and event.number not in begins:  # a merge, or its undo, tells of each article
                before = next(e for e in events if e.number == event.number - 1)
                assert event.kind in (EventKind.MERGED, EventKind.UNDONE)
                assert (before.kind, before.by, before.at) == (event.kind, event.by, event.at)

    def _no_text_is_lost(self) -> None:
        for stored in self._all():
            kept = [version.stored for version in self.store.versions.of(stored.id)]
            assert [one.version for one in (*kept, stored)] == list(range(1, stored.version + 1))
            texts = {text.body for one in (*kept, stored) for text in _texts(one)}
            texts |= {passed.article.body for passed in self.store.versions.passed_over(stored.id)}
            assert self.world.texts[stored.id] <= texts

    # how it is done

    def _seen(self, shown: StoredArticle, act: Callable[[], Record | None]) -> Record | None:
        """What an editor does with what is on the screen; refused, and nothing is done, if it is not so any more."""
        now = self._get(shown.id)
        try:
            record = self._did(act())
        except Stale as refused:
            assert state_tag(now) != state_tag(shown)
            assert refused.current == self._get(shown.id) == now
            return None
        assert state_tag(now) == state_tag(shown)
        return record

    def _open(self, by: str, which: int) -> StoredArticle:
        """What the editor has on the screen: one time in four still what was there the last time."""
        if which % 4 or by not in self.world.screen:
            self.world.screen[by] = self._get(self._pick(which))
        return self.world.screen[by]

    def _did(self, record: Record | None) -> Record | None:
        if record is not None:
            self.world.done.append(record)
            if record.action in (Action.UNDO, Action.NOTE):
                self.world.undone.add(record.id)  # these cannot be
        return record

    def _stands(self, id: str, status: Status) -> None:
        if status is Status.RETRACTED and self.world.status[id] is not Status.RETRACTED:
            self.world.before_retract[id] = self.world.status[id]
        self.world.status[id] = status

    def _pick(self, which: int) -> str:
        return self.world.articles[which % len(self.world.articles)]

    def _get(self, id: str) -> StoredArticle:
        stored = self.store.articles.get(id)
        assert stored is not None
        return stored

    def _all(self) -> list[StoredArticle]:
        return self.store.articles.some(self.world.articles)

    def _later(self) -> datetime:
        self.now += timedelta(seconds=20)
        return self.now


class _Follower:
    """A consumer that knows nothing but the events."""

    def __init__(self) -> None:
        self.shown: set[str] = set()

    def hear(self, event: Event) -> None:
        if event.quiet:
            assert (event.status is Status.PUBLISHED) is (event.article_id in self.shown)
        elif event.status is Status.PUBLISHED:
            self.shown.add(event.article_id)
        else:
            self.shown.discard(event.article_id)


def _texts(stored: StoredArticle) -> list[Article]:
    edit = stored.edit
    return [stored.article, *([edit.source] if edit else []), *([edit.waiting] if edit and edit.waiting else [])]


def test_nothing_is_lost_whatever_two_editors_and_a_crawler_do(store: Store) -> None:
    machine = type("Machine", (Desk,), {"store": store})
    # A run that fails is told step by step; to shrink it would take minutes.
    few = settings(
        max_examples=20, stateful_step_count=50, deadline=None, phases=[Phase.generate], database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=few)


@pytest.mark.parametrize("action", Action)
def test_every_action_is_of_a_kind_that_can_be_undone_or_is_not(action: Action) -> None:
    from news.review.record import UNDOABLE
    from storage.undoing import _WAYS

    assert (action in UNDOABLE) is (action in _WAYS)
