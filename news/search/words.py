"""The words of a text, each where it stands, in the two spellings by which it is compared: exact and folded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from news.clean.text import unmarked

# Marks belong to the letter before them: text may be decomposed. An underscore joins nothing.
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}])*")
# Letters that look like đ in old fonts and on foreign keyboards.
_CROSSED = str.maketrans("ðɖ", "đđ")
# Two schools put the tone of an open syllable on different letters, hoà and hòa; it is one word.
_PLACED = {
    f"{first}{marked}": f"{toned}{second}"
    for first, second, tones, marks in (
        ("o", "a", "òóỏõọ", "àáảãạ"),
        ("o", "e", "òóỏõọ", "èéẻẽẹ"),
        ("u", "y", "ùúủũụ", "ỳýỷỹỵ"),
    )
    for toned, marked in zip(tones, marks, strict=True)
}


class Word(NamedTuple):
    """A word of a text: `text[start:end]`, and its exact spelling."""

    start: int
    end: int
    exact: str


def words(text: str) -> Iterator[Word]:
    """The words in their order; positions are those of the text as it is given, decomposed or not."""
    for found in _WORD.finditer(text):
        yield Word(found.start(), found.end(), exact(found[0]))


def spelt(text: str) -> list[str]:
    """The exact spellings of a text's words, in their order."""
    return [exact(word) for word in _WORD.findall(text)]


@lru_cache(maxsize=50_000)
def exact(word: str) -> str:
    """A word in small letters with its marks, composed, the tone where the older school puts it (hoà: hòa)."""
    small = unicodedata.normalize("NFC", unicodedata.normalize("NFC", word).lower()).translate(_CROSSED)
    placed = _PLACED.get(small[-2:])
    # After q the u is no vowel: quý is no qúy.
    return small if placed is None or small[-3:-2] == "q" else small[:-2] + placed


@lru_cache(maxsize=50_000)
def folded(exact: str) -> str:
    """An exact spelling without its marks."""
    return unmarked(exact)


def fold(text: str) -> str:
    """The folded words of a text with a space between them: what is compared where marks do not count."""
    return " ".join(folded(word) for word in spelt(text))
