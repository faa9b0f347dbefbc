"""What an editor did can be taken back for a while, and never over what somebody else has done meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from news.article import Status, StoredArticle
from news.dedupe import fingerprint
from news.errors import BantinError, InvalidValue
from news.event import EventKind
from news.review.record import UNDO, Action
from news.review.review import Concern, Queue
from news.review.states import Move
from storage.conflicts import Stale
from storage.connect import Store
from storage.undoing import TooLate
from tests.storage.deeds import NOW, OPEN, at, decide, get

Make = Callable[..., StoredArticle]


@pytest.mark.parametrize(
    ("before", "move", "after"),
    [
        (Status.WAITING, Move.APPROVE, Status.HELD),  # readers may have seen it
        (Status.WAITING, Move.REJECT, Status.WAITING),
        (Status.WAITING, Move.HOLD, Status.WAITING),
        (Status.HELD, Move.APPROVE, Status.HELD),
        (Status.PUBLISHED, Move.RETRACT, Status.PUBLISHED),
        (Status.PUBLISHED, Move.APPROVE, Status.PUBLISHED),
        (Status.REJECTED, Move.RESTORE, Status.REJECTED),
    ],
)
def test_undone_an_article_stands_where_it_stood_and_all_is_open_that_was(
    store: Store, make: Make, before: Status, move: Move, after: Status
) -> None:
    store.journal.create(make(1, status=before, review=OPEN))
    record = decide(store, move, 1, reason="nhầm")
    undone = store.journal.undo(record.id, at(2), by="minh")
    stored = get(store)
    assert (stored.status, stored.review.concerns, stored.review.seen) == (after, OPEN.concerns, False)
    event = store.events.after(str(record.event))[0]
    unseen = move is Move.APPROVE and before is Status.PUBLISHED
    assert (event.kind, event.status, event.by, event.quiet) == (EventKind.UNDONE, after, "minh", unseen)
    assert [(one.action, one.undone) for one in store.audit.find()] == [(Action.UNDO, False), (record.action, True)]
    assert undone.detail == f"undoes {record.id} ({move})"


def test_an_edit_undone_gives_the_text_before_as_a_new_version(store: Store, waiting: StoredArticle) -> None:
    one, two = (
        store.journal.edit("a0001", replace(waiting.article, title=title), at(n), by="lan")
        for n, title in enumerate(("Một", "Hai"), start=1)
    )
    assert one
    assert two
    store.journal.undo(two.id, at(3), by="lan")
    once = get(store)
    assert (once.article.title, once.version, once.edit and once.edit.by) == ("Một", 4, "lan")
    store.journal.undo(one.id, at(4), by="lan")
    assert get(store) == replace(waiting, version=5, fingerprint=fingerprint(waiting.article))
    assert [version.stored.article.title for version in store.versions.of("a0001")] == ["Tin số 1", "Một", "Hai", "Một"]


def test_a_first_edit_undone_after_the_publisher_wrote_gives_the_publishers_newest(
    store: Store, waiting: StoredArticle
) -> None:
    record = store.journal.edit("a0001", replace(waiting.article, title="Một"), at(1), by="lan")
    newest = replace(waiting.article, body="Chiều 12/1, Chính phủ họp.")
    store.journal.park(get(store), newest, waiting.keys, at(2))
    assert get(store).review.queues == (Queue.NEW, Queue.UPDATED)
    assert get(store).review.concerns == (Concern.SOURCE_CHANGED,)
    assert record
    store.journal.undo(record.id, at(3), by="lan")
    stored = get(store)
    assert (stored.article, stored.edit) == (newest, None)
    assert Concern.SOURCE_CHANGED not in stored.review.concerns


def test_a_second_edit_undone_lets_wait_again_what_it_had_taken_as_seen(store: Store, waiting: StoredArticle) -> None:
    first = replace(waiting.article, title="Một")
    store.journal.edit("a0001", first, at(1), by="lan")
    newest = replace(waiting.article, body="Chiều 12/1, Chính phủ họp.")
    store.journal.park(get(store), newest, waiting.keys, at(2))
    record = store.journal.edit("a0001", replace(first, body="Cả ngày 12/1, Chính phủ họp."), at(3), by="minh")
    assert record
    store.journal.undo(record.id, at(4), by="minh")
    stored = get(store)
    assert stored.edit
    assert (stored.article, stored.edit.by, stored.edit.source, stored.edit.waiting) == (
        first, "lan", waiting.article, newest,
    )  # fmt: skip
    assert (stored.review.concerns, stored.review.queues) == ((Concern.SOURCE_CHANGED,), (Queue.NEW, Queue.UPDATED))


def test_what_waited_beside_an_editors_text_and_was_replaced_is_kept(store: Store, waiting: StoredArticle) -> None:
    store.journal.edit("a0001", replace(waiting.article, title="Một"), at(1), by="lan")
    texts = [replace(waiting.article, body=f"Lần {n}.") for n in range(3)]
    for n, text in enumerate([*texts, waiting.article], start=2):
        store.journal.park(get(store), text, waiting.keys, at(n))
    passed = store.versions.passed_over("a0001")
    assert [one.article for one in passed] == texts[::-1]
    assert len({one.key for one in passed}) == 3
    assert [version.stored.version for version in store.versions.of("a0001")] == [1]


def test_the_publishers_text_taken_and_that_undone_the_editors_stands_again(
    store: Store, waiting: StoredArticle
) -> None:
    better = replace(waiting.article, title="Một")
    store.journal.edit("a0001", better, at(1), by="lan")
    newest = replace(waiting.article, body="Chiều 12/1, Chính phủ họp.")
    store.journal.park(get(store), newest, waiting.keys, at(2))
    record = store.journal.take("a0001", at(3), by="minh")
    assert record
    assert (get(store).article, get(store).edit) == (newest, None)
    store.journal.undo(record.id, at(4), by="minh")
    stored = get(store)
    assert stored.edit is not None
    assert (stored.article, stored.edit.waiting, stored.edit.by) == (better, newest, "lan")


def test_what_nobody_edited_is_the_publishers_already(store: Store, waiting: StoredArticle) -> None:
    with pytest.raises(BantinError, match="Nobody has edited a0001"):
        store.journal.take("a0001", NOW, by="lan")


def test_stories_merged_or_split_or_led_by_another_are_as_they_were_when_that_is_undone(
    store: Store, make: Make
) -> None:
    for n in (1, 2, 3):
        store.journal.create(make(n))
    store.journal.merge("s3", "s2", at(0), by="lan")

    def stories() -> tuple[object, ...]:
        kept = store.stories.some(["s1", "s2", "s3", "s0001", "s0002", "s0003"])
        return kept, [stored.story for stored in store.articles.some(["a0001", "a0002", "a0003"])]

    for n, act in enumerate(
        (
            lambda n: store.journal.merge("s2", "s1", at(n), by="lan"),
            lambda n: store.journal.split("a0002", at(n), by="lan"),
            lambda n: store.journal.choose_main("a0003", at(n), by="lan"),
        )
    ):
        before = stories()
        record = act(2 * n + 1)
        assert record
        assert stories() != before
        cursor = store.events.last()
        store.journal.undo(record.id, at(2 * n + 2), by="minh")
        assert stories() == before
        told = {event.article_id: event.story for event in store.events.after(str(cursor))}
        assert told
        assert all(get(store, id).story == story for id, story in told.items())


def test_a_story_that_was_joined_by_another_since_is_not_taken_apart(store: Store, make: Make) -> None:
    for n in (1, 2, 3):
        store.journal.create(make(n))
    record = store.journal.merge("s2", "s1", at(1), by="lan")
    assert record
    store.journal.merge("s3", "s1", at(2), by="minh")
    with pytest.raises(Stale, match="s2 or s1 has been changed since"):
        store.journal.undo(record.id, at(3), by="lan")


def test_nothing_is_undone_over_what_happened_since(store: Store, waiting: StoredArticle) -> None:
    record = decide(store, Move.APPROVE, 1)
    now = get(store)
    new = replace(now, article=replace(now.article, title="Mới"), version=2, fingerprint="new", fetched=at(2))
    store.journal.update(new, now, None, changed=["title"])
    with pytest.raises(Stale, match="crawl has updated it since"):
        store.journal.undo(record.id, at(3), by="lan")
    assert get(store) == new


def test_a_note_is_no_hindrance_and_stays(store: Store, waiting: StoredArticle) -> None:
    record = decide(store, Move.REJECT, 1, reason="cũ")
    store.journal.note("a0001", "Gọi lại sau.", at(2), by="minh")
    store.journal.assign("a0001", "minh", at(2), by="lan")
    store.journal.undo(record.id, at(3), by="lan")
    assert get(store) == replace(waiting, review=replace(OPEN, notes=1, assigned="minh"))


def test_one_by_one_backwards_everything_can_be_undone(store: Store, waiting: StoredArticle) -> None:
    first, second = decide(store, Move.HOLD, 1), decide(store, Move.REJECT, 2, reason="cũ")
    with pytest.raises(Stale, match="lan has rejected it since"):
        store.journal.undo(first.id, at(3), by="lan")
    store.journal.undo(second.id, at(4), by="lan")
    store.journal.undo(first.id, at(5), by="lan")
    assert get(store) == waiting


def test_what_is_assigned_is_given_back_unless_it_went_on(store: Store, waiting: StoredArticle) -> None:
    first, second = (store.journal.assign("a0001", to, at(n), by="lan") for n, to in ((1, "minh"), (2, "hoa")))
    assert first
    assert second
    with pytest.raises(Stale, match="hoa is to see to it by now"):
        store.journal.undo(first.id, at(3), by="lan")
    store.journal.undo(second.id, at(3), by="lan")
    assert get(store).review.assigned == "minh"


def test_an_undo_is_for_a_while_and_once_and_not_for_everything(store: Store, waiting: StoredArticle) -> None:
    record = decide(store, Move.REJECT, 1, reason="cũ")
    note = store.journal.note("a0001", "Gọi lại sau.", at(1), by="minh")
    assert note
    with pytest.raises(TooLate, match="too long ago"):
        store.journal.undo(record.id, at(1) + UNDO + timedelta(seconds=1), by="lan")
    with pytest.raises(TooLate, match="cannot be undone"):
        store.journal.undo(note.id, at(2), by="lan")
    done = store.journal.undo(record.id, at(1) + UNDO, by="lan")
    assert store.journal.undo(record.id, at(1) + UNDO, by="lan") == done, "a retry"
    with pytest.raises(TooLate, match="undone already"):
        store.journal.undo(record.id, at(3), by="minh")
    for none in ("999", "x"):
        with pytest.raises(InvalidValue):
            store.journal.undo(none, at(3), by="lan")
