"""One consumer's order: of each article one thing at a time and in order; of all what is due, oldest first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from news.push import Lane
from news.push.answers import BACK_OFF, PAUSE_AFTER, Answer, Fate, fate, pause_for, retry_at, why
from news.push.lane import Waiting

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def lane(*articles: str, most: int = 4, rests: float = 0.0) -> Lane:
    made = Lane(most, rests)
    for number, article in enumerate(articles, 1):
        made.add(Waiting(f"w-{number}", number, article, NOW))
    return made


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.booleans(), max_size=60), st.integers(1, 4))
def test_no_article_is_told_out_of_order_or_twice_at_once(articles: list[str], answers: list[bool], most: int) -> None:
    made, now, taken = lane(*articles, most=most), NOW, []
    under_way: list[Waiting] = []
    for good in [*answers, *[True] * 40]:
        now += SECOND
        while (waiting := made.take(now)) is not None:
            assert waiting.article not in {other.article for other in under_way}
            under_way.append(waiting)
        assert len(under_way) <= most
        if not under_way:
            continue
        waiting = under_way.pop(0)
        if good:
            taken.append(waiting)
            made.done(waiting, now, taken=True)
        else:
            made.again(waiting, now + 3 * SECOND, now)
    for article in set(articles):
        numbers = [waiting.number for waiting in taken if waiting.article == article]
        assert numbers == [n for n, other in enumerate(articles, 1) if other == article]
    assert not len(made)
    assert made.idle


def test_one_that_fails_lets_those_of_other_articles_pass() -> None:
    made = lane("a", "a", "b")
    first = made.take(NOW)
    assert first is not None
    made.again(first, NOW + 10 * SECOND, NOW)
    passing = made.take(NOW)
    assert passing is not None
    assert passing.article == "b"
    made.done(passing, NOW, taken=True)
    assert made.take(NOW) is None, "the second of a waits for the first"
    assert made.take(NOW + 10 * SECOND) == first._replace(due=NOW + 10 * SECOND, failures=1)


def test_a_consumer_that_is_down_is_left_alone_and_tried_whole_when_it_is_back() -> None:
    made, now = lane("a", "b", "c", "d", "e", "f", most=1, rests=1.0), NOW
    for _ in range(6):
        while (waiting := made.take(now)) is None:
            now += SECOND
        made.again(waiting, now + timedelta(hours=5), now)
    rested = now
    while (waiting := made.take(now)) is None:
        now += timedelta(minutes=1)
    assert now - rested >= timedelta(hours=4)
    made.done(waiting, now, taken=True)
    for _ in range(5):
        waiting = made.take(now)
        assert waiting is not None, "not only when its own time has come"
        made.done(waiting, now, taken=True)


def test_tries_go_on_for_a_day_and_a_pause_comes_before_the_end() -> None:
    assert timedelta(hours=23) < sum(BACK_OFF, timedelta()) < timedelta(hours=24)
    assert sum(BACK_OFF[:-6], timedelta()) > PAUSE_AFTER
    due = [retry_at(n, Answer(500), NOW, 0.5) for n in range(1, len(BACK_OFF) + 2)]
    assert due[0] == NOW + 10 * SECOND
    assert due[-1] is None
    assert retry_at(1, Answer(500), NOW, 0.0) == NOW + 9 * SECOND
    assert retry_at(1, Answer(503, retry_after=120), NOW, 0.5) == NOW + 120 * SECOND
    assert retry_at(1, Answer(503, retry_after=1e9), NOW, 0.5) == NOW + timedelta(hours=1)
    assert pause_for(99) == timedelta(minutes=5)


def test_success_is_2xx_and_410_ends_it() -> None:
    assert {status: fate(Answer(status)) for status in (200, 204, 299, 302, 404, 410, 500, 0)} == {
        200: Fate.TAKEN, 204: Fate.TAKEN, 299: Fate.TAKEN, 302: Fate.AGAIN, 404: Fate.AGAIN, 410: Fate.GONE,
        500: Fate.AGAIN, 0: Fate.AGAIN,
    }  # fmt: skip
    assert why(Answer(302)) == "answered 302, and redirects are not followed"
    assert why(Answer(error="no route")) == "no route"
