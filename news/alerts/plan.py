"""What is to be told now, and what waits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol, Self

from news.article import VIETNAM
from news.errors import InvalidValue
from news.health import Health, HealthState

# A site that has changed so often within a day is told once as one that comes and goes, then only when it has stayed
# what it is for so long. Three times down and up: the third message about one site in a day is read by nobody.
FLAPS, FLAPS_WITHIN, SETTLED = 6, timedelta(days=1), timedelta(hours=6)
# Sites that are down together, a quarter of all and at least five: that is no matter of theirs, told at night too.
_MANY, _SHARE = 5, 0.25
_UP = (HealthState.HEALTHY, HealthState.PAUSED)
_DOWN = (HealthState.BROKEN, HealthState.BLOCKED, HealthState.LATE)


class Change(Protocol):
    """A change of state as the store keeps it (storage.health.HealthChange)."""

    @property
    def id(self) -> str: ...
    @property
    def site(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def before(self) -> HealthState | None: ...
    @property
    def health(self) -> Health: ...


class QuietHours(NamedTuple):
    """Hours of each day in which nothing is told, in minutes from midnight, Vietnam's time; they may hold midnight."""

    begins: int
    ends: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises InvalidValue for what is not like 22:00-06:00."""
        match = re.fullmatch(r"(\d\d):(\d\d)-(\d\d):(\d\d)", text.strip())
        hours = [int(part) for part in match.groups()] if match else []
        if not match or max(hours[0], hours[2]) > 23 or max(hours[1], hours[3]) > 59 or hours[:2] == hours[2:]:
            raise InvalidValue(f"{text!r} are no hours of a day.", "Write them like 22:00-06:00.")
        return cls(hours[0] * 60 + hours[1], hours[2] * 60 + hours[3])

    def hold(self, moment: datetime) -> bool:
        """Whether the moment lies in them; the end itself does not."""
        local = moment.astimezone(VIETNAM)
        minute = local.hour * 60 + local.minute
        if self.begins < self.ends:
            return self.begins <= minute < self.ends
        return minute >= self.begins or minute < self.ends


@dataclass(frozen=True, slots=True)
class Rules:
    """What comes within `group` of a change is told with it; nothing is told in the `quiet` hours, but that many sites
    fail at once."""

    group: timedelta = timedelta(minutes=2)
    quiet: QuietHours | None = None


class ItemKind(StrEnum):
    CHANGED = "changed"
    PASSED = "passed"  # it was otherwise meanwhile, and is what it was
    FLAPS = "flaps"  # it comes and goes
    SETTLED = "settled"  # it did, and has stayed what it is


class Item(NamedTuple):
    """What is told of one site: its changes since it was last told of, oldest first."""

    kind: ItemKind
    changes: tuple[Change, ...]

    @property
    def site(self) -> str:
        return self.changes[0].site

    @property
    def before(self) -> HealthState | None:
        return self.changes[0].before

    @property
    def health(self) -> Health:
        return self.changes[-1].health

    @property
    def is_over(self) -> bool:
        """Whether a fault came and went before it could be told."""
        well = self.kind is ItemKind.PASSED and self.health.state is HealthState.HEALTHY
        return well and any(change.health.state not in _UP for change in self.changes)


class Batch(NamedTuple):
    """One message. `many`: so many sites are down at once that the fault is likely our own."""

    items: tuple[Item, ...]
    many: bool = False

    @property
    def down(self) -> int:
        """How many of the sites are down still."""
        return sum(item.health.state in _DOWN for item in self.items)

    @property
    def over(self) -> int:
        """How many were otherwise, and are well again."""
        return sum(item.is_over for item in self.items)

    @property
    def changes(self) -> tuple[str, ...]:
        """The ids of the changes that it tells."""
        return tuple(change.id for item in self.items for change in item.changes)


def plan(
    untold: Sequence[Change], recent: Iterable[Change], *, sites: int, rules: Rules, now: datetime
) -> Batch | None:
    """What is to be told at `now` of the changes that were not told yet; None where nothing is, or where it waits.

    `recent` are the changes of the last day, told or not; `sites` is how many there are. The same changes planned
    again give the same batch, as long as no other came.
    """
    items = [item for site in _by_site(untold).values() if (item := _item(site, recent, now)) is not None]
    if not items:
        return None
    batch = Batch(tuple(items))
    many = batch.down >= max(_MANY, _SHARE * sites)
    if now - min(item.changes[0].at for item in items if item.changes) < rules.group:
        return None
    if rules.quiet is not None and rules.quiet.hold(now) and not many:
        return None
    return batch._replace(many=many)


def _by_site(changes: Iterable[Change]) -> Mapping[str, list[Change]]:
    by_site: dict[str, list[Change]] = {}
    for change in sorted(changes, key=lambda change: change.at):
        by_site.setdefault(change.site, []).append(change)
    return by_site


def _item(changes: Sequence[Change], recent: Iterable[Change], now: datetime) -> Item | None:
    site, first, last = changes[0].site, changes[0], changes[-1]
    past = {change.id: change for change in recent if change.site == site} | {change.id: change for change in changes}
    if _flapping([change for change in past.values() if change.at < first.at], first.at):
        kind = ItemKind.SETTLED if now - last.at >= SETTLED else None
    elif _flapping(past.values(), last.at):
        kind = ItemKind.FLAPS
    else:
        kind = ItemKind.PASSED if first.before is last.health.state else ItemKind.CHANGED
    return Item(kind, tuple(changes)) if kind else None


def _flapping(changes: Iterable[Change], at: datetime) -> bool:
    return sum(at - change.at <= FLAPS_WITHIN for change in changes) >= FLAPS
