"""A text as folded syllables, and the runs of them by which two texts are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from news.clean.text import tidy

# Three syllables are about two Vietnamese words: of two that say the same thing in other words few are shared, and one
# changed word costs three of them. Broder (1997) takes ten words of English, near-duplicate studies of news four.
SHINGLE = 3

_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0300-\u036f]+")
# The small letters of Vietnamese that have marks, to what is left without them: four times as fast as taking letters
# apart, which gives the same and is kept for the rest of Unicode.
_VIETNAMESE = {
    code: "d" if chr(code) == "đ" else _MARKS.sub("", unicodedata.normalize("NFD", chr(code)))
    for code in (*range(0xE0, 0x1B1), *range(0x1EA0, 0x1EFA))
    if chr(code) == "đ" or _MARKS.search(unicodedata.normalize("NFD", chr(code)))
} | dict.fromkeys(range(0x2010, 0x2027), " ")  # dashes, quotation marks, dots: no words


# Of two texts that are compared one is compared with others too, and the texts of a page are asked for more than once.
@lru_cache(maxsize=64)
def syllables(text: str) -> Sequence[str]:
    """The words of a text in small letters without diacritics ("Đà Nẵng" is da, nang), punctuation left out: what a
    copy keeps that lost its diacritics, came in another normal form or in capitals."""
    plain = tidy(text).casefold()
    if not plain.isascii():
        plain = plain.translate(_VIETNAMESE)
    if not plain.isascii():
        plain = _MARKS.sub("", unicodedata.normalize("NFD", plain)).replace("đ", "d")
    return tuple(_WORD.findall(plain))


def words(text: str) -> list[str]:
    """The words of a text with their diacritics, letter case and punctuation aside."""
    return _WORD.findall(unicodedata.normalize("NFC", tidy(text).casefold()))


def shingles(tokens: Sequence[str]) -> set[tuple[str, ...]]:
    """All runs of SHINGLE tokens; of a shorter text the one run that it is."""
    if len(tokens) < SHINGLE:
        return {tuple(tokens)} if tokens else set()
    return set(zip(*(tokens[start:] for start in range(SHINGLE)), strict=False))


def overlap(one: Sequence[str], other: Sequence[str]) -> tuple[float, float]:
    """The Jaccard index of the texts' shingles, and the share of the shorter text's that the other one has."""
    a, b = shingles(one), shingles(other)
    if not a or not b:
        return 0.0, 0.0
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared), shared / min(len(a), len(b))


def is_number(token: str) -> bool:
    """Whether a folded token has a digit: "2025", "5a"."""
    return not token.isalpha()
