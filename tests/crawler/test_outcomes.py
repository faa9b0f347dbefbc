"""What is kept of a URL after it was looked at: an article stays known by it, and what failed is tried again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.outcomes import MISSING, passes, settled
from news.errors import Reason
from storage.urls import UrlRow, UrlState

FOUND = datetime(2025, 3, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
STORED = UrlRow(
    key="a.vn/1", url="https://a.vn/1", site="a", found=FOUND, fetched=FOUND, state=UrlState.STORED, article_id="a1",
    etag='"1"', title="Tin", next_check=FOUND + 6 * HOUR,
)  # fmt: skip


def row(state: UrlState, reason: Reason | None = None, detail: str = "", at: datetime = FOUND + 6 * HOUR) -> UrlRow:
    return UrlRow(
        key="a.vn/1", url="https://a.vn/1", site="a", found=at, fetched=at, state=state, reason=reason, detail=detail
    )


@pytest.mark.parametrize(("after", "due"), [(0, 6), (6, 24), (24, 168), (168, None)])
def test_a_stored_article_is_due_at_growing_distances_from_the_day_it_was_found(after: int, due: int | None) -> None:
    now = FOUND + after * HOUR
    kept = settled(replace(row(UrlState.STORED, at=now), article_id="a1"), STORED, now)
    assert kept.next_check == (due and FOUND + due * HOUR)


def test_a_visit_that_was_ordered_is_kept() -> None:
    ordered = replace(row(UrlState.STORED), next_check=FOUND + 7 * HOUR)
    assert settled(ordered, STORED, FOUND + 6 * HOUR).next_check == FOUND + 7 * HOUR


@pytest.mark.parametrize("before", [STORED, row(UrlState.FAILED, Reason.MAINTENANCE)])
def test_maintenance_is_waited_for_however_long_it_lasts(before: UrlRow) -> None:
    at = FOUND
    for attempts in range(30):
        after = settled(row(UrlState.FAILED, Reason.MAINTENANCE, at=at), replace(before, attempts=attempts), at)
        assert after.state is before.state
        assert after.next_check is not None
        assert after.next_check - at <= 24 * HOUR
        at = after.next_check


@pytest.mark.parametrize("state", [UrlState.FAILED, UrlState.REJECTED])
@pytest.mark.parametrize("reason", list(Reason))
def test_an_article_stays_known_by_its_url_whatever_that_answers_now(reason: Reason, state: UrlState) -> None:
    kept = settled(row(state, reason), STORED, FOUND + 6 * HOUR)
    assert (kept.state, kept.article_id, kept.etag, kept.title) == (UrlState.STORED, "a1", '"1"', "Tin")
    assert (kept.reason, kept.fetched, kept.found) == (reason, FOUND + 6 * HOUR, FOUND)
    assert (kept.gone is not None) is (reason in MISSING)


def test_a_page_is_missing_since_it_was_first_missed_and_looked_for_ever_later() -> None:
    at, before, looks = FOUND + 6 * HOUR, STORED, []
    while at is not None:
        before = settled(row(UrlState.REJECTED, Reason.GONE, at=at), before, at)
        looks.append(before.next_check and (before.next_check - FOUND - 6 * HOUR) // HOUR)
        assert before.gone == FOUND + 6 * HOUR
        at = before.next_check  # type: ignore[assignment]
    assert looks == [12, 72, 168, None]


@pytest.mark.parametrize("back", [UrlState.STORED, UrlState.DUPLICATE])
def test_a_page_that_is_there_again_was_never_missing(back: UrlState) -> None:
    missing = settled(row(UrlState.REJECTED, Reason.GONE), STORED, FOUND + 6 * HOUR)
    kept = settled(replace(row(back), article_id="a1"), missing, FOUND + 18 * HOUR)
    assert (kept.gone, kept.reason, kept.attempts) == (None, None, 0)


@pytest.mark.parametrize("detail", ["HTTP 403", "HTTP 408", "HTTP 429"])
def test_a_firewall_says_nothing_about_an_article_and_is_asked_again(detail: str) -> None:
    now = FOUND + 6 * HOUR
    assert passes(Reason.HTTP_CLIENT, detail)
    kept = settled(row(UrlState.FAILED, Reason.HTTP_CLIENT, detail), STORED, now)
    assert (kept.gone, kept.next_check) == (None, now + timedelta(minutes=15))
    again = settled(row(UrlState.FAILED, Reason.HTTP_CLIENT, detail), kept, now)
    assert again.next_check == now + timedelta(minutes=30)


def test_a_page_missing_that_then_only_fails_is_still_missing_since_then() -> None:
    missing = settled(row(UrlState.REJECTED, Reason.GONE), STORED, FOUND + 6 * HOUR)
    kept = settled(row(UrlState.FAILED, Reason.HTTP_SERVER), missing, FOUND + 18 * HOUR)
    assert (kept.gone, kept.reason) == (FOUND + 6 * HOUR, Reason.HTTP_SERVER)


def test_what_is_no_article_is_tried_again_at_doubling_distances_and_given_up() -> None:
    now, before, waits = FOUND, None, []
    for attempts in range(13):
        kept = settled(row(UrlState.FAILED, Reason.TIMEOUT), before, now)
        waits.append(kept.next_check and (kept.next_check - now) // timedelta(minutes=1))
        before = replace(kept, attempts=attempts + 1)
    assert waits[:4] == [15, 30, 60, 120]
    assert (waits[-1], kept.state) == (None, UrlState.REJECTED)


@given(st.sampled_from(UrlState), st.sampled_from(Reason), st.integers(0, 400))
def test_nothing_is_due_in_the_past(state: UrlState, reason: Reason, hours: int) -> None:
    now = FOUND + hours * HOUR
    for before in (None, STORED):
        due = settled(
            row(state, reason if state in (UrlState.FAILED, UrlState.REJECTED) else None), before, now
        ).next_check
        assert due is None or due > now
