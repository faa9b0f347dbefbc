"""Every row of the rules catches what it should and spares what it must."""

from __future__ import annotations

import pytest

from news.dedupe.alignment import align
from news.dedupe.formulas import formulas, prose
from news.dedupe.guards import differences, formulaic, formulaic_kinds, mistyped
from news.dedupe.shingles import syllables


@pytest.mark.parametrize("kind", formulaic_kinds(), ids=lambda kind: kind.name)
def test_a_formulaic_kind_catches_its_title_and_spares_running_news(kind) -> None:  # type: ignore[no-untyped-def]
    assert kind.title.match(" ".join(syllables(kind.catch)))
    assert formulaic(kind.catch)
    assert not formulaic(kind.spare)


@pytest.mark.parametrize("row", formulas(), ids=lambda row: row[0])
def test_a_formula_goes_wholly_and_leaves_what_an_article_says(row) -> None:  # type: ignore[no-untyped-def]
    _, _, catch, spare = row
    assert not prose(syllables(catch))
    assert prose(syllables(spare)) == syllables(spare)


def found(one: str, other: str):  # type: ignore[no-untyped-def]
    return differences(align(syllables(one), syllables(other)))


def test_a_day_that_differs_is_a_figure_of_an_edition() -> None:
    slots = found("Trạm ngừng cấp nước ngày 12 tháng 5 tại xã", "Trạm ngừng cấp nước ngày 19 tháng 5 tại xã")
    assert (slots.figures, slots.editions, slots.kept, slots.words) == (1, 1, 1, 0)
    assert "12 / 19" in slots.example


def test_a_figure_written_with_a_zero_before_it_is_the_same() -> None:
    assert found("Sáng ngày 05/03 tại xã", "Sáng ngày 5/3 tại xã").figures == 0


def test_what_follows_the_word_for_a_place_is_a_name() -> None:
    slots = found("đoàn về thăm xã Tân Lập sáng nay", "đoàn về thăm xã Hòa Bình sáng nay")
    assert (slots.names, slots.words) == (1, 0)


def test_a_day_and_a_name_in_one_gap_are_two_differences() -> None:
    slots = found("tiếp dân 12/5 đồng chí Lan tại trụ sở", "tiếp dân 9/6 đồng chí Bưởi tại trụ sở")
    assert (slots.figures, slots.names) == (2, 1)


def test_a_slip_of_the_fingers_is_no_difference_in_figures_where_there_are_more_of_them() -> None:
    clean = "Năm 2019 bến cũ nằm ngay khúc sông cong mùa nước đổ thường có ghe va vào mố cầu"
    assert found(clean, clean.replace("2019", "2109").replace("khúc", "khức khú"[:4])).figures == 1
    typed = clean.replace("2019", "2109").replace("sông", "sôgn").replace("thường", "thươờng")
    assert found(clean, typed).figures == 0


@pytest.mark.parametrize(
    ("one", "other", "typo"),
    [("song", "sogn", True), ("song", "sng", True), ("song", "soong", True), ("song", "sang", True),
     ("song", "bien", False), ("an", "ba", False), ("truong", "trung", True), ("song", "sangs", False)],
)  # fmt: skip
def test_a_typo_is_one_letter_or_two_that_changed_places(one: str, other: str, typo: bool) -> None:
    assert mistyped(one, other) is typo
    assert mistyped(other, one) is typo


def test_what_stands_in_another_order_is_kept() -> None:
    one = [f"chữ{n}" for n in range(60)]
    moved = align(one, one[30:] + one[:30])
    assert (moved.kept, moved.longest) == (60, 30)
    assert not moved.slots
