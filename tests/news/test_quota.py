"""A quota lets through what it promises, and never more, however the requests come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from news.quota import Bucket, Quota, Taken

PAUSES = st.lists(st.floats(0, 90, allow_nan=False), min_size=1, max_size=80)


def ask(quota: Quota, times: list[float]) -> list[Taken]:
    bucket: Bucket | None = None
    taken = []
    for now in times:
        taken.append(quota.take(bucket, now))
        bucket = taken[-1].bucket
    return taken


@given(st.integers(1, 30), PAUSES, st.floats(1, 300))
def test_no_window_lets_more_through_than_a_burst_and_its_share(per_minute: int, pauses: list[float], w: float) -> None:
    times = [sum(pauses[:n]) for n in range(1, len(pauses) + 1)]
    allowed = [now for now, taken in zip(times, ask(Quota(per_minute), times), strict=True) if taken.allowed]

    for begin in allowed:
        assert sum(begin <= now < begin + w for now in allowed) <= per_minute + per_minute * w / 60 + 1e-6


@given(st.integers(1, 1000), PAUSES)
def test_what_is_said_to_remain_can_be_had_at_once_and_the_reset_holds(per_minute: int, pauses: list[float]) -> None:
    times = [sum(pauses[:n]) for n in range(1, len(pauses) + 1)]
    quota, now = Quota(per_minute), times[-1]
    last = ask(quota, times)[-1]

    assert 0 <= last.remaining < per_minute
    bucket = last.bucket
    for _ in range(last.remaining):
        taken = quota.take(bucket, now)
        assert taken.allowed
        bucket = taken.bucket
    assert not quota.take(bucket, now).allowed
    later = quota.take(last.bucket, now + last.reset)
    assert later.allowed
    if last.allowed:
        assert later.remaining == per_minute - 1


def test_after_a_refusal_the_next_request_is_answered_when_it_was_said() -> None:
    quota = Quota(6)
    taken = ask(quota, [100.0] * 7)

    assert [one.allowed for one in taken] == [True] * 6 + [False]
    assert (taken[-1].remaining, taken[-1].reset) == (0, 10)
    assert not quota.take(taken[-1].bucket, 109.0).allowed
    assert quota.take(taken[-1].bucket, 110.0).allowed


def test_a_clock_that_is_set_back_locks_nobody_out() -> None:
    quota = Quota(60)
    (*_, empty) = ask(quota, [10_000.0] * 61)
    back = quota.take(empty.bucket, 5_000.0)

    assert not back.allowed
    assert quota.take(back.bucket, 5_002.0).allowed
