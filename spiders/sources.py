"""Reading what a site announces, source by source, without losing an article to a crawl that was cut short."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar, NamedTuple

from news.article import VIETNAM, Lead
from news.discover import Discovery, discover
from news.discover.archive import QUIET_DAYS, SAME_DAYS, day_url, days_back
from news.discover.shape import skeletons
from news.errors import Reason
from news.extract.kinds import put_before
from news.report import Fate
from news.site import Site, Source, SourceKind
from spiders.frontier import (
    SWEEP_EVERY,
    Asked,
    Seen,
    SourceMemory,
    Terms,
    Trust,
    Validators,
    has_gap,
    is_audited,
    is_old_news,
    is_wanted,
    reason_of_status,
    refusal,
)
from spiders.ledger import Fetch, Fetched, Ledger, Wanted
from spiders.reading import Circles, Part, Reading, digest_of, fate_of, said_of

__all__ = ["Fetched", "Ledger", "Sources", "Wanted"]

# Sources whose every entry is an article, as against pages that link to articles among other things.
_ANNOUNCED = (SourceKind.FEED, SourceKind.SITEMAP)


class Came(NamedTuple):
    """A page of a source, what it announces, and whether it came only because a 304 was not believed."""

    page: Fetched
    found: Discovery
    audited: bool


@dataclass
class Sources:
    """The sources of one site, read once.

    The trap: a listing is read until a page holds only known articles, and a feed without news spares the listings.
    Both are right only if everything older was read before; a crawl that is killed, or stops at its page budget, in
    the middle has made the newest articles known and has not seen the older ones. Hence `caught_up`, kept for each
    source: all are set back before the first is read, and put right again only after the last. Whatever ends a crawl
    in between, the next one reads every source to its full depth, where it fetches only what is unknown.

    An archive is read day by day, back to the day when it was last read whole; a front page with the feeds and the
    sections that it names, each of them a list of its own. What has no end (calendars, filters, sessions) is cut, and
    each cut is counted.
    """

    site: Site
    terms: Terms
    ledger: Ledger
    fetch: Fetch
    has_room: Callable[[], bool]
    render: Fetch | None = None  # opens a page in a browser, for sources that need one
    quiet_days: ClassVar[int] = QUIET_DAYS
    complete: bool = False
    dead: bool = False  # not one source gave a page
    problems: list[str] = field(default_factory=list)
    readings: dict[str, Reading] = field(default_factory=dict)  # by source, those begun
    listed: set[str] = field(default_factory=set)  # identities of the articles that the sources named
    _announced: set[str] = field(default_factory=set)  # identities of the wanted leads of this crawl
    _trust: Trust = field(default_factory=Trust)
    _learnt: frozenset[str] = frozenset()
    _circles: Circles = field(init=False)

    def __post_init__(self) -> None:
        self._circles = Circles(self.site.identity)

    async def wanted(self) -> AsyncIterator[list[Wanted]]:
        """The leads to fetch, a page of a source at a time: feeds and sitemaps first, then lists if a feed may have
        missed something or none was looked at for a day."""
        memories = await self.ledger.sources()
        sources = [(source, memories.get(source.url, SourceMemory())) for source in self.site.announcements]
        await self._begin(sources)
        readings = self.readings
        announced = [pair for pair in sources if pair[0].kind in _ANNOUNCED]
        for source, memory in announced:
            reading = readings[source.url] = Reading(memory)
            async for batch in self._read(source, reading):
                yield batch
        spared = bool(announced) and not self.terms.revisit and not any(_may_hide(r) for r in readings.values())
        for source, memory in sources:
            if source.kind in _ANNOUNCED or (spared and self._is_fresh(memory)):
                continue
            reading = readings[source.url] = Reading(memory)
            async for batch in self._read(source, reading):
                yield batch
        await self.ledger.remember(
            {source.url: self._after(memory, readings.get(source.url)) for source, memory in sources}
        )
        self.complete = all(reading.finished for reading in readings.values())
        self.dead = bool(readings) and all(reading.failed and not reading.had for reading in readings.values())

    @property
    def fates(self) -> dict[str, Fate]:
        """What became of each source so far, by its URL."""
        return {url: fate for url, reading in self.readings.items() if (fate := reading.fate)}

    async def _begin(self, sources: Sequence[tuple[Source, SourceMemory]]) -> None:
        await self.ledger.remember({s.url: replace(m, caught_up=False) for s, m in sources if m.caught_up})
        self._trust = (await self.ledger.trust()).get(Asked.SOURCES, Trust())
        if not self.site.article_urls and any(source.kind not in _ANNOUNCED for source, _ in sources):
            self._learnt = skeletons(await self.ledger.examples())

    def _is_fresh(self, memory: SourceMemory) -> bool:
        return memory.caught_up and bool(memory.swept and self.terms.started - memory.swept < SWEEP_EVERY)

    def _after(self, memory: SourceMemory, reading: Reading | None) -> SourceMemory:
        if reading is None:
            return memory
        done = reading.finished and not reading.passed_old
        if done and reading.partial:
            return memory
        return replace(memory, caught_up=done, swept=self.terms.started if done else memory.swept)

    async def _read(self, source: Source, reading: Reading) -> AsyncIterator[list[Wanted]]:
        if source.kind is SourceKind.ARCHIVE:
            batches = self._read_archive(source, reading)
        elif source.kind is SourceKind.HOME:
            batches = self._read_home(source, reading)
        else:
            batches = self._read_list(source, reading, Part(source.url))
        async for batch in batches:
            yield batch
        reading.finished = not (reading.failed or reading.cut_short)

    async def _read_list(self, source: Source, reading: Reading, part: Part) -> AsyncIterator[list[Wanted]]:
        """One list, page after page, each page's new leads written down before they are handed out."""
        waiting = deque(await self._resumed(part))
        visited = set(waiting)
        ended = False
        while waiting and reading.asked < source.max_pages and not ended:
            if not self.has_room():
                reading.cut_short = True
                return
            url = waiting.popleft()
            came = await self._page(url, source, reading, part)
            if came is None:
                continue
            leads, batch = await self._taken(url, came, source, reading, part)
            yield batch
            ended = source.kind not in _ANNOUNCED and await self._is_end(leads, part, reading)
            waiting.extend(further := [address for address in came.found.next_pages if address not in visited])
            visited.update(further)
            await self._keep_place(source, part, url, () if ended else tuple(waiting))
        if not ended and reading.asked >= source.max_pages and (waiting or source.paging):
            await self.ledger.cut(part.start, Reason.DEPTH, f"it goes on behind {source.max_pages} pages")

    async def _read_archive(self, source: Source, reading: Reading) -> AsyncIterator[list[Wanted]]:
        """An archive, from today back to the day of its last whole reading (that day's news may have gone on after
        it), to `since`, or to where it begins."""
        quiet = same = 0
        listed: set[str] = set()
        for day in await self._days(source, reading):
            part = Part(day_url(source, day), may_be_empty=True)
            async for batch in self._read_list(source, reading, part):
                yield batch
            if reading.cut_short:
                return
            await self._keep_day(source, day)
            quiet = 0 if part.listed else quiet + 1
            same = same + 1 if part.listed and part.listed <= listed else 0
            listed |= part.listed
            if same == SAME_DAYS:
                await self.ledger.cut(part.start, Reason.TRAP, "the archive shows the same articles on every day")
                break
            if quiet == self.quiet_days:
                break
        if not listed and quiet == self.quiet_days and not reading.failed:
            reading.came(0, may_be_empty=False)
            await self._unreadable(source.url, reading, None, f"{source.url} names no article on {quiet} days")

    async def _read_home(self, source: Source, reading: Reading) -> AsyncIterator[list[Wanted]]:
        """A front page, then what it names: its feeds, and its sections unless everything on the front page is known
        and the sections were read within a day."""
        part = Part(source.url)
        if not self.has_room():
            reading.cut_short = True
            return
        came = await self._page(source.url, source, reading, part)
        if came is None:
            return
        _, batch = await self._taken(source.url, came, source, reading, part)
        yield batch
        reading.partial = part.old and self._is_fresh(reading.memory) and not self.terms.revisit
        for url in self._unnamed(came.found.feeds):
            async for batch in self._read_list(Source(SourceKind.FEED, url, source.section), reading, Part(url)):
                yield batch
        sections = [] if reading.partial else self._unnamed(came.found.sections)
        for left, url in zip(range(len(sections), 0, -1), sections, strict=True):
            # A section of a thousand pages must leave some for the others.
            share = reading.asked + max(1, (source.max_pages - reading.asked) // left)
            shared = replace(source, max_pages=min(share, source.max_pages))
            async for batch in self._read_list(shared, reading, Part(url, may_be_empty=True)):
                yield batch

    def _unnamed(self, addresses: Sequence[str]) -> list[str]:
        """The addresses that are no source of the site's file, which is read as the file says."""
        named = {self.site.identity(source.url) for source in self.site.announcements}
        return [url for url in addresses if self.site.identity(url) not in named]

    async def _days(self, source: Source, reading: Reading) -> Iterable[date]:
        """The days of an archive that are to be read, latest first."""
        return days_back(self.terms.started.astimezone(VIETNAM).date(), self._first_day(reading), source.max_pages)

    async def _resumed(self, part: Part) -> Sequence[str]:
        """The pages with which the reading of a list begins."""
        return (part.start,)

    async def _keep_place(self, source: Source, part: Part, url: str, waiting: Sequence[str]) -> None:
        """Told after each page of a list. A daily crawl begins each list anew."""

    async def _keep_day(self, source: Source, day: date) -> None:
        """Told after each day of an archive."""

    def _first_day(self, reading: Reading) -> date | None:
        """The day at which the reading of an archive ends."""
        since = self.terms.since.astimezone(VIETNAM).date() if self.terms.since else None
        swept = reading.memory.swept if reading.memory.caught_up and not self.terms.revisit else None
        last = swept.astimezone(VIETNAM).date() if swept else None
        reading.passed_old |= bool(since and not (last and since <= last))
        return max((day for day in (since, last) if day), default=None)

    async def _taken(
        self, url: str, came: Came, source: Source, reading: Reading, part: Part
    ) -> tuple[list[Lead], list[Wanted]]:
        """The leads of a page that count, and the wanted ones of them; the page is remembered where that spares one."""
        found, page = came.found, came.page
        if found.left:
            detail = f"{url} names {found.left:,} addresses more than are read of one file"
            await self._unreadable(url, reading, Reason.TOO_LARGE, detail)
        reading.had += 1
        part.had += 1
        leads = list(found.leads)
        reading.came(len(leads), may_be_empty=part.may_be_empty or source.kind in _ANNOUNCED)
        self.listed.update(self.site.identity(lead.url) for lead in leads)
        if source.kind not in _ANNOUNCED:
            leads = await self._without_circles(url, found)
        known = await self.ledger.known(leads)
        batch = await self._sorted_out(leads, known, reading)
        part.old_page = is_old_news(leads, known, self.terms)
        part.old &= part.old_page
        if source.kind in _ANNOUNCED:
            reading.gap |= not found.next_pages and has_gap(leads, known, self.terms)
            await self.ledger.read(url, Validators(page.etag, page.last_modified, digest_of(page.body)))
        if came.audited and batch:
            await self.ledger.lied(Asked.SOURCES, url)
        if found.scripted and not reading.memory.caught_up:
            await self.ledger.cut(url, Reason.SCRIPTED, "its further pages can be had by script only")
        return leads, batch

    async def _without_circles(self, url: str, found: Discovery) -> list[Lead]:
        for address in found.traps:
            await self.ledger.cut(address, Reason.TRAP, f"named on {url}")
        leads = []
        for lead in found.leads:
            why = self._circles.closed_by(lead.url)
            if why:
                await self.ledger.cut(lead.url, Reason.TRAP, why)
            else:
                leads.append(lead)
        return leads

    async def _sorted_out(self, leads: Sequence[Lead], known: Mapping[str, Seen], reading: Reading) -> list[Wanted]:
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
            elif self.terms.backfill and reason in (Reason.TOO_OLD, Reason.TOO_NEW):
                await self.ledger.cut(lead.url, reason)
            elif seen is None or seen.passed is Reason.TOO_OLD:
                passed.append((lead, reason))
        undated = self.terms.since is not None and any(lead.published is None for lead, _ in wanted)
        reading.passed_old |= undated or any(reason is Reason.TOO_OLD for _, reason in passed)
        await self.ledger.passed(passed)
        self._announced.update(self.site.identity(lead.url) for lead, _ in wanted)
        await self.ledger.found([lead for lead, _ in wanted])
        return wanted

    async def _is_end(self, leads: Sequence[Lead], part: Part, reading: Reading) -> bool:
        """Whether nothing unknown can stand behind this page of a list.

        Portals answer a page number behind the last with the last page again, or with an error page of status 200
        that still shows what is most read: a page that names nothing which the pages before did not ends the list.
        """
        keys = {self.site.identity(lead.url) for lead in leads}
        if keys <= part.listed:
            return True
        part.listed |= keys
        if all(refusal(lead, self.site, self.terms) is Reason.TOO_OLD for lead in leads):
            return True
        return reading.memory.caught_up and not self.terms.revisit and part.old_page

    async def _page(self, url: str, source: Source, reading: Reading, part: Part) -> Came | None:
        """The page and what it announces, or None when it has not changed or cannot be had."""
        reading.asked += 1
        fetched = await self._fetched(url, source, reading, part)
        if fetched is None:
            return None
        page, audited = fetched
        found = discover(page.body, page.url, source, self.site, start=part.start, learnt=self._learnt)
        if found.problem:
            before = put_before(page.body)
            if before is Reason.MAINTENANCE:
                await self._unreadable(url, reading, before, f"{url} says that it is under maintenance")
            elif part.may_be_empty or self._is_behind_last(source, part):
                reading.had += 1
            elif before is not None:
                await self._unreadable(url, reading, before, f"{url} answers with a wall")
            else:
                reading.came(0, may_be_empty=not found.blank)
                await self._unreadable(url, reading, None, found.problem)
            return None
        return Came(page, found, audited)

    async def _fetched(self, url: str, source: Source, reading: Reading, part: Part) -> tuple[Fetched, bool] | None:
        """The page as it came, and whether it had been called unchanged. Only of a source that is caught up is it
        enough to hear that nothing changed; and lists are never asked so, as portals answer 304 to them at random."""
        last = Validators()
        if reading.memory.caught_up and source.kind in _ANNOUNCED and not self.terms.revisit:
            last = await self.ledger.validators(url)
        conditions = last.headers() if self._trust.holds(self.terms.started) else {}
        audited = False
        scripted = source.kind not in _ANNOUNCED and (source.browser or self.site.browser)
        fetch = self.render if self.render and scripted else self.fetch
        try:
            page = await fetch(url, conditions)
            if page.status == 304 and is_audited(url, self.terms.started):
                audited = True
                page = await self.fetch(url, {})
        except Exception as error:
            await self._unreadable(url, reading, error, str(error))
            return None
        if page.status == 304 or (last.digest and last.digest == digest_of(page.body)):
            reading.had += 1
            part.had += 1
            reading.unchanged = True
            return None
        reason = reason_of_status(page.status)
        if reason is not None:
            reason = put_before(page.body) or reason
        if reason is Reason.GONE and (part.may_be_empty or self._is_behind_last(source, part)):
            reading.had += 1
            return None
        if reason is not None:
            await self._unreadable(url, reading, reason, said_of(page.status, reason))
            return None
        return page, audited

    def _is_behind_last(self, source: Source, part: Part) -> bool:
        """Whether a page without articles is only the one behind the last: a template of page numbers knows no end."""
        return source.kind not in _ANNOUNCED and part.had > 0

    async def _unreadable(self, url: str, reading: Reading, cause: Exception | Reason | None, detail: str) -> None:
        self.problems.append(f"{url}: {detail}" if url not in detail else detail)
        reading.fails(fate_of(await self.ledger.unreadable(url, cause, detail), detail))


def _may_hide(reading: Reading) -> bool:
    """Whether articles may have been published that this feed or sitemap did not show."""
    return reading.gap or not reading.finished or not reading.memory.caught_up
