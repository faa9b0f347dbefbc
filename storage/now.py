"""What goes on at this moment: which crawls are under way, which wait, which come next, and who acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from news.control import Control
from news.report import RunReport
from storage.connect import Store
from storage.engine import Station
from storage.leases import SCHEDULER, Holder


@dataclass(frozen=True, slots=True)
class Now:
    """`running` are the crawls under way; by site `waiting` says since when (UTC) it waits for a worker, the longest
    waiting first, and `next` when it is due, the soonest first; `asked` is what operators asked that is not over.
    `scheduler` holds the lease or held it last, and `station` is what it said of itself in its turn."""

    running: tuple[RunReport, ...]
    waiting: Mapping[str, datetime]
    next: Mapping[str, datetime]
    asked: tuple[Control, ...]
    scheduler: Holder | None
    station: Station | None

    def to_json(self) -> dict[str, Any]:
        """The names of docs/api.md."""
        holder, station = self.scheduler, self.station
        acts = holder is not None and holder.holds
        return {
            "running": [run.to_json() for run in self.running],
            "waiting": {site: since.isoformat() for site, since in self.waiting.items()},
            "next": {site: when.isoformat() for site, when in self.next.items()},
            "asked": [control.to_json() for control in self.asked],
            "scheduler": holder and {"acts": acts, "run_id": holder.owner.run_id, "age": round(holder.age, 1)},
            "busy": station.busy if station and acts else None,
            "workers": station.workers if station else None,
            "time_limit": station.limit if station else None,
        }


def now_of(store: Store, limit: int) -> Now:
    """How it is, with at most `limit` sites that are due next."""
    holder, station = store.leases.holder(SCHEDULER), store.engine.get()
    acting = station if station and holder and holder.holds and station.turn == holder.token else None
    waiting = dict(sorted(acting.waiting.items(), key=lambda row: row[1])) if acting else {}
    running = store.runs.under_way()
    taken = {run.site for run in running} | set(waiting)
    coming = sorted((when, site) for site, when in store.jobs.next_runs().items() if site not in taken)
    return Now(
        running=tuple(running),
        waiting=waiting,
        next={site: when for when, site in coming[:limit]},
        asked=tuple(store.controls.open()),
        scheduler=holder,
        station=acting,
    )
