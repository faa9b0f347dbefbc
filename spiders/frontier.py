"""What to fetch: judgements over leads and what is known of their URLs. Nothing here touches anything."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from news.article import Lead
from news.errors import Reason
from news.refusals import followed
from news.site import Site

# How long a site with a feed or sitemap goes without a look at its listings, which a feed that drops entries would
# otherwise hide for good. Once a day costs a polite crawl some ten requests.
SWEEP_EVERY = timedelta(hours=24)

# Media Cloud trusts no validators, NewsBlur fetches one page in a hundred in full; news is worth one in twenty.
AUDIT_EVERY = 20
# Clocks of servers go wrong by minutes, and zones are forgotten; what will change the day after tomorrow says nothing.
_AHEAD = timedelta(days=1)
# A server that was caught is asked in full for a week, and twice as long each time it is caught again.
DISTRUST, LONGEST_DISTRUST = timedelta(days=7), timedelta(days=56)


class Asked(StrEnum):
    """What validators belong to. Articles and what announces them are often made by different parts of a portal."""

    ARTICLES = "articles"
    SOURCES = "sources"


@dataclass(frozen=True, slots=True)
class Trust:
    """How often a site's server called a changed page unchanged, the last such page, and until when (UTC) nothing that
    it says of the kind is believed."""

    lies: int = 0
    until: datetime | None = None
    url: str = ""

    def holds(self, now: datetime) -> bool:
        """Whether requests may be conditional."""
        return self.until is None or now >= self.until

    def betrayed(self, now: datetime, url: str) -> Trust:
        """The trust that is left when one more lie has come out."""
        return Trust(self.lies + 1, now + min(DISTRUST * (1 << min(self.lies, 10)), LONGEST_DISTRUST), url)


def is_audited(key: str, visit: datetime) -> bool:
    """Whether a 304 for this URL in the crawl begun at `visit` is looked behind, by fetching the page in full: one in
    AUDIT_EVERY, always the same ones, and others in the next crawl."""
    digest = hashlib.sha256(f"{key} {visit.isoformat()}".encode()).digest()
    return int.from_bytes(digest[:4]) % AUDIT_EVERY == 0


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request is made of; `digest` is that of the body, for servers that never answer 304."""

    etag: str = ""
    last_modified: str = ""
    digest: str = ""

    def headers(self) -> dict[str, str]:
        """The request headers that ask for the page only if it has changed."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the frontier knows of a URL. `found` and `fetched` are UTC moments of ours, `modified` is what the source
    said when it was last fetched; `passed` is the reason why it was left out, if it was."""

    found: datetime
    fetched: datetime | None = None
    modified: datetime | None = None
    validators: Validators = Validators()
    passed: Reason | None = None


@dataclass(frozen=True, slots=True)
class SourceMemory:
    """What is kept of a source between crawls. `caught_up`: a crawl has read it to its end, so that what is older is
    all known; `swept`: when that was, UTC."""

    caught_up: bool = False
    swept: datetime | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What a crawl was asked to do. `started` is UTC; `budget` counts article pages. What was published before `since`,
    or at `until` and later, is left out. `backfill`: it reads the sources to their depth for what lies between the
    two, and leaves no trace of what it leaves out, for that is the daily crawl's."""

    started: datetime
    budget: int
    since: datetime | None = None
    revisit: bool = False
    until: datetime | None = None
    backfill: bool = False


@dataclass(frozen=True, slots=True)
class Position:
    """How far a back-fill has read a list: the pages to read `next`, or that it is `done`."""

    next: tuple[str, ...] = ()
    done: bool = False


def refusal(lead: Lead, site: Site, terms: Terms) -> Reason | None:
    """Why a lead is not followed, whatever is known of it."""
    if refused := followed(lead.url, site):
        return refused.reason
    # What was last changed before a day was published before it; a back-fill need not fetch it to learn as much.
    stated = lead.published or (lead.modified if terms.backfill else None)
    if terms.since and stated and stated < terms.since:
        return Reason.TOO_OLD
    if terms.until and lead.published and lead.published >= terms.until:
        return Reason.TOO_NEW
    return None


def is_wanted(lead: Lead, seen: Seen | None, terms: Terms) -> bool:
    """Whether to fetch a lead that is not refused: it is unknown, changed since we fetched it, or to be seen again.

    What is known but was never fetched waits in its row and is asked for from there. An address that an earlier
    crawl passed over as too old is new to a crawl that looks further back.
    """
    if seen is None or terms.revisit or seen.passed is Reason.TOO_OLD:
        return True
    if not (seen.fetched and lead.modified) or lead.modified == seen.modified:
        return False
    if lead.modified > terms.started + _AHEAD:
        return False
    # Sitemaps and feeds state whole seconds: a change in the second in which the page was fetched may have come after.
    return lead.modified >= seen.fetched.replace(microsecond=0)


def is_old_news(leads: Iterable[Lead], known: Mapping[str, Seen], terms: Terms) -> bool:
    """Whether a page holds only what was known before this crawl began; `known` goes by URL. What this very crawl found
    elsewhere, in a feed say, is no sign that the pages behind were read."""
    return all((seen := known.get(lead.url)) and seen.found < terms.started for lead in leads)


def has_gap(leads: Sequence[Lead], known: Mapping[str, Seen], terms: Terms) -> bool:
    """Whether entries may have passed through a feed unseen between two crawls: its far end is news to us.

    The far end is both the last entry and the oldest: a pinned old entry stands first and would hide the gap alone.
    A feed without entries proves nothing, so it counts as a gap.
    """
    if not leads:
        return True
    dated = [lead for lead in leads if lead.published or lead.modified]
    oldest = min(dated, key=_age, default=leads[-1])
    return not is_old_news((leads[-1], oldest), known, terms)


def newest_first(leads: Sequence[Lead]) -> list[Lead]:
    """Leads by what their source says of their age, so that a page budget is spent on news; undated ones keep their
    place at the end."""
    dated = [lead for lead in leads if lead.published or lead.modified]
    undated = [lead for lead in leads if not (lead.published or lead.modified)]
    return [*sorted(dated, key=_age, reverse=True), *undated]


def reason_of_status(status: int) -> Reason | None:
    """Why a response of that status is no article; None for success."""
    if status < 400:
        return None if status < 300 else Reason.REDIRECTS
    if status >= 500:
        return Reason.HTTP_SERVER
    return Reason.GONE if status in (404, 410) else Reason.HTTP_CLIENT


def _age(lead: Lead) -> datetime:
    stated = lead.published or lead.modified
    assert stated is not None
    return stated
