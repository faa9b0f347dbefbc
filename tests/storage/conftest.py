"""What the storage tests share: articles to store, and a tap on the commands that go to MongoDB."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo import monitoring

from news.article import VIETNAM, Article, Status, StoredArticle
from storage.connect import Store
from tests.storage.deeds import OPEN

MakeArticle = Callable[..., StoredArticle]


@pytest.fixture
def make() -> MakeArticle:
    """Builds a stored article number n; named values differ from the usual."""

    def build(n: int = 1, **changes: Any) -> StoredArticle:
        url = f"https://baochinh.vn/tin-{n}.html"
        article: dict[str, Any] = {
            "url": url,
            "site": changes.pop("site", "baochinh"),
            "title": f"Tin số {n}",
            "body": "Sáng 12/1, Chính phủ họp.",
            "published": changes.pop("published", datetime(2025, 1, 1 + n % 28, 9, 30, tzinfo=VIETNAM)),
        }
        values: dict[str, Any] = {
            "id": f"a{n:04}",
            "article": Article(**article),
            "keys": (f"baochinh.vn/tin-{n}.html",),
            "aliases": (),
            "fingerprint": f"f{n}",
            "story": f"s{n}",
            "status": Status.PUBLISHED,
            "version": 1,
            "first_seen": datetime(2025, 2, 1, 1, 2, 3, 456789, tzinfo=UTC),
            "fetched": datetime(2025, 2, 1, 1, 2, 3, 456789, tzinfo=UTC),
        }
        return StoredArticle(**(values | changes))

    return build


@pytest.fixture
def waiting(store: Store, make: MakeArticle) -> StoredArticle:
    """A stored article that waits for an editor, with something open about it."""
    stored = make(1, status=Status.WAITING, review=OPEN)
    store.journal.create(stored)
    return stored


@dataclass
class Tap(monitoring.CommandListener):
    """The commands that PyMongo sends while it is open, without those of sessions and cursors."""

    commands: list[dict[str, Any]] = field(default_factory=list)
    open: bool = False

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if self.open:
            self.commands.append(dict(event.command))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        pass

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        pass

    def during(self, action: Callable[[], object]) -> list[dict[str, Any]]:
        """The commands that `action` sends."""
        self.commands, self.open = [], True
        try:
            action()
        finally:
            self.open = False
        return self.commands


_TAP = Tap()
monitoring.register(_TAP)  # hears every client made from now on, and there is no way to leave


@pytest.fixture
def tap() -> Tap:
    return _TAP
