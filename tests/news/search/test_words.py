"""A word is the same however its letters were typed, and where it stands is told of the text as it is."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.search import fold
from news.search.words import exact, folded, words

VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
LETTERS = VIETNAMESE + VIETNAMESE.upper() + "0123456789 .,-/_“”\n🇻🇳\u0301\u0323üßñ"
TEXTS = st.text(LETTERS)


@given(TEXTS)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXTS)
def test_a_decomposed_text_has_the_same_words(text: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert [word.exact for word in words(decomposed)] == [word.exact for word in words(composed)]
    assert fold(decomposed) == fold(composed)


@given(TEXTS)
def test_a_word_stands_where_it_is_said_to_stand(text: str) -> None:
    assert all(exact(text[word.start : word.end]) == word.exact for word in words(text))


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Đảng", "dang"),
        ("ĐẢNG", "dang"),
        ("Nghị quyết 57-NQ/TW", "nghi quyet 57 nq tw"),
        ("Ðà Nẵng", "da nang"),  # an Icelandic eth, as old fonts give it
        ("mưa_lũ", "mua lu"),
        ("👩‍🌾 nông dân", "nong dan"),
        ("", ""),
    ],
)
def test_what_is_typed_in_a_hurry_is_the_same(text: str, same: str) -> None:
    assert fold(text) == same


@pytest.mark.parametrize(
    ("one", "other"), [("hoà", "hòa"), ("khoẻ", "khỏe"), ("thuỷ", "thủy"), ("TOÀ", "tòa"), ("Ðảng", "đảng")]
)
def test_two_spellings_of_a_word_are_one(one: str, other: str) -> None:
    assert exact(one) == exact(other) == other


@pytest.mark.parametrize(("one", "other"), [("đang", "đảng"), ("quý", "quỳ"), ("hoàn", "hoan"), ("dang", "đang")])
def test_two_words_are_two(one: str, other: str) -> None:
    assert exact(one) != exact(other)
    assert (exact("quý"), folded("quý")) == ("quý", "quy")
