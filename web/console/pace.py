"""How quickly crawls go at this moment, by what was seen of them before."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta

from news.report import RunReport

# Reports come every two seconds; over so long a time the steps between them do not show.
_OVER = timedelta(seconds=30)
_LEAST = timedelta(seconds=3)


class Paces:
    """What was seen of the crawls under way. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[str, deque[tuple[datetime, int]]] = {}

    def look(self, runs: Iterable[RunReport], now: datetime) -> dict[str, float]:
        """By run, its article pages a minute: over the last half minute, or since it began where that is later or
        nobody looked before. What is too young to say is missing."""
        with self._lock:
            self._seen = {run.id: self._seen.get(run.id, deque([(run.started, 0)])) for run in runs}
            found = {}
            for run in runs:
                seen = self._seen[run.id]
                seen.append((now, run.pages))
                while len(seen) > 2 and now - seen[1][0] >= _OVER:
                    seen.popleft()
                begin, before = seen[0]
                if now - begin >= _LEAST:
                    found[run.id] = max(0.0, (run.pages - before) / ((now - begin) / timedelta(minutes=1)))
            return found
