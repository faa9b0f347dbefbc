"""Charts as the geometry of an SVG: pure functions of values. Drawn by templates/console/_charts.html, each beside a
table that says the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from typing import NamedTuple

WIDE, HIGH = 360, 110
"""The inside of a chart, in its own units."""
_SPARK_HIGH = 28
Written = Callable[[float], str]


class Spark(NamedTuple):
    """A row of bars as small as a word: one path."""

    view: str
    path: str
    most: float


class Bar(NamedTuple):
    x: float
    y: float
    width: float
    height: float
    said: str


class Dot(NamedTuple):
    x: float
    y: float
    said: str
    marked: bool


class Tick(NamedTuple):
    """A word at the edge: at the left where it is a height, below where it is a place."""

    at: float
    text: str


class Chart(NamedTuple):
    """Bars, or dots with a line through them; `marked` ones are drawn otherwise, by shape too. Nothing to draw where
    `empty`."""

    view: str
    bars: tuple[Bar, ...] = ()
    dots: tuple[Dot, ...] = ()
    line: str = ""
    heights: tuple[Tick, ...] = ()
    places: tuple[Tick, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.bars and not self.dots


class Datum(NamedTuple):
    """A value, what it says to who points at it, and whether it is of another kind than the others."""

    value: float
    said: str
    marked: bool = False


_VIEW = f"-40 -10 {WIDE + 62} {HIGH + 34}"


def spark(values: Sequence[float]) -> Spark:
    """Bars of a common scale from none to the most; a value that is none leaves its place empty. They are strokes, two
    units apart, to be drawn as wide as one likes."""
    view = f"0 0 {max(2, 2 * len(values))} {_SPARK_HIGH}"
    most = max((value for value in values if isfinite(value)), default=0.0)
    if most <= 0:
        return Spark(view, "", 0.0)
    path = "".join(
        f"M{2 * n + 1} {_SPARK_HIGH}v-{max(2, round(value / most * _SPARK_HIGH))}"
        for n, value in enumerate(values)
        if isfinite(value) and value > 0
    )
    return Spark(view, path, most)


def bars(data: Sequence[Datum], written: Written, places: Sequence[tuple[int, str]] = ()) -> Chart:
    """A bar for each value, in a row; `written` writes a height, `places` are words below some of them, by number."""
    values = [max(0.0, one.value) if isfinite(one.value) else 0.0 for one in data]
    top = _top(max(values, default=0.0))
    if not top:
        return Chart(_VIEW)
    step = WIDE / len(data)
    gap = min(3.0, step / 4)
    drawn = tuple(
        Bar(_r(n * step + gap / 2), _r(HIGH - height), _r(step - gap), _r(height), one.said)
        for n, (one, value) in enumerate(zip(data, values, strict=True))
        if (height := value / top * HIGH) > 0
    )
    below = tuple(Tick(_r((n + 0.5) * step), text) for n, text in places)
    return Chart(_VIEW, bars=drawn, heights=_heights(top, written), places=below)


def dots(data: Sequence[Datum], written: Written, top: float = 0.0, places: Sequence[tuple[int, str]] = ()) -> Chart:
    """A dot for each value, from left to right, and a line through them; `top` is the highest value that can be, 0: the
    highest there is. What is no number is left out."""
    shown = [(n, one) for n, one in enumerate(data) if isfinite(one.value)]
    high = top or _top(max((one.value for _, one in shown), default=0.0))
    if not shown:
        return Chart(_VIEW)
    step, high = WIDE / len(data), high or 1.0
    drawn = tuple(
        Dot(_r((n + 0.5) * step), _r(HIGH - min(1.0, max(0.0, one.value / high)) * HIGH), one.said, one.marked)
        for n, one in shown
    )
    line = "M" + "L".join(f"{_n(dot.x)} {_n(dot.y)}" for dot in drawn) if len(drawn) > 1 else ""
    below = tuple(Tick(_r((n + 0.5) * step), text) for n, text in places)
    return Chart(_VIEW, dots=drawn, line=line, heights=_heights(high, written), places=below)


def lying(data: Sequence[Datum], most: int = 8) -> list[tuple[Datum, float]]:
    """The largest values with their share of the largest, in percent, for bars that lie."""
    found = sorted((one for one in data if isfinite(one.value) and one.value > 0), key=lambda one: -one.value)[:most]
    return [(one, _r(100 * one.value / found[0].value)) for one in found]


def _top(most: float) -> float:
    """A round number that is not below the largest value: 1, 2 or 5 times a power of ten."""
    if most <= 0:
        return 0.0
    power = 1.0
    while power * 10 <= most:
        power *= 10
    while power > most:
        power /= 10
    # Next to the smallest number there is, powers of ten have no exact steps.
    return next((power * step for step in (1, 2, 5, 10) if power * step >= most), most)


def _heights(top: float, written: Written) -> tuple[Tick, ...]:
    return tuple(Tick(HIGH * share, written(top * (1 - share))) for share in (0.0, 0.5, 1.0))


def _r(value: float) -> float:
    return round(value, 1)


def _n(value: float) -> str:
    """A number as short as it can be written in a path."""
    return f"{value:.1f}".removesuffix(".0")
