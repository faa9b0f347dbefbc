"""A request to read the kept pages of a site again, because a rule was taught or withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class RenewalState(StrEnum):
    """Where a request stands. The value is the stored and published name."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"

    @property
    def over(self) -> bool:
        return self in (RenewalState.DONE, RenewalState.FAILED)


@dataclass(frozen=True, slots=True)
class Counts:
    """Of `total` kept pages, how many were looked at (`done`); how many articles read otherwise now (`changed`), wait
    beside an editor's text (`parked`), or would be none by today's rules and stay (`lost`)."""

    total: int = 0
    done: int = 0
    changed: int = 0
    parked: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class RenewalRequest:
    """The request of a rule that was `taught` (or withdrawn) by `by` at `at`, UTC. `error` says what went wrong, also
    where only some pages could not be read; `position` is where the reading goes on that was interrupted."""

    id: str
    site: str
    rule: str
    taught: bool
    by: str
    at: datetime
    state: RenewalState = RenewalState.WAITING
    counts: Counts = Counts()
    error: str = ""
    finished: datetime | None = None
    position: tuple[datetime, str] | None = None

    def to_json(self) -> dict[str, Any]:
        counts = self.counts
        return {
            "state": str(self.state), "pages": counts.total, "done": counts.done, "changed": counts.changed,
            "parked": counts.parked, "lost": counts.lost, "error": self.error,
        }  # fmt: skip
