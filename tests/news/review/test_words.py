"""An editor is shown which words went and which came, and both texts are in what is shown."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from news.review.words import Fate, Passage, Run, compared, words

LINES = st.lists(
    st.lists(st.sampled_from(["Bộ", "Y tế", "ban hành", "57-NQ/TW", "1.204", ",", ".", " ", "\n"]), max_size=12).map(
        " ".join
    )
    | st.text(max_size=20),
    max_size=6,
)


def before(passages: tuple[Passage, ...]) -> list[str]:
    return [
        "".join(run.text for run in one.runs if run.fate is not Fate.COME) for one in passages if one.before is not None
    ]


def after(passages: tuple[Passage, ...]) -> list[str]:
    return [
        "".join(run.text for run in one.runs if run.fate is not Fate.GONE) for one in passages if one.after is not None
    ]


@given(LINES, LINES)
def test_both_texts_are_in_what_is_shown(old: list[str], new: list[str]) -> None:
    shown = compared(old, new)
    assert (before(shown), after(shown)) == (old, new)
    assert [one.before for one in shown if one.before is not None] == old
    assert [one.after for one in shown if one.after is not None] == new


@given(st.text(alphabet="ab .,1", max_size=60), st.text(alphabet="ab .,1", max_size=60))
def test_runs_lead_from_one_text_to_the_other(old: str, new: str) -> None:
    runs = words(old, new)
    assert "".join(run.text for run in runs if run.fate is not Fate.COME) == old
    assert "".join(run.text for run in runs if run.fate is not Fate.GONE) == new
    assert all(one.fate is not other.fate for one, other in itertools.pairwise(runs))


def test_a_figure_that_was_corrected_is_all_that_stands_out() -> None:
    assert words("Có 1.204 ca, tăng 3% so với 01/3.", "Có 1.240 ca, tăng 3% so với 01/3.") == (
        Run(Fate.SAME, "Có"),
        Run(Fate.GONE, " 1.204"),
        Run(Fate.COME, " 1.240"),
        Run(Fate.SAME, " ca, tăng 3% so với 01/3."),
    )


def test_a_not_that_was_put_in_is_one_word_that_came() -> None:
    assert words("Trường được thu phí này.", "Trường không được thu phí này.") == (
        Run(Fate.SAME, "Trường"),
        Run(Fate.COME, " không"),
        Run(Fate.SAME, " được thu phí này."),
    )


def test_the_last_word_is_the_same_whatever_follows_it() -> None:
    assert words("ban hành kế hoạch.", "ban hành kế hoạch mới.") == (
        Run(Fate.SAME, "ban hành kế hoạch"),
        Run(Fate.COME, " mới"),
        Run(Fate.SAME, "."),
    )


def test_words_that_stand_time_and_again_are_told_apart_in_long_texts_too() -> None:
    row = " ".join(f"ngày {n % 7} tháng {n % 5} năm" for n in range(20_000))
    changed = row.replace("ngày 3 tháng 2 năm", "ngày 3 tháng 2 tuần", 1)
    runs = words(row, changed)
    assert [run for run in runs if run.fate is not Fate.SAME] == [Run(Fate.GONE, " năm"), Run(Fate.COME, " tuần")]


def test_texts_that_share_nothing_are_two_texts() -> None:
    old, new = " ".join(f"a{n}" for n in range(50_000)), " ".join(f"b{n}" for n in range(50_000))
    assert words(old, new) == (Run(Fate.GONE, old), Run(Fate.COME, new))
