"""What crawling by a site's rhythm saves: generated years of publication, crawled at fixed intervals and adaptively.

The policy begins with the twenty items that a feed shows and learns from nothing but what its crawls find. The seeds
are not those on which its constants were chosen. A kind of site that publishes around the clock cannot save half: its
figures have no target, and say why.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import exp, log
from multiprocessing import get_context
from os import cpu_count
from statistics import mean, quantiles
from typing import NamedTuple

from bench.figures import Curve, Figure, Outcome, Sheet, finish, options
from bench.rhythms import KINDS, START, generate, least
from news.article import VIETNAM
from news.cadence import bounds_of
from news.simulate import Adaptive, Fixed, Policy, replay

DAYS, SEEDS, QUICK_SEEDS = 365, (101, 102, 103), (101,)
# A site of three items a month says nothing alone: the mean of forty delays is off by a sixth.
RARE_SEEDS = tuple(range(101, 113))
_MINUTE = timedelta(minutes=1)
INTERVALS, QUICK_INTERVALS = (5, 15, 30, 60, 120), (15, 60)
# The delay aimed at, in minutes; the one at which the figures are read is 1.1 times that of 15 minutes.
AIMS, QUICK_AIMS = (2.0, 4.0, 8.25, 15.0, 30.0), (4.0, 8.25)
AIM, HALF, SLOWER = 8.25, 0.5, 1.2
# One price of a crawl for all sites, in minutes of waiting of one item.
PRICES, QUICK_PRICES = (1.5, 3.0, 6.0), (3.0, 6.0)


class Task(NamedTuple):
    kind: str
    seed: int
    policy: str  # "every", "adaptive" or "price"
    minutes: float


class Run(NamedTuple):
    task: Task
    requests: int
    delays: tuple[float, ...]  # minutes

    @property
    def mean(self) -> float:
        return mean(self.delays)


def run(task: Task) -> Run:
    begin = datetime.combine(START, datetime.min.time(), VIETNAM)
    history = generate(KINDS[task.kind], DAYS, task.seed)
    outcome = replay(history, _policy(task), begin, begin + timedelta(days=DAYS))
    return Run(task, outcome.requests, tuple(delay / _MINUTE for delay in outcome.delays))


def _policy(task: Task) -> Policy:
    if task.policy == "every":
        return Fixed(task.minutes * _MINUTE)
    bounds = bounds_of(15 * _MINUTE)
    if task.policy == "price":
        return Adaptive(_MINUTE, bounds, cost=task.minutes * _MINUTE)
    return Adaptive(task.minutes * _MINUTE, bounds_of(2 * task.minutes * _MINUTE))


class Point(NamedTuple):
    """What one policy came to over the sites of a kind, beside the interval of 15 minutes."""

    policy: str
    minutes: float
    requests_a_day: float
    requests: float  # as a share of those of 15 minutes
    delay: float  # minutes, the mean over the items
    slower: float  # as a multiple of that of 15 minutes
    p95: float

    @property
    def beside_even(self) -> float:
        """The delay as a multiple of that of the fixed interval with as many requests."""
        return self.delay / (24 * 60 / self.requests_a_day / 2)


def points(runs: Sequence[Run]) -> list[Point]:
    """The runs of some sites, put together by policy."""
    by_policy: dict[tuple[str, float], list[Run]] = {}
    for one in runs:
        by_policy.setdefault((one.task.policy, one.task.minutes), []).append(one)
    fixed = by_policy["every", 15]
    usual = sum(one.requests for one in fixed), _mean(fixed)
    return [_point(policy, minutes, together, usual) for (policy, minutes), together in by_policy.items()]


def _point(policy: str, minutes: float, runs: Sequence[Run], usual: tuple[int, float]) -> Point:
    requests = sum(one.requests for one in runs)
    delays = [delay for one in runs for delay in one.delays]
    a_day = requests / DAYS / len(runs)
    p95 = quantiles(delays, n=20)[-1]
    return Point(policy, minutes, a_day, requests / usual[0], _mean(runs), _mean(runs) / usual[1], p95)


def _mean(runs: Sequence[Run]) -> float:
    return sum(sum(one.delays) for one in runs) / sum(len(one.delays) for one in runs)


def at_half(curve: Sequence[Point]) -> float:
    """The delay, as a multiple of that of 15 minutes, where half its requests are spent: on the line through the two
    measured points that are nearest, delay and requests being powers of one another."""
    first, second = sorted(curve, key=lambda point: abs(log(point.requests / HALF)))[:2]
    steepness = log(second.slower / first.slower) / log(second.requests / first.requests)
    return first.slower * exp(steepness * log(HALF / first.requests))


def figures(kind: str, found: Sequence[Point]) -> Iterator[Figure]:
    adaptive = [point for point in found if point.policy == "adaptive"]
    aimed = next(point for point in adaptive if point.minutes == AIM)
    why = KINDS[kind].bounded
    half = at_half(adaptive)
    know = f"{2 * least(KINDS[kind], DAYS):.2f} who knows each hour's rate" if not KINDS[kind].more else ""
    yield Figure(
        f"{kind}: mean delay at half the requests of 15 minutes", half, "x", "" if why else "<= 1.2",
        bool(why) or half <= SLOWER, why or know,
    )  # fmt: skip
    worst = max(point.beside_even for point in adaptive)
    yield Figure(
        f"{kind}: delay beside a fixed interval's at equal requests, at worst", worst, "x", "" if why else "< 1",
        bool(why) or worst < 1, f"aiming at {AIM} min: {aimed.requests:.2f} x requests, {aimed.slower:.2f} x delay",
    )  # fmt: skip


def totals(runs: Sequence[Run]) -> Iterator[Figure]:
    """All sites together: at one aim, without and with those that cannot save, and at one price."""
    able = [one for one in runs if not KINDS[one.task.kind].bounded]
    for name, chosen in (("the kinds that can save", able), ("all kinds", runs)):
        sites = [_beside(one, runs) for one in chosen if one.task[2:] == ("adaptive", AIM)]
        requests, delay = mean(site[0] for site in sites), mean(site[1] for site in sites)
        judged = chosen is able
        yield Figure(
            f"{name}, one aim: requests", requests, "x", "<= .5" if judged else "", not judged or requests <= HALF,
            "mean over the sites, beside every 15 minutes",
        )  # fmt: skip
        yield Figure(
            f"{name}, one aim: mean delay", delay, "x", "<= 1.2" if judged else "", not judged or delay <= SLOWER,
            "mean over the sites, beside every 15 minutes",
        )  # fmt: skip
    half = at_half([point for point in points(runs) if point.policy == "price"])
    yield Figure(
        "all kinds, one price: mean delay at half the requests", half, "x", "<= 1.2", half <= SLOWER,
        "over all items; the press gets what rare sites do without",
    )  # fmt: skip


def _beside(one: Run, runs: Sequence[Run]) -> tuple[float, float]:
    fixed = next(other for other in runs if other.task == one.task._replace(policy="every", minutes=15))
    return one.requests / fixed.requests, one.mean / fixed.mean


def sheet(title: str, found: Sequence[Point]) -> Sheet:
    header = ("policy", "minutes", "requests a day", "x", "mean delay, min", "x", "p95, min", "x even")
    rows = [
        (
            point.policy, f"{point.minutes:g}", f"{point.requests_a_day:.1f}", f"{point.requests:.2f}",
            f"{point.delay:.1f}", f"{point.slower:.2f}", f"{point.p95:.1f}", f"{point.beside_even:.2f}",
        )
        for point in found
    ]  # fmt: skip
    return Sheet(title, header, tuple(rows))


def outcome(runs: Sequence[Run]) -> Outcome:
    kinds = {kind: points([one for one in runs if one.task.kind == kind]) for kind in KINDS}
    measured = [figure for kind, found in kinds.items() for figure in figures(kind, found)]
    seeds = {one.task.seed for one in runs if one.task.kind != "rare"}
    even = [one for one in runs if one.task.seed in seeds]  # as many sites of each kind
    together = points(even)
    sheets = [sheet(kind, found) for kind, found in kinds.items()] + [sheet("all sites, over all items", together)]
    plots = [
        Curve(
            f"{kind}: {policy}",
            "requests a day",
            "min",
            tuple(sorted((p.requests_a_day, p.delay) for p in found if p.policy == policy)),
        )
        for kind, found in kinds.items()
        for policy in ("every", "adaptive")
    ]
    return Outcome((*measured, *totals(even)), tuple(sheets), tuple(plots))


def main() -> int:
    given = options("cadence").parse_args()
    seeds, intervals, aims, prices = (
        (QUICK_SEEDS, QUICK_INTERVALS, QUICK_AIMS, QUICK_PRICES) if given.quick else (SEEDS, INTERVALS, AIMS, PRICES)
    )
    policies = [("every", float(interval)) for interval in intervals]
    policies += [("adaptive", aim) for aim in aims] + [("price", price) for price in prices]
    tasks = [
        Task(kind, seed, *policy)
        for kind in KINDS
        for seed in (RARE_SEEDS if kind == "rare" else seeds)
        for policy in policies
    ]
    with get_context("spawn").Pool(cpu_count()) as pool:
        runs = pool.map(run, tasks, chunksize=1)
    return finish("cadence", outcome(runs), given.json)


if __name__ == "__main__":
    sys.exit(main())
