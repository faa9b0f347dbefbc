"""What a crawl logs, line by line, and how much of it is kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

CHUNK = 100
"""Lines of a chunk. A crawl writes the last one again and again until it is full."""
KEPT = 2_000
"""Lines of a run that are kept; the older ones give way by whole chunks."""
LEVELS = ("INFO", "WARNING", "ERROR")
"""How grave a line can be, the least first. CRITICAL counts as ERROR."""


class LogLine(NamedTuple):
    """What was logged: when (UTC), how grave (`INFO`, `WARNING`, `ERROR`), by which part, and about which URL, where it
    was about one. `number` counts the lines of a run from 0."""

    number: int
    at: datetime
    level: str
    logger: str
    message: str
    url: str = ""

    def to_json(self) -> dict[str, Any]:
        return {**self._asdict(), "at": self.at.isoformat()}


def chosen(lines: Iterable[LogLine], level: str = "", words: str = "") -> list[LogLine]:
    """The lines that are at least so grave and hold all of these words, in whatever case."""
    grave = LEVELS[LEVELS.index(level) :] if level in LEVELS else LEVELS
    wanted = words.casefold().split()
    return [
        line
        for line in lines
        if (line.level in grave or line.level not in LEVELS)
        and all(word in f"{line.message} {line.url}".casefold() for word in wanted)
    ]
