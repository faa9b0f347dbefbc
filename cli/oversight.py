"""The checks of `bantin doctor` on what runs: who is at work, what waits, what is watched, what would be lost."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cli import output
from cli.finding import Finding, State
from news.errors import BantinError

if TYPE_CHECKING:
    from config import Config
    from storage.connect import Store

# A site that is due is begun within seconds; one that waits so long waits for a worker all the time.
_OVERDUE = timedelta(minutes=15)
_BEHIND = 10_000  # events
_LOST = timedelta(days=7)  # so long it is told that an alert was given up


def oversight(config: Config, store: Store) -> Iterator[Finding]:
    """What is found in an opened store."""
    checks: tuple[Callable[[Config, Store], Finding], ...] = (
        _scheduler, _schedule, _health, _alerts, _search, _backup, _users, _metrics,
    )  # fmt: skip
    for check in checks:
        yield check(config, store)


def readiness(host: str, port: int) -> Finding:
    """What the web app that answers there says of itself."""
    try:
        with urllib.request.urlopen(f"http://{host}:{port}/readyz", timeout=10) as answer:
            told = answer.read()
    except urllib.error.HTTPError as error:
        told = error.read()
    except OSError as error:
        return Finding(State.WRONG, "readiness", f"/readyz does not answer: {error}.", "Start the web app again.")
    try:
        checks = json.loads(told)["checks"]
        reasons = [f"{name}: {check['reason']}" for name, check in checks.items() if check["reason"]]
    except (ValueError, KeyError, TypeError):
        remedy = "Is it of an older version? Start it again; its log says more."
        return Finding(State.WARNING, "readiness", "/readyz says nothing of it", remedy)
    if reasons:
        return Finding(State.WARNING, "readiness", " ".join(reasons), "See the other rows.")
    return Finding(State.OK, "readiness", f"{', '.join(checks)} are there")


def _scheduler(_: Config, store: Store) -> Finding:
    from storage.leases import SCHEDULER

    holder = store.leases.holder(SCHEDULER)
    if holder is None:
        return Finding(State.WARNING, "scheduler", "none ever ran", "`bantin up` runs one, or `bantin scheduler`.")
    if holder.holds and not holder.owner.gone:
        where = f"process {holder.owner.pid} of {holder.owner.host.partition('/')[0]}"
        return Finding(State.OK, "scheduler", f"{where}, heard of {holder.age:.0f} s ago")
    age = timedelta(seconds=round(holder.age))
    return Finding(State.WARNING, "scheduler", f"none for {age}", "`bantin up` runs one, or `bantin scheduler`.")


def _schedule(_: Config, store: Store) -> Finding:
    now = datetime.now(UTC)
    planned = store.jobs.next_runs()
    late = sorted(site for site, due in planned.items() if due < now - _OVERDUE)
    if late:
        told = f"{len(late)} of {len(planned)} sites are overdue: {', '.join(late[:5])}"
        remedy = "Without a scheduler that is so; with one give it more BANTIN_WORKERS, or longer distances."
        return Finding(State.WARNING, "schedule", told, remedy)
    return Finding(State.OK, "schedule", f"{len(planned)} sites, none overdue")


def _health(_: Config, store: Store) -> Finding:
    from news.health import HealthState

    rows = store.health.all().values()
    counts = Counter(row.health.state for row in rows)
    found = ", ".join(f"{counts[state]} {state}" for state in HealthState if counts[state])
    bad = sorted(row.site for row in rows if row.health.state.troubled or row.health.state is HealthState.SILENT)
    if bad:
        found += f": {', '.join(bad[:5])}{', …' if len(bad) > 5 else ''}"
        return Finding(State.WARNING, "health", found, "`bantin health` says since when and why.")
    return Finding(State.OK, "health", found or "no site was judged yet; a scheduler does it")


def _alerts(config: Config, store: Store) -> Finding:
    from oversight.courier import check, kind

    if not config.alerts:
        if not store.health.all():
            return Finding(State.OK, "alerts", "nobody is told of anything (BANTIN_ALERTS is empty)")
        remedy = "Set BANTIN_ALERTS to where you read: mailto://, tgram://, slack://, json://."
        return Finding(State.WARNING, "alerts", "nobody is told when a site fails", remedy)
    try:
        check(config.alerts)
    except BantinError as error:
        return Finding(State.WRONG, "alerts", error.problem, error.remedy)
    now = datetime.now(UTC)
    outbox = store.alerts.outbox(now - _LOST)
    if outbox.oldest or outbox.lost:
        told = f"{outbox.failing} did not reach all and are tried again, {outbox.lost} were given up within a week"
        remedy = "`bantin alerts list` says why, `bantin alerts test` tries each address."
        return Finding(State.WARNING, "alerts", told, remedy)
    kinds = ", ".join(map(kind, config.alerts))
    return Finding(State.OK, "alerts", f"to {kinds}; {outbox.waiting} to be sent")


def _search(config: Config, store: Store) -> Finding:
    from storage.search import SearchIndex

    with SearchIndex.of(config, store) as index:
        status = index.status()
    if store.events.last() and not status.ready:
        told = "is not built yet" if status.file is None else "is being built"
        return Finding(State.OK, "search index", f"{told}; the web app does it")
    if status.behind > _BEHIND:
        remedy = "The web app follows; `bantin search-index status` shows whether it does."
        return Finding(State.WARNING, "search index", f"{status.behind:,} events behind", remedy)
    return Finding(State.OK, "search index", f"{status.articles:,} articles, {status.behind:,} events behind")


def _backup(config: Config, store: Store) -> Finding:
    if not config.backup_days:
        return Finding(State.OK, "back-up", "made elsewhere (BANTIN_BACKUP_DAYS=0)")
    last = store.backups.last()
    remedy = "`bantin backup FOLDER --keep 14` makes one; let a timer do it (docs/operations.md)."
    if last is None:
        state = State.WARNING if store.events.last() else State.OK
        return Finding(state, "back-up", "none was ever made", remedy if state is State.WARNING else "")
    age = (datetime.now(UTC) - last.at) / timedelta(days=1)
    found = f"{last.file} on {last.host}, {output.when(last.at)}, {last.bytes / 1e6:,.1f} MB"
    if age > config.backup_days:
        return Finding(State.WARNING, "back-up", f"the last is {age:,.0f} days old: {found}", remedy)
    return Finding(State.OK, "back-up", found)


def _users(_: Config, store: Store) -> Finding:
    from news.users import Role

    users = [user for user in store.users.all() if user.disabled is None]
    admins = sum(user.role is Role.ADMIN for user in users)
    if not admins:
        return Finding(
            State.WARNING, "users", f"{len(users)}, and no admin among them",
            "`bantin users add NAME --role admin` makes one; without, desk and console are closed.",
        )  # fmt: skip
    return Finding(State.OK, "users", f"{len(users)}, {admins} of them admins")


def _metrics(config: Config, store: Store) -> Finding:
    from news.access import Scope

    good = (token for token in store.tokens.all() if Scope.METRICS in token.scopes and token.revoked is None)
    networks = ", ".join(map(str, config.metrics_allow)) or "nobody"
    found = f"/metrics for {networks}, and for {sum(1 for _ in good)} tokens"
    if any(not network.prefixlen for network in config.metrics_allow):
        return Finding(
            State.WARNING, "metrics", found, "Everybody reads them: set BANTIN_METRICS_ALLOW to your network."
        )
    return Finding(State.OK, "metrics", found)
