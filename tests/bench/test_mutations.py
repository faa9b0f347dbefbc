"""The benchmark of spoilt pages makes the same ones for the same seed, and tells each way in which one can go wrong."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from bench.corpora import Case
from bench.mutants import MOST_BYTES, MUTATIONS, mutant, spoil
from bench.mutations import Result, attempt, attempt_all, figures, overview

PAGE = (
    "<html><head><meta charset=utf-8><title>Xã A khánh thành cầu mới</title></head><body>"
    + "<h1>Xã A khánh thành cầu mới</h1>"
    + "<p>Sáng nay, xã A khánh thành cây cầu mới bắc qua sông, nối hai thôn với đường lớn của huyện.</p>" * 3
    + "</body></html>"
).encode()
CASE = Case("cau", "https://xa-a.gov.vn/tin/cau-123.html", PAGE, None)
FINE = Result(1, "truncated", 100, 0.1, 90.0, "article")


@pytest.mark.parametrize("how", MUTATIONS)
def test_a_seed_makes_the_same_mutants_again(how: str) -> None:
    first, again = (spoil(how, Random("7:1"), PAGE) for _ in range(2))
    assert first == again
    assert len(first) <= MOST_BYTES


def test_every_mutation_takes_its_turn() -> None:
    assert {mutant(1, number, 3)[1] for number in range(len(MUTATIONS))} == set(MUTATIONS)


def test_all_mutants_come_back_from_the_processes_once() -> None:
    results = list(attempt_all([CASE], 3, range(30)))
    assert sorted(result.number for result in results) == list(range(30))
    assert not [result.error for result in results if result.error]
    assert overview(results).rows


def test_a_page_that_raises_is_told_with_its_error() -> None:
    assert "InvalidValue" in attempt(replace(CASE, url="ftp://xa-a.gov.vn/"), "none", 0, PAGE).error


@pytest.mark.parametrize(
    ("result", "missed"),
    [
        (replace(FINE, error="ended its process"), "pages that raised or ended the process"),
        (replace(FINE, seconds=2.5), "pages that took over two seconds"),
        (replace(FINE, peak_mb=900.0), "peak memory of a process"),
        (replace(FINE, kind="other"), "pages dropped without a reason"),
    ],
)
def test_a_page_that_fares_badly_misses_its_target(result: Result, missed: str) -> None:
    assert all(figure.ok for figure in figures([FINE, FINE]))
    assert missed in {figure.name for figure in figures([FINE, result]) if not figure.ok}
