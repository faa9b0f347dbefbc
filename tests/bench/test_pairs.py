"""The pairs of the benchmark of duplicates are what they are called, and the same seed makes the same ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest

from bench.clusters import Collection, bcubed, pairwise
from bench.dedupe import Sketches, figures, judge, make_pairs, overview, quality
from bench.edits import EDITS, HARD_EDITS, donor_of, sentences_rewritten
from bench.negatives import editions, forms, value
from bench.pairs import pieces, read_texts
from news.dedupe.likeness import Relation, Text

TEXTS = read_texts([])[:8]


def test_a_seed_makes_the_same_pairs_again() -> None:
    first, again = (list(make_pairs(TEXTS, 7, 1)) for _ in range(2))
    assert first == again
    assert any(one != other for one, other in zip(first, make_pairs(TEXTS, 8, 1), strict=False))
    assert {pair.truth for pair in first} == {Relation.NEAR, Relation.QUOTED, Relation.OTHER}


@pytest.mark.parametrize("kind", {**EDITS, **HARD_EDITS})
def test_an_edit_changes_a_text_and_leaves_most_of_it(kind: str) -> None:
    text, donor = TEXTS[0], donor_of(TEXTS[4:])
    copy = {**EDITS, **HARD_EDITS}[kind](text, Random(3), donor)
    assert copy != text
    assert 0.6 < len(copy.body.split()) / len(text.body.split()) < 1.6


def test_so_many_words_are_rewritten_as_the_edit_says() -> None:
    text = Text("", "", "\n".join(f"Câu số {n} kể chuyện {'rất dài ' * 4}ở xã." for n in range(40)))
    donor = donor_of([Text("", "", "mới " * 400)])
    counts = Counter(sentences_rewritten(0.3)(text, Random(1), donor).body.split())
    assert 0.2 < counts["mới"] / sum(counts.values()) < 0.4


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.name)
def test_two_editions_differ_in_as_many_slots_as_asked(form) -> None:  # type: ignore[no-untyped-def]
    one, other = editions(form, Random(2), 1)
    assert "{" not in one.whole
    assert replace(one, published=None) != replace(other, published=None)
    assert len(one.body.split()) > 50
    assert form.fill({slot: value(slot.strip("{}0123456789"), Random(1)) for slot in form.slots()}, date(2025, 1, 1))


def test_a_long_article_is_cut_and_a_short_one_left_out(tmp_path: Path) -> None:
    line = "một đoạn văn có mười chữ trong câu này " * 5
    (tmp_path / "a.txt").write_text("Tiêu đề\n" + "\n".join(f"{n} {line}" for n in range(40)), encoding="utf-8")
    (tmp_path / "b.txt").write_text("Ngắn\nVài chữ.", encoding="utf-8")
    assert [text.title for text in read_texts([tmp_path])] == ["Tiêu đề"]  # the parts say the same and count once
    assert len(list(pieces(Text("T", "", "\n".join([line] * 40))))) > 1


def test_a_merged_negative_misses_the_target() -> None:
    sketches = Sketches()
    judged = [judge(pair, sketches) for pair in make_pairs(TEXTS, 3, 1)]
    named = {figure.name: figure for figure in figures(judged, [1.0, 2.0])}
    wrong = [replace(each, pair=replace(each.pair, truth=Relation.OTHER, hard=True)) for each in judged[:5]]
    worse = {figure.name: figure for figure in figures([*judged, *wrong], [1.0, 2.0])}

    assert named["hard negatives merged"].ok
    assert not worse["hard negatives merged"].ok
    assert worse["precision of pairs"].value < named["precision of pairs"].value
    assert {len(row) for row in overview(judged).rows} == {len(overview(judged).header)}


def test_the_measures_of_clusters_are_those_of_their_definition() -> None:
    truth, found = list("aabb"), list("xxxy")
    assert pairwise(found, truth) == (1 / 3, 1 / 2)
    precision, recall = bcubed(found, truth)
    assert precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert recall == pytest.approx((1 + 1 + 1 / 2 + 1 / 2) / 4)


def test_a_copy_of_a_copy_falls_into_the_group_of_the_original() -> None:
    held, donor = Collection(), donor_of(TEXTS[4:])
    copy = EDITS["lead changed"](TEXTS[0], Random(1), donor)
    for text in (TEXTS[0], TEXTS[1], copy, EDITS["typos"](copy, Random(2), donor), Text("", "", "ngắn")):
        held.add(text)
    first, other, second, third, short = held.groups()
    assert first == second == third
    assert len({first, other, short}) == 3


def test_the_whole_run_ends_with_figures_a_table_and_a_plot() -> None:
    outcome = quality(TEXTS[:3], 5, 1, pairs=True)
    assert {"precision of pairs", "recall of clusters, BCubed"} <= {figure.name for figure in outcome.figures}
    assert len(outcome.sheets) == 2
    assert outcome.plots
