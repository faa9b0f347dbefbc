"""Whatever an editor does stands in the trail once, and never goes over what somebody else has done meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import storage.audit
from news.article import Status, StoredArticle
from news.errors import InvalidValue
from news.event import EventKind
from news.review.record import Action
from news.review.review import Queue, Review
from news.review.rules import RuleKind, SiteRule
from news.review.states import Move, NotAllowed, state_tag
from storage.audit import TrailFilter
from storage.conflicts import AlreadyStored, Stale
from storage.connect import Store
from tests.storage.deeds import NOW, OPEN, at, decide, get

Make = Callable[..., StoredArticle]


def test_a_decision_stands_in_the_trail_under_the_number_of_its_event(store: Store, waiting: StoredArticle) -> None:
    record = decide(store, Move.REJECT, 1, reason="quảng cáo")
    assert store.audit.get(record.id) == record
    assert (record.action, record.by, record.before, record.after, record.detail) == (
        Action.REJECT, "lan", Status.WAITING, Status.REJECTED, "quảng cáo",
    )  # fmt: skip
    event = store.events.after("1")[0]
    assert (event.number, event.kind, event.detail, event.at) == (
        record.event, EventKind.REJECTED, "quảng cáo", record.at,
    )  # fmt: skip


def test_what_is_decided_settles_what_was_open_and_what_is_held_stays_open(
    store: Store, waiting: StoredArticle
) -> None:
    decide(store, Move.HOLD, 1)
    assert get(store).review == replace(OPEN, queues=(Queue.HELD,), seen=True)
    decide(store, Move.APPROVE, 2)
    assert get(store).review == Review(seen=True, assigned="lan")
    assert store.journal.decide("a0001", Move.APPROVE, at(3), by="minh") is None


def test_to_approve_what_is_published_answers_what_is_open_and_no_reader_hears_of_it(store: Store, make: Make) -> None:
    store.journal.create(make(1, review=OPEN))
    before = store.articles.changed()
    decide(store, Move.APPROVE, 1)
    assert get(store).review.queues == ()
    assert [(changed.event, changed.stored.version) for changed in store.articles.changed()] == [(before[0].event, 1)]
    assert store.events.after("1")[0].kind is EventKind.REVIEWED


@pytest.mark.parametrize("move", [Move.REJECT, Move.RETRACT])
def test_nothing_is_taken_from_readers_without_a_reason(store: Store, waiting: StoredArticle, move: Move) -> None:
    with pytest.raises(InvalidValue, match="takes a reason"):
        store.journal.decide("a0001", move, NOW, by="lan", reason="  ")
    assert (get(store), store.events.last(), store.audit.find()) == (waiting, 1, [])


def test_a_move_that_the_table_has_not_is_refused_with_those_it_has(store: Store, waiting: StoredArticle) -> None:
    with pytest.raises(NotAllowed, match="approve, reject, hold, retract"):
        store.journal.decide("a0001", Move.RESTORE, NOW, by="lan")


def test_who_decides_about_what_is_no_more_as_it_was_is_shown_how_it_is(store: Store, waiting: StoredArticle) -> None:
    tag = state_tag(waiting)
    decide(store, Move.APPROVE, 1, seen=tag)
    for act in (
        lambda: store.journal.decide("a0001", Move.REJECT, at(2), by="minh", reason="cũ", seen=tag),
        lambda: store.journal.edit("a0001", replace(waiting.article, title="Sửa"), at(2), by="minh", seen=tag),
    ):
        with pytest.raises(Stale) as refused:
            act()
        assert refused.value.current.status is Status.PUBLISHED
    assert [record.by for record in store.audit.find()] == ["lan"]


def test_a_decision_whose_answer_was_lost_is_not_made_twice(store: Store, waiting: StoredArticle) -> None:
    tag = state_tag(waiting)
    first = decide(store, Move.APPROVE, 1, seen=tag)
    note = store.journal.note("a0001", "Hỏi lại Sở Y tế.", at(2), by="lan")
    assert decide(store, Move.APPROVE, 1, seen=tag) == first
    assert store.journal.note("a0001", "Hỏi lại Sở Y tế.", at(2), by="lan") == note
    assert (store.events.last(), get(store).review.notes) == (3, 1)
    assert store.journal.note("a0001", "Và gọi lại sau.", at(2), by="lan") != note


def test_a_selection_is_merged_in_one_moment(store: Store, make: Make) -> None:
    for n in (1, 2, 3):
        store.journal.create(make(n))
    for gone in ("s2", "s3", "s3"):
        store.journal.merge(gone, "s1", at(1), by="lan")
    assert [record.stories for record in store.audit.find()] == [("s3", "s1"), ("s2", "s1")]
    assert {get(store, f"a000{n}").story for n in (1, 2, 3)} == {"s1"}


def test_a_note_is_read_by_editors_alone(store: Store, waiting: StoredArticle) -> None:
    store.journal.note("a0001", "Hỏi lại Sở Y tế.", at(1), by="lan")
    store.journal.assign("a0001", "minh", at(2), by="lan")
    assert [record.detail for record in store.audit.find()] == ["minh", "Hỏi lại Sở Y tế."]
    assert [(str(event.kind), event.detail) for event in store.events.after("1")] == [
        ("noted", ""), ("assigned", "minh"),
    ]  # fmt: skip
    assert get(store) == replace(waiting, review=replace(OPEN, notes=1, assigned="minh"))


def test_a_crawl_that_is_late_takes_no_note_away(store: Store, waiting: StoredArticle) -> None:
    store.journal.note("a0001", "Hỏi lại Sở Y tế.", at(1), by="lan")
    with pytest.raises(AlreadyStored):
        store.journal.update(replace(waiting, version=2, fingerprint="new"), waiting, None, changed=["body"])
    assert get(store).review.notes == 1


def test_what_a_crawl_takes_away_and_brings_back_is_as_open_as_it_was(store: Store, waiting: StoredArticle) -> None:
    store.journal.retract("a0001", at(1), "gone")
    assert (get(store).status, get(store).review.queues) == (Status.RETRACTED, ())
    store.journal.restore("a0001", at(2), "its page is there again")
    assert get(store) == waiting
    assert store.audit.find() == []


def test_what_an_editor_rejected_no_crawl_brings_back(store: Store, waiting: StoredArticle) -> None:
    decide(store, Move.REJECT, 1, reason="quảng cáo")
    assert not store.journal.restore("a0001", at(2), "its page is there again")
    assert not store.journal.retract("a0001", at(2), "gone")


def test_the_trail_is_searched_by_who_what_where_when_and_words(store: Store, make: Make) -> None:
    store.journal.create(make(1, status=Status.WAITING, site="soyte"))
    store.journal.create(make(2, status=Status.WAITING))
    rule = SiteRule("r1", "soyte", RuleKind.DROP_LINE, "Lượt xem: #", article_id="a0001")
    done = [
        store.journal.decide("a0001", Move.REJECT, at(1), by="lan", reason="Quảng cáo thuốc"),
        store.journal.decide("a0002", Move.APPROVE, at(2), by="lan"),
        store.journal.note("a0002", "Đã gọi tòa soạn (lần 2).", at(3), by="minh"),
        store.journal.note_rule(rule, Action.TEACH, at(4), by="minh"),
    ]
    ids = [record.id for record in done if record]

    def found(**filter: Any) -> list[int]:
        return [ids.index(record.id) for record in store.audit.find(TrailFilter(**filter))]

    assert found() == [3, 2, 1, 0]
    assert found(article="a0002") == [2, 1]
    assert found(by="lan", site="soyte") == [0]
    assert found(action=Action.APPROVE) == [1]
    assert found(since=at(2), until=at(4)) == [2, 1]
    assert found(words="quang cao") == [0]
    assert found(words="toa soan (lan") == [2]
    assert found(words="lượt xem") == [3]
    assert [record.id for record in store.audit.find(limit=2, before=ids[2])] == [ids[1], ids[0]]


def test_words_that_hardly_any_entry_has_are_not_looked_for_without_end(
    store: Store, waiting: StoredArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = decide(store, Move.REJECT, 1, reason="quảng cáo")
    (row,) = store._database.audit.find()
    long = {**row, "said": "x" * 20_000}
    store._database.audit.insert_many([{**long, "_id": 1_000 + n} for n in range(1_000)])
    assert store.audit.find(TrailFilter(words="quảng cáo")) == [record]
    monkeypatch.setattr(storage.audit, "_LONGEST", 0.01)
    with pytest.raises(InvalidValue, match="too many entries"):
        store.audit.find(TrailFilter(words="quảng cáo"))


def test_a_merge_stands_in_the_trail_of_every_article_that_it_moved(store: Store, make: Make) -> None:
    for n in (1, 2, 3):
        store.journal.create(make(n))
    store.journal.merge("s2", "s3", at(1), by="lan")
    store.journal.merge("s3", "s1", at(2), by="lan")
    assert [record.stories for record in store.audit.find(TrailFilter(article="a0002"))] == [("s3", "s1"), ("s2", "s3")]


def test_figures_tell_how_much_and_how_fast_somebody_decides(store: Store, make: Make) -> None:
    for n in range(1, 6):
        store.journal.create(make(n, status=Status.WAITING))
    moments = [at(0), at(0) + timedelta(seconds=4), at(0) + timedelta(seconds=10), at(90), at(90)]
    for n, moment in enumerate(moments, start=1):
        store.journal.decide(f"a{n:04}", Move.APPROVE, moment, by="lan")
    store.journal.undo(store.audit.find()[0].id, at(91), by="minh")
    lan, minh = store.audit.figures(at(0), at(100))
    assert (lan.by, lan.counts, lan.decisions, lan.undone, lan.median) == ("lan", {Action.APPROVE: 5}, 5, 1, 5.0)
    assert (minh.by, minh.decisions, minh.median) == ("minh", 0, None)
    assert store.audit.figures(at(1), at(80)) == []
