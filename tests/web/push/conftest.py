"""A shelf over the test's store, webhooks, and a pusher that waits for nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from config import Config
from news.push import Webhook
from news.site import Site, SiteKind
from storage.connect import Store
from storage.search import SearchIndex
from tests.web.push.consumer import Consumer
from web.push import manage
from web.push.channel import Pace
from web.push.pusher import Pusher
from web.push.sender import Sender
from web.shelf import Shelf

SITES = {
    "soyte": Site("soyte", "Sở Y tế tỉnh", SiteKind.PROVINCE, ("soyte.gov.vn",), "https://soyte.gov.vn/"),
    "nhandan": Site("nhandan", "Báo Nhân Dân", SiteKind.PRESS, ("nhandan.vn",), "https://nhandan.vn/"),
}
QUICK = Pace(tick=0.02, scale=0.0)


@pytest.fixture
def shelf(store: Store, config: Config) -> Iterator[Shelf]:
    with SearchIndex.of(config, store) as search:
        yield Shelf(store, search, lambda: SITES, "https://tin.example.vn")


@pytest.fixture
def hook(shelf: Shelf) -> Callable[..., Webhook]:
    """Makes a webhook for a consumer; `query`, `events`, `after` may be given."""

    def make(consumer: Consumer, **given: Any) -> Webhook:
        values = {"name": "thử", "query": "", "events": ("new", "updated", "merged", "retracted"), "after": "0"}
        webhook = manage.add(shelf, url=consumer.url, allow_private=True, **{**values, **given})
        consumer.secret = webhook.secret
        return webhook

    return make


@contextmanager
def pushing(shelf: Shelf, pace: Pace = QUICK, timeout: float = 10.0) -> Iterator[Pusher]:
    with Pusher(shelf, Sender("Bantin/test", timeout), pace) as pusher:
        yield pusher


def settled(store: Store, within: float = 60.0) -> None:
    """Returns when every webhook that is not paused has looked at every event, and nothing is pending."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        webhooks = [webhook for webhook in store.webhooks.all() if not webhook.paused]
        last = store.events.last()
        if all(w.cursor >= last and not store.deliveries.pending(w.id, 0, 1) for w in webhooks):
            return
        time.sleep(0.02)
    raise AssertionError("the consumers were not told in time")


def until(true: Callable[[], object], within: float = 20.0) -> None:
    """Waits until something is so."""
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, "it did not come to be"
        time.sleep(0.01)
