"""The tables and plots of the report page, as HTML and SVG."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

WIDTH, HEIGHT, BAR = 720, 220, 22
GREEN = "#0b6e4f"


def figure_table(figures: Iterable[Mapping[str, Any]]) -> str:
    """Figures as bench.figures writes them, with what was missed in red."""
    rows = "".join(
        f"<tr><td>{escape(f['name'])}<td class=n>{f['value']:,.4g}<td>{escape(f['unit'])}<td>{escape(f['target'])}"
        f"<td>{'' if f['ok'] else '<span class=no>missed</span>'}<td>{escape(f['beside'])}"
        for f in figures
    )
    return f"<table><tr><th>figure<th>value<th>unit<th>target<th><th>beside{rows}</table>"


def sheet_table(title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(name)}" for name in header)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}" for cell in row) for row in rows)
    return f"<h3>{escape(title)}</h3><div class=wide><table><tr>{head}{body}</table></div>"


def bar_plot(title: str, unit: str, bars: Sequence[tuple[str, float]]) -> str:
    """A bar for each named value, the longest as long as there is room."""
    longest = max((value for _, value in bars), default=0) or 1
    shapes = "".join(
        f'<text x="0" y="{BAR * i + 15}">{escape(name)}</text>'
        f'<rect x="190" y="{BAR * i + 2}" width="{400 * max(0, value) / longest:.0f}" height="16" fill="{GREEN}"/>'
        f'<text x="{200 + 400 * max(0, value) / longest:.0f}" y="{BAR * i + 15}">{value:.3g} {escape(unit)}</text>'
        for i, (name, value) in enumerate(bars)
    )
    svg = f'<svg width="{WIDTH}" height="{BAR * len(bars) + 4}" font-size="13">{shapes}</svg>'
    return f"<h3>{escape(title)}</h3>{svg}"


def curve_plot(title: str, x: str, y: str, points: Sequence[tuple[float, float]]) -> str:
    """A line from 0 upwards, with the first, the last and the highest value written at it."""
    far, high = max(px for px, _ in points) or 1, max(py for _, py in points) or 1
    places = [(60 + (WIDTH - 140) * px / far, HEIGHT - 30 - (HEIGHT - 60) * py / high) for px, py in points]
    line = " ".join(f"{px:.0f},{py:.0f}" for px, py in places)
    marked = {0, len(points) - 1, max(range(len(points)), key=lambda i: points[i][1])}
    texts = "".join(
        f'<text x="{places[i][0]:.0f}" y="{places[i][1] - 8:.0f}">{points[i][1]:,.4g} {escape(y)}</text>'
        for i in marked
    )
    axis = f'<line x1="60" y1="{HEIGHT - 30}" x2="{WIDTH - 80}" y2="{HEIGHT - 30}" stroke="#999"/>'
    end = f'<text x="{WIDTH - 80}" y="{HEIGHT - 10}" text-anchor="end">{far:,.0f} {escape(x)}</text>'
    curve = f'<polyline points="{line}" fill="none" stroke="{GREEN}" stroke-width="2"/>'
    svg = f'<svg width="{WIDTH}" height="{HEIGHT}" font-size="13">{axis}{curve}{texts}{end}</svg>'
    return f"<h3>{escape(title)}</h3>{svg}"
