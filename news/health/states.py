"""The states of a site, what a judgement is made of, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from news.health.memory import Memory
from news.rhythm import Rhythm
from news.schedule import Expect

Value = float | str | datetime | None


class HealthState(StrEnum):
    HEALTHY = "healthy"
    LATE = "late"  # it was not crawled when it was due, and that is our fault
    SILENT = "silent"  # it can be read and publishes nothing, longer than its rhythm lets one expect
    BROKEN = "broken"  # it cannot be read
    BLOCKED = "blocked"  # it does not let us in
    REDESIGNED = "redesigned"  # it comes, and is not what it was
    PAUSED = "paused"  # an operator paused it

    @property
    def troubled(self) -> bool:
        """Whether the site is at fault."""
        return self in (HealthState.BROKEN, HealthState.BLOCKED, HealthState.REDESIGNED)


WORST = (
    HealthState.BROKEN, HealthState.BLOCKED, HealthState.REDESIGNED, HealthState.SILENT, HealthState.LATE,
    HealthState.PAUSED, HealthState.HEALTHY,
)  # fmt: skip
"""The order in which people are told of sites."""


@dataclass(frozen=True, slots=True)
class Pause:
    """That an operator paused a site: since when, by whom, until when (None: until it is resumed), and why."""

    at: datetime
    by: str
    until: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Signals:
    """What a judgement is made of. `lull` is the longest silence of the year (news.health.silence.longest_lull), `due`
    when the crawl was due that has not begun yet, and may lie ahead; `watched` since when somebody has been there to
    begin it; `every` the distance of its schedule. Times are UTC."""

    memory: Memory = field(default_factory=Memory)
    rhythm: Rhythm = field(default_factory=Rhythm)
    lull: float = 0.0
    expect: Expect = field(default_factory=Expect)
    due: datetime | None = None
    watched: datetime | None = None
    every: timedelta = timedelta(hours=1)
    paused: Pause | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure of the evidence, beside what is usual. `decisive`: it is why the state is what it is. Values are
    numbers, texts, or moments in UTC; shares are between 0 and 1."""

    name: str
    value: Value
    usual: Value = None
    decisive: bool = False


@dataclass(frozen=True, slots=True)
class Health:
    """How a site is. `since` is when that began, as far as it is known: the first crawl in vain, the newest article of
    a silent site. It may lie long before the moment at which it was noticed."""

    state: HealthState
    since: datetime
    evidence: tuple[Fact, ...] = ()

    def decisive(self) -> Mapping[str, Value]:
        """The figures for which the state is what it is, by name."""
        return {fact.name: fact.value for fact in self.evidence if fact.decisive}
