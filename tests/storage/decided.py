"""The operations of what editors decide, their trail and their queues, for the test of indexes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from news.article import StoredArticle
from news.dedupe import Placement, Sketch
from news.review.record import Action
from news.review.review import Concern, Queue
from news.review.rules import RuleKind, SiteRule
from news.review.states import Move
from storage.audit import TrailFilter
from storage.connect import Store
from storage.journal import Place
from storage.queues import QueueFilter

NOW = datetime(2025, 3, 1, tzinfo=UTC)
SOON, LATER = NOW + timedelta(minutes=1), NOW + timedelta(days=36500)
PLACE = "16~2025-03-01T00:00:00+00:00~a1"
RULE = SiteRule("r1", "baochinh", RuleKind.DROP, ".xem-them", article_id="a0001")
SKETCH = Sketch(bytes(512), (7, 8), (7, 8, 9), 99)

OPERATIONS: dict[str, tuple[int, Callable[[Store, StoredArticle], object]]] = {
    "queues.page": (1, lambda store, a: store.queues.page(QueueFilter(Queue.NEW))),
    "queues.page after": (1, lambda store, a: store.queues.page(QueueFilter(Queue.NEW), after=PLACE)),
    "queues.page sites": (1, lambda store, a: store.queues.page(QueueFilter(Queue.NEW, ("a", "b")), after=PLACE)),
    "queues.page concern": (
        1,
        lambda store, a: store.queues.page(QueueFilter(Queue.NEW, concern=Concern.NO_DATE, tag="Y tế", sure=0.7)),
    ),
    "queues.page assigned": (1, lambda store, a: store.queues.page(QueueFilter(assigned="lan"))),
    "queues.page all": (1, lambda store, a: store.queues.page(after=PLACE)),
    "queues.page all tag": (1, lambda store, a: store.queues.page(QueueFilter(tag="Y tế"))),
    "queues.among": (1, lambda store, a: store.queues.among(QueueFilter(Queue.NEW, ("a", "b")), ["a0", "a1"])),
    "queues.page all unsure": (1, lambda store, a: store.queues.page(QueueFilter(sure=0.7))),
    "queues.counts unsure": (5, lambda store, a: store.queues.counts(QueueFilter(sure=0.7, tag="Y tế"))),
    "queues.counts": (5, lambda store, a: store.queues.counts()),
    "queues.counts sites": (5, lambda store, a: store.queues.counts(QueueFilter(sites=("a", "b")))),
    "journal.create": (5, lambda store, a: store.journal.create(a)),
    "journal.create alike": (11, lambda store, a: store.journal.create(a, Place(Placement("s1"), SKETCH, 1))),
    "journal.create joining": (
        20,
        lambda store, a: store.journal.create(a, Place(Placement("s1", ("s2",)), SKETCH, 9)),
    ),
    "journal.update": (10, lambda store, a: _updated(store)),
    "journal.edit": (12, lambda store, a: _edited(store)),
    "journal.park": (6, lambda store, a: _parked(store)),
    "journal.retract": (7, lambda store, a: store.journal.retract("a0001", NOW, "gone")),
    "journal.restore": (8, lambda store, a: store.journal.restore("a0001", NOW, "back")),
    "journal.decide": (9, lambda store, a: store.journal.decide("a0001", Move.HOLD, NOW, by="lan")),
    "journal.note": (7, lambda store, a: store.journal.note("a0001", "Hỏi lại Sở.", NOW, by="lan")),
    "journal.assign": (7, lambda store, a: store.journal.assign("a0001", "minh", NOW, by="lan")),
    "journal.note_rule": (6, lambda store, a: store.journal.note_rule(RULE, Action.TEACH, NOW, by="lan")),
    "journal.take": (13, lambda store, a: store.journal.take("a0001", NOW, by="lan")),
    "journal.undo": (20, lambda store, a: store.journal.undo(_last(store), NOW, by="lan")),
    "journal.split": (14, lambda store, a: store.journal.split("a0001", NOW, by="lan")),
    "journal.choose_main": (12, lambda store, a: store.journal.choose_main("a0002", NOW, by="lan")),
    "journal.merge": (20, lambda store, a: store.journal.merge("s0", "s1", NOW, by="lan")),
    "journal.undo merge": (24, lambda store, a: store.journal.undo(_last(store), SOON, by="lan")),
    "audit.find": (1, lambda store, a: store.audit.find(TrailFilter(words="Tin số"))),
    "audit.find before": (3, lambda store, a: store.audit.find(TrailFilter(since=NOW), before=_last(store))),
    "audit.find article": (1, lambda store, a: store.audit.find(TrailFilter(article="a0001", action=Action.NOTE))),
    "audit.find by": (1, lambda store, a: store.audit.find(TrailFilter(by="lan"))),
    "audit.find site": (1, lambda store, a: store.audit.find(TrailFilter(site="baochinh"))),
    "audit.find action": (1, lambda store, a: store.audit.find(TrailFilter(action=Action.NOTE))),
    "audit.get": (1, lambda store, a: store.audit.get("7")),
    "audit.figures": (1, lambda store, a: store.audit.figures(NOW, LATER)),
}


def _stored(store: Store) -> StoredArticle:
    stored = store.articles.get("a0001")
    assert stored is not None
    return stored


def _last(store: Store) -> str:
    return store.audit.find(limit=1)[0].id


def _updated(store: Store) -> None:
    old = _stored(store)
    store.journal.update(replace(old, version=old.version + 1), old, SKETCH, changed=["body"])


def _edited(store: Store) -> None:
    old = _stored(store)
    store.journal.edit(old.id, replace(old.article, title="Đính chính"), NOW, by="lan")


def _parked(store: Store) -> None:
    old = _stored(store)
    store.journal.park(old, replace(old.article, body="Khác."), old.keys, NOW)
