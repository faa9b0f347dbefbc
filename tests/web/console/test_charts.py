"""Charts are right whatever their values."""

from __future__ import annotations

import re
from functools import partial
from math import inf, nan

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from web.contexts.console.charts import HIGH, WIDE, Chart, Datum, bars, dots, lying, spark
from web.contexts.console.frame import ConsoleFrame
from web.contexts.console.words import tick
from web.contexts.frame import Frame
from web.texts import Language

values = st.lists(st.floats(allow_nan=True, allow_infinity=True, min_value=None), max_size=90)


def data(*numbers: float) -> list[Datum]:
    return [Datum(number, f"{number:g}") for number in numbers]


def numbers(chart: Chart) -> list[float]:
    found = [float(text) for text in re.findall(r"-?[\d.]+", chart.line)]
    found += [number for bar in chart.bars for number in bar[:4]]
    return found + [number for dot in chart.dots for number in (dot.x, dot.y)]


def test_the_days_of_a_sparkline_share_one_scale_and_none_is_no_bar() -> None:
    drawn = spark((0, 7, 14, 0))
    assert drawn == ("0 0 8 28", "M3 28v-14M5 28v-28", 14)
    assert spark((1000, 1)).path.endswith("v-2"), "the smallest can still be seen"


@pytest.mark.parametrize("values", [(), (0, 0, 0), (nan,), (-3.0,)])
def test_nothing_is_drawn_of_nothing(values: tuple[float, ...]) -> None:
    assert spark(values).path == ""
    assert bars(data(*values), str).empty
    assert lying(data(*values)) == []


def test_one_datum_is_one_bar_and_one_dot_without_a_line() -> None:
    (bar,) = bars(data(5), str).bars
    assert (bar.y, bar.height, bar.width <= WIDE) == (0, HIGH, True)
    chart = dots(data(30.0), str)
    assert (len(chart.dots), chart.line, chart.dots[0].x) == (1, "", WIDE / 2)
    assert spark((4,)) == ("0 0 2 28", "M1 28v-28", 4)


def test_heights_are_read_off_round_numbers_as_the_reader_writes_them() -> None:
    def heights(language: Language, *values: float, top: float = 0.0) -> list[str]:
        written = partial(tick, ConsoleFrame.of(Frame(language, "/console", "")))
        return [one.text for one in dots(data(*values), written, top=top).heights]

    assert heights(Language.VIETNAMESE, 3, 17) == ["20", "10", "0"]
    assert heights(Language.VIETNAMESE, 0.31) == ["0,5", "0,25", "0"]
    assert heights(Language.ENGLISH, 0.31) == ["0.5", "0.25", "0"]
    assert heights(Language.VIETNAMESE, 80.0, top=100) == ["100", "50", "0"]
    assert heights(Language.VIETNAMESE, 9_000) == ["10.000", "5.000", "0"]
    assert heights(Language.ENGLISH, 9_000) == ["10,000", "5,000", "0"]
    assert bars(data(3, 17), str).bars[1].height == pytest.approx(HIGH * 17 / 20)


def test_the_largest_lie_on_top() -> None:
    assert [(one.value, share) for one, share in lying(data(1, 4, 2, 0))] == [(4, 100), (2, 50), (1, 25)]


@given(values)
@example([5e-324])
def test_whatever_is_drawn_has_numbers_and_stays_in_its_view(values: list[float]) -> None:
    assert not {"nan", "inf", "e"} & set(re.findall(r"nan|inf|e", spark(values).path))
    for chart in (bars(data(*values), str), dots(data(*values), str), dots(data(*values), str, top=100)):
        assert all(-1 <= number <= max(WIDE, HIGH) + 1 for number in numbers(chart))
        assert all(-1 <= dot.y <= HIGH for dot in chart.dots)
        assert inf not in numbers(chart)
