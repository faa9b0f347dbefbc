"""When a URL is looked at again: pure functions of what happened to it."""

from __future__ import annotations

from datetime import datetime, timedelta

# Corrections come within hours of publication, then rarely: EDGI and Media Cloud both see most edits on the first day.
REVISITS = (timedelta(hours=6), timedelta(days=1), timedelta(days=7))
# A page that failed is tried again after a quarter of an hour, then at doubling distances, for about a week in all.
RETRY_FIRST = timedelta(minutes=15)
RETRY_LONGEST = timedelta(days=1)
RETRY_LIMIT = 12


def next_visit(found: datetime, now: datetime) -> datetime | None:
    """When a stored article found at `found` is due again; None when it has settled."""
    return next((found + after for after in REVISITS if found + after > now), None)


def next_retry(attempts: int, now: datetime) -> datetime | None:
    """When a URL that has failed `attempts` times before is tried again; None when it is given up."""
    if attempts >= RETRY_LIMIT:
        return None
    return now + min(RETRY_FIRST * (1 << min(attempts, 10)), RETRY_LONGEST)
