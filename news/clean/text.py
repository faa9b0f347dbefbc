"""Plain text as it should have been typed: NFC, one kind of space, nothing invisible, entities resolved once more."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from html import unescape

# Zero-width characters, soft hyphens, direction marks and the BOM: they are invisible and break search and comparison.
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffc"
# C0 and C1 controls and lone surrogates are in no XML document and in no text that a person typed.
_UNSEEN = re.compile(f"[{_INVISIBLE}\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_WORD = re.compile(r"\w+")
_ENTITY = re.compile(r"&(?:amp;)*(?:[a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE)


def tidy(text: str) -> str:
    """One line of clean text. Entities that were escaped twice on the page (`&amp;nbsp;`) are resolved."""
    return squeeze(resolve(text))


def resolve(text: str) -> str:
    """The text without entities that a page escaped more than once."""
    return unescape(unescape(text)) if "&" in text and _ENTITY.search(text) else text


def squeeze(text: str) -> str:
    """The text in NFC on one line, single spaces, without invisible and control characters."""
    text = " ".join(text.split())
    if not text.isprintable() and _UNSEEN.search(text):
        text = " ".join(_UNSEEN.sub("", text).split())
    return text if text.isascii() else unicodedata.normalize("NFC", text)


@lru_cache(maxsize=4_000)
def fold(text: str) -> str:
    """Letters and digits alone, in small letters, single spaces: for comparing what two places of a page say."""
    # Most of what is compared is clean already, and compared more than once.
    clean = text if text.isascii() and "&" not in text else tidy(text)
    return " ".join(_WORD.findall(clean.casefold()))


def unaccented(text: str) -> str:
    """`fold`, without accents, as people type names in a hurry: "da nang"."""
    return unmarked(fold(text))


def unmarked(text: str) -> str:
    """Small letters without their marks, đ as d, in NFC."""
    marks = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return unicodedata.normalize("NFC", "".join(letter for letter in marks if not unicodedata.combining(letter)))
