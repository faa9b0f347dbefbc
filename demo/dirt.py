"""What word processors, editors and old encodings do to text on its way to a page. Deterministic in the text."""

from __future__ import annotations

import base64
import random
import unicodedata
import zlib
from html import escape

from markupsafe import Markup

# The five tones of Vietnamese, which windows-1258 keeps as separate marks after the vowel.
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def dirty(text: str, depth: int = 1) -> Markup:
    """Escaped text with the leftovers of editing: &nbsp; for spaces, zero-width characters, `depth` nested spans."""
    mark = zlib.crc32(text.encode())
    words = escape(text, quote=False).split(" ")
    if len(words) > 6:
        if mark % 3 == 0:
            words[2] = words[2] + "&nbsp;" + words.pop(3)
        if mark % 5 == 1:
            words[4] += "&#8203;"
        if mark % 7 == 2:
            words[1] += "\ufeff"
        for level in range(depth if mark % 2 == 0 else depth - 1):
            start = 1 + level
            words[start] = f'<span style="font-size:{13 + level}.0pt;line-height:150%">{words[start]}'
            words[-2] += "</span>"
    return Markup(("&nbsp;&nbsp;&nbsp; " if mark % 4 == 3 else "") + " ".join(words))  # noqa: S704 - escaped above


def spaced(text: str) -> Markup:
    """Escaped text with every space a &nbsp;, as editors align bylines."""
    return Markup(escape(text, quote=False).replace(" ", "&nbsp;"))  # noqa: S704


def twice_escaped(text: str) -> str:
    """Escaped once here and once more by the template."""
    return escape(text, quote=False)


def view_state(key: str, size: int = 5200) -> str:
    """The blob of an ASP.NET page: `size` base64 characters."""
    return base64.b64encode(random.Random(key).randbytes(size * 3 // 4)).decode()


def encode(page: str, encoding: str) -> bytes:
    """The page in its encoding; what the encoding lacks becomes a numeric entity."""
    if encoding == "cp1258":
        page = "".join(_for_1258(letter) for letter in page)
    return page.encode(encoding, "xmlcharrefreplace")


def _for_1258(letter: str) -> str:
    if letter < "\x80":
        return letter
    try:
        letter.encode("cp1258")
    except UnicodeEncodeError:
        pieces = unicodedata.normalize("NFD", letter)
        tone = "".join(piece for piece in pieces if piece in _TONES)
        rest = unicodedata.normalize("NFC", "".join(piece for piece in pieces if piece not in _TONES))
        return rest + tone
    return letter
