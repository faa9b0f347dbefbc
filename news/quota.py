"""How many requests a minute: a token bucket, as a pure function of the bucket and the time."""

from __future__ import annotations

import math
from typing import NamedTuple

_DUST = 1e-6  # of a request: what is lost where a second's share is added up


class Bucket(NamedTuple):
    """What is left (`level`, in requests) at a time (`at`, in seconds of whatever clock the caller goes by)."""

    level: float
    at: float


class Taken(NamedTuple):
    """What came of asking for one request. `remaining` requests may follow at once. `reset`, in whole seconds, is when
    all is there again, and after a refusal when the next one is."""

    bucket: Bucket
    allowed: bool
    remaining: int
    reset: int


class Quota(NamedTuple):
    """So many requests a minute, each second its share; a minute's worth may come at once. In any minute it is
    therefore twice as many at most, and over the hour no more than what was promised."""

    per_minute: int

    def take(self, bucket: Bucket | None, now: float) -> Taken:
        """One request of a bucket, None for one who was not seen before. A clock that is set back costs nobody more
        than the time it was set back by."""
        level = float(self.per_minute)
        if bucket is not None:
            level = min(level, bucket.level + max(0.0, now - bucket.at) * self._per_second)
        allowed = level >= 1 - _DUST
        left = max(0.0, level - 1) if allowed else level
        missing = self.per_minute - left if allowed else 1 - left
        return Taken(Bucket(left, now), allowed, int(left + _DUST), math.ceil(missing / self._per_second))

    @property
    def _per_second(self) -> float:
        return self.per_minute / 60
