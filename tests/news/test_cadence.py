"""Known articles are seen again at growing distances, failed pages tried again at doubling ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from news.cadence import RETRY_LIMIT, RETRY_LONGEST, REVISITS, next_retry, next_visit

FOUND = datetime(2025, 3, 5, tzinfo=UTC)


def test_an_article_is_visited_again_within_hours_a_day_and_a_week_and_then_left_alone() -> None:
    visits, now = [], FOUND
    while (due := next_visit(FOUND, now)) is not None:
        visits.append(due - FOUND)
        now = due
    assert visits == list(REVISITS) == [timedelta(hours=6), timedelta(days=1), timedelta(days=7)]


def test_a_failed_page_is_tried_again_ever_later_and_given_up_in_the_end() -> None:
    waits = [due - FOUND for n in range(RETRY_LIMIT) if (due := next_retry(n, FOUND))]
    assert waits[0] == timedelta(minutes=15)
    assert waits == sorted(waits)
    assert max(waits) == RETRY_LONGEST
    assert next_retry(RETRY_LIMIT, FOUND) is None
