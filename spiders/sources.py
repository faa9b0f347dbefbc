"""Reading what a site announces, source by source, without losing an article to a crawl that was cut short."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

from news.article import Lead
from news.discover import discover
from news.errors import Reason
from news.site import Site, Source, SourceKind
from spiders.frontier import (
    SWEEP_EVERY,
    Seen,
    SourceMemory,
    Terms,
    Validators,
    has_gap,
    is_old_news,
    is_wanted,
    reason_of_status,
    refusal,
)


class Ledger(Protocol):
    """What is known of a site's URLs and sources, and where it is written down. The crawl's process supplies it."""

    async def waiting(self, limit: int) -> list[tuple[Lead, Seen]]:
        """URLs found by earlier crawls and not fetched yet, and those due again; longest due first."""

    async def known(self, leads: Sequence[Lead]) -> dict[str, Seen]:
        """What is known of the leads, each by its URL, under whatever spelling of it (Site.identities) that was."""

    async def found(self, leads: Sequence[Lead]) -> None:
        """Writes leads down before they are asked for, so that no kill can lose them."""

    async def passed(self, leads: Sequence[tuple[Lead, Reason]]) -> None:
        """Writes down leads that are not followed, and why."""

    async def failed(self, lead: Lead, cause: Exception | Reason, detail: str = "") -> None:
        """Writes down that a lead could not be fetched."""

    async def unchanged(self, lead: Lead) -> None:
        """Writes down that a known page has not changed (304)."""

    async def sources(self) -> dict[str, SourceMemory]:
        """What is kept of the site's sources, by their URL."""

    async def remember(self, memories: Mapping[str, SourceMemory]) -> None:
        """Keeps the state of sources."""

    async def validators(self, url: str) -> Validators:
        """What came with the last reading of a source's page."""

    async def read(self, url: str, validators: Validators) -> None:
        """Keeps what came with a page of a source."""

    async def unreadable(self, url: str, cause: Exception | Reason | None, detail: str) -> None:
        """Writes down that a page of a source could not be read."""


class Fetched(NamedTuple):
    """A page of a source as it came."""

    url: str
    status: int
    body: bytes
    etag: str
    last_modified: str


Fetch = Callable[[str, Mapping[str, str]], Awaitable[Fetched]]
Wanted = tuple[Lead, Seen | None]


@dataclass
class _Reading:
    """How the reading of one source stands."""

    memory: SourceMemory
    finished: bool = False  # read to the end of what was unknown
    failed: bool = False
    passed_old: bool = False  # may leave unknown articles out because the crawl looks back only so far
    gap: bool = False
    asked: int = 0  # pages
    had: int = 0  # pages that came, or had not changed
    listed: set[str] = field(default_factory=set)  # identities of the leads so far


@dataclass
class Sources:
    """The sources of one site, read once.

    The trap: a listing is read until a page holds only known articles, and a feed without news spares the listings.
    Both are right only if everything older was read before; a crawl that is killed, or stops at its page budget, in
    the middle has made the newest articles known and has not seen the older ones. Hence `caught_up`, kept for each
    source: all are set back before the first is read, and put right again only after the last. Whatever ends a crawl
    in between, the next one reads every source to its full depth, where it fetches only what is unknown.
    """

    site: Site
    terms: Terms
    ledger: Ledger
    fetch: Fetch
    has_room: Callable[[], bool]
    complete: bool = False
    dead: bool = False  # not one source gave a page
    problems: list[str] = field(default_factory=list)
    _announced: set[str] = field(default_factory=set)  # identities of the wanted leads of this crawl

    async def wanted(self) -> AsyncIterator[list[Wanted]]:
        """The leads to fetch, a page of a source at a time: feeds and sitemaps first, then listings if a feed may
        have missed something or none was looked at for a day."""
        memories = await self.ledger.sources()
        sources = [(source, memories.get(source.url, SourceMemory())) for source in self.site.sources]
        await self.ledger.remember({s.url: replace(m, caught_up=False) for s, m in sources if m.caught_up})
        readings: dict[str, _Reading] = {}
        announced = [pair for pair in sources if pair[0].kind is not SourceKind.LISTING]
        for source, memory in announced:
            reading = readings[source.url] = _Reading(memory)
            async for batch in self._read(source, reading):
                yield batch
        spared = bool(announced) and not self.terms.revisit and not any(_may_hide(r) for r in readings.values())
        for source, memory in sources:
            if source.kind is not SourceKind.LISTING or (spared and self._is_fresh(memory)):
                continue
            reading = readings[source.url] = _Reading(memory)
            async for batch in self._read(source, reading):
                yield batch
        await self.ledger.remember(
            {source.url: self._after(memory, readings.get(source.url)) for source, memory in sources}
        )
        self.complete = all(reading.finished for reading in readings.values())
        self.dead = bool(readings) and all(reading.failed and not reading.had for reading in readings.values())

    def _is_fresh(self, memory: SourceMemory) -> bool:
        return memory.caught_up and bool(memory.swept and self.terms.started - memory.swept < SWEEP_EVERY)

    def _after(self, memory: SourceMemory, reading: _Reading | None) -> SourceMemory:
        if reading is None:
            return memory
        done = reading.finished and not reading.passed_old
        return replace(memory, caught_up=done, swept=self.terms.started if done else memory.swept)

    async def _read(self, source: Source, reading: _Reading) -> AsyncIterator[list[Wanted]]:
        """One source, page after page, each page's new leads written down before they are handed out."""
        waiting, visited = deque([source.url]), {source.url}
        while waiting and reading.asked < source.max_pages:
            if not self.has_room():
                return
            url = waiting.popleft()
            reading.asked += 1
            page = await self._page(url, source, reading)
            if page is None:
                continue
            found = discover(page.body, page.url, source, self.site)
            if found.problem:
                if not self._is_behind_last(source, reading):
                    await self._unreadable(url, reading, None, found.problem)
                continue
            if found.left:
                detail = f"{url} names {found.left:,} addresses more than are read of one file"
                await self._unreadable(url, reading, Reason.TOO_LARGE, detail)
            reading.had += 1
            known = await self.ledger.known(found.leads)
            batch = await self._sorted_out(found.leads, known, reading)
            if source.kind is not SourceKind.LISTING:
                reading.gap |= not found.next_pages and has_gap(found.leads, known, self.terms)
                await self.ledger.read(url, Validators(page.etag, page.last_modified, _digest(page.body)))
            yield batch
            if source.kind is SourceKind.LISTING and self._is_end(found.leads, known, reading):
                break
            waiting.extend(further := [address for address in found.next_pages if address not in visited])
            visited.update(further)
        reading.finished = not reading.failed

    async def _sorted_out(self, leads: Sequence[Lead], known: Mapping[str, Seen], reading: _Reading) -> list[Wanted]:
        """The wanted ones of a page's leads; everything new is written down first."""
        wanted: list[Wanted] = []
        passed: list[tuple[Lead, Reason]] = []
        for lead in leads:
            seen = known.get(lead.url)
            reason = refusal(lead, self.site, self.terms)
            if reason is None:
                # Another spelling of what this crawl asks for anyway would wait for the next one.
                if is_wanted(lead, seen, self.terms) and (seen or self.site.identity(lead.url) not in self._announced):
                    wanted.append((lead, seen))
            elif seen is None or seen.passed is Reason.TOO_OLD:
                passed.append((lead, reason))
        undated = self.terms.since is not None and any(lead.published is None for lead, _ in wanted)
        reading.passed_old |= undated or any(reason is Reason.TOO_OLD for _, reason in passed)
        await self.ledger.passed(passed)
        self._announced.update(self.site.identity(lead.url) for lead, _ in wanted)
        await self.ledger.found([lead for lead, _ in wanted])
        return wanted

    def _is_end(self, leads: Sequence[Lead], known: Mapping[str, Seen], reading: _Reading) -> bool:
        """Whether nothing unknown can stand behind this page of a listing.

        Portals answer a page number behind the last with the last page again, or with an error page of status 200
        that still shows what is most read: a page that names nothing which the pages before did not ends the list.
        """
        keys = {self.site.identity(lead.url) for lead in leads}
        if keys <= reading.listed:
            return True
        reading.listed |= keys
        if all(refusal(lead, self.site, self.terms) is Reason.TOO_OLD for lead in leads):
            return True
        return reading.memory.caught_up and not self.terms.revisit and is_old_news(leads, known, self.terms)

    def _is_behind_last(self, source: Source, reading: _Reading) -> bool:
        """Whether a page without articles is only the one behind the last: a template of page numbers knows no end."""
        return source.kind is SourceKind.LISTING and reading.had > 0

    async def _page(self, url: str, source: Source, reading: _Reading) -> Fetched | None:
        """The page, or None when it has not changed or cannot be had. Only of a source that is caught up is it enough
        to hear that nothing changed; and listings are never asked so, as portals answer 304 to them at random."""
        last = Validators()
        if reading.memory.caught_up and source.kind is not SourceKind.LISTING and not self.terms.revisit:
            last = await self.ledger.validators(url)
        try:
            page = await self.fetch(url, last.headers())
        except Exception as error:
            await self._unreadable(url, reading, error, str(error))
            return None
        if page.status == 304 or (last.digest and last.digest == _digest(page.body)):
            reading.had += 1
            return None
        reason = reason_of_status(page.status)
        if reason is Reason.GONE and self._is_behind_last(source, reading):
            return None
        if reason is not None:
            await self._unreadable(url, reading, reason, f"HTTP {page.status}")
            return None
        return page

    async def _unreadable(self, url: str, reading: _Reading, cause: Exception | Reason | None, detail: str) -> None:
        reading.failed = True
        self.problems.append(f"{url}: {detail}" if url not in detail else detail)
        await self.ledger.unreadable(url, cause, detail)


def _may_hide(reading: _Reading) -> bool:
    """Whether articles may have been published that this feed or sitemap did not show."""
    return reading.gap or not reading.finished or not reading.memory.caught_up


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]
