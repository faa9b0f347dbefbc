"""The measures of the extraction bench say what docs/benchmarks.md says they do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bench.scoring import (
    Match,
    auc,
    average,
    leaked,
    match,
    percentile,
    same,
    same_day,
    same_minute,
    same_people,
    shingles,
    words,
)
from news.article import Precision

HERE = timezone(timedelta(hours=7))


def test_a_text_is_compared_by_its_runs_of_four_words() -> None:
    assert set(shingles("Bộ ban hành thông tư mới")) == {
        ("Bộ", "ban", "hành", "thông"),
        ("ban", "hành", "thông", "tư"),
        ("hành", "thông", "tư", "mới"),
    }
    assert list(shingles("Hai từ")) == [("Hai", "từ")]
    assert not shingles(" … ")


def test_a_page_counts_the_same_however_long_it_is() -> None:
    found = match(shingles, "a b c d e", "a b c d x")

    assert found == Match(1 / 3, 1 / 3, 1 / 3)
    assert (found.precision, found.recall, found.f1) == (0.5, 0.5, 0.5)
    assert sum(match(shingles, "a b c d " * 100, "a b c d x y " * 90)) == pytest.approx(1)


def test_line_breaks_cost_nothing_and_a_sentence_twice_costs_it_once() -> None:
    assert match(shingles, "một hai\nba bốn", "một hai ba bốn").f1 == 1
    assert match(words, "một hai", "một hai một hai") == Match(0.5, 0.5, 0)


def test_words_are_compared_in_nfc_and_small_letters() -> None:
    assert match(words, "Điện Biên Phủ", "phủ điê\u0323n biên").f1 == 1
    assert match(words, "một", "").f1 == 0


def test_a_page_where_nothing_was_found_costs_recall_and_no_precision() -> None:
    total = average([match(shingles, "a b c d", "a b c d"), match(shingles, "a b c d", "")])

    assert (total.precision, total.recall) == (1, 0.5)
    assert total.f1 == pytest.approx(2 / 3)


def test_a_leak_is_found_across_line_breaks_but_not_in_other_letters() -> None:
    assert leaked(["Đọc nhiều", "TIN MỚI"], "Hết.\nĐọc\u00a0\nnhiều\ncó tin mới") == ["Đọc nhiều"]


def test_titles_agree_in_letters_and_people_in_any_order() -> None:
    assert same("“Giá vàng” giảm", '"Giá vàng" giảm ')
    assert not same("Giá vàng giảm", "Giá vàng")
    assert same_people("Nhật Xuân; Nghi Vũ", "NGHI VŨ và NHẬT XUÂN")
    assert not same_people("Nhật Xuân; Nghi Vũ", "Nhật Xuân")


def test_moments_are_compared_on_a_vietnamese_clock() -> None:
    true = datetime(2026, 3, 7, 0, 5, 31, tzinfo=HERE)

    assert same_minute(true, datetime(2026, 3, 6, 17, 5, tzinfo=UTC), Precision.MINUTE)
    assert same_minute(true, datetime(2026, 3, 7, 0, 5), Precision.MINUTE)
    assert not same_minute(true, datetime(2026, 3, 7, 0, 6, tzinfo=HERE), Precision.SECOND)
    assert same_minute(true, datetime(2026, 3, 7, tzinfo=HERE), Precision.DAY)
    assert not same_day(true, datetime(2026, 3, 6, tzinfo=HERE))
    assert not same_minute(true, None, Precision.DAY)


def test_a_score_that_is_low_where_it_is_wrong_foretells_errors() -> None:
    assert auc([0.2, 0.9, 0.8], [True, False, False]) == 1
    assert auc([0.9, 0.2, 0.3], [True, False, False]) == 0
    assert auc([0.5, 0.5], [True, False]) == 0.5
    assert auc([0.5, 0.5], [False, False]) is None


def test_the_95th_percentile_of_a_hundred_values_is_the_96th() -> None:
    assert percentile(range(100), 0.95) == 95
    assert percentile([], 0.95) == 0
