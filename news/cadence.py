"""When a URL is looked at again: pure functions of what happened to it."""

from __future__ import annotations

from datetime import datetime, timedelta

# Corrections come within hours of publication, then rarely: EDGI and Media Cloud both see most edits on the first day.
REVISITS = (timedelta(hours=6), timedelta(days=1), timedelta(days=7))
# A page that failed is tried again after a quarter of an hour, then at doubling distances, for about a week in all.
RETRY_FIRST = timedelta(minutes=15)
RETRY_LONGEST = timedelta(days=1)
RETRY_LIMIT = 12
# A page that is missing is looked for again: half a day later, to tell a removal from a server's bad hour, and twice
# more, to see whether it comes back. Missing twice, so far apart, it was removed.
GONE_LOOKS = (timedelta(hours=12), timedelta(days=3), timedelta(days=7))
GONE_APART = timedelta(hours=6)
# A site that moves or breaks loses its articles all at once; an editor takes one down, or three.
FEW_REMOVALS = 3
MOST_REMOVED = 0.5


def next_visit(found: datetime, now: datetime) -> datetime | None:
    """When a stored article found at `found` is due again; None when it has settled."""
    return next((found + after for after in REVISITS if found + after > now), None)


def next_look(gone: datetime, now: datetime) -> datetime | None:
    """When a page missing since `gone` is looked for again; None when it is given up."""
    return next((gone + after for after in GONE_LOOKS if gone + after > now), None)


def is_removed(gone: datetime, now: datetime) -> bool:
    """Whether a page that is missing `now`, and was at `gone`, has been removed."""
    return now - gone >= GONE_APART


def credible(removed: int, there: int) -> bool:
    """Whether so many known articles of a site were removed, of which one crawl found `there` still in their place. If
    not, the site has changed its addresses or is ill."""
    return removed <= FEW_REMOVALS or removed <= MOST_REMOVED * (removed + there)


def next_retry(attempts: int, now: datetime) -> datetime | None:
    """When a URL that has failed `attempts` times before is tried again; None when it is given up."""
    if attempts >= RETRY_LIMIT:
        return None
    return now + min(RETRY_FIRST * (1 << min(attempts, 10)), RETRY_LONGEST)
