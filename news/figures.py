"""What operators measure by, as sums that only grow: of crawls, of what happened to articles, of deliveries.

A sum is named by a dotted path ("reasons.no-text"), as it is stored and read again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import timedelta

from news.push import Delivery, DeliveryState
from news.report import COUNTERS, RunReport

Sums = Mapping[str, float]

# Seconds, the upper ends of what is counted together; what is longer is counted as `more`.
RUN_BOUNDS = (5, 15, 30, 60, 120, 300, 600, 1_200, 1_800)
LAG_BOUNDS = (300, 900, 1_800, 3_600, 10_800, 21_600, 86_400, 604_800)
DELIVERY_BOUNDS = (1, 5, 15, 60, 300, 1_800, 7_200, 86_400)
MORE = "more"


def of_run(report: RunReport) -> Sums:
    """What a crawl that is over adds to its site's sums."""
    counts = {f"counts.{name}": getattr(report, name) for name in COUNTERS}
    reasons = {f"reasons.{reason}": count for reason, count in report.reasons.items()}
    sums = {f"runs.{report.state}": 1, "seconds": report.seconds, **counts, **reasons}
    return {name: value for name, value in sums.items() if value}


def of_duration(report: RunReport) -> Sums:
    """What it adds to those of all sites. What was not begun took no time, and is left out."""
    return _measured("durations", report.seconds, RUN_BOUNDS) if report.finished and report.seconds else {}


def of_lag(lag: timedelta) -> Sums:
    """What an article adds that was stored so long after its publication; a publication to come counts as now."""
    return _measured("lags", max(0.0, lag.total_seconds()), LAG_BOUNDS)


def of_delivery(delivery: Delivery) -> Sums:
    """What a delivery that is over adds to its webhook's sums."""
    sums: dict[str, float] = {f"deliveries.{delivery.state}": 1}
    if delivery.state is DeliveryState.DELIVERED and delivery.ended:
        took = (delivery.ended - delivery.planned).total_seconds()
        sums |= _measured("delays", max(0.0, took), DELIVERY_BOUNDS)
    return sums


def _measured(name: str, seconds: float, bounds: Sequence[int]) -> dict[str, float]:
    place = bisect_left(bounds, seconds)
    bucket = str(bounds[place]) if place < len(bounds) else MORE
    return {f"{name}.{bucket}": 1, f"{name}_sum": seconds}


def buckets(sums: Sums, name: str, bounds: Sequence[int]) -> list[tuple[str, float]]:
    """A distribution as Prometheus has it: for each upper end how many were not longer, "+Inf" the last."""
    total, found = 0.0, []
    for bound in bounds:
        total += sums.get(f"{name}.{bound}", 0)
        found.append((str(bound), total))
    return [*found, ("+Inf", total + sums.get(f"{name}.{MORE}", 0))]


def part(sums: Sums, name: str) -> dict[str, float]:
    """The sums below a name, by what follows it: `part(sums, "reasons")["no-text"]`."""
    return {path.removeprefix(f"{name}."): value for path, value in sums.items() if path.startswith(f"{name}.")}
