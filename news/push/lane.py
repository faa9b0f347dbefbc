"""The order in which one consumer is told: what is due of each article, oldest first, and never two of one article at
once.

A delivery that fails holds up the later ones of its article and no others: an order over all would let one item that a
consumer cannot read stop everything for a day, and none at all would let an old text overtake its correction.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from news.push.answers import pause_for

# So many failures in a row are the consumer's, not the items': when one is taken then, all may be tried at once.
_OUTAGE = 5


class Waiting(NamedTuple):
    """A pending delivery: `number` is its place in the webhook's order, `failures` the attempts in vain."""

    id: str
    number: int
    article: str
    due: datetime
    failures: int = 0


class Lane:
    """What waits for one consumer. `rests` scales how long it is left alone after failures; `most` are sent at once,
    and only one while it fails. Not safe to use from several threads."""

    def __init__(self, most: int, rests: float = 1.0) -> None:
        self.loaded = 0
        self._most = most
        self._rests = rests
        self._waiting: dict[str, deque[Waiting]] = {}  # by article; the first of each may be sent
        self._ready: list[tuple[datetime, int, str]] = []  # the first of each article that is not under way
        self._under_way = 0
        self._failures = 0
        self._rested: datetime | None = None

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._under_way

    def add(self, waiting: Waiting) -> None:
        """Puts a delivery at the end. Those of a webhook must come in the order of their numbers."""
        if waiting.number <= self.loaded:
            raise ValueError(f"{waiting.id} comes after number {self.loaded}")
        self.loaded = waiting.number
        queue = self._waiting.setdefault(waiting.article, deque())
        queue.append(waiting)
        if len(queue) == 1:
            self._offer(waiting)

    def take(self, now: datetime) -> Waiting | None:
        """The delivery that is to be sent now, if any; it is under way until `done` or `again`."""
        if self._under_way >= (1 if self._failures else self._most):
            return None
        if (self._rested and now < self._rested) or not self._ready or self._ready[0][0] > now:
            return None
        _, _, article = heappop(self._ready)
        self._under_way += 1
        return self._waiting[article][0]

    def done(self, waiting: Waiting, now: datetime, *, taken: bool) -> None:
        """It is over: the consumer has `taken` it, or it is given up. The next of its article may be sent."""
        self._under_way -= 1
        if taken:
            if self._failures >= _OUTAGE:
                self._hurry(now)
            self._failures, self._rested = 0, None
        queue = self._waiting[waiting.article]
        queue.popleft()
        if queue:
            self._offer(queue[0])
        else:
            del self._waiting[waiting.article]

    def again(self, waiting: Waiting, due: datetime, now: datetime) -> None:
        """It failed, and is to be tried again."""
        self._under_way -= 1
        self._failures += 1
        self._rested = now + pause_for(self._failures - 1, self._rests)
        again = waiting._replace(due=due, failures=waiting.failures + 1)
        self._waiting[waiting.article][0] = again
        self._offer(again)

    def _hurry(self, now: datetime) -> None:
        """Makes all that waits due now: the consumer answers again."""
        for queue in self._waiting.values():
            queue[0] = queue[0]._replace(due=min(queue[0].due, now))
        self._ready = [(min(due, now), number, article) for due, number, article in self._ready]
        heapify(self._ready)

    def _offer(self, waiting: Waiting) -> None:
        heappush(self._ready, (waiting.due, waiting.number, waiting.article))
