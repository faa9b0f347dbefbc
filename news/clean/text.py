"""Plain text as it should have been typed: NFC, one kind of space, nothing invisible, entities resolved once more."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

# Zero-width characters, soft hyphens, direction marks and the BOM: they are invisible and break search and comparison.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufff9-\ufffc]")
_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
# C0 and C1 controls and lone surrogates are in no XML document and in no text that a person typed.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ENTITY = re.compile(r"&(?:amp;)*(?:[a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE)


def tidy(text: str) -> str:
    """One line of clean text. Entities that were escaped twice on the page (`&amp;nbsp;`) are resolved."""
    if "&" in text and _ENTITY.search(text):
        text = unescape(unescape(text))
    text = _CONTROL.sub("", _INVISIBLE.sub("", text))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def fold(text: str) -> str:
    """Letters and digits alone, in small letters, single spaces: for comparing what two places of a page say."""
    return " ".join(re.findall(r"\w+", tidy(text).casefold()))
