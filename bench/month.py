"""A month of forty sites, simulated: portals that publish, fail, block, change and fall silent, crawled as the
scheduler crawls them and judged after each crawl.

Nothing here waits or fetches: a crawl is a RunReport such as that portal would have given at that moment.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

from bench.rhythms import KINDS, generate
from news.article import VIETNAM
from news.cadence import bounds_of, cost_of, next_crawl
from news.errors import Reason
from news.health import Fact, Health, HealthState, Memory, Signals, judge, next_try
from news.health.silence import longest_lull
from news.report import FIELDS, Fate, RunReport, RunState
from news.rhythm import Rhythm
from news.schedule import Schedule

# Tết of 2025: offices rest from 27 January to 2 February.
BEGIN, DAYS, WARM_UP = datetime(2025, 1, 8, tzinfo=VIETNAM), 33, 90
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_EVERY = timedelta(minutes=60)
_FEED = 20  # entries
_REVISITS = (timedelta(hours=6), timedelta(days=1), timedelta(days=7))


class Fault(NamedTuple):
    """What befalls a site from `begin` to `end`, and what it is to be called meanwhile."""

    kind: str
    begin: datetime
    end: datetime
    state: HealthState

    def at(self, moment: datetime) -> bool:
        return self.begin <= moment < self.end


class Change(NamedTuple):
    """That a site was found to be in another state."""

    site: str
    at: datetime
    before: HealthState
    after: HealthState
    evidence: tuple[Fact, ...]


# What a fault does to the sources of a crawl, with the reason that is counted.
_SOURCES: dict[str, tuple[Fate, Reason]] = {
    "server down": (Fate.FAILED, Reason.HTTP_SERVER),
    "name gone": (Fate.FAILED, Reason.DNS),
    "certificate expired": (Fate.FAILED, Reason.TLS),
    "no answer": (Fate.FAILED, Reason.TIMEOUT),
    "feed is a page": (Fate.UNREADABLE, Reason.UNREADABLE),
    "blocked": (Fate.BLOCKED, Reason.HTTP_CLIENT),
    "lists redesigned": (Fate.EMPTY, Reason.UNREADABLE),
    "moved": (Fate.GONE, Reason.GONE),
}
STATES = {
    **dict.fromkeys(("server down", "name gone", "certificate expired", "no answer"), HealthState.BROKEN),
    **dict.fromkeys(("feed is a page", "pages down"), HealthState.BROKEN),
    "blocked": HealthState.BLOCKED,
    "pages blocked": HealthState.BLOCKED,
    **dict.fromkeys(("lists redesigned", "moved", "pages redesigned", "half redesigned"), HealthState.REDESIGNED),
    **dict.fromkeys(("pages empty", "authors lost", "a source gone"), HealthState.REDESIGNED),
    "silent": HealthState.SILENT,
    "not crawled": HealthState.LATE,
}  # fmt: skip


@dataclass
class Portal:
    """A site: what it publishes, how its pages look, and what befalls it. `slow`: a crawl of it loses a tenth of the
    pages, and is often cut off by its time limit."""

    id: str
    kind: str
    seed: int
    faults: tuple[Fault, ...] = ()
    slow: bool = False
    sources: int = 2
    mark: str = "site:a"
    usual: dict[str, float] = field(default_factory=lambda: {"lead": 0.9, "author": 0.7, "source": 0.3})

    def __post_init__(self) -> None:
        silent = [fault for fault in self.faults if fault.kind == "silent"]
        every = generate(KINDS[self.kind], (BEGIN.date() - date(2025, 1, 1)).days + DAYS, self.seed)
        self.published = [moment for moment in every if not any(fault.at(moment) for fault in silent)]
        self._random = Random(self.seed)
        self._known = 0
        self._again: list[datetime] = []

    def warm_up(self) -> Memory:
        """What was learnt of the site in the months before, from a crawl a day."""
        memory, day = Memory(), BEGIN - WARM_UP * _DAY
        self._known = bisect_right(self.published, day)
        while day < BEGIN:
            day += _DAY
            memory = memory.learn(self.crawl(day - timedelta(minutes=self._random.randrange(600))))
        return memory

    def crawl(self, at: datetime) -> RunReport:
        """The report of a crawl at that moment. A failing one finds nothing, and what it missed is found later as far
        as the feed still names it."""
        fault = next((fault for fault in self.faults if fault.at(at)), None)
        kind = fault.kind if fault else ""
        report = RunReport(f"{self.id}-{at:%m%d-%H%M}", self.id, at, RunState.DONE, at + timedelta(minutes=1))
        names = [f"https://{self.id}.vn/{n}" for n in range(self.sources)]
        # Short failures of every day, which nobody is to hear of.
        if not kind and self._random.random() < 0.01:
            kind = "no answer"
        if kind in _SOURCES:
            fate, reason = _SOURCES[kind]
            return replace(
                report, state=RunState.FAILED, sources=dict.fromkeys(names, fate),
                reasons={str(reason): self.sources}, error="Sources that could not be read",
            )  # fmt: skip
        reached = bisect_right(self.published, at)
        fresh = self.published[max(self._known, reached - _FEED) : reached]
        self._known = reached
        fates = dict.fromkeys(names, Fate.READ if fresh else Fate.UNCHANGED)
        if kind == "a source gone":
            fates[names[0]] = Fate.GONE
        again = [moment for moment in self._again if moment <= at]
        self._again = [moment for moment in self._again if moment > at]
        report = replace(report, sources=fates, listed=_FEED if fresh else 0, newest=max(fresh, default=None))
        report = self._pages(report, len(fresh), len(again), kind)
        if report.new:
            self._again += [at + after for _ in range(report.new) for after in _REVISITS]
        if self.slow and self._random.random() < 0.3:
            report = replace(report, state=RunState.KILLED, error="killed after 1800 seconds, its time limit")
        return report

    def _pages(self, report: RunReport, fresh: int, again: int, kind: str) -> RunReport:
        """What the pages of the crawl were."""
        random, counts = self._random, Counter[str]()
        bodies, lost = Counter[str](), Counter[str]()
        for page in range(fresh + again):
            changed = kind == "pages redesigned" or (kind == "half redesigned" and random.random() < 0.5)
            if kind == "pages down" or random.random() < (0.1 if self.slow else 0.01):
                lost[str(Reason.TIMEOUT if self.slow else Reason.HTTP_SERVER)] += 1
            elif kind == "pages blocked":
                lost[str(Reason.BLOCKED)] += 1
            elif kind == "pages empty" or random.random() < 0.03:
                lost[str(Reason.NO_TEXT)] += 1
            elif page >= fresh and random.random() < 0.7:
                counts["unchanged"] += 1
            else:
                counts["articles"] += 1
                counts["sure"] += random.random() < (0.5 if changed else 0.95)
                bodies["density" if changed else self.mark] += 1
                counts.update(name for name in FIELDS if self._has(name, kind, changed=changed))
        new = min(fresh, counts["articles"])
        fields = {name: counts[name] for name in FIELDS if counts[name]}
        return replace(
            report, pages=fresh + again, new=new, unchanged=counts["unchanged"], articles=counts["articles"],
            sure=counts["sure"], confidence=0.9, bodies=bodies, fields=fields, lost=lost, reasons=lost,
        )  # fmt: skip

    def _has(self, name: str, kind: str, *, changed: bool) -> bool:
        if name == "author" and kind == "authors lost":
            return False
        usual = self.usual.get(name, 1.0)
        return self._random.random() < (usual * 0.4 if changed and name in ("lead", "author") else usual)


def live(portal: Portal, *, look: timedelta) -> Iterator[Change]:
    """The changes of state in the month. The site is crawled by its rhythm, and is looked at every `look` while a crawl
    of it waits."""
    memory, health = portal.warm_up(), Health(HealthState.HEALTHY, BEGIN)
    rhythm = Rhythm.learn([(m, True) for m in portal.published if BEGIN - WARM_UP * _DAY < m <= BEGIN], BEGIN)
    cost, bounds, schedule = cost_of(rhythm, _EVERY / 2), bounds_of(_EVERY), Schedule()
    lull = longest_lull([moment for moment in portal.published if moment <= BEGIN], rhythm)
    now = BEGIN
    while now < BEGIN + DAYS * _DAY:
        report = portal.crawl(now)
        memory = memory.learn(report, settled=not health.state.troubled)
        signals = Signals(memory, rhythm, lull=lull, every=_EVERY, watched=BEGIN)
        before, (health, change) = health, _judged(portal.id, signals, health, now)
        yield from change
        if before.state.troubled and not health.state.troubled:
            memory = memory.over(now)
        if rhythm.until and now - rhythm.until > 7 * _DAY:
            fresh = [(m, True) for m in portal.published[: portal._known] if m > rhythm.until]
            rhythm = rhythm.grow(fresh, now)
        recent = portal.published[max(0, portal._known - 30) : portal._known]
        due = next_crawl(rhythm, now, now, cost=cost, found=[m for m in recent if m > rhythm.until], **bounds._asdict())  # type: ignore[operator]
        due = next_try(memory, schedule, now) or due
        now = next((fault.end for fault in portal.faults if fault.kind == "not crawled" and fault.at(due)), due)
        for n in range(1, (now - due) // look + 1):
            health, change = _judged(portal.id, replace(signals, due=due), health, due + n * look)
            yield from change


class Told(NamedTuple):
    """What was seen of a fault: how long until it was noticed, and from its end until the site was called healthy;
    None where it was not."""

    fault: Fault
    noticed: timedelta | None
    over: timedelta | None


def account(portal: Portal, changes: Sequence[Change]) -> tuple[list[Told], list[Change]]:
    """What was seen of each fault, and the changes that stand for none."""
    left, told = list(changes), []
    for fault in portal.faults:
        noticed = next((c for c in left if c.after is fault.state and fault.at(c.at)), None)
        behind = (c for c in left if noticed and c.before is fault.state and c.at >= fault.end)
        over = next((c for c in behind if c.after is HealthState.HEALTHY), None)
        left = [change for change in left if change not in (noticed, over)]
        told.append(Told(fault, noticed and noticed.at - fault.begin, over and over.at - fault.end))
    return told, left


def _judged(site: str, signals: Signals, before: Health, now: datetime) -> tuple[Health, list[Change]]:
    after = judge(signals, before, now)
    change = [Change(site, now, before.state, after.state, after.evidence)] if after.state is not before.state else []
    return after, change


def catalogue(seed: int = 1) -> list[Portal]:
    """Forty sites: of each kind some, with and without faults. No two faults of a site are at one time."""

    def fault(kind: str, day: float, days: float) -> Fault:
        begin = BEGIN + timedelta(days=day, minutes=Random(f"{seed} {kind} {day}").randrange(600))
        return Fault(kind, begin, begin + days * _DAY, STATES[kind])

    rows: list[tuple[str, Sequence[Fault], bool]] = [
        ("press", [fault("server down", 3, 0.5), fault("half redesigned", 8, 4), fault("blocked", 27, 1)], False),
        ("press", [fault("pages down", 5, 1), fault("not crawled", 12, 0.3), fault("authors lost", 26, 5)], False),
        ("steady", [fault("silent", 2, 6), fault("no answer", 18, 2), fault("pages redesigned", 26, 4)], False),
        ("steady", [fault("pages blocked", 9, 2), fault("certificate expired", 20, 1)], False),
        ("office hours", [fault("certificate expired", 4, 3), fault("lists redesigned", 27, 4)], False),
        ("office hours", [fault("silent", 1, 14), fault("name gone", 28, 1)], False),
        ("office hours", [fault("half redesigned", 1, 12)], False),
        ("evenings", [fault("moved", 6, 5), fault("server down", 21, 2)], False),
        ("evenings", [fault("pages redesigned", 1, 9), fault("not crawled", 27, 0.4)], False),
        ("Tết", [fault("blocked", 3, 2), fault("server down", 20, 3)], False),
        ("Tết", [fault("a source gone", 2, 6), fault("pages empty", 10, 4)], False),
        ("daily bulletin", [fault("feed is a page", 5, 2), fault("silent", 9, 9)], False),
        ("bursts", [fault("no answer", 6, 2), fault("blocked", 16, 3)], False),
        ("bursts by day", [fault("pages empty", 4, 4), fault("certificate expired", 22, 2)], False),
        ("irregular", [fault("lists redesigned", 5, 3), fault("name gone", 22, 1)], False),
        ("weekend", [fault("moved", 3, 4), fault("blocked", 20, 2)], False),
        ("rare", [fault("certificate expired", 4, 4)], False),
        ("rare", [fault("lists redesigned", 10, 10)], False),
        ("press", [fault("server down", 10, 0.2)], True),
        ("office hours", [], True),
        *(("rare", [], False) for _ in range(5)),
        *(("Tết", [], False) for _ in range(4)),
        *(("office hours", [], False) for _ in range(4)),
        *((kind, [], False) for kind in ("evenings", "press", "bursts", "bursts by day", "weekend", "irregular")),
        ("daily bulletin", [], False),
    ]  # fmt: skip
    kinds = {"evenings": "changed in July"}
    return [
        Portal(f"site-{n:02}", kinds.get(kind, kind), 1000 * seed + n, tuple(faults), slow, sources=1 + n % 3 or 1)
        for n, (kind, faults, slow) in enumerate(rows)
    ]
