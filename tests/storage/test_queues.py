"""An editor finds what needs a human: the most urgent first, by what is asked for, page by page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from news.article import VIETNAM, Document, Status, StoredArticle
from news.errors import InvalidValue
from news.review.review import Concern, Queue, Review
from news.review.states import Move, state_tag
from storage.connect import Store
from storage.queues import QueueFilter, QueueRow

Make = Callable[..., StoredArticle]
DAY = datetime(2025, 3, 5, 9, 0, tzinfo=VIETNAM)
NEW, HELD = QueueFilter(Queue.NEW), QueueFilter(Queue.HELD)


@pytest.fixture
def put(store: Store, make: Make) -> Callable[..., StoredArticle]:
    """Stores article number n, which is in these queues for these concerns; n hours before DAY."""

    def build(n: int, *concerns: Concern, queues: tuple[Queue, ...] = (Queue.NEW,), **changes: Any) -> StoredArticle:
        of_article = {name: changes.pop(name) for name in ("tags", "documents", "confidence") if name in changes}
        review = Review(queues, concerns, assigned=changes.pop("assigned", ""))
        stored = make(n, review=review, published=DAY - timedelta(hours=n), **{"status": Status.WAITING, **changes})
        stored = replace(stored, article=replace(stored.article, **{"confidence": 0.95, **of_article}))
        store.journal.create(stored)
        return stored

    return build


def ids(rows: list[QueueRow]) -> list[int]:
    return [int(row.id[1:]) for row in rows]


def test_what_is_most_urgent_comes_first_then_what_is_newest(store: Store, put: Any) -> None:
    put(1)
    put(2, Concern.VERY_SHORT)
    put(3, Concern.LOW_CONFIDENCE)
    put(4, Concern.VERY_SHORT)
    put(5, Concern.LOW_CONFIDENCE, Concern.NO_DATE)
    put(6, Concern.SENSITIVE_UPDATE, queues=(Queue.UPDATED,))
    assert ids(store.queues.page(NEW)) == [5, 3, 2, 4, 1]


def test_page_by_page_everything_is_met_once(store: Store, put: Any) -> None:
    for n in range(1, 8):
        put(n, *[Concern.NO_DATE][: n % 2])
    for filter in (NEW, QueueFilter()):
        met, after = list[int](), ""
        while rows := store.queues.page(filter, 3, after):
            met += ids(rows)
            after = rows[-1].place
        assert met == ids(store.queues.page(filter))
    assert met == [1, 2, 3, 4, 5, 6, 7], "of everything the newest come first, whatever is open"


@pytest.mark.parametrize("place", ["", "x", "1~2025-03-05~a1", "-1~2025-03-05T00:00:00Z~a", "1~2025-03-05T00:00:00Z"])
def test_what_is_no_place_in_a_queue_is_refused(store: Store, place: str) -> None:
    if not place:
        assert store.queues.page(NEW, after=place) == []
        return
    with pytest.raises(InvalidValue):
        store.queues.page(NEW, after=place)


@pytest.mark.parametrize("queue", [Queue.NEW, None])
def test_a_queue_is_narrowed_by_all_that_the_desk_asks(store: Store, put: Any, queue: Queue | None) -> None:
    put(1, Concern.NO_DATE, site="soyte", tags=("Tiêm chủng", "Y tế"))
    put(2, Concern.NO_DATE, Concern.VERY_SHORT, assigned="lan", confidence=0.6)
    put(3, Concern.VERY_SHORT, documents=(Document("57-NQ/TW"),), confidence=0.3, assigned="lan")

    def found(**filter: Any) -> list[int]:
        return sorted(ids(store.queues.page(QueueFilter(queue, **filter))))

    assert found(sites=("soyte",)) == [1]
    assert found(sites=("soyte", "baochinh")) == [1, 2, 3]
    assert found(sites=()) == []
    assert found(concern=Concern.NO_DATE) == [1, 2]
    assert found(concern=Concern.NO_DATE, sites=("baochinh",)) == [2]
    assert found(tag="tiem chung") == [1]
    assert found(document="57-nq/tw") == [3]
    assert found(sure=0.7) == [2, 3]
    assert found(sure=0.5) == [3]
    with pytest.raises(InvalidValue):
        found(sure=0.55)
    assert found(assigned="lan", concern=Concern.VERY_SHORT, sure=0.5) == [3]
    assert found(assigned="minh") == []


def test_the_counts_are_those_of_the_queues_under_the_same_filter(store: Store, put: Any) -> None:
    put(1, site="soyte")
    put(2, Concern.UNSURE_DUPLICATE, queues=(Queue.NEW, Queue.DUPLICATES))
    put(3, queues=(Queue.HELD,), status=Status.HELD)
    put(4, queues=(), status=Status.PUBLISHED)
    counted = {"new": 2, "held": 1, "updated": 0, "duplicates": 1, "all": 4}
    assert store.queues.counts() == counted
    assert store.queues.counts(HELD) == counted, "whatever queue one is in"
    assert store.queues.counts(QueueFilter(sites=("soyte",))) == {
        "new": 1, "held": 0, "updated": 0, "duplicates": 0, "all": 1,
    }  # fmt: skip
    assert store.queues.counts(QueueFilter(concern=Concern.UNSURE_DUPLICATE))["all"] == 1


def test_a_row_says_what_a_list_shows_and_moves_with_what_is_decided(store: Store, put: Any) -> None:
    stored = put(1, Concern.NO_DATE)
    (row,) = store.queues.page(NEW)
    assert (row.id, row.site, row.title, row.published, row.first_seen, row.status, row.tag, row.review) == (
        stored.id, "baochinh", stored.article.title, stored.article.published, stored.first_seen, Status.WAITING,
        state_tag(stored), stored.review,
    )  # fmt: skip
    store.journal.decide(stored.id, Move.HOLD, DAY, by="lan")
    assert (store.queues.page(NEW), ids(store.queues.page(HELD))) == ([], [1])
    store.journal.decide(stored.id, Move.APPROVE, DAY, by="lan")
    assert store.queues.page(HELD) == []


def test_a_row_has_the_state_of_its_article_with_the_text_that_waits_beside_an_edit(store: Store, put: Any) -> None:
    stored = put(1)
    store.journal.edit(stored.id, replace(stored.article, title="Sửa"), DAY, by="lan")
    edited = store.articles.get(stored.id)
    assert edited is not None
    store.journal.park(edited, replace(stored.article, body="Mới hơn."), edited.keys, DAY)
    now = store.articles.get(stored.id)
    assert now is not None
    (row,) = store.queues.page(QueueFilter(Queue.UPDATED))
    assert row.tag == state_tag(now) != state_tag(edited)


def test_of_some_articles_those_are_given_that_lie_there(store: Store, put: Any) -> None:
    put(1)
    put(2, queues=(Queue.HELD,))
    put(3)
    assert ids(store.queues.among(NEW, ["a0003", "a0002", "a0001", "a0009"])) == [3, 1]
    assert store.queues.among(NEW, []) == []
