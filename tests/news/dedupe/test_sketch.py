"""A copy is found among other articles by equal numbers alone, and the numbers of a text never change unnoticed."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.dedupe.likeness import Text
from news.dedupe.sketch import VERSION, Sketch, estimate, expected_containment, shortlist, sketch
from tests.news.dedupe.articles import NEWS, OTHER, notice


def made(text: Text) -> Sketch:
    found = sketch(text)
    assert found
    return found


def stored(text: Text) -> Sketch:
    """The sketch as it is read back: what it would ask for is not kept."""
    return replace(made(text), asked=())


def meets(new: Text, old: Text) -> bool:
    return not set(made(new).asked).isdisjoint(stored(old).keys)


def without(text: Text, *paragraphs: int) -> Text:
    lines = text.body.split("\n")
    return replace(text, body="\n".join(line for at, line in enumerate(lines) if at not in paragraphs))


def test_the_numbers_under_which_articles_are_stored_have_not_changed() -> None:
    # Where this fails, stored sketches no longer meet new ones: raise VERSION, and have them made again.
    mine = made(NEWS)
    assert VERSION == 1
    assert mine.minhash[:16].hex() == "586e8e018c140a19e9499e32d06dd415"
    assert mine.keys[:3] == (1884375691, 1401194472, 632224217)
    assert mine.keys[-3:] == (314582162, 3192354000, 3354374357)


@pytest.mark.parametrize(
    "copy",
    [
        replace(NEWS, title="Bến mới của chợ nổi", lead="Ghe hàng đã về chỗ neo mới từ sáng nay."),
        without(NEWS, 1, 3),
        replace(NEWS, body="\n".join(reversed(NEWS.body.split("\n")))),
        replace(NEWS, body=NEWS.body.replace("ghe", "thuyền").replace("bà con", "mọi người")),
        replace(NEWS, body=NEWS.body.upper()),
        replace(NEWS, body=unicodedata.normalize("NFD", NEWS.body)),
    ],
    ids=["lead changed", "cut", "reordered", "words replaced", "capitals", "other normal form"],
)
def test_a_copy_meets_its_original_whichever_came_first(copy: Text) -> None:
    assert meets(copy, NEWS)
    assert meets(NEWS, copy)
    assert shortlist(made(copy), [("other", stored(OTHER)), ("original", stored(NEWS))]) == ("original",)


def test_a_text_that_quotes_another_whole_meets_it() -> None:
    quoting = replace(OTHER, body="\n".join((OTHER.body, NEWS.body, *OTHER.body.replace("thầy", "cô").split("\n"))))
    assert meets(quoting, NEWS)
    assert shortlist(made(quoting), [("quoted", stored(NEWS))]) == ("quoted",)


def test_two_articles_do_not_meet() -> None:
    assert not meets(NEWS, OTHER)
    assert estimate(made(NEWS), made(OTHER)) < 0.05
    assert shortlist(made(NEWS), [("other", stored(OTHER))]) == ()


def test_letters_of_one_office_do_not_meet_by_its_letterhead() -> None:
    head = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
    foot = "\nNơi nhận:\n- Như trên;\n- Các phòng, ban;\n- Lưu: VT, VP.\nKT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\n(Đã ký)"
    one, other = (replace(text, body=head + text.body + foot) for text in (NEWS, OTHER))
    assert not meets(one, other)
    assert made(one).minhash == made(NEWS).minhash


def test_what_is_only_letterhead_or_too_short_has_no_sketch() -> None:
    assert sketch(Text("Thông báo", "", "Cơ quan nghỉ làm việc ngày thứ bảy.")) is None
    assert sketch(Text("", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc " * 9)) is None


def test_the_most_like_comes_first_and_no_more_than_asked_for() -> None:
    near, far = without(NEWS, 5), without(NEWS, 0, 1, 2)
    others = [("far", stored(far)), ("near", stored(near)), ("same", stored(NEWS)), ("other", stored(OTHER))]
    assert shortlist(made(NEWS), others) == ("same", "near", "far")
    assert shortlist(made(NEWS), others, most=2) == ("same", "near")


def test_the_estimates_are_of_jaccard_and_containment() -> None:
    half = replace(NEWS, body="\n".join(NEWS.body.split("\n")[:3]))
    assert estimate(made(NEWS), made(NEWS)) == 1
    assert estimate(made(NEWS), made(half)) == pytest.approx(0.5, abs=0.12)
    assert expected_containment(0.5, 100, 200) == pytest.approx(1)
    assert expected_containment(0.0, 100, 200) == 0


def test_a_long_text_is_stored_and_sought_under_no_more_keys_than_a_short_one() -> None:
    long = replace(NEWS, body="\n".join(f"Đoạn {n}: " + NEWS.body.replace("ghe", f"ghe {n}") for n in range(60)))
    for text in (notice(), NEWS, long):
        mine = made(text)
        assert len(mine.keys) <= 48
        assert len(mine.asked) <= 150
        assert set(mine.keys) <= set(mine.asked)
        assert all(0 <= key < 2**32 for key in mine.asked)
        assert len(mine.minhash) == 512


@given(st.text(max_size=600), st.text(max_size=80))
def test_any_text_has_a_sketch_or_none(body: str, title: str) -> None:
    found = sketch(Text(title, "", body))
    assert found is None or found == sketch(Text(title, "", body))
