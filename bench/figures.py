"""What every benchmark prints and writes: figures with a target and, beside them, the peer of the same run."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from news.errors import BantinError


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `target` in words (">= .98", "" where the number is only reported), `ok` whether it holds,
    `beside` the peer or limit measured in the same run."""

    name: str
    value: float
    unit: str
    target: str = ""
    ok: bool = True
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that says more than figures with a target do."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """A plot of named values, longer is more."""

    title: str
    unit: str
    bars: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """A plot of values `y` over `x`."""

    title: str
    x: str
    y: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that a benchmark has to tell."""

    figures: tuple[Figure, ...]
    sheets: tuple[Sheet, ...] = ()
    plots: tuple[Bars | Curve, ...] = ()


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "versions": {name: version(name) for name in ("scrapy", "trafilatura", "lxml", "pymongo")},
    }


def run(name: str, measure: Callable[[bool], Sequence[Figure]]) -> None:
    """The command line of a benchmark: `python -m bench.<name> [--quick] [--json FILE]`. Exit code 1 where a target is
    missed."""
    given = options(name).parse_args()
    sys.exit(finish(name, Outcome(tuple(measure(given.quick))), given.json))


def options(name: str) -> argparse.ArgumentParser:
    """What every benchmark can be told."""
    parser = argparse.ArgumentParser(prog=f"python -m bench.{name}", description=sys.modules["__main__"].__doc__)
    parser.add_argument("--quick", action="store_true", help="end within a minute")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser


def refuse(error: BantinError) -> int:
    """Say why a benchmark cannot run and what to do: the exit code."""
    sys.stderr.write(f"{error.problem}\n{error.remedy}\n")
    return 2


def finish(name: str, outcome: Outcome, path: Path | None) -> int:
    """Print what was measured and write it to `path`: the exit code, 1 where a target is missed."""
    console = Console(width=None if sys.stdout.isatty() else 190)
    for sheet in outcome.sheets:
        table = Table(*sheet.header, title=sheet.title)
        for row in sheet.rows:
            table.add_row(*row)
        console.print(table)
    table = Table("figure", "value", "unit", "target", "", "beside", title=f"bench.{name}")
    for f in outcome.figures:
        table.add_row(f.name, f"{f.value:,.4g}", f.unit, f.target, "" if f.ok else "MISSED", f.beside)
    console.print(table)
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        data = {**asdict(outcome), "machine": machine()}
        path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0 if all(figure.ok for figure in outcome.figures) else 1
