"""What was measured in the store, as Prometheus names it. docs/operations.md tells what each is for."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from importlib import metadata

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from news import figures
from news.errors import BantinError
from news.figures import DELIVERY_BOUNDS, LAG_BOUNDS, RUN_BOUNDS, Sums
from news.health import HealthState
from web.metrics.measured import Measured, Reading

log = logging.getLogger("bantin.web")

# A site that is due is begun within seconds; one that waits longer waits for a worker, or for a scheduler.
_OVERDUE = 60.0
_RESULTS = ("new", "updated", "unchanged", "duplicate", "rejected")
# Of a series that has no labels Prometheus must see the 0 before it can see an increase.
_STATES = ("done", "failed", "killed", "lost", "skipped")

Labelled = Iterable[tuple[tuple[str, ...], float]]


class StoreCollector(Collector):
    """Asks the store when Prometheus asks. Where it is away, that is all it says."""

    def __init__(self, measured: Measured) -> None:
        self._measured = measured

    def describe(self) -> Iterable[Metric]:
        return ()  # else the registry would ask the store when the app is made

    def collect(self) -> Iterator[Metric]:
        version = _gauge("bantin_build_info", "The version of Bantin that answers.", ("version",))
        version.add_metric([metadata.version("bantin")], 1)
        yield version
        try:
            reading = self._measured.reading()
        except BantinError as error:
            log.warning("The metrics tell nothing of the store: %s", error)
            yield _one("bantin_store_up", "Whether MongoDB answers.", 0)
            return
        yield _one("bantin_store_up", "Whether MongoDB answers.", 1)
        yield _one("bantin_metrics_read_seconds", "How long it took to read all this from the store.", reading.seconds)
        for part in (_crawls, _health, _articles, _queue, _leases, _webhooks, _search, _room):
            yield from part(reading)


def _crawls(reading: Reading) -> Iterator[Metric]:
    sites = reading.totals.sites
    yield _counter(
        "bantin_runs", "Crawls that are over.", ("site", "state"),
        (((site, state), sums.get(f"runs.{state}", 0)) for site, sums in sites.items() for state in _STATES),
    )  # fmt: skip
    yield _counter("bantin_crawl_requests", "HTTP requests of crawls.", ("site",), _each(sites, "counts.requests"))
    yield _counter("bantin_crawl_pages_received", "Article pages received.", ("site",), _each(sites, "counts.pages"))
    yield _counter(
        "bantin_crawl_pages", "What became of article pages.", ("site", "result"),
        (((site, name), sums.get(f"counts.{name}", 0)) for site, sums in sites.items() for name in _RESULTS),
    )  # fmt: skip
    yield _counter(
        "bantin_crawl_rejected", "URLs that gave no article, by reason.", ("site", "reason"),
        (((site, why), n) for site, sums in sites.items() for why, n in figures.part(sums, "reasons").items()),
    )  # fmt: skip
    yield _counter("bantin_crawl_seconds", "Seconds that crawls took.", ("site",), _each(sites, "seconds"))
    everything = {"": reading.totals.everything}
    yield _histogram("bantin_run_duration_seconds", "How long crawls took.", (), everything, "durations", RUN_BOUNDS)
    yield _one("bantin_runs_running", "Crawls under way.", reading.running)
    for name, told in (("finished", "ended"), ("done", "ended well"), ("new", "brought something new")):
        last = {site: getattr(moments, name) for site, moments in reading.totals.last.items()}
        yield _moments(f"bantin_site_last_{name}_timestamp_seconds", f"When a crawl of the site {told} last.", last)
    told = "From publication to storage, of articles whose page tells the minute."
    yield _histogram("bantin_publication_lag_seconds", told, ("site",), sites, "lags", LAG_BOUNDS)


def _health(reading: Reading) -> Iterator[Metric]:
    sites, outbox = reading.health, reading.outbox
    yield _gauge(
        "bantin_site_state", "Whether the site is in the state.", ("site", "state"),
        (((site, state), health.state is state) for site, health in sites.items() for state in HealthState),
    )  # fmt: skip
    since = {site: health.since for site, health in sites.items()}
    yield _moments("bantin_site_state_since_timestamp_seconds", "Since when the site is as it is.", since)
    counts = Counter(health.state for health in sites.values())
    yield _gauge("bantin_sites", "Judged sites.", ("state",), (((state,), counts[state]) for state in HealthState))
    yield _one("bantin_alerts_waiting", "Alerts that some address is to get yet.", outbox.waiting)
    yield _one("bantin_alerts_failing", "Alerts that an address did not take, and is to get yet.", outbox.failing)
    told = "How long the oldest alert waits that an address did not take."
    yield _one("bantin_alerts_oldest_failing_seconds", told, _seconds(reading, outbox.oldest))
    yield _one("bantin_alerts_lost", "Alerts of the last week that were given up.", outbox.lost)


def _articles(reading: Reading) -> Iterator[Metric]:
    kinds = figures.part(reading.totals.everything, "events")
    yield _counter(
        "bantin_events", "What happened to articles.", ("kind",), (((kind,), n) for kind, n in kinds.items())
    )
    counts = (((status,), count) for status, count in reading.articles.items())
    yield _gauge("bantin_articles", "Stored articles.", ("status",), counts)


def _queue(reading: Reading) -> Iterator[Metric]:
    yield _gauge(
        "bantin_urls_waiting", "URLs that wait to be fetched: for the first time, or again.", ("site", "why"),
        (
            ((site, why), count)
            for site, counts in reading.queue.items()
            for why, count in zip(("first", "again"), counts, strict=True)
        ),
    )  # fmt: skip
    late = [(reading.at - due).total_seconds() for due in reading.next_runs.values()]
    yield _one("bantin_sites_scheduled", "Sites on schedule.", len(late))
    overdue = sum(seconds > _OVERDUE for seconds in late)
    yield _one("bantin_sites_overdue", f"Sites that were due {_OVERDUE:g} seconds ago and are not begun.", overdue)
    yield _moments("bantin_site_next_run_timestamp_seconds", "When the site is crawled next.", reading.next_runs)


def _leases(reading: Reading) -> Iterator[Metric]:
    held = (((name,), holder.holds) for name, holder in reading.leases.items())
    yield _gauge("bantin_lease_held", "Whether a scheduler, a pusher is at work.", ("lease",), held)
    ages = (((name,), holder.age) for name, holder in reading.leases.items())
    yield _gauge("bantin_lease_age_seconds", "Seconds since it said so last.", ("lease",), ages)
    turns = (((name,), holder.token) for name, holder in reading.leases.items())
    yield _counter("bantin_lease_turns", "How often another took over.", ("lease",), turns)


def _webhooks(reading: Reading) -> Iterator[Metric]:
    hooks, totals = reading.hooks, reading.totals.webhooks
    yield _counter(
        "bantin_webhook_deliveries", "Deliveries that are over.", ("webhook", "state"),
        (((id, state), n) for id, sums in totals.items() for state, n in figures.part(sums, "deliveries").items()),
    )  # fmt: skip
    told = "From planning to delivery."
    yield _histogram("bantin_webhook_delivery_seconds", told, ("webhook",), totals, "delays", DELIVERY_BOUNDS)
    pending = (((id,), hook.pending) for id, hook in hooks.items())
    yield _gauge("bantin_webhook_pending", "Deliveries that are not over.", ("webhook",), pending)
    oldest = (((id,), _seconds(reading, hook.oldest)) for id, hook in hooks.items())
    yield _gauge("bantin_webhook_oldest_pending_seconds", "How long the oldest waits.", ("webhook",), oldest)
    behind = (((id,), hook.behind) for id, hook in hooks.items())
    yield _gauge("bantin_webhook_behind_events", "Events not planned for yet.", ("webhook",), behind)
    paused = (((id,), hook.paused) for id, hook in hooks.items())
    yield _gauge("bantin_webhook_paused", "Whether it is paused.", ("webhook",), paused)


def _search(reading: Reading) -> Iterator[Metric]:
    yield _one("bantin_search_index_ready", "Whether the search index has everything once.", reading.search.ready)
    yield _one("bantin_search_index_behind_events", "Events it does not have yet.", reading.search.behind)
    yield _one("bantin_search_index_bytes", "Its size on disk.", reading.search.bytes)


def _room(reading: Reading) -> Iterator[Metric]:
    if reading.room is not None:
        yield _one("bantin_database_bytes", "Size of the database on MongoDB's disk.", reading.room.used)
        yield _one("bantin_disk_free_bytes", "Free on MongoDB's disk.", reading.room.free)
        yield _one("bantin_disk_total_bytes", "Size of MongoDB's disk.", reading.room.total)
    made = reading.backup.at.timestamp() if reading.backup else 0
    yield _one("bantin_backup_last_timestamp_seconds", "When the last back-up was made; 0: never.", made)
    told = "After how long a back-up is old; 0: back-ups are made elsewhere."
    yield _one("bantin_backup_max_age_seconds", told, reading.backup_days * 86_400)


def _seconds(reading: Reading, since: datetime | None) -> float:
    return max(0.0, (reading.at - since).total_seconds()) if since else 0.0


def _each(rows: Mapping[str, Sums], name: str) -> Labelled:
    return (((id,), sums.get(name, 0)) for id, sums in rows.items())


def _one(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(name, told, value)


def _gauge(name: str, told: str, labels: tuple[str, ...], rows: Labelled = ()) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, told, labels=labels)
    for values, value in rows:
        family.add_metric(values, value)
    return family


def _moments(name: str, told: str, rows: Mapping[str, datetime | None]) -> Metric:
    return _gauge(name, told, ("site",), (((site,), when.timestamp()) for site, when in rows.items() if when))


def _counter(name: str, told: str, labels: tuple[str, ...], rows: Labelled) -> Metric:
    family = CounterMetricFamily(name, told, labels=labels)
    for values, value in rows:
        family.add_metric(values, value)
    return family


def _histogram(
    name: str,
    told: str,
    labels: tuple[str, ...],
    rows: Mapping[str, Sums],
    sums: str,
    bounds: tuple[int, ...],
) -> Metric:
    family = HistogramMetricFamily(name, told, labels=labels)
    for id, row in rows.items():
        family.add_metric((id,) if labels else (), figures.buckets(row, sums, bounds), row.get(f"{sums}_sum", 0))
    return family
