"""What is marked is what was looked for, at its place in the text as it was written."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.search import Query, fold, highlight, snippet
from tests.news.search.test_words import LETTERS, TEXTS


def shown(query: str, text: str) -> str:
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in highlight(Query.parse(query), text))


@given(st.text(LETTERS.replace("\u0301", "").replace("\u0323", ""), min_size=1, max_size=20).filter(fold), TEXTS)
def test_the_pieces_are_the_text_and_what_is_looked_for_is_marked(word: str, text: str) -> None:
    query = Query.parse("x" + word.replace('"', ""))
    whole = text + " x" + word
    pieces = highlight(query, whole)
    assert "".join(piece.text for piece in pieces) == whole
    assert any(piece.marked for piece in pieces)
    assert all(piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("dang", "Đảng và đăng, dáng", "[Đảng] và [đăng], [dáng]"),
        ("đảng", "Đảng và đang", "[Đảng] và đang"),
        ("đảng", "đang", "[đang]"),
        ('"khoa hoc"', "Khoa học; khoa, học; khoa", "[Khoa học]; [khoa, học]; khoa"),
        ("57-nq/tw", "Nghị quyết 57-NQ/TW.", "Nghị quyết [57-NQ/TW]."),
        ("khoa -học", "khoa học", "[khoa] học"),
        ("nong dan", "👩‍🌾👨🏽 Nông 👩‍🌾 dân", "👩‍🌾👨🏽 [Nông] 👩‍🌾 [dân]"),
        ("hoà bình", "Hòa Bình", "[Hòa] [Bình]"),
        ("b", "<b>&amp;</b>", "<[b]>&amp;</[b]>"),
    ],
)
def test_marks_stand_around_what_was_found(query: str, text: str, marked: str) -> None:
    assert shown(query, text) == marked
    decomposed = unicodedata.normalize("NFD", text)
    assert shown(query, decomposed) == unicodedata.normalize("NFD", marked)


def test_a_snippet_is_where_most_of_the_query_stands() -> None:
    body = "mưa " + "tin khác " * 100 + "Mưa và bão lớn đổ vào " + "tin khác " * 100
    pieces = snippet(Query.parse("mưa bão"), body, 80)
    text = "".join(piece.text for piece in pieces)
    assert [piece.text for piece in pieces if piece.marked] == ["Mưa", "bão"]
    assert text.startswith("…")
    assert text.endswith("…")
    assert len(text) <= 82
    assert text.strip("…") in body


@given(TEXTS, st.integers(10, 60))
def test_a_snippet_is_no_longer_than_asked_and_of_the_text(text: str, width: int) -> None:
    shown = "".join(piece.text for piece in snippet(Query.parse("dang"), text, width))
    assert len(shown) <= width + 2
    assert shown.removeprefix("…").removesuffix("…") in text
