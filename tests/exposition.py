"""Reads what Prometheus reads, with the parser of PromQL that is written in Rust, and none of prometheus-client's code:
the text of /metrics as its format is told at https://prometheus.io/docs/instrumenting/exposition_formats/."""

from __future__ import annotations

import math
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import promql_parser

ROOT = Path(__file__).resolve().parent.parent
_KINDS = ("counter", "gauge", "histogram", "summary", "untyped")
_ENDINGS = {"histogram": ("_bucket", "_sum", "_count"), "summary": ("_sum", "_count", "")}


class Sample(NamedTuple):
    """One line: the series and its value."""

    name: str
    labels: dict[str, str]
    value: float


class Exposed(NamedTuple):
    """A scrape: the kind of each family, and all samples."""

    kinds: dict[str, str]
    samples: list[Sample]

    def value(self, name: str, **labels: str) -> float:
        """Of the one series of this name that has these labels."""
        (found,) = [row.value for row in self.samples if row.name == name and labels.items() <= row.labels.items()]
        return found

    def labels(self, name: str) -> list[dict[str, str]]:
        return [sample.labels for sample in self.samples if sample.name == name]


def read(text: str) -> Exposed:
    """The scrape. Raises AssertionError for what Prometheus would refuse, or mistake for something else."""
    assert text.endswith("\n")
    kinds: dict[str, str] = {}
    told: set[tuple[str, str]] = set()
    samples: list[Sample] = []
    current = ""
    for line in text.splitlines():
        if comment := re.fullmatch(r"# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)", line):
            what, current, rest = comment.groups()
            assert (what, current) not in told, f"{current} is told of twice"
            told.add((what, current))
            if what == "TYPE":
                assert rest in _KINDS, line
                kinds[current] = rest
        else:
            sample = _sample(line)
            endings = _ENDINGS.get(kinds.get(current, ""), ("",))
            assert sample.name in {current + ending for ending in endings}, f"{line} stands below {current}"
            samples.append(sample)
    series = [(sample.name, tuple(sorted(sample.labels.items()))) for sample in samples]
    assert len(set(series)) == len(series), "a series stands there twice"
    exposed = Exposed(kinds, samples)
    _check_counts(exposed)
    return exposed


def _sample(line: str) -> Sample:
    series, value = line.rsplit(" ", 1)
    selector: Any = promql_parser.parse(series)
    assert isinstance(selector, promql_parser.VectorSelector), line
    labels = {matcher.name: matcher.value for matcher in selector.matchers.matchers}
    return Sample(selector.name, labels, float(value))


def _check_counts(exposed: Exposed) -> None:
    for name, kind in exposed.kinds.items():
        if kind == "counter":
            assert name.endswith("_total"), name
            assert all(sample.value >= 0 for sample in exposed.samples if sample.name == name)
        if kind == "histogram":
            _check_histogram(name, exposed)


def _check_histogram(name: str, exposed: Exposed) -> None:
    rows: dict[tuple[tuple[str, str], ...], list[tuple[float, float]]] = {}
    for sample in exposed.samples:
        if sample.name == f"{name}_bucket":
            rest = tuple(sorted((key, value) for key, value in sample.labels.items() if key != "le"))
            rows.setdefault(rest, []).append((float(sample.labels["le"]), sample.value))
    for rest, buckets in rows.items():
        assert [bound for bound, _ in buckets] == sorted(bound for bound, _ in buckets)
        assert [count for _, count in buckets] == sorted(count for _, count in buckets), (
            f"{name}{rest} is not cumulative"
        )
        assert buckets[-1][0] == math.inf
        assert buckets[-1][1] == exposed.value(f"{name}_count", **dict(rest))


def selectors(expression: str) -> list[tuple[str, dict[str, str]]]:
    """The series that an expression of PromQL asks for: name, and labels that must be equal. Raises ValueError for what
    is no PromQL."""
    return list(_selectors(promql_parser.parse(expression)))


def _selectors(node: Any) -> Iterator[tuple[str, dict[str, str]]]:
    if isinstance(node, promql_parser.VectorSelector):
        equal = (matcher for matcher in node.matchers.matchers if matcher.op == promql_parser.MatchOp.Equal)
        yield node.name, {matcher.name: matcher.value for matcher in equal}
        return
    for name in ("expr", "lhs", "rhs", "vector_selector"):
        if (inner := getattr(node, name, None)) is not None:
            yield from _selectors(inner)
    for inner in getattr(node, "args", None) or ():
        yield from _selectors(inner)


def tool(name: str) -> str:
    """Where promtool or prometheus is, if it is anywhere; "" else."""
    beside = ROOT / ".venv" / "prometheus" / "usr" / "bin" / name
    given = os.environ.get(f"BANTIN_TEST_{name.upper()}", "") or shutil.which(name)
    return given or (str(beside) if beside.exists() else "")
