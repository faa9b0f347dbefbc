"""A day at random: what can happen to articles happens."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from news.article import Status, StoredArticle
from news.errors import BantinError
from news.review.states import Move
from storage.audit import TrailFilter
from storage.connect import Store

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
Put = Callable[..., StoredArticle]


class Day:
    """Things that happen to articles, at random."""

    def __init__(self, store: Store, put: Put, chance: random.Random) -> None:
        self.store, self.put, self.chance = store, put, chance
        self.ids: list[str] = []
        self.now = NOW

    def happens(self, times: int) -> None:
        what = (self.create, self.correct, self.relabel, self.redate, self.retract, self.restore, self.reject,
                self.approve, self.hold, self.undo, self.note, self.merge, self.split, self.choose)  # fmt: skip
        weights = (46, 12, 8, 4, 6, 6, 3, 12, 2, 5, 2, 12, 5, 4)
        for _ in range(times):
            self.now += timedelta(seconds=1)
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
        self.store.journal.edit(old.id, replace(old.article, **fields), self.now, by="lan")  # type: ignore[arg-type]

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
        self.store.journal.retract(self.any().id, self.now, "gone")

    def restore(self) -> None:
        self.store.journal.restore(self.any().id, self.now, "back")

    def reject(self) -> None:
        self._decide(Move.REJECT)

    def approve(self) -> None:
        self._decide(Move.APPROVE)

    def hold(self) -> None:
        self._decide(Move.HOLD)

    def _decide(self, move: Move) -> None:
        self.store.journal.decide(self.any().id, move, self.now, by="lan", reason="an advertisement")

    def undo(self) -> None:
        done = self.store.audit.find(TrailFilter(article=self.any().id), limit=1)
        self.store.journal.undo(done[0].id if done else "", self.now, by="lan")

    def note(self) -> None:
        self.store.journal.note(self.any().id, "Hỏi lại Sở.", self.now, by="lan")

    def merge(self) -> None:
        self.store.journal.merge(self.any().story, self.any().story, self.now, by="lan")

    def split(self) -> None:
        self.store.journal.split(self.any().id, self.now, by="lan")

    def choose(self) -> None:
        self.store.journal.choose_main(self.any().id, self.now, by="lan")
