"""How the reading of one source stands, and what in it goes round in circles."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from news.discover.traps import filters, without_tokens
from news.errors import Reason
from news.report import Fate
from spiders.frontier import SourceMemory

# Filters multiply: five with ten values each make a hundred thousand addresses of one page. Lists of articles whose
# addresses hold no id and yet have a query are known with some ten.
MAX_FILTERED = 60
# How a server says, to all who ask or to us, that we are not to come in.
SHUT = ("HTTP 401", "HTTP 403", "HTTP 429")


@dataclass
class Reading:
    """How the reading of one source stands."""

    memory: SourceMemory
    finished: bool = False  # read to the end of what was unknown
    failed: bool = False
    cut_short: bool = False  # the crawl's own budget was spent
    passed_old: bool = False  # may leave unknown articles out because the crawl looks back only so far
    partial: bool = False  # all of it was not looked at, as nothing made it seem needful
    gap: bool = False
    asked: int = 0  # pages
    had: int = 0  # pages that came, or had not changed
    named: bool = False  # it named addresses of articles
    unchanged: bool = False  # a page of it had not changed
    trouble: Fate | None = None  # the first thing that kept a page of it from being read

    @property
    def fate(self) -> Fate | None:
        """What became of it so far; None while nothing did. What it said counts more than what of it failed."""
        if self.named or self.unchanged:
            return Fate.READ if self.named else Fate.UNCHANGED
        return self.trouble or (Fate.BARE if self.had else None)

    def came(self, leads: int, *, may_be_empty: bool) -> None:
        """Notes a page that was read: how many articles it names, and whether it is no fault if that is none."""
        if leads:
            self.named = True
        elif not may_be_empty:
            self.trouble = self.trouble or Fate.EMPTY

    def fails(self, fate: Fate) -> None:
        """Notes a page that could not be read."""
        self.failed = True
        self.trouble = self.trouble or fate


@dataclass
class Part:
    """One list of a source: the source itself, a day of an archive, a section of a front page."""

    start: str
    may_be_empty: bool = False  # a day without news is none of its faults
    had: int = 0
    old: bool = True  # nothing on its pages was news
    old_page: bool = True  # nor on the last of them
    listed: set[str] = field(default_factory=set)  # identities of the leads so far


@dataclass
class Circles:
    """What a crawl has seen of addresses that may go on without end."""

    identity: Callable[[str], str]
    _filtered: Counter[str] = field(default_factory=Counter)
    _plain: dict[str, str] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)

    def closed_by(self, url: str) -> str:
        """Why a link of a list is not followed; "" where it is. Each address counts once."""
        key = self.identity(url)
        if key in self._seen:
            return ""
        plain = without_tokens(key)
        if plain != key and self._plain.setdefault(plain, key) != key:
            return "the same address with another session"
        kind = filters(url)
        if kind and self._filtered[kind] >= MAX_FILTERED:
            return f"more than {MAX_FILTERED} choices of one filter"
        self._filtered[kind] += 1
        self._seen.add(key)
        return ""


def digest_of(body: bytes) -> str:
    """What tells two bodies apart."""
    return hashlib.sha256(body).hexdigest()[:32]


def said_of(status: int, reason: Reason) -> str:
    """What is written down of an answer that is an error."""
    return f"HTTP {status}" + (": under maintenance" if reason is Reason.MAINTENANCE else "")


def fate_of(reason: Reason, detail: str) -> Fate:
    """What became of a source that gave no page, by what the ledger was told."""
    if reason in (Reason.ROBOTS, Reason.BUSY, Reason.BLOCKED) or detail in SHUT:
        return Fate.BLOCKED
    if reason in (Reason.GONE, Reason.HTTP_CLIENT):
        return Fate.GONE
    return Fate.UNREADABLE if reason in (Reason.UNREADABLE, Reason.TOO_LARGE) else Fate.FAILED
