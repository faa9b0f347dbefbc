"""A site is crawled by one process at a time, and a dead one does not keep it."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage.connect import Store
from storage.owner import Owner
from storage.site_state import Distrust, SourceState

NOW = datetime(2025, 3, 1, 8, 30, 0, 123456, tzinfo=UTC)


@pytest.fixture
def dead() -> Owner:
    """The owner of a run whose process has ended."""
    with subprocess.Popen([sys.executable, "-c", "pass"]) as child:
        child.wait()
    return replace(Owner.here("dead"), pid=child.pid)


def test_a_site_is_claimed_by_one_run_at_a_time(store: Store) -> None:
    assert store.site_state.claim("a", Owner.here("r1"), NOW, 60)
    assert not store.site_state.claim("a", Owner.here("r2"), NOW, 60)
    assert store.site_state.claim("b", Owner.here("r2"), NOW, 60)
    assert store.site_state.claim("a", Owner.here("r1"), NOW, 60)  # the same claim, made again


def test_a_released_site_is_free(store: Store) -> None:
    store.site_state.claim("a", Owner.here("r1"), NOW, 60)
    store.site_state.release("a", "r2")  # somebody else's release frees nothing
    assert not store.site_state.claim("a", Owner.here("r2"), NOW, 60)
    store.site_state.release("a", "r1")
    assert store.site_state.claim("a", Owner.here("r2"), NOW, 60)


def test_a_claim_holds_as_long_as_it_is_renewed(store: Store) -> None:
    other_host = Owner("r1", "elsewhere", 1, "")
    store.site_state.claim("a", other_host, NOW, 60)
    assert store.site_state.renew("a", "r1", NOW + timedelta(seconds=50), 60)
    assert not store.site_state.claim("a", Owner.here("r2"), NOW + timedelta(seconds=100), 60)
    assert store.site_state.claim("a", Owner.here("r2"), NOW + timedelta(seconds=110), 60)
    assert not store.site_state.renew("a", "r1", NOW, 60)


def test_a_dead_process_keeps_no_site(store: Store, dead: Owner) -> None:
    assert store.site_state.claim("a", dead, NOW, 3600)
    assert store.site_state.claim("a", Owner.here("r2"), NOW, 60)
    assert not store.site_state.renew("a", "dead", NOW, 60)


def test_of_many_that_find_a_dead_owner_one_takes_over(store: Store, dead: Owner) -> None:
    store.site_state.claim("a", dead, NOW, 3600)
    won: list[int] = []
    start = threading.Barrier(6)

    def claim(n: int) -> None:
        start.wait()
        if store.site_state.claim("a", Owner.here(f"r{n}"), NOW, 60):
            won.append(n)

    threads = [threading.Thread(target=claim, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1


def test_how_far_each_source_was_read_is_remembered_beside_the_claim(store: Store) -> None:
    assert store.site_state.sources("a") == {}
    feed, listing = "https://a.vn/rss.xml?x=$1", "https://a.vn/tin.aspx"
    swept = SourceState(caught_up=True, swept=NOW, newest_keys=("a.vn/2", "a.vn/1"))
    store.site_state.set_source("a", feed, SourceState())
    store.site_state.set_source("a", feed, swept)
    store.site_state.set_source("a", listing, SourceState())
    assert store.site_state.claim("a", Owner.here("r1"), NOW, 60)
    store.site_state.release("a", "r1")
    assert store.site_state.sources("a") == {feed: swept, listing: SourceState()}


def test_only_a_claim_that_yields_is_asked_for_and_the_next_one_is_free_again(store: Store) -> None:
    assert store.site_state.is_free("a", NOW)
    assert store.site_state.claim("a", Owner.here("daily"), NOW, 60)
    assert not store.site_state.ask_way("a")
    assert not store.site_state.is_free("a", NOW)
    store.site_state.release("a", "daily")
    assert store.site_state.claim("a", Owner.here("fill"), NOW, 60, yields=True)
    assert not store.site_state.must_give_way("a", "fill")
    assert store.site_state.ask_way("a")
    assert store.site_state.renew("a", "fill", NOW, 60)
    assert store.site_state.must_give_way("a", "fill")
    store.site_state.release("a", "fill")
    assert store.site_state.is_free("a", NOW)
    assert store.site_state.claim("a", Owner.here("fill2"), NOW, 60, yields=True)
    assert not store.site_state.must_give_way("a", "fill2")


def test_a_claim_of_a_dead_process_leaves_the_site_free(store: Store, dead: Owner) -> None:
    assert store.site_state.claim("a", dead, NOW, 60)
    assert store.site_state.is_free("a", NOW)


def test_the_places_of_a_backfill_are_kept_for_its_days_only(store: Store) -> None:
    since, until = NOW - timedelta(days=9), NOW
    start = "https://a.vn/tin.aspx?x=$1"
    assert store.site_state.backfill("a", since, until) == {}
    store.site_state.mark_backfill("a", start, [f"{start}&page=7"], done=False)
    assert store.site_state.backfill("a", since, until) == {start: ((f"{start}&page=7",), False)}
    store.site_state.mark_backfill("a", start, [], done=True)
    assert store.site_state.backfill("a", since, until) == {start: ((), True)}
    assert store.site_state.backfill("a", since - timedelta(days=1), until) == {}
    assert store.site_state.backfill("a", since, until) == {}


def test_how_far_validators_are_trusted_is_kept_by_kind_of_page(store: Store) -> None:
    lie = Distrust(2, NOW + timedelta(days=14), "https://a.vn/1")
    store.site_state.set_trust("a", "articles", lie)
    store.site_state.set_trust("a", "sources", Distrust())
    assert store.site_state.trust("a") == {"articles": lie, "sources": Distrust()}
    assert store.site_state.trust("b") == {}
