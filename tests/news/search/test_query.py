"""A query is read as people write it, and what is none is refused with what to do."""

from __future__ import annotations

import pytest

from news.errors import InvalidValue
from news.search import Query


@pytest.mark.parametrize(
    ("text", "terms", "excluded"),
    [
        ("Khoa  học", [("khoa",), ("học",)], []),
        ('"khoa học" quỹ', [("khoa", "học"), ("quỹ",)], []),
        ("“khoa học” «công nghệ»", [("khoa", "học"), ("công", "nghệ")], []),
        ('đảng -đang -"xin chào"', [("đảng",)], [("đang",), ("xin", "chào")]),
        ("57-NQ/TW", [("57", "nq", "tw")], []),
        ('"chưa đóng', [("chưa", "đóng")], []),
        ('tin"tức"', [("tin",), ("tức",)], []),
        ("tin - tin tin", [("tin",)], []),
        ("AND OR NEAR(a) * ^b", [("and",), ("or",), ("near", "a"), ("b",)], []),
    ],
)
def test_words_phrases_and_what_must_not_be_there(text: str, terms: object, excluded: object) -> None:
    query = Query.parse(text)
    assert (list(query.terms), list(query.excluded)) == (terms, excluded)


@pytest.mark.parametrize("text", ["", "   ", '""', "-", "!?", "-chỉ -loại", "\0", "\ud800", "🇻🇳"])
def test_a_query_without_a_word_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="names no word"):
        Query.parse(text)


@pytest.mark.parametrize("text", ["a" * 201, "a/" * 17, " ".join(f"-x{n}" for n in range(16)) + " a"])
def test_a_query_has_an_end(text: str) -> None:
    with pytest.raises(InvalidValue, match="has more than"):
        Query.parse(text)


@pytest.mark.parametrize(("text", "accented"), [("khoa hoc", False), ("khoa học", True), ("dang -đang", False)])
def test_a_query_says_whether_it_was_typed_with_marks(text: str, accented: bool) -> None:
    assert Query.parse(text).accented is accented
