"""What one crawl of one site did: the numbers an operator reads, and the reasons behind every URL that gave nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Fate(StrEnum):
    """What became of the reading of one source in a crawl."""

    READ = "read"  # it named addresses of articles
    UNCHANGED = "unchanged"  # it has not changed since it was read last
    BARE = "bare"  # in good order and without an entry, as a feed of today's news or a day of an archive may be
    EMPTY = "empty"  # a page that came, and names no article where some should stand
    GONE = "gone"  # 404 or 410
    BLOCKED = "blocked"  # 401, 403, 429, a wall in its place, or forbidden by robots.txt
    UNREADABLE = "unreadable"  # what came is not what its kind should be
    FAILED = "failed"  # it could not be had: DNS, TLS, connection, timeout, 5xx, maintenance

    @property
    def good(self) -> bool:
        """Whether the source said all that it had to say."""
        return self in (Fate.READ, Fate.UNCHANGED, Fate.BARE)


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
    pages received. Times are UTC.

    What health is judged by: `sources` says by URL what became of each source, `listed` how many addresses of articles
    they named. Of the pages that were extracted `articles` were articles; `confidence` is the mean over them, `bodies`
    counts by what found their bodies (`Article.evidence`), `fields` how many have each of FIELDS, `sure` how many are
    trusted to be published unseen. `lost` counts, by reason, the article pages that gave none and had not given none
    before: what fails again and again says nothing new of the site. `wait` is the longest time in seconds that the
    server asked to be left alone for. `memory` is the most that its process has held, in bytes (0: unknown), and
    `last_url` what came last. `newest` is the latest publication of a new article, where any states one: to a day's
    end of what states only its day."""

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
    backfill: bool = False
    sources: Mapping[str, Fate] = field(default_factory=dict)
    listed: int = 0
    articles: int = 0
    sure: int = 0
    confidence: float = 0.0
    bodies: Mapping[str, int] = field(default_factory=dict)
    fields: Mapping[str, int] = field(default_factory=dict)
    lost: Mapping[str, int] = field(default_factory=dict)
    wait: float = 0.0
    newest: datetime | None = None
    memory: int = 0
    last_url: str = ""

    @property
    def fates(self) -> Mapping[Fate, int]:
        """How many sources ended in each way."""
        return Counter(self.sources.values())

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
            **{name: getattr(self, name) for name in (*COUNTERS, *_READINGS)},
            "reasons": dict(self.reasons),
            "error": self.error,
            "complete": self.complete,
            "dry_run": self.dry_run,
            "backfill": self.backfill,
            "sources": {url: str(fate) for url, fate in self.sources.items()},
            "confidence": self.confidence,
            "bodies": dict(self.bodies),
            "fields": dict(self.fields),
            "lost": dict(self.lost),
            "wait": self.wait,
            "newest": self.newest.isoformat() if self.newest else None,
            "memory": self.memory,
            "last_url": self.last_url,
        }


FIELDS = ("title", "lead", "published", "author", "source")
"""The fields of an article of which a run counts how many articles have them."""
_READINGS = ("listed", "articles", "sure")
COUNTERS = ("requests", "pages", "new", "updated", "unchanged", "duplicate", "rejected")
