"""Of several who would act one does, by MongoDB's clock; who slept through the end of its turn is told so."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace

import pytest

from news.errors import BantinError
from storage import leadership
from storage.connect import Store
from storage.leadership import Leadership
from storage.leases import Lease
from storage.owner import Owner
from storage.patience import StorageUnavailable

ELSEWHERE = Owner("s1", "another-machine", 1, "")
OTHER = Owner("s2", "a-third-machine", 1, "")


def test_one_holds_the_lease_and_the_others_wait_until_its_time_is_over(store: Store) -> None:
    mine = store.leases.acquire("scheduler", ELSEWHERE, 0.3)
    assert mine == Lease("scheduler", 1, "s1")
    assert store.leases.acquire("scheduler", OTHER, 10) is None
    time.sleep(0.4)
    assert store.leases.acquire("scheduler", OTHER, 10) == Lease("scheduler", 2, "s2")
    assert not store.leases.renew(mine, 10), "it comes too late"
    assert not store.leases.is_current("scheduler", 1)
    assert store.leases.is_current("scheduler", 2)


def test_who_renews_keeps_it(store: Store) -> None:
    mine = store.leases.acquire("scheduler", ELSEWHERE, 0.3)
    assert mine
    for _ in range(3):
        time.sleep(0.15)
        assert store.leases.renew(mine, 0.3)
    assert store.leases.acquire("scheduler", OTHER, 10) is None


def test_a_turn_whose_time_is_over_holds_no_more_though_nobody_took_it(store: Store) -> None:
    store.leases.acquire("scheduler", ELSEWHERE, 0.1)
    time.sleep(0.2)
    assert not store.leases.is_current("scheduler", 1)


def test_a_dead_holder_of_this_machine_is_followed_at_once(store: Store) -> None:
    store.leases.acquire("scheduler", replace(Owner.here("dead"), pid=2**22), 60)
    assert store.leases.acquire("scheduler", OTHER, 10) == Lease("scheduler", 2, "s2")


def test_asking_again_after_a_lost_answer_gives_it_again(store: Store) -> None:
    store.leases.acquire("scheduler", ELSEWHERE, 60)
    again = store.leases.acquire("scheduler", ELSEWHERE, 60)
    assert again == Lease("scheduler", 2, "s1")


def test_a_lease_given_back_is_free(store: Store) -> None:
    mine = store.leases.acquire("scheduler", ELSEWHERE, 60)
    assert mine
    store.leases.release(mine)
    assert store.leases.acquire("scheduler", OTHER, 10) == Lease("scheduler", 2, "s2")
    holder = store.leases.holder("scheduler")
    assert holder is not None
    assert (holder.owner, holder.token, holder.holds) == (OTHER, 2, True)


def test_of_whoever_let_its_turn_run_out_it_is_known_since_when(store: Store) -> None:
    assert store.leases.holder("scheduler") is None
    mine = store.leases.acquire("scheduler", ELSEWHERE, 60)
    assert mine
    earlier = {name: {"$subtract": [f"${name}", 3_600_000]} for name in ("until", "renewed")}
    store._database.leases.update_one({}, [{"$set": earlier}])
    holder = store.leases.holder("scheduler")
    assert holder is not None
    assert not holder.holds
    assert 3600 <= holder.age < 3660
    store.leases.renew(mine, 10)
    renewed = store.leases.holder("scheduler")
    assert renewed is not None
    assert renewed.holds
    assert renewed.age < 60


def test_of_many_that_ask_at_once_one_gets_it(store: Store) -> None:
    start = threading.Barrier(8)

    def ask(n: int) -> Lease | None:
        start.wait()
        return store.leases.acquire("scheduler", Owner(f"s{n}", f"machine-{n}", 1, ""), 60)

    with ThreadPoolExecutor(8) as pool:
        got = [lease for lease in pool.map(ask, range(8)) if lease is not None]
    assert [lease.token for lease in got] == [1]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leadership, "LASTS", 1.0)
    monkeypatch.setattr(leadership, "_LOOKS", 0.1)


def until(told: object, condition: object) -> None:
    deadline = time.monotonic() + 10
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, told
        time.sleep(0.02)


@pytest.mark.usefixtures("quick")
def test_a_second_one_follows_when_the_first_has_gone(store: Store) -> None:
    turns: list[tuple[str, int]] = []
    first = Leadership(store.leases, "x", ELSEWHERE, lambda token: turns.append(("first", token)))
    with ExitStack() as stack:
        with first:
            until("the first holds it", lambda: first.token)
            second = stack.enter_context(
                Leadership(store.leases, "x", OTHER, lambda token: turns.append(("second", token)))
            )
            time.sleep(0.3)
            assert (first.token, second.token) == (1, 0)
            assert first.holds()
        until("the second holds it", lambda: second.token)
        assert first.token == 0
        assert turns == [("first", 1), ("second", 2)]


@pytest.mark.usefixtures("quick")
def test_nothing_is_begun_before_the_turn_is_prepared(store: Store) -> None:
    prepared = threading.Event()
    lead = Leadership(store.leases, "x", ELSEWHERE, lambda token: (prepared.wait(10), None)[1])
    with lead:
        until("taken", lambda: store.leases.is_current("x", 1))
        time.sleep(1.5)  # longer than the lease lasts: it is renewed while the turn is being prepared
        assert lead.token == 0
        assert store.leases.is_current("x", 1)
        prepared.set()
        until("ready", lambda: lead.token == 1)


@pytest.mark.usefixtures("quick")
def test_a_turn_that_cannot_be_prepared_is_prepared_again(store: Store) -> None:
    tries: list[int] = []

    def prepare(token: int) -> None:
        tries.append(token)
        if len(tries) == 1:
            raise BantinError("MongoDB was away for longer than patience lasts.", "")

    with Leadership(store.leases, "x", ELSEWHERE, prepare) as lead:
        until("ready", lambda: lead.token == 1)
    assert tries == [1, 1]


@pytest.mark.usefixtures("quick")
def test_a_lease_outlives_a_mongodb_that_is_away_if_nobody_else_took_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unanswered(lease: Lease, seconds: float) -> bool:
        raise StorageUnavailable("MongoDB does not answer.", "")

    with Leadership(store.leases, "x", ELSEWHERE, lambda token: None) as lead:
        until("taken", lambda: lead.token == 1)
        with monkeypatch.context() as away:
            away.setattr(store.leases, "renew", unanswered)
            until("unsure", lambda: lead.token == 0)
        until("sure again", lambda: lead.token == 1)


@pytest.mark.usefixtures("quick")
def test_who_was_asleep_past_its_time_does_not_think_it_holds(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    lead = Leadership(store.leases, "x", ELSEWHERE, lambda token: None)
    with lead:
        until("taken", lambda: lead.token)
        monkeypatch.setattr(leadership, "_LOOKS", 60)  # as a stopped process, which renews nothing
        time.sleep(1.5)
        assert lead.token == 0
        assert not lead.holds()
