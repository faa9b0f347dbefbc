"""The spider's ledger over the store: one thread that may wait for MongoDB while the reactor goes on."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import ParamSpec, TypeVar

from scrapy.exceptions import CloseSpider

from crawler.failures import reason_of
from crawler.intake import Intake, Outcome
from crawler.outcomes import passes, settled
from crawler.signs import Signs
from news.article import ANNOUNCING, Decision, Lead, Page, Via
from news.errors import BantinError, Reason
from news.manners import RobotsTxt
from news.site import Site
from news.urls import identity
from spiders.frontier import Asked, Position, Seen, SourceMemory, Trust, Validators
from storage.connect import Store
from storage.site_state import Distrust, SourceState
from storage.urls import UrlRow, UrlState

log = logging.getLogger("bantin.crawler")

P = ParamSpec("P")
T = TypeVar("T")

# A sitemap may name 50,000 URLs; a thousand at a time keep a message to MongoDB below half a megabyte.
_BATCH = 1000
_DIGEST = "sha256 "
# Addresses of known articles, newest first, from which it is learnt what others look like.
_EXAMPLES = 300


class StoreLedger:
    """What the crawl of one site knows and writes (spiders.ledger.Ledger), and what it has counted.

    Everything that touches the store or extracts a page runs in one thread of its own, in order: while it waits for a
    MongoDB that is away, downloads go on until enough pages wait for it, then stop. If MongoDB stays away, `error`
    says so, `give_up` is called, and every further call raises CloseSpider.
    """

    def __init__(
        self, store: Store, intake: Intake, site: Site, give_up: Callable[[], None], *, dry_run: bool = False
    ) -> None:
        self._store = store
        self._intake = intake
        self._site = site
        self._give_up = give_up
        self._dry_run = dry_run
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="intake")
        self._due: list[UrlRow] = []
        self.counts: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.signs = Signs()
        self.error: BantinError | None = None
        self._given_up = False
        self._audited: set[str] = set()
        self._betrayed: set[Asked] = set()

    async def do(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs a function of the store in the ledger's thread. Raises CloseSpider once the store is lost."""

        def run() -> T:
            # Looked at in the thread: what queued up behind a call that has waited in vain must not wait again.
            if self.error is not None:
                raise CloseSpider("store-lost")
            try:
                return function(*args, **kwargs)
            except BantinError as error:
                self.error = self.error or error
                raise

        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, run)
        except BantinError as error:
            self.lose(error)
            raise CloseSpider("store-lost") from error

    def lose(self, error: BantinError) -> None:
        """Ends the crawl because of `error`; the first one is kept."""
        self.error = self.error or error
        if not self._given_up:
            self._given_up = True
            self._give_up()

    def close(self) -> None:
        """Ends the thread after what it has begun."""
        self._thread.shutdown(wait=True)

    async def take(self, page: Page) -> Outcome | None:
        """Hands a page to the intake and counts what became of it; None for a page that the intake choked on."""
        self.counts["pages"] += 1
        try:
            outcome = await self.do(self._intake.take, page, self._site)
        except CloseSpider:
            raise
        except Exception as error:
            # A page that breaks the extraction costs that page only, and is kept for whoever mends it.
            log.exception("%s: the page %s could not be taken in", self._site.id, page.url)
            await self.failed(page.lead or Lead(page.requested or page.url, Via.REQUEST), Reason.FAILED, repr(error))
            self.counts["rejected"] += 1
            return None
        self.counts[str(outcome.decision)] += 1
        self.signs.took(outcome.article, outcome.decision, page.requested or page.url)
        if outcome.reason is not None:
            self.reasons[str(outcome.reason)] += 1
        if page.requested in self._audited and outcome.decision is Decision.UPDATED:
            await self.lied(Asked.ARTICLES, page.requested)
        return outcome

    async def flush(self) -> None:
        """Writes what is held back: outcomes of pages (the intake) and of requests."""
        await self.do(self._flush)

    async def waiting(self, limit: int) -> list[tuple[Lead, Seen]]:
        rows = await self.do(self._store.urls.waiting, self._site.id, datetime.now(UTC), limit)
        self.signs.again.update(row.url for row in rows if row.attempts or row.state is UrlState.FAILED)
        return [(_lead(row), _seen(row)) for row in rows]

    async def known(self, leads: Sequence[Lead]) -> dict[str, Seen]:
        keys = {lead.url: self._site.identities(lead.url) for lead in leads}
        rows: dict[str, UrlRow] = {}
        for batch in _batches(sorted({key for spellings in keys.values() for key in spellings})):
            rows.update(await self.do(self._store.urls.known, batch))
        # The lead's own row tells more of it than that of another spelling.
        first = {url: next((rows[key] for key in spellings if key in rows), None) for url, spellings in keys.items()}
        return {url: _seen(row) for url, row in first.items() if row is not None}

    async def found(self, leads: Sequence[Lead]) -> None:
        now = datetime.now(UTC)
        for batch in _batches([self._row(lead, now) for lead in leads]):
            if not self._dry_run:
                await self.do(self._store.urls.found, batch)

    async def passed(self, leads: Sequence[tuple[Lead, Reason]]) -> None:
        now = datetime.now(UTC)
        rows = [replace(self._row(lead, now), state=UrlState.REJECTED, reason=reason) for lead, reason in leads]
        self.reasons.update(str(reason) for _, reason in leads)
        for batch in _batches(rows):
            await self._record(batch)

    async def examples(self) -> list[str]:
        return await self.do(self._store.urls.articles, self._site.id, _EXAMPLES)

    async def cut(self, url: str, reason: Reason, detail: str = "") -> None:
        self.reasons[str(reason)] += 1
        log.info("%s: %s is not followed: %s %s", self._site.id, url, reason, detail)

    async def trust(self) -> dict[Asked, Trust]:
        rows = await self.do(self._store.site_state.trust, self._site.id)
        return {Asked(name): Trust(row.lies, row.until, row.url) for name, row in rows.items()}

    async def lied(self, asked: Asked, url: str) -> None:
        self.reasons[str(Reason.VALIDATORS)] += 1
        if asked in self._betrayed:  # what comes out in one crawl is one lie
            return
        self._betrayed.add(asked)
        before = (await self.trust()).get(asked, Trust())
        now = before.betrayed(datetime.now(UTC), url)
        log.warning(
            "%s: %s had changed though the server denied it; %s are fetched in full until %s.",
            self._site.id, url, asked, now.until,
        )  # fmt: skip
        if not self._dry_run:
            row = Distrust(now.lies, now.until, now.url)
            await self.do(self._store.site_state.set_trust, self._site.id, str(asked), row)

    async def audit(self, lead: Lead) -> None:
        self._audited.add(lead.url)

    async def positions(self, since: datetime, until: datetime) -> dict[str, Position]:
        known = await self.do(self._store.site_state.backfill, self._site.id, since, until)
        return {start: Position(next, done) for start, (next, done) in known.items()}

    async def mark(self, start: str, position: Position) -> None:
        if not self._dry_run:
            mark = self._store.site_state.mark_backfill
            await self.do(mark, self._site.id, start, position.next, done=position.done)

    async def named(self, leads: Sequence[Lead]) -> None:
        for batch in _batches([self._row(lead, datetime.now(UTC)) for lead in leads]):
            if not self._dry_run:
                await self.do(self._store.urls.name, batch)

    async def failed(self, lead: Lead, cause: Exception | Reason, detail: str = "") -> None:
        reason = cause if isinstance(cause, Reason) else reason_of(cause)
        self.reasons[str(reason)] += 1
        detail = detail or (str(cause) if isinstance(cause, Exception) else "")
        self.signs.lost(lead.url, reason, detail)
        log.info("%s: %s gave nothing: %s %s", self._site.id, lead.url, reason, detail)
        await self.do(self._fail, lead, reason, detail[:500])

    async def unchanged(self, lead: Lead) -> None:
        self.counts["unchanged"] += 1
        await self.do(self._keep, lead)

    async def sources(self) -> dict[str, SourceMemory]:
        states = await self.do(self._store.site_state.sources, self._site.id)
        return {url: SourceMemory(state.caught_up, state.swept) for url, state in states.items()}

    async def remember(self, memories: Mapping[str, SourceMemory]) -> None:
        if not self._dry_run:
            for url, memory in memories.items():
                state = SourceState(caught_up=memory.caught_up, swept=memory.swept)
                await self.do(self._store.site_state.set_source, self._site.id, url, state)

    async def validators(self, url: str) -> Validators:
        row = await self.do(self._store.urls.get, identity(url))
        return _seen(row).validators if row is not None and row.state is UrlState.SOURCE else Validators()

    async def read(self, url: str, validators: Validators) -> None:
        await self._record([self._source_row(url, validators)])

    async def unreadable(self, url: str, cause: Exception | Reason | None, detail: str) -> Reason:
        reason = reason_of(cause) if isinstance(cause, Exception) else cause or Reason.UNREADABLE
        self.reasons[str(reason)] += 1
        log.warning("%s: the source %s cannot be read: %s", self._site.id, url, detail)
        await self._record([replace(self._source_row(url, Validators()), reason=reason, detail=detail[:500])])
        return reason

    async def robots(self, origin: str) -> RobotsTxt | None:
        """The robots.txt that is kept of an origin."""
        return await self.do(self._store.robots.get, origin)

    async def keep_robots(self, text: RobotsTxt) -> None:
        """Keeps a robots.txt for the crawls of a day."""
        if not self._dry_run:
            await self.do(self._store.robots.keep, text)

    async def _record(self, rows: Sequence[UrlRow]) -> None:
        if rows and not self._dry_run:
            await self.do(self._store.urls.record, rows)

    def _row(self, lead: Lead, now: datetime) -> UrlRow:
        key = self._site.identities(lead.url)[0]
        return UrlRow(
            key=key, url=lead.url, site=self._site.id, found=now, via=lead.via, title=lead.title[:300],
            published=lead.published, modified=lead.modified, section=lead.section,
            named=(lead.via,) if lead.via in ANNOUNCING else (),
        )  # fmt: skip

    def _source_row(self, url: str, validators: Validators) -> UrlRow:
        now = datetime.now(UTC)
        return UrlRow(
            key=identity(url), url=url, site=self._site.id, found=now, fetched=now, state=UrlState.SOURCE,
            etag=validators.etag, last_modified=validators.last_modified,
            detail=_DIGEST + validators.digest if validators.digest else "",
        )  # fmt: skip

    def _fail(self, lead: Lead, reason: Reason, detail: str) -> None:
        """In the thread: the row of a failure."""
        now = datetime.now(UTC)
        before = self._store.urls.get(self._site.identities(lead.url)[0])
        state = UrlState.FAILED if passes(reason, detail) else UrlState.REJECTED
        row = replace(before or self._row(lead, now), state=state, reason=reason, detail=detail, fetched=now)
        self._hold(settled(replace(row, next_check=None), before, now))

    def _keep(self, lead: Lead) -> None:
        """In the thread: the row of a page that answered 304."""
        before = self._store.urls.get(self._site.identities(lead.url)[0])
        if before is not None:
            now = datetime.now(UTC)
            modified = lead.modified or before.modified
            row = replace(before, fetched=now, modified=modified, next_check=None, gone=None, reason=None, attempts=0)
            self._hold(settled(row, before, now))

    async def settle(self) -> str:
        """At the end of a crawl: retracts what was removed at its source. What an operator must know, or ""."""
        await self.flush()
        return "" if self._dry_run else await self.do(self._intake.removals.settle, datetime.now(UTC))

    def _hold(self, row: UrlRow) -> None:
        self._intake.removals.note(row)
        self._due.append(row)
        if len(self._due) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        self._intake.flush()
        rows, self._due = self._due, []
        if rows and not self._dry_run:
            self._store.urls.record(rows)


def _lead(row: UrlRow) -> Lead:
    return Lead(row.url, row.via or Via.REVISIT, row.title, row.published, row.modified, row.section)


def _seen(row: UrlRow) -> Seen:
    validators = Validators()
    # Of a page that was missing, "not modified" would not say whether it is back.
    if row.state in (UrlState.STORED, UrlState.SOURCE) and row.gone is None:
        digest = row.detail.removeprefix(_DIGEST) if row.detail.startswith(_DIGEST) else ""
        validators = Validators(row.etag, row.last_modified, digest)
    unfetched = row.fetched is None or row.reason is Reason.TOO_OLD  # a page that showed its age counts as unfetched
    passed = row.reason if row.state is UrlState.REJECTED and unfetched else None
    return Seen(found=row.found, fetched=row.fetched, modified=row.modified, validators=validators, passed=passed)


def _batches(rows: Iterable[T]) -> list[list[T]]:
    every = list(rows)
    return [every[start : start + _BATCH] for start in range(0, len(every), _BATCH)]
