"""Vietnamese typed with the fonts of the time before Unicode, and UTF-8 that was encoded twice, made readable.

Until the standard of 2001 (TCVN 6909, Unicode) offices typed with fonts that draw Vietnamese letters at the places of
Western ones: TCVN 5712 (ABC: .VnTime) and VNI (VNI-Times). Portals have carried such texts over into pages that call
themselves windows-1252 or UTF-8, often below a menu in Unicode: "Héi nghÞ" and "Hoäi nghò" for "Hội nghị". They are
told by pairs of letters that no language of the West writes, and converted piece by piece. Fonts of capitals
(.VnTimeH) draw small letters; which words they were is not known any more, so these stay small.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import NamedTuple

# TCVN 5712:1993, VN3: the letters from 0xA1 on in their order; · stands for places that it leaves to graphics.
_TCVN = str.maketrans(dict(zip(
    map(chr, range(0xA1, 0x100)),
    "ĂÂÊÔƠƯĐăâêôơưđ······àảãáạ·ằẳẵắ·······ặầẩẫấậè·ẻẽéẹềểễếệìỉ···ĩíịò·ỏõóọồổỗốộờởỡớợù·ủũúụừửữứựỳỷỹýỵ·",
    strict=True,
)))  # fmt: skip
_TCVN_ONLY = frozenset(chr(place) for place, letter in _TCVN.items() if letter != "·")
# VNI writes a letter and, behind it, its marks; i, ư, ơ, đ and ỵ have places of their own.
_VNI_MARKS = {
    "a": dict(zip("ùøûõïâáàåãäêéèúüë", "áàảãạâấầẩẫậăắằẳẵặ", strict=True)),
    "e": dict(zip("ùøûõïâáàåãä", "éèẻẽẹêếềểễệ", strict=True)),
    "o": dict(zip("ùøûõïâáàåãä", "óòỏõọôốồổỗộ", strict=True)),
    "u": dict(zip("ùøûõï", "úùủũụ", strict=True)),
    "y": dict(zip("ùøûõ", "ýỳỷỹ", strict=True)),
    "ô": dict(zip("ùøûõï", "ớờởỡợ", strict=True)),
    "ö": dict(zip("ùøûõï", "ứừửữự", strict=True)),
}
_VNI_PAIRS = {letter + mark: good for letter, marks in _VNI_MARKS.items() for mark, good in marks.items()}
_VNI_SINGLE = dict(zip("íìæóòôöñî", "íìỉĩịơưđỵ", strict=True))
_VNI = {**_VNI_PAIRS, **_VNI_SINGLE}
_VNI |= {bad.upper(): good.upper() for bad, good in _VNI.items()}
_VNI |= {bad[0].upper() + bad[1]: good.upper() for bad, good in _VNI_PAIRS.items()}
_VNI_PIECE = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_ENTITY = re.compile(r"&(?:#\d{3}|[a-zA-Z]{3,6}\d{0,2});")
_PIECE = re.compile("[^<>]+")
_UNICODE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
# So many pairs that no Western language writes are no accident, and so many a Unicode page does not hold.
_LEAST = 20
# Characters of a page that somebody may have typed; what is longer is not worth a second of work.
_LONGEST = 1_000_000
# The first byte of a letter beyond ASCII and one that may follow it, read as windows-1252.
_TWICE = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]")


class _Font(NamedTuple):
    """A font's encoding: a letter that its texts have on every line, plain and as an entity; the pairs that tell it."""

    frequent: tuple[str, ...]
    pairs: re.Pattern[str]
    convert: Callable[[str], str]


def _from_tcvn(text: str) -> str:
    western = {letter for letter in text if "\u00a1" <= letter <= "\u00ff"}
    return text.translate(_TCVN) if western <= _TCVN_ONLY else text


def _from_vni(text: str) -> str:
    return _VNI_PIECE.sub(lambda found: _VNI[found[0]], text)


_FONTS = (
    _Font(("µ", "&micro;"), re.compile("[a-z][µ¶·¸¹¼½¾¨¬]|®[a-zª«¬]|[a-z][ÆÊËÌÎÏÐÑÒÓÔÕÖØÜÞß](?![A-Z])"), _from_tcvn),
    _Font(("ø", "&oslash;"), re.compile("[aeouyôö][øûõïäå]|[AEOUYÔÖ][ØÛÕÏÄÅøûõïäå]"), _from_vni),
)  # fmt: skip


def modern(text: str) -> str:
    """A page's source with what was typed in an old font as Unicode; the same text where there is none."""
    for font in _FONTS if len(text) <= _LONGEST else ():
        if any(mark in text for mark in font.frequent):
            source = _ENTITY.sub(_letter, text)
            found = len(font.pairs.findall(source))
            # A language that has the frequent letter (the Danish ø) has it outside of the pairs.
            if found >= max(_LEAST, source.count(font.frequent[0])):
                return _converted(source, font, whole=len(_UNICODE.findall(source)) < found / 4)
    return text


def _letter(entity: re.Match[str]) -> str:
    """The Western letter that an entity stands for; any other entity as it is."""
    meant = unescape(entity[0])
    return meant if "\u00a1" <= meant <= "\u00ff" else entity[0]


def _converted(source: str, font: _Font, *, whole: bool) -> str:
    """Each piece of text without a Unicode Vietnamese letter; on a page that has those elsewhere, only where a pair
    tells the font."""

    def piece(found: re.Match[str]) -> str:
        text = found[0]
        if text.isascii() or _UNICODE.search(text) or not (whole or font.pairs.search(text)):
            return text
        return font.convert(text)

    return _PIECE.sub(piece, source)


def decoded_once(text: str) -> str:
    """A page's source with the pieces of it that were encoded as UTF-8 twice ("Há»™i") as they were meant."""
    if len(text) > _LONGEST:
        return text
    return _PIECE.sub(lambda found: _undone(found[0]) if _TWICE.search(found[0]) else found[0], text)


def _undone(text: str) -> str:
    try:
        return b"".join(map(_byte, text)).decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def _byte(letter: str) -> bytes:
    """The byte that was read as a letter of windows-1252; five of its places are empty and were read as controls."""
    return letter.encode("latin-1") if "\x80" <= letter <= "\x9f" else letter.encode("cp1252")
