"""What the benches of scale and of followers conclude, and the crowd that they measure in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

from bench import followers
from bench.crowd import Crowd
from bench.scale import Point, outcome
from bench.ways import PeerPoint, peer_at
from bench.writers import Followed, Written, problems
from news.dedupe.sketch import ANCHORS, BANDS
from news.event import Event, EventKind
from storage.connect import Store

POINT = Point(10_000, (1.0,) * 30, (2.0,) * 30, 100.0, 100.0, 15.0, 20.0, 4.0)


def missed(points: list[Point]) -> list[str]:
    return [figure.name for figure in outcome(points, [PeerPoint("a peer")]).figures if not figure.ok]


def test_what_grows_with_the_store_is_said_so() -> None:
    million = replace(POINT, size=1_000_000)

    assert missed([POINT, million]) == []
    assert len(missed([POINT, replace(million, finds=(11.0,) * 30)])) == 1
    assert len(missed([POINT, replace(million, inserts=(5.0,) * 30)])) == 1
    assert len(missed([POINT, replace(million, memory=106.0)])) == 1
    assert len(missed([replace(POINT, found=90.0), million])) == 1
    assert "a peer: not installed" in outcome([POINT, million], [PeerPoint("a peer")]).figures[0].beside


def test_a_peer_is_measured_at_the_largest_size_that_fits() -> None:
    found = peer_at("rensa LSH in memory", [100, 300])

    assert found.size == 300
    assert found.find > 0


def test_a_crowd_is_the_same_each_time_and_most_of_it_is_unlike_the_rest() -> None:
    rows = list(islice(Crowd().others(3_000, 5_000), 2_000))

    assert [row for row, _ in rows] == [row for row, _ in islice(Crowd().others(3_000, 5_000), 2_000)]
    assert {len(row["keys"]) for row, _ in rows} == {ANCHORS + BANDS}
    assert 20 <= sum(stored is not None for _, stored in rows) <= 80
    keys = [key for row, stored in rows if not stored for key in row["keys"]]
    assert len(set(keys)) > 0.99 * len(keys)


def test_a_probe_of_ten_kinds_names_what_it_copies() -> None:
    crowd = Crowd()
    stored = crowd.real()[:40]
    probes = crowd.probes(stored, 20, seed=1)

    copies = [probe for probe in probes if probe.copy_of]
    assert len(copies) == 8
    assert {probe.copy_of for probe in copies} <= {one.id for one in stored}
    assert sum(probe.headed is not None for probe in probes if not probe.copy_of) == 2


def test_a_follower_that_saw_something_else_misses_its_target() -> None:
    now = datetime(2025, 3, 1, tzinfo=UTC)
    events = [Event(n, EventKind.CREATED, f"a{n}", "a", "s", 1, now, by=f"w0-{n}") for n in range(1, 41)]
    written = Written({event.by: 1.0 for event in events}, took=[5.0] * 40)
    seen = Followed(events, [1.01] * 40)

    def ok(*followed: Followed) -> list[bool]:
        run = followers.Run(10.0, events, [written], followed, [], 100.0, 500.0)
        return [figure.ok for figure in followers.outcome(run).figures][:2]

    assert ok(seen, seen) == [True, True]
    assert ok(seen, replace(seen, events=events[::-1])) == [False, True]
    (sheet,) = followers.outcome(followers.Run(10.0, events, [written], [seen], [], 1.0, 1.0)).sheets
    assert sheet.rows == (("0", "10", "10", "10", "0"),)


def test_an_event_without_its_change_is_found(store: Store) -> None:
    crowd = Crowd()
    one, other = crowd.real()[:2]
    for stored in (one, other):
        store.journal.create(stored)
    assert problems(store) == []

    store._database.articles.update_one({"_id": one.id}, {"$set": {"status": "retracted"}})
    store._database.articles.delete_one({"_id": other.id})
    assert len(problems(store)) == 2
