"""What the benches conclude from measured values, and the page that shows it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from bench.corpora import Case, Corpus, Truth
from bench.endurance import outcome, resident, slope, unlike
from bench.extraction import figures, measure, overview, show_pages
from bench.figures import Bars, Curve, Figure, Sheet
from bench.judging import score, speed_ratio
from bench.peers import Reading
from bench.plots import bar_plot, curve_plot, figure_table, sheet_table
from bench.trust import Trust, bands, trusted
from bench.trust import figures as trust_figures

TEXT = "Sáng nay tỉnh khai trương một trung tâm dữ liệu mới phục vụ các xã vùng cao"


def page(number: int) -> Case:
    return Case(f"p{number}", f"https://x.vn/{number}.htm", "<p>", Truth(TEXT, leak=("Tin liên quan",)))


CORPUS = Corpus("bench", "aeb", (page(1), page(2)))
RIGHT = Reading(TEXT, cpu=0.01, confidence=0.9)
WRONG = Reading("Một trang khác hẳn, không có chữ nào giống Tin liên quan", cpu=0.01, confidence=0.2, how="guess")


def test_a_target_that_is_missed_is_said_so() -> None:
    scores = {"bantin": score(CORPUS, [[RIGHT, WRONG]]), "trafilatura": score(CORPUS, [[RIGHT, RIGHT]])}

    found = {figure.name: figure for figure in figures(CORPUS, scores)}

    assert not found["bench: F1 of the text"].ok
    assert found["bench: F1 of the text"].beside == "trafilatura 1.000"
    assert found["bench: speed, as a multiple of trafilatura's"].value == 1
    assert not found["bench: speed, as a multiple of trafilatura's"].ok


def test_the_ratio_of_speeds_is_the_median_of_rounds_that_took_turns() -> None:
    def at(*seconds: float) -> list[list[Reading]]:
        return [[Reading(TEXT, cpu=s), Reading(TEXT, cpu=s)] for s in seconds]

    ours, theirs = score(CORPUS, at(1, 9, 2)), score(CORPUS, at(2, 18, 5))

    assert speed_ratio(ours, theirs) == 2


def test_the_table_names_what_is_not_installed_and_the_list_the_worst_page_first() -> None:
    result = score(CORPUS, [[RIGHT, WRONG]])

    table = overview(CORPUS, {"bantin": result}, {"resiliparse": "No module named 'resiliparse'"})
    pages = show_pages(CORPUS, result.marks)

    assert table.rows[-1][0] == "resiliparse: not installed"
    assert {len(row) for row in table.rows} == {len(table.header)}
    assert [row[0] for row in pages.rows] == ["p2"]
    assert {"guess", "0.20", "Tin liên quan"} <= set(pages.rows[0])


def test_confidence_is_judged_on_what_was_taken_for_an_article() -> None:
    result = score(CORPUS, [[RIGHT, WRONG]])
    listing = Case("l", "https://x.vn/", "<p>", None)
    mixed = Corpus("bench", "vn", (page(1), listing, listing))
    taken = score(mixed, [[RIGHT, RIGHT, Reading(is_article=False, confidence=0)]])

    assert [t.wrong for t in trusted(result, "aeb")] == [False, True]
    assert list(trusted(taken, "vn")) == [Trust(0.9, 1), Trust(0.9, 0)]
    [foretold] = trust_figures(list(trusted(result, "aeb")))
    assert (foretold.value, foretold.target) == (1, "")
    assert not list(trust_figures([Trust(0.9, 1)]))


def test_confidence_that_foretells_nothing_misses_its_target_once_there_are_errors_enough() -> None:
    right, wrong = [Trust(0.9, 1)] * 20, [Trust(0.9, 0)] * 10

    [blind] = trust_figures([*right, *wrong])
    [telling] = trust_figures([*right, *(Trust(0.3, 0) for _ in wrong)])

    assert (blind.value, blind.ok) == (0.5, False)
    assert (telling.value, telling.ok) == (1, True)


def test_every_page_stands_in_one_band() -> None:
    pages = [Trust(confidence / 100, 1 if confidence > 80 else 0) for confidence in range(101)]

    sheet, bars = bands(pages)

    assert sum(int(row[1]) for row in sheet.rows) == 101
    assert bars.bars[0][1] == 100
    assert bars.bars[-1][1] == 0


def test_ours_is_measured_from_the_page_to_the_table() -> None:
    html = f"<html><body><h1>Khai trương trung tâm</h1><article><p>{TEXT}.</p><p>{TEXT} và cả tỉnh.</p></article>"
    truth = Truth(f"{TEXT}.\n{TEXT} và cả tỉnh.", title="Khai trương trung tâm")
    corpus = Corpus("one", "vn", (Case("p", "https://x.vn/p.htm", html, truth),))

    result = measure([corpus], ["bantin"], rounds=1, pages=True)

    assert result.sheets[0].title == "one: 1 pages"
    assert next(f for f in result.figures if f.name == "one: title").ok


def test_no_two_pages_of_the_long_run_are_alike() -> None:
    html = '<a href="/tin/1">Tin</a> <p class="x">Một đoạn</p><img src="a.jpg"><script>var a = 1 > 0;</script>'

    first, second = unlike(html, 1), unlike(html, 2)

    assert "Một đoạn 1<".encode() in first
    assert b'href="/tin/1?v=2"' in second
    assert b"<x-2 data-2=1>" in second
    assert len(unlike("<p>" + " \n" * 200_000, 1)) > 400_000


def test_memory_that_levels_off_lasts_and_memory_that_grows_is_told() -> None:
    level = [(0, 90.0), (1000, 130.0), (2000, 131.0), (3000, 131.0)]
    growing = [(n, 100 + n / 100) for n in range(0, 10_001, 1000)]

    assert slope(level) == pytest.approx(0)
    assert all(figure.ok for figure in outcome(level).figures)
    assert slope(growing) == pytest.approx(0.01)
    assert [figure.ok for figure in outcome(growing).figures] == [True, True, False]
    assert outcome(growing).figures[2].value == pytest.approx(1100)
    assert 10 < resident() < 10_000


def test_the_report_shows_tables_and_plots_and_escapes_what_it_shows(tmp_path: Path) -> None:
    missed = figure_table([asdict(Figure("a < b", 0.5, "", ">= 1", False, "peer"))])
    sheet = sheet_table(**asdict(Sheet("T & U", ("a", "b"), (("1", "<2>"),))))
    bars = bar_plot(**asdict(Bars("shares", "%", (("x", 10.0), ("y", 5.0), ("z", 0.0)))))
    curve = curve_plot(**asdict(Curve("memory", "pages", "MB", ((0, 100.0), (10, 200.0)))))

    assert "a &lt; b" in missed
    assert "missed" in missed
    assert "<h3>T &amp; U</h3>" in sheet
    assert "&lt;2&gt;" in sheet
    assert 'width="400"' in bars
    assert 'width="200"' in bars
    assert "200 MB" in curve
    assert curve.count("<polyline") == 1
