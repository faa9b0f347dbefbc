"""What a site answers: robots.txt, the home page and each source, asked once each and read as a crawl reads them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cli.fetch import Fetched, Fetcher
from cli.trust import trust_of
from news.addresses import Doors
from news.article import VIETNAM
from news.discover import discover
from news.discover.archive import first_url
from news.errors import BantinError
from news.site import Site, Source


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer. `leads` is how many articles a source announced; `robots` whether robots.txt lets us ask."""

    site: str
    what: str
    url: str
    status: int = 0
    content_type: str = ""
    robots: str = ""
    leads: int | None = None
    seconds: float = 0.0
    problem: str = ""

    @property
    def good(self) -> bool:
        return not self.problem

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "seconds": round(self.seconds, 3)}


def probe(site: Site, folder: Path) -> Iterator[Finding]:
    """The findings of one site, in the order a crawl would ask; a second request waits the site's delay. `folder` is
    that of the site files."""
    fetcher = Fetcher(
        site.politeness.user_agent,
        timeout=site.politeness.timeout,
        max_bytes=site.politeness.max_bytes,
        doors=Doors.of(site),
        trust=trust_of(site, folder),
    )
    try:
        robots, allowed = fetcher.robots(site.home)
    except BantinError as error:
        yield Finding(site.id, "robots.txt", site.home, problem=error.problem)
        return
    unclear = f"robots.txt answers {robots.status}: nothing may be fetched" if robots.status >= 500 else ""
    yield Finding(
        site.id, "robots.txt", robots.url, robots.status, _media(robots), seconds=robots.seconds, problem=unclear
    )
    yield _asked(site, "home", site.home, fetcher, allowed)
    today = datetime.now(VIETNAM).date()
    for source in site.sources:
        yield _asked(site, source.kind, first_url(source, today), fetcher, allowed, source)


def _asked(
    site: Site, what: str, url: str, fetcher: Fetcher, allowed: Callable[[str], bool], source: Source | None = None
) -> Finding:
    if not allowed(url):
        return Finding(site.id, what, url, robots="denied", problem="robots.txt forbids it")
    time.sleep(site.politeness.delay)
    try:
        answer = fetcher.get(url)
    except BantinError as error:
        return Finding(site.id, what, url, robots="allowed", problem=error.problem)
    leads, problem = _read(answer, fetcher, source, site)
    return Finding(site.id, what, url, answer.status, _media(answer), "allowed", leads, answer.seconds, problem)


def _read(answer: Fetched, fetcher: Fetcher, source: Source | None, site: Site) -> tuple[int | None, str]:
    if answer.status != 200:
        return None, f"answers {answer.status}"
    if source is None:
        return None, ""
    found = discover(answer.body, answer.url, source, site, start=answer.url)
    if not found.leads and found.next_pages:
        # A sitemap of sitemaps: its first child shows whether articles come of it.
        time.sleep(site.politeness.delay)
        try:
            child = fetcher.get(found.next_pages[0])
        except BantinError as error:
            return 0, error.problem
        found = discover(child.body, child.url, source, site)
    return len(found.leads), found.problem or ("" if found.leads else "announces no article")


def _media(answer: Fetched) -> str:
    return answer.content_type.partition(";")[0].strip()
