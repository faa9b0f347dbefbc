"""What a site's sources name, day by day, against what is stored of it. Days are Vietnam's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from news.article import Via
from news.errors import Reason


class Fate(StrEnum):
    """What became of an address that a source names."""

    STORED = "stored"
    MISSING = "missing"  # not fetched yet, or failing for a passing reason
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Named:
    """One address that sources name. `key` is that of its article where it has one, so that an article with two
    addresses counts once; `day` is that of publication, None where neither source nor page tells."""

    key: str
    day: date | None
    sources: frozenset[Via]
    fate: Fate
    reason: Reason | None = None


@dataclass
class Day:
    """The count of one day; `named` by kind of source (an article that two of them name counts in both)."""

    day: date | None
    total: int = 0
    named: Counter[str] = field(default_factory=Counter)
    fates: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def complete(self) -> bool:
        """Whether nothing that the sources name is missing."""
        return not self.fates[Fate.MISSING]

    def to_json(self) -> dict[str, Any]:
        return {
            "day": self.day.isoformat() if self.day else None,
            "total": self.total,
            "named": dict(sorted(self.named.items())),
            **{str(fate): self.fates[fate] for fate in Fate},
            "reasons": dict(sorted(self.reasons.items())),
        }


def completeness(named: Iterable[Named], first: date | None = None, last: date | None = None) -> list[Day]:
    """The days from `first` to `last` on which anything was published, in order; what has no day stands at the end."""
    days: dict[date | None, Day] = {}
    for one in _merged(named).values():
        if one.day is not None and ((first and one.day < first) or (last and one.day > last)):
            continue
        day = days.setdefault(one.day, Day(one.day))
        day.total += 1
        day.named.update(str(source) for source in one.sources)
        day.fates[one.fate] += 1
        if one.reason is not None:
            day.reasons[str(one.reason)] += 1
    return sorted(days.values(), key=lambda day: (day.day is None, day.day or date.min))


def _merged(named: Iterable[Named]) -> Mapping[str, Named]:
    """By article: named by all that name one of its addresses; stored, if it is by any."""
    merged: dict[str, Named] = {}
    for one in named:
        other = merged.get(one.key)
        if other is None:
            merged[one.key] = one
            continue
        better = one if one.fate is Fate.STORED else other
        merged[one.key] = Named(
            one.key, better.day or other.day, one.sources | other.sources, better.fate, better.reason
        )
    return merged
