"""The outcome of reading a source, and how it is gathered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from news.article import Lead, Via
from news.errors import InvalidValue
from news.site import Site

# How long a generator may take to write a sitemap in which every entry bears the time of its writing.
_ONE_RUN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Discovery:
    """`leads` in the order of the source, `next_pages` still to be read, `problem` in words where it was unreadable,
    `left` addresses that were one too many to be read.

    Of a front page also its `sections` and the `feeds` it declares. `scripted`: the list goes on by script only, where
    no request that only reads can follow. `traps`: addresses that were left out because they lead round in circles.
    `blank`: the problem is that a page in good order names nothing."""

    leads: tuple[Lead, ...] = ()
    next_pages: tuple[str, ...] = ()
    problem: str = ""
    left: int = 0
    sections: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    scripted: bool = False
    traps: tuple[str, ...] = ()
    blank: bool = False


def lead_of(
    address: str,
    base: str,
    via: Via,
    site: Site,
    title: str = "",
    section: str = "",
    published: datetime | None = None,
    modified: datetime | None = None,
) -> Lead | None:
    """The lead of a link as a source writes it; None where it is no http(s) address."""
    try:
        url = site.canonical(address, base)
    except InvalidValue:
        return None
    return Lead(url=url, via=via, title=title, section=section, published=published, modified=modified)


def unique(leads: Iterable[Lead | None], site: Site) -> tuple[Lead, ...]:
    """Each article once, where it was first named; a later mention lends the title or date that the first lacks."""
    found: dict[str, Lead] = {}
    for lead in leads:
        if lead is None:
            continue
        key = site.identity(lead.url)
        first = found.get(key)
        found[key] = lead if first is None else _merged(first, lead)
    return tuple(found.values())


def honest(leads: Sequence[Lead]) -> tuple[Lead, ...]:
    """The leads without a date of change that says nothing: some generators stamp every entry with the moment of
    their own run, and believing it would fetch the whole site again at every crawl. A run may take its time, so many
    entries within a few minutes say as little."""
    stamps = [lead.modified for lead in leads if lead.modified is not None]
    if len(leads) < 3 or len(stamps) < len(leads):
        return tuple(leads)
    if max(stamps) - min(stamps) > (_ONE_RUN if len(leads) >= 20 else timedelta(0)):
        return tuple(leads)
    return tuple(
        replace(lead, modified=None, published=None if lead.published == lead.modified else lead.published)
        for lead in leads
    )


def _merged(first: Lead, later: Lead) -> Lead:
    return replace(
        first,
        title=first.title or later.title,
        published=first.published or later.published,
        modified=first.modified or later.modified,
    )
