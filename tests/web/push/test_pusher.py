"""Consumers with bad manners: they harm nobody but themselves, and lose nothing by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config import load
from news.article import StoredArticle
from news.errors import BantinError
from news.push import DeliveryState, Pause, Webhook
from storage.connect import Store
from storage.retention import prune
from tests.conftest import Trap
from tests.web.push.conftest import QUICK, pushing, settled, until
from tests.web.push.consumer import listening
from web.push import manage, planner
from web.push.sender import Sender
from web.shelf import Shelf

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
Put = Callable[..., StoredArticle]
Hook = Callable[..., Webhook]


@dataclass
class Clock:
    """A clock that a test sets."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


def fresh(store: Store, webhook: Webhook) -> Webhook:
    found = store.webhooks.get(webhook.id)
    assert found is not None
    return found


def test_one_that_hangs_delays_no_other(store: Store, shelf: Shelf, put: Put, hook: Hook) -> None:
    with listening(lambda n, _: "hang") as hung, listening() as prompt:
        hook(hung, name="hung")
        hook(prompt, name="prompt")
        for n in range(20):
            put(f"a{n}")
        with pushing(shelf, timeout=3.0):
            until(lambda: len(prompt.taken) == 20)
            assert len(hung.heard) == QUICK.at_once, "so many and no more are under way"
            hung.mood = lambda n, _: "ok"
            hung.released.set()
            settled(store)
        assert len(hung.have) == 20


@pytest.mark.parametrize("mood", ["drip", "hang"])
def test_a_request_ends_when_its_time_is_over_whatever_comes(mood: str) -> None:
    with listening(lambda n, _: mood) as consumer:
        headers = {"X-Bantin-Delivery": "d", "X-Bantin-Signature": ""}
        answer = Sender("Bantin/test", timeout=0.4).post(consumer.url, headers, b'{"id":"","event":null}', private=True)
    assert (answer.status, answer.error) == (0, "no answer within 0.4 s")


def test_a_redirect_is_not_followed_and_an_answer_is_not_read_to_its_end(
    store: Store, shelf: Shelf, put: Put, hook: Hook, trap: Trap
) -> None:
    answers = [f"http://127.0.0.1:{trap.port}/", "http://169.254.169.254/latest/meta-data/", "503", "ok"]
    with listening(lambda n, _: answers[n - 1]) as consumer:
        webhook = hook(consumer)
        put("a1")
        with pushing(shelf):
            settled(store)
    assert trap.hits == []
    (delivery,) = store.deliveries.log(webhook.id)
    assert [attempt.status for attempt in delivery.attempts] == [302, 302, 503, 204]
    assert delivery.attempts[2].answer == ("<b>why</b>" * 200)[:500]
    assert delivery.state is DeliveryState.DELIVERED
    assert delivery.body == b"", "what was told is not kept twice"


def test_an_address_in_our_own_network_is_not_asked_unless_the_operator_says_so(
    store: Store, shelf: Shelf, put: Put, trap: Trap
) -> None:
    hosts = ("127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]", "0x7f.1")
    webhooks = [manage.add(shelf, host, f"http://{host}:{trap.port}/", "", ["new"], after="0") for host in hosts]
    put("a1")
    with pushing(shelf, replace(QUICK, scale=1.0)):
        until(lambda: sum(len(one.attempts) for w in webhooks for one in store.deliveries.log(w.id)) == len(hosts))
    assert trap.hits == []
    for webhook in webhooks:
        (attempt,) = store.deliveries.log(webhook.id)[0].attempts
        assert "not an address of the public internet" in attempt.error
        assert attempt.status == 0


def test_one_that_is_gone_is_paused_at_once_and_what_waits_is_kept(
    store: Store, shelf: Shelf, put: Put, hook: Hook
) -> None:
    with listening(lambda n, _: "410") as consumer:
        webhook = hook(consumer)
        for n in range(5):
            put(f"a{n}")
        with pushing(shelf, replace(QUICK, at_once=1)):
            until(lambda: fresh(store, webhook).paused)
            paused = fresh(store, webhook).paused
            assert paused is not None
            assert "410" in paused.reason
            until(lambda: len(consumer.heard) == 1)
            put("a5")
            consumer.mood = lambda n, _: "ok"
            done = manage.try_out(store, Sender("Bantin/test"), fresh(store, webhook))
            assert done.state is DeliveryState.DELIVERED
            assert fresh(store, webhook).paused is None, "it takes again"
            settled(store)
        assert sorted(consumer.have) == [f"a{n}" for n in range(6)]


def test_one_that_takes_nothing_for_twelve_hours_is_paused_before_anything_is_given_up(
    store: Store, shelf: Shelf, put: Put, hook: Hook
) -> None:
    clock = Clock()
    with listening(lambda n, _: "500") as consumer:
        webhook = hook(consumer)
        put("a1")
        with pushing(shelf, replace(QUICK, clock=clock, scale=1.0)):
            for _ in range(60):
                tried = len(consumer.heard)
                until(lambda tried=tried: len(consumer.heard) > tried or fresh(store, webhook).paused)  # type: ignore[misc]
                if fresh(store, webhook).paused:
                    break
                until(lambda: len(store.deliveries.log(webhook.id)[0].attempts) == len(consumer.heard))
                clock.now += timedelta(hours=1.2)
        paused = fresh(store, webhook).paused
        assert paused is not None
        assert paused.automatic
        assert paused.reason == "Nothing was taken for 12 hours; last it answered 500."
        assert timedelta(hours=12) <= paused.at - NOW <= timedelta(hours=14)
        assert store.deliveries.log(webhook.id)[0].state is DeliveryState.PENDING


def test_a_successful_test_does_not_end_the_pause_that_a_person_made(store: Store, shelf: Shelf, hook: Hook) -> None:
    with listening() as consumer:
        webhook = hook(consumer)
        store.webhooks.pause(webhook.id, Pause(NOW, "bảo trì"))
        manage.try_out(store, Sender("Bantin/test"), fresh(store, webhook))
        assert fresh(store, webhook).paused == Pause(NOW, "bảo trì")
        assert consumer.heard[0].headers["X-Bantin-Event"] == "test"
        assert consumer.forged == 0


def test_an_item_that_cannot_be_read_holds_up_its_own_corrections_and_nothing_else(
    store: Store, shelf: Shelf, put: Put, hook: Hook
) -> None:
    readable = False

    def mood(n: int, body: dict[str, Any]) -> str:
        return "ok" if readable or body["id"] != "bad" else "400"

    with listening(mood) as consumer:
        hook(consumer)
        bad = put("bad")
        with pushing(shelf, replace(QUICK, scale=0.0001)):
            until(lambda: consumer.heard)
            store.journal.edit(bad.id, replace(bad.article, title="Đính chính"), NOW, by="lan")
            for n in range(10):
                put(f"a{n}")
            until(lambda: len(consumer.have) == 10)
            refused = [heard for heard in consumer.heard if heard.body["id"] == "bad"]
            assert {heard.delivery for heard in refused} == {refused[0].delivery}
            readable = True
            settled(store)
        said = [heard.body["article"]["title"] for heard in consumer.taken if heard.body["id"] == "bad"]
        assert said == ["Bài bad", "Đính chính"]


def test_of_two_pushers_one_acts_and_the_other_takes_over(store: Store, shelf: Shelf, put: Put, hook: Hook) -> None:
    with listening() as consumer:
        hook(consumer)
        with pushing(shelf) as first:
            until(lambda: first.acts)
            with pushing(shelf) as second:
                for n in range(10):
                    put(f"a{n}")
                settled(store)
                assert (first.acts, second.acts) == (True, False)
                first.__exit__(None, None, None)
                put("a10")
                until(lambda: len(consumer.have) == 11)
                assert second.acts
        assert len(consumer.heard) == 11, "nothing was told twice"


def test_everything_behind_a_cursor_is_told_anew_and_one_delivery_alone_too(
    store: Store, shelf: Shelf, put: Put, hook: Hook
) -> None:
    with listening() as consumer:
        webhook = hook(consumer)
        for n in range(4):
            put(f"a{n}")
        store.journal.retract("a1", NOW, "gone")
        with pushing(shelf):
            settled(store)
            before = dict(consumer.titles)
            consumer.have, consumer.heard = {"a1": {"title": "lost"}}, []
            manage.replay(store, fresh(store, webhook), "1")
            settled(store)
            until(lambda: len(consumer.heard) >= 3)
            assert consumer.titles.keys() == before.keys() - {"a0"}
            assert sorted(heard.body["notice"] for heard in consumer.taken) == ["new", "new", "retracted"]
            first = store.deliveries.log(webhook.id)[-1]
            planner.again(shelf, fresh(store, webhook), first, NOW)
            settled(store)
            until(lambda: len(consumer.have) == 3)
        assert consumer.titles == before
        assert store.deliveries.log(webhook.id, 1)[0].replay_of == first.id
        with pytest.raises(BantinError, match="ahead of"):
            manage.replay(store, webhook, "99")


def test_a_webhook_that_slept_past_the_events_that_are_kept_says_so(
    store: Store, shelf: Shelf, put: Put, hook: Hook
) -> None:
    with listening() as consumer:
        for n in range(3):
            put(f"a{n}")
        webhook = hook(consumer, after="1")
        prune(store.retention, replace(load({}), keep_events_days=1), datetime.now(UTC))
        put("a3")
        with pushing(shelf):
            until(lambda: fresh(store, webhook).paused)
            assert "no longer kept" in str(fresh(store, webhook).paused)
            manage.resume(store, fresh(store, webhook))
            settled(store)
        assert list(consumer.have) == ["a3"]


def test_a_removed_webhook_leaves_its_log_and_nothing_else(store: Store, shelf: Shelf, put: Put, hook: Hook) -> None:
    with listening(lambda n, _: "500") as consumer:
        webhook = hook(consumer)
        put("a1")
        with pushing(shelf, replace(QUICK, scale=1.0)):
            until(lambda: consumer.heard)
        assert manage.remove(store, webhook) == 1
        assert manage.remove(store, webhook) == 0
    assert store.webhooks.all() == []
    assert store.deliveries.log(webhook.id)[0].state is DeliveryState.CANCELLED
    assert store.holdings.of(webhook.id, ["a1"]) == {}


def test_the_cursor_of_a_moment_is_found(store: Store, put: Put) -> None:
    for n in range(7):
        put(f"a{n}")
    store.journal.retract("a1", NOW + timedelta(days=1), "gone")
    assert manage.cursor_at(store, NOW - timedelta(days=9)) == "0"
    assert manage.cursor_at(store, NOW + timedelta(hours=1)) == "7"
    assert manage.cursor_at(store, NOW + timedelta(days=9)) == "8"
