"""A simulated month over forty sites with outages, walls, redesigns, silent weeks and Tết: each fault is noticed once,
called what it is and found over once, and no site is called anything that it is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from bench.month import BEGIN, DAYS, Change, Portal, Told, account, catalogue, live
from news.alerts import ItemKind, QuietHours, Rules, plan
from news.article import VIETNAM
from news.health import Health, HealthState
from news.holidays import Rest, rest

Seen = dict[str, tuple[Portal, list[Told], list[Change], list[Change]]]


@pytest.fixture(scope="module")
def month() -> Seen:
    """By site: the faults as they were seen, the changes that stand for none, and all changes."""
    seen: Seen = {}
    for portal in catalogue():
        changes = list(live(portal, look=timedelta(minutes=30)))
        seen[portal.id] = (portal, *account(portal, changes), changes)
    return seen


def test_every_fault_is_noticed_as_what_it_is_and_found_over(month: Seen) -> None:
    told = [one for _, seen, _, _ in month.values() for one in seen]

    assert len(told) > 30
    assert {one.fault.state for one in told} == set(HealthState) - {HealthState.HEALTHY, HealthState.PAUSED}
    assert not [one for one in told if one.noticed is None or one.over is None]


def test_nothing_is_told_of_what_was_no_fault(month: Seen) -> None:
    assert not [change for _, _, left, _ in month.values() for change in left]


def test_a_site_without_a_fault_is_healthy_all_month_slow_rare_or_silent_at_tet(month: Seen) -> None:
    calm = [(portal, changes) for portal, _, _, changes in month.values() if not portal.faults]

    assert {portal.kind for portal, _ in calm} >= {"rare", "Tết", "press", "weekend", "bursts"}
    assert any(portal.slow for portal, _ in calm)
    assert not [changes for _, changes in calm if changes]
    at_tet = [change for *_, changes in month.values() for change in changes if change.after is HealthState.SILENT]
    assert at_tet
    assert not [change for change in at_tet if rest(change.at.astimezone(VIETNAM).date()) is Rest.TET]


def test_what_cannot_be_read_is_known_within_hours_and_a_silence_within_days(month: Seen) -> None:
    hours: dict[HealthState, list[float]] = {}
    for _, told, _, _ in month.values():
        for one in told:
            assert one.noticed is not None
            hours.setdefault(one.fault.state, []).append(one.noticed / timedelta(hours=1))

    assert max(hours[HealthState.BROKEN] + hours[HealthState.BLOCKED]) < 12
    assert max(hours[HealthState.LATE]) < 6
    assert max(hours[HealthState.SILENT]) < 24 * 8


def test_each_change_says_which_figures_decided_it(month: Seen) -> None:
    for *_, changes in month.values():
        for change in changes:
            if change.after is not HealthState.HEALTHY:
                assert [fact for fact in change.evidence if fact.decisive], change


@dataclass(frozen=True)
class Kept:
    """A change as the store keeps it."""

    id: str
    site: str
    at: datetime
    before: HealthState
    health: Health


def test_every_change_is_told_once_and_none_at_night(month: Seen) -> None:
    rules = Rules(timedelta(minutes=2), QuietHours.parse("22:00-06:00"))
    every = sorted((change for *_, changes in month.values() for change in changes), key=lambda change: change.at)
    waiting = [
        Kept(str(n), one.site, one.at, one.before, Health(one.after, one.at, one.evidence))
        for n, one in enumerate(every)
    ]
    told, known, kinds, now = list[Kept](), set[str](), set[ItemKind](), BEGIN
    while now < BEGIN + timedelta(days=DAYS + 1):
        now += timedelta(minutes=30)
        untold = [change for change in waiting if change.at <= now and change.id not in known]
        if batch := plan(untold, told, sites=40, rules=rules, now=now):
            assert 6 <= now.astimezone(VIETNAM).hour < 22
            kinds |= {item.kind for item in batch.items}
            told += [change for change in untold if change.id in batch.changes]
            known.update(batch.changes)

    assert len(told) == len(known) == len(waiting) > 60
    assert ItemKind.FLAPS not in kinds
