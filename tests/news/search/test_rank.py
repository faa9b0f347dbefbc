"""A text with the very letters comes before one that only folds to them; title before lead before body."""

from __future__ import annotations

import pytest

from news.search import Entry, Query, rank


def place(query: str, title: str = "", lead: str = "", body: str = "") -> int | None:
    return rank(Query.parse(query), Entry("x", title, lead, body))


def test_a_text_in_marks_is_found_without_them() -> None:
    assert place("khoa hoc", body="Quỹ Khoa học quốc gia") is not None
    assert place("dang", title="Đảng bộ tỉnh") is not None


def test_what_only_folds_to_a_word_comes_behind_all_that_have_it() -> None:
    exact, folded = place("đảng", body="Đảng"), place("đảng", title="Đang", lead="đang", body="đang")
    assert exact is not None
    assert folded is not None
    assert exact < folded


def test_a_word_without_marks_is_no_exact_form_of_one_with_them() -> None:
    science, course = place("khoa học", body="khoa học"), place("khoa học", title="Khóa học tiếng Anh")
    assert science is not None
    assert course is not None
    assert science < course


@pytest.mark.parametrize("query", ["khoa học", "khoa hoc"])
def test_title_comes_before_lead_before_body_and_what_stands_together_first(query: str) -> None:
    apart = "khoa, quỹ học"
    order = [
        place(query, title="Quỹ khoa học", body="khoa học"),
        place(query, title=apart),
        place(query, lead="Khoa học là"),
        place(query, lead=apart),
        place(query, body="về khoa học"),
        place(query, body=apart),
    ]
    assert order == [0, 1, 2, 3, 4, 5]


def test_all_words_must_be_there_anywhere() -> None:
    assert place("mưa bão lũ", title="Mưa", lead="bão", body="lũ") is not None
    assert place("mưa bão lũ", title="Mưa", lead="bão") is None


def test_a_phrase_is_not_scattered_and_does_not_reach_from_title_to_body() -> None:
    assert place('"khoa học"', body="học khoa") is None
    assert place('"khoa học"', title="Khoa", lead="học") is None
    assert place('"khoa học"', title="Khoa", body="học") is None


def test_an_excluded_word_with_marks_excludes_no_other() -> None:
    assert place("đảng -đang", body="Đảng bộ") is not None
    assert place("đảng -đang", body="Đảng đang họp") is None
    assert place("đảng -dang", body="Đảng bộ") is None
