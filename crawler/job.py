"""What is asked of a crawl, and what it tells on its way. Light to import: no Scrapy behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from config import Config
from news.report import RunReport
from news.site import Site


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """`max_pages` article pages at most (None: as the site file says), `since` leaves out what was published before,
    `dry_run` stores no article and remembers nothing, `revisit` fetches known articles again if they have changed.
    `backfill` reads the sources back to `since` for what was published before `until`, and gives way to any other
    crawl of the site. `turn` is that of the scheduler which asks (0: nobody's): a crawl of a turn that is over does not
    begin."""

    max_pages: int | None = None
    since: datetime | None = None
    dry_run: bool = False
    revisit: bool = False
    until: datetime | None = None
    backfill: bool = False
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How a crawl stands. `report` counts so far, and is the final one when `report.finished` is set; `queued` is the
    number of article pages asked for and not received yet."""

    report: RunReport
    queued: int = 0

    @property
    def site(self) -> str:
        return self.report.site


@dataclass(frozen=True, slots=True)
class Job:
    """One crawl of one site, as it is handed to its process."""

    run_id: str
    site: Site
    options: CrawlOptions
    config: Config


def stands_still(run: RunReport) -> bool:
    """Whether a back-fill that was not disturbed fetched nothing: another one would do no better."""
    return not run.pages and not run.error.startswith(GAVE_WAY)


GAVE_WAY = "It gave way"
"""The beginning of what a back-fill says that ended because another crawl wanted its site."""


def new_run_id(site_id: str, started: datetime) -> str:
    """An id that sorts by site and time."""
    return f"{site_id}-{started:%Y%m%d-%H%M%S}-{uuid4().hex[:6]}"
