"""Whether the newest pages of a site are what its pages used to be: fewer that come, are articles, or have a lead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import exp, log
from typing import NamedTuple

from news.health.memory import Memory, base, body_name
from news.report import FIELDS

# The chance that as few pages as these would have it, if nothing had changed. A catalogue of forty sites asks some
# 200,000 times a month, and pages of one crawl are often alike: hence as little as this, and the two rules below.
_CHANCE = 1e-6
# Nothing is so usual that its absence on one page is a wonder.
_SUREST = 0.98
# What fewer pages had is not missed; of fewer pages nothing is usual.
_USUAL_SHARE, _USUAL_PAGES = 0.5, 10
# A share that fell less than this is another mixture of news.
_FALLEN = 0.7
# And one that is back has come this far.
_BACK = 0.85
# What the newest pages are is seen in more than one crawl, some time apart: one batch is often of one kind.
_CRAWLS, _APART = 2, timedelta(minutes=30)
# A week of notices without leads is no redesign: that leads or authors are gone is believed after a day.
_FIELDS_APART = timedelta(hours=20)
# A trouble of more pages than these has been seen long before, in the newest of them.
_MOST_PAGES = 600
# The chance at which newer pages that have it again prove that the trouble is over.
_OVER, _OVER_IN_PART = 1e-4, 1e-5


# When a crawl began, how many of its pages have it, and how many there are.
Counted = tuple[datetime, int, int]


class Drop(NamedTuple):
    """A count that fell: `has` of `pages` pages since the crawl at `since`, where `usual` (a share) was usual."""

    name: str
    has: int
    pages: int
    usual: float
    since: datetime

    @property
    def share(self) -> float:
        return self.has / self.pages


def drops(memory: Memory) -> list[Drop]:
    """What fell, and is down still."""
    return [drop for name in _names(memory) if (drop := _drop(name, memory)) is not None]


def _names(memory: Memory) -> Iterator[str]:
    yield from ("reached", "let_in", "article", "sure", *FIELDS)
    # What found the bodies by their place: a selector, a family's mark. What was found by the look of it has no mark
    # to lose, and selectors of the site's file that find more than before are an operator's doing.
    usual, own = memory.usual, body_name("site:")
    if not any(name.startswith(own) and not usual.counts.get(name) for one in memory.recent for name in one.counts):
        yield from (body_name(how) for how in usual.bodies() if how not in ("density", "trafilatura", "none"))


def _drop(name: str, memory: Memory) -> Drop | None:
    had, of = memory.usual.share(name)
    if of < _USUAL_PAGES or had / of < _USUAL_SHARE:
        return None
    usual = min(_SUREST, (had + 1) / (of + 2))
    apart = _FIELDS_APART if name in FIELDS else _APART
    counted = _counted(name, memory)
    few = _FALLEN * usual
    if all(has > few * pages for _, has, pages in counted):  # so it is as a rule
        return None
    worst, least, has, pages = -1, _CHANCE, 0, 0
    for first in range(len(counted) - 1, -1, -1):
        has, pages = has + counted[first][1], pages + counted[first][2]
        close = len(counted) - first < _CRAWLS or counted[-1][0] - counted[first][0] < apart
        begins = counted[first][1] <= few * counted[first][2]
        if close or not begins or pages > _MOST_PAGES or has > few * pages:
            continue
        chance = at_most(has, pages, usual)
        if chance < least:
            worst, least = first, chance
    if worst < 0 or _is_over(counted[worst:], usual):
        return None
    has, pages = _sums(counted[worst:])
    return Drop(name, has, pages, had / of, counted[worst][0])


def _counted(name: str, memory: Memory) -> list[Counted]:
    """The newest crawls that had pages of which it could be one."""
    of = base(name)
    return [
        (sample.at, sample.counts.get(name, 0), pages)
        for sample in memory.recent
        if sample.at is not None and (pages := sample.counts.get(of, 0))
    ]


def _is_over(counted: Sequence[Counted], usual: float) -> bool:
    """Whether the newest of the pages prove that it is back: so many would not have it in the trouble before them."""
    has, pages = _sums(counted)
    good = of_good = 0
    for _, some, of_some in reversed(counted[1:]):
        good, of_good = good + some, of_good + of_some
        if of_good < 2 or good < _BACK * usual * of_good:
            continue
        trouble = (has - good + 2) / (pages - of_good + 4)
        limit = _OVER if trouble < 0.3 else _OVER_IN_PART
        # At least so many have it as at most the others have it not.
        if at_most(of_good - good, of_good, 1 - trouble) < limit:
            return True
    return False


def at_most(has: int, pages: int, share: float) -> float:
    """The chance that at most so many of the pages have what a page has with that chance: the binomial distribution.
    `share` is above 0 and below 1."""
    # In logarithms: of some hundred pages the first terms are too small for a float.
    term, odds = pages * log(1 - share), log(share / (1 - share))
    total = exp(term)
    for n in range(has):
        term += odds + log((pages - n) / (n + 1))
        total += exp(term)
    return min(1.0, total)


def _sums(counted: Sequence[Counted]) -> tuple[int, int]:
    return sum(has for _, has, _ in counted), sum(pages for _, _, pages in counted)
