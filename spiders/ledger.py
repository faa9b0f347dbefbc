"""What a crawl must be told and must tell: the spider's side of the store, supplied by the crawl's process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from news.article import Lead
from news.errors import Reason
from spiders.frontier import Asked, Position, Seen, SourceMemory, Trust, Validators


class Ledger(Protocol):
    """What is known of a site's URLs and sources, and where it is written down. The crawl's process supplies it."""

    async def waiting(self, limit: int) -> list[tuple[Lead, Seen]]:
        """URLs found by earlier crawls and not fetched yet, and those due again; longest due first."""

    async def known(self, leads: Sequence[Lead]) -> dict[str, Seen]:
        """What is known of the leads, each by its URL, under whatever spelling of it (Site.identities) that was."""

    async def examples(self) -> list[str]:
        """Addresses of articles of the site, a few hundred at most: what others of it will look like."""

    async def found(self, leads: Sequence[Lead]) -> None:
        """Writes leads down before they are asked for, so that no kill can lose them."""

    async def passed(self, leads: Sequence[tuple[Lead, Reason]]) -> None:
        """Writes down leads that are not followed, and why."""

    async def cut(self, url: str, reason: Reason, detail: str = "") -> None:
        """Counts what is not followed and needs no row of its own, for there is no end of it."""

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

    async def unreadable(self, url: str, cause: Exception | Reason | None, detail: str) -> Reason:
        """Writes down that a page of a source could not be read, and says for which reason that counts."""

    async def trust(self) -> dict[Asked, Trust]:
        """How far the site's validators are believed; what is missing is believed."""

    async def lied(self, asked: Asked, url: str) -> None:
        """Writes down that the server called a page unchanged which had changed."""

    async def audit(self, lead: Lead) -> None:
        """An article that was called unchanged is about to come in full: if it changed, the server lied."""

    async def positions(self, since: datetime, until: datetime) -> dict[str, Position]:
        """How far a back-fill of these days has come, by the first page of each list; another one is forgotten."""

    async def mark(self, start: str, position: Position) -> None:
        """Keeps how far a back-fill has read a list."""

    async def named(self, leads: Sequence[Lead]) -> None:
        """Writes down, at URLs that are known, that a source names them: what completeness is reckoned from."""


class Fetched(NamedTuple):
    """A page of a source as it came."""

    url: str
    status: int
    body: bytes
    etag: str
    last_modified: str


Fetch = Callable[[str, Mapping[str, str]], Awaitable[Fetched]]
Wanted = tuple[Lead, Seen | None]
