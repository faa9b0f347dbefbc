"""Known articles are seen again at growing distances, failed pages tried again, missing ones looked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.cadence import (
    GONE_LOOKS,
    RETRY_LIMIT,
    RETRY_LONGEST,
    REVISITS,
    credible,
    is_removed,
    next_look,
    next_retry,
    next_visit,
)

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


def test_a_missing_page_is_looked_for_half_a_day_later_and_twice_more_to_see_whether_it_comes_back() -> None:
    looks, now = [], FOUND
    while (due := next_look(FOUND, now)) is not None:
        looks.append(due - FOUND)
        now = due
    assert looks == list(GONE_LOOKS) == [timedelta(hours=12), timedelta(days=3), timedelta(days=7)]


def test_the_second_look_is_far_enough_from_the_first_to_tell_a_removal_from_a_bad_hour() -> None:
    assert not is_removed(FOUND, FOUND)
    assert not is_removed(FOUND, FOUND + timedelta(hours=5, minutes=59))
    assert is_removed(FOUND, FOUND + GONE_LOOKS[0])


@pytest.mark.parametrize(
    ("removed", "there", "believed"),
    [(0, 0, True), (3, 0, True), (4, 3, False), (4, 4, True), (40, 39, False), (40, 400, True), (5, 0, False)],
)
def test_an_editor_takes_down_a_few_and_a_site_that_moves_loses_all(removed: int, there: int, believed: bool) -> None:
    assert credible(removed, there) is believed


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_more_articles_are_still_there_the_more_removals_are_believed(removed: int, there: int) -> None:
    assert credible(removed, there) <= credible(removed, there + 1)
    assert credible(removed + 1, there) <= credible(removed, there)
