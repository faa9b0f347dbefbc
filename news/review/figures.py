"""How much each editor does, and how fast: figures over a stretch of the trail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from news.review.record import Action

PAUSE = timedelta(minutes=10)
"""Who decides nothing for so long does something else."""

DECISIONS = frozenset([Action.APPROVE, Action.REJECT, Action.HOLD, Action.RETRACT, Action.RESTORE, Action.EDIT])
"""What settles an article."""


class Step(NamedTuple):
    """What of an entry of the trail is counted."""

    by: str
    at: datetime
    action: Action
    undone: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """What one user did: `counts` by action, `decisions` of them in all (a selection decided at once counts each of its
    articles), how many of what was done was `undone` again, and the `median` seconds from one decision to the next,
    pauses left out; None where there are no two."""

    by: str
    counts: Mapping[Action, int]
    decisions: int
    undone: int
    median: float | None
    first: datetime
    last: datetime

    def to_json(self) -> dict[str, Any]:
        return {
            "by": self.by,
            "counts": {str(action): count for action, count in self.counts.items()},
            "decisions": self.decisions,
            "undone": self.undone,
            "median": self.median,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
        }


def figures(steps: Iterable[Step]) -> list[Figures]:
    """The figures of every user in these entries, by name."""
    done: dict[str, list[Step]] = {}
    for step in steps:
        done.setdefault(step.by, []).append(step)
    return [_of(by, done[by]) for by in sorted(done)]


def _of(by: str, steps: list[Step]) -> Figures:
    counts = Counter(step.action for step in steps)
    moments = sorted({step.at for step in steps if step.action in DECISIONS})
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    busy = [gap.total_seconds() for gap in gaps if gap < PAUSE]
    return Figures(
        by=by,
        counts={action: counts[action] for action in Action if action in counts},
        decisions=sum(count for action, count in counts.items() if action in DECISIONS),
        undone=sum(step.undone for step in steps),
        median=median(busy) if busy else None,
        first=min(step.at for step in steps),
        last=max(step.at for step in steps),
    )
