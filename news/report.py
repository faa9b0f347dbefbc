"""What one crawl of one site did: the numbers an operator reads, and the reasons behind every URL that gave nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class RunState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"  # it ended by itself and says why in `error`
    KILLED = "killed"  # over its hard time limit, or the process died
    LOST = "lost"  # its process was gone when somebody looked
    SKIPPED = "skipped"  # it was due and not begun; `error` says why


@dataclass(frozen=True, slots=True)
class RunReport:
    """One crawl. `requests` counts every HTTP request sent (robots.txt, feeds and retries too), `pages` the article
    pages received. Times are UTC."""

    id: str
    site: str
    started: datetime
    state: RunState = RunState.RUNNING
    finished: datetime | None = None
    requests: int = 0
    pages: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicate: int = 0
    rejected: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    error: str = ""
    complete: bool = False  # every source was read to the end of what was unknown, so nothing waits for the next run
    dry_run: bool = False

    @property
    def seconds(self) -> float:
        """Wall time in seconds; 0 while the crawl runs."""
        return (self.finished - self.started).total_seconds() if self.finished else 0.0

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "site": self.site,
            "state": str(self.state),
            "started": self.started.isoformat(),
            "finished": self.finished.isoformat() if self.finished else None,
            "seconds": round(self.seconds, 3),
            **{name: getattr(self, name) for name in COUNTERS},
            "reasons": dict(self.reasons),
            "error": self.error,
            "complete": self.complete,
            "dry_run": self.dry_run,
        }


COUNTERS = ("requests", "pages", "new", "updated", "unchanged", "duplicate", "rejected")
