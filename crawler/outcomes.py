"""What is kept of a URL after it was looked at, from what came of it and what was known before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from news.cadence import RETRY_LIMIT, next_look, next_retry, next_visit
from news.errors import Reason
from storage.urls import UrlRow, UrlState

# How a page says that it is no more: by status, or by an error page that says so in words.
MISSING = (Reason.GONE, Reason.SOFT_404)
# 403 and 429 are how firewalls say "not so fast", 408 is a timeout: they pass, unlike the other 4xx.
_PASSING = ("HTTP 403", "HTTP 408", "HTTP 429")


def settled(row: UrlRow, before: UrlRow | None, now: datetime) -> UrlRow:
    """The row of a URL with the time when it is looked at again, and with what must not be forgotten of `before`.

    What is stored is seen again at growing distances from the day it was found, what failed is tried again at doubling
    ones. An article stays known by a URL that fails now.
    """
    if before is not None and before.article_id and row.state in (UrlState.FAILED, UrlState.REJECTED):
        return _of_article(row, before, now)
    if row.state is UrlState.FAILED:
        attempts = before.attempts if before and before.state is UrlState.FAILED else 0
        again = _again(row.reason, attempts, now)
        return replace(row, next_check=again, state=UrlState.FAILED if again else UrlState.REJECTED)
    if row.state is UrlState.STORED:
        return replace(row, next_check=row.next_check or next_visit(before.found if before else row.found, now))
    return row


def passes(reason: Reason, detail: str) -> bool:
    """Whether the same request may well be answered later."""
    return reason.temporary or detail in _PASSING


def _of_article(row: UrlRow, before: UrlRow, now: datetime) -> UrlRow:
    """The row of a URL of an article, which gave nothing this time."""
    kept = replace(
        before, reason=row.reason, detail=row.detail, fetched=row.fetched or now, attempts=before.attempts + 1
    )
    if row.reason in MISSING:
        gone = before.gone or now
        return replace(kept, gone=gone, next_check=next_look(gone, now))
    if row.reason is not None and passes(row.reason, row.detail):
        return replace(kept, next_check=_again(row.reason, before.attempts, now))
    return replace(kept, next_check=next_visit(before.found, now))


def _again(reason: Reason | None, attempts: int, now: datetime) -> datetime | None:
    """When what has failed is tried again. Maintenance ends, however long it lasts, and says nothing of the page."""
    return next_retry(min(attempts, RETRY_LIMIT - 1) if reason is Reason.MAINTENANCE else attempts, now)
