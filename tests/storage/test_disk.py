"""A disk that fills is seen before it is full."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta

import pytest

from news.errors import BantinError
from storage.connect import Store
from storage.disk import GB, Room, days_left

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = NOW.date()


def test_the_room_is_that_of_the_file_system_under_mongodb(store: Store) -> None:
    room = store.disk.room()
    assert room is not None
    started = store._database.client.admin.command("getCmdLineOpts")["parsed"]
    here = shutil.disk_usage(started["storage"]["dbPath"])
    assert room.total == pytest.approx(here.total, rel=0.01)
    assert room.free == pytest.approx(here.free, rel=0.2)
    assert 0 < room.used < room.total


def test_below_the_floor_nothing_begins_and_the_message_says_what_to_do(store: Store) -> None:
    store.disk.require(0.001, NOW)
    with pytest.raises(BantinError, match=r"GB free, less than the 1e\+06 GB that must stay free.*bantin prune"):
        store.disk.require(1_000_000, NOW)


def test_the_size_of_a_day_is_kept_once_and_for_a_month(store: Store) -> None:
    for days, used in ((40, 1), (30, 2), (1, 3), (0, 4), (0, 5)):
        store.disk.note(used, NOW - timedelta(days=days))
    assert store.disk.sizes(NOW) == {
        TODAY - timedelta(days=30): 2, TODAY - timedelta(days=1): 3, TODAY: 4,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sizes", "left"),
    [
        ({}, None),
        ({0: 5 * GB}, None),
        ({10: 5 * GB, 0: 5 * GB}, None),
        ({10: 6 * GB, 0: 5 * GB}, None),
        ({10: 5 * GB, 0: 6 * GB}, 100),
        ({30: 1 * GB, 12: 9 * GB, 0: 4 * GB}, 100),
        ({1: 0, 0: 10 * GB}, 1),
    ],
)
def test_the_days_that_are_left_go_by_the_growth_of_the_month(sizes: dict[int, int], left: float | None) -> None:
    room = Room(free=10 * GB, total=100 * GB, used=0)
    measured: dict[date, int] = {TODAY - timedelta(days=days): used for days, used in sizes.items()}
    assert days_left(room, measured) == (left if left is None else pytest.approx(left))
