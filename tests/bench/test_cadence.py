"""The generated years are what they say, and what the bench concludes follows from its runs."""

from __future__ import annotations

import pytest

from bench.cadence import AIM, Point, Run, Task, at_half, figures, points, run
from bench.rhythms import KINDS, Kind, generate, least
from news.article import VIETNAM


def test_a_seed_gives_the_same_year_and_another_another() -> None:
    kind = KINDS["bursts"]

    assert generate(kind, 30, 7) == generate(kind, 30, 7) != generate(kind, 30, 8)


def test_an_office_publishes_in_its_hours() -> None:
    moments = [moment.astimezone(VIETNAM) for moment in generate(KINDS["office hours"], 365, 7)]

    assert sum(moment.weekday() < 5 and 8 <= moment.hour < 17 for moment in moments) > 0.9 * len(moments)


def test_who_knows_the_rate_saves_nothing_where_it_never_changes() -> None:
    assert least(KINDS["steady"], 10) == pytest.approx(1)
    assert least(Kind(lambda day, hour: float(hour < 6)), 10) == pytest.approx(0.25)


def test_half_the_requests_are_read_between_the_measured_points() -> None:
    curve = [Point("adaptive", n, 96 * share, share, 7.5 / share, 1 / share, 0) for n, share in ((1, 0.8), (2, 0.4))]

    assert at_half(curve) == pytest.approx(2)


def test_a_kind_that_saves_too_little_misses_its_target() -> None:
    runs = [
        Run(Task("office hours", 1, "every", 15), 96 * 365, (5.0, 10.0)),
        Run(Task("office hours", 1, "adaptive", AIM), 80 * 365, (9.0, 9.0)),
        Run(Task("office hours", 1, "adaptive", 15), 40 * 365, (18.0, 18.0)),
    ]

    half, beside = figures("office hours", points(runs))

    assert not half.ok
    assert half.value == pytest.approx(18 * 40 / 48 / 7.5)
    assert beside.value == pytest.approx(1)


def test_a_run_crawls_a_year() -> None:
    fixed = run(Task("rare", 1, "every", 60))

    assert fixed.requests == 365 * 24 + 1
    assert 0 < fixed.mean < 60
