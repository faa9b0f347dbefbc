"""Two versions of a text are told apart paragraph by paragraph, and what is told leads from one to the other."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from news.diff import ChangeKind, ParagraphChange, diff

ONE = "Sáng 5/3, Sở Nội vụ tổ chức hội nghị triển khai công tác năm 2025."
TWO = "Hội nghị có sự tham dự của 126 đại biểu từ các xã, phường."
THREE = "Lãnh đạo tỉnh yêu cầu rút ngắn thời gian giải quyết thủ tục."

WORDS = st.lists(
    st.sampled_from(["hội", "nghị", "tỉnh", "xã", "năm", "đại", "biểu", "đề", "án", "số", "126"]),
    min_size=1,
    max_size=6,
)
TEXTS = st.lists(WORDS.map(" ".join), max_size=12)
UNIQUE = st.lists(WORDS.map(" ".join), max_size=12, unique=True)


def kinds(old: Sequence[str], new: Sequence[str]) -> list[str]:
    return [str(change.kind) for change in diff(old, new)]


def test_a_corrected_paragraph_is_told_as_one_that_reads_otherwise() -> None:
    corrected = TWO.replace("126", "127")
    assert diff([ONE, TWO, THREE], [ONE, corrected, THREE]) == (ParagraphChange(ChangeKind.CHANGED, TWO, corrected),)


def test_what_came_and_what_went_are_told_apart() -> None:
    assert diff([ONE, THREE], [ONE, TWO, THREE]) == (ParagraphChange(ChangeKind.ADDED, "", TWO),)
    assert diff([ONE, TWO, THREE], [ONE, THREE]) == (ParagraphChange(ChangeKind.REMOVED, TWO, ""),)
    assert kinds([ONE, TWO], [ONE, THREE]) == ["added", "removed"]


def test_paragraphs_that_changed_places_went_from_one_and_came_at_another() -> None:
    assert sorted(kinds([ONE, TWO], [TWO, ONE])) == ["added", "removed"]


def test_a_correction_is_found_behind_what_was_taken_out_before_it() -> None:
    corrected = THREE.replace("tỉnh", "thành phố")
    assert diff([ONE, TWO, THREE], [corrected]) == (
        ParagraphChange(ChangeKind.REMOVED, ONE, ""),
        ParagraphChange(ChangeKind.REMOVED, TWO, ""),
        ParagraphChange(ChangeKind.CHANGED, THREE, corrected),
    )


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: list[str]) -> None:
    assert diff(text, text) == ()


@given(TEXTS, TEXTS)
def test_applied_to_the_old_text_the_changes_give_the_paragraphs_of_the_new_one(old: list[str], new: list[str]) -> None:
    paragraphs = Counter(old)
    for change in diff(old, new):
        if change.before:
            assert paragraphs[change.before] > 0
            paragraphs[change.before] -= 1
        if change.after:
            paragraphs[change.after] += 1
    assert +paragraphs == Counter(new)


@given(UNIQUE, UNIQUE)
def test_changes_come_in_reading_order_and_what_they_leave_stands_in_the_same_order(
    old: list[str], new: list[str]
) -> None:
    found = diff(old, new)
    gone = [change.before for change in found if change.before]
    come = [change.after for change in found if change.after]
    assert [line for line in old if line in gone] == gone
    assert [line for line in new if line in come] == come
    assert [line for line in old if line not in gone] == [line for line in new if line not in come]


@given(TEXTS, TEXTS)
@settings(max_examples=50)
def test_a_changed_paragraph_has_both_its_texts_and_an_added_or_removed_one_has_one(
    old: list[str], new: list[str]
) -> None:
    for change in diff(old, new):
        assert (bool(change.before), bool(change.after)) == {
            ChangeKind.ADDED: (False, True),
            ChangeKind.REMOVED: (True, False),
            ChangeKind.CHANGED: (True, True),
        }[change.kind]
        assert change.before != change.after


def test_long_texts_stay_fast_whether_all_differs_or_all_is_the_same() -> None:
    began = time.monotonic()
    assert len(diff([f"Hàng {n} | a{n}" for n in range(4000)], [f"Dòng {n} : b{n}" for n in range(4000)])) == 8000
    # The rows of an empty form, under a new heading.
    assert len(diff(["- | -"] * 4000, ["Biểu số 2", *["- | -"] * 3999])) == 2
    assert len(diff(["x", "y"] * 2000, ["y", "x", "x"] * 1500)) > 0
    assert time.monotonic() - began < 5
