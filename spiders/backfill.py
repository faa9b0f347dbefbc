"""Reading the sources back to a day long past, in steps that may be ended and gone on with at any time."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import ClassVar

from news.article import VIETNAM, Lead
from news.discover.archive import days_back
from news.discover.shape import skeletons
from news.errors import Reason
from news.site import Source, SourceKind
from spiders.frontier import Asked, Position, Seen, SourceMemory, Trust
from spiders.ledger import Wanted
from spiders.reading import Part, Reading
from spiders.sources import Sources

# Ten years of a list that shows ten articles a page, at ten a day, with room to spare. Its end is found by its dates.
DEPTH = 5000
# Sources in the order in which they tell most for least.
_ORDER = (SourceKind.SITEMAP, SourceKind.ARCHIVE, SourceKind.FEED, SourceKind.LISTING, SourceKind.HOME)
# What a list without dates names is known to be too old when its pages were fetched, some pages later.
_TRAIL = 3


@dataclass
class Backfill(Sources):
    """The sources of one site, read back to `terms.since` for what was published before `terms.until`.

    Each list has a place that is kept after every page, and only once its leads are written down: a back-fill that is
    killed goes on from there. New articles push a list's pages down meanwhile, so the page of the place is read again.
    What a daily crawl remembers of the sources is not touched, for a back-fill proves nothing of what is new.
    """

    quiet_days: ClassVar[int] = 400
    _positions: dict[str, Position] = field(default_factory=dict)
    _trails: dict[str, deque[list[Lead]]] = field(default_factory=dict)

    async def wanted(self) -> AsyncIterator[list[Wanted]]:
        """The leads to fetch, a page of a source at a time."""
        self._positions = await self.ledger.positions(*self._window())
        self._trust = (await self.ledger.trust()).get(Asked.SOURCES, Trust())
        if not self.site.article_urls:
            self._learnt = skeletons(await self.ledger.examples())
        readings = []
        for source in sorted(self.site.announcements, key=lambda source: _ORDER.index(source.kind)):
            if self._place(source.url).done:
                continue
            readings.append(reading := Reading(SourceMemory()))
            self.readings[source.url] = reading
            async for batch in self._read(replace(source, max_pages=DEPTH), reading):
                yield batch
            if reading.finished:
                await self._keep(source.url, Position(done=True))
        self.complete = all(reading.finished for reading in readings)
        self.dead = bool(readings) and all(reading.failed and not reading.had for reading in readings)

    def _window(self) -> tuple[datetime, datetime]:
        since, until = self.terms.since, self.terms.until
        assert since is not None
        assert until is not None
        return since, until

    def _place(self, start: str) -> Position:
        return self._positions.get(start, Position())

    async def _keep(self, start: str, position: Position) -> None:
        self._positions[start] = position
        await self.ledger.mark(start, position)

    async def _sorted_out(self, leads: Sequence[Lead], known: Mapping[str, Seen], reading: Reading) -> list[Wanted]:
        since, until = self._window()
        wanted = await Sources._sorted_out(self, leads, known, reading)
        await self.ledger.named([lead for lead in leads if lead.published is None or since <= lead.published < until])
        return wanted

    async def _resumed(self, part: Part) -> Sequence[str]:
        place = self._place(part.start)
        return () if place.done else place.next or (part.start,)

    async def _keep_place(self, source: Source, part: Part, url: str, waiting: Sequence[str]) -> None:
        if source.kind is SourceKind.ARCHIVE:  # its days are its pages
            return
        again = () if source.kind in (SourceKind.SITEMAP, SourceKind.FEED) or not waiting else (url,)
        await self._keep(part.start, Position(tuple(dict.fromkeys((*again, *waiting))), done=not waiting))

    async def _days(self, source: Source, reading: Reading) -> Iterable[date]:
        since, until = (moment.astimezone(VIETNAM) for moment in self._window())
        last = min(until - timedelta(microseconds=1), self.terms.started.astimezone(VIETNAM)).date()
        place = self._place(source.url)
        if place.next:
            last = min(last, date.fromisoformat(place.next[0]))
        return days_back(last, since.date(), source.max_pages)

    async def _keep_day(self, source: Source, day: date) -> None:
        await self._keep(source.url, Position(((day - timedelta(days=1)).isoformat(),)))

    async def _is_end(self, leads: Sequence[Lead], part: Part, reading: Reading) -> bool:
        """A list also ends where the articles of the pages before turned out, when they were fetched, to be too old."""
        if await Sources._is_end(self, leads, part, reading):
            return True
        trail = self._trails.setdefault(part.start, deque(maxlen=_TRAIL))
        earlier = trail[0] if len(trail) == _TRAIL else None
        trail.append(list(leads))
        if not earlier:
            return False
        known = await self.ledger.known(earlier)
        return all((seen := known.get(lead.url)) and seen.passed is Reason.TOO_OLD for lead in earlier)
