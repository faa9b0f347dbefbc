"""Bytes -> text: the charset a page really has, whatever it declares."""

from __future__ import annotations

import codecs
import re
import unicodedata
from contextlib import suppress
from typing import NamedTuple

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, resolve_encoding

from news.errors import Reason
from news.extract.language import is_vietnamese
from news.extract.legacy import decoded_once, modern
from news.extract.limits import MOST_BYTES

# Vietnamese text read as the wrong single-byte charset shows these pairs ("Há»™i nghá»‹" for "Hội nghị").
_MOJIBAKE = re.compile(r"Ã[\x80-\xbf¡-ÿ]|Ä[\x80-\xbf‘’“”]|áº[\x80-\xff¡-ÿ]|á»[\x80-\xff¡-ÿ€-™]|Æ°|Æ¡")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ufffe\uffff]")
# What either begins with, as one set of characters: the only kind of pattern that runs through a page in no time.
_SUSPECT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ufffe\uffffÃÄÆá]")
# Of the letters of a page, markup included, those with two marks: more in Vietnamese, none in windows-1252.
_TONED_SHARE = 0.01
_WESTERN = frozenset(["cp1252", "latin-1", "iso8859-1", "latin_1"])
_TAG = re.compile(
    r"<\s*(?:!doctype|html|head|body|div|p|table|span|article|title|meta|rss|section|h1)\b", re.IGNORECASE
)
# What starts a file that is none of ours: PDF, ZIP and OOXML, OLE2, PNG, JPEG, GIF, gzip, RAR, ELF, WebP and AVI, MP4.
_MAGIC = re.compile(rb"%PDF-|PK\x03\x04|\xd0\xcf\x11\xe0|\x89PNG|\xff\xd8\xff|GIF8|\x1f\x8b|Rar!|\x7fELF|RIFF|....ftyp")
# A page in which more than this share of the letters is replaced or control characters was never read right. Real
# pages of the corpus have none; half a per cent allows for a pasted emoji cut in two.
BROKEN_SHARE = 0.005
# Portals cut teasers in the middle of a letter. A piece with more strange bytes than this, and more of them than good
# letters, is written in a single-byte charset.
_CUTS = 2
_PIECE = re.compile(rb"(?<![^<>\n])[^<>\n\x80-\xff]*+[\x80-\xff][^<>\n]*+")
# Of UTF-16 in Vietnamese two of three high bytes are zero, and hardly any low one.
_SAMPLE = 4000
_WIDE_ZEROS, _NARROW_ZEROS = 0.4, 0.1


class Decoded(NamedTuple):
    """`text` in NFC; `reason` says why it is no page, else None."""

    text: str
    encoding: str
    reason: Reason | None = None


def decode(data: bytes | str, content_type: str = "") -> Decoded:
    """The text of a page. UTF-8 and UTF-16 are known by their bytes, whatever was declared; a declared charset is
    believed where the bytes are neither and agree with it; texts of old fonts are made Unicode. Never raises."""
    if isinstance(data, str):
        return _checked(data, "str")
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        return Decoded("", "", Reason.EMPTY)
    if len(data) > MOST_BYTES:
        return Decoded("", "", Reason.TOO_LARGE)
    if _MAGIC.match(data):
        return Decoded("", "", Reason.BINARY)
    if wide := _wide(data):
        return _checked(data.decode(wide, errors="replace"), wide)
    if b"\x00" in data:  # feeds are read all the same
        return decode(data.replace(b"\x00", b""), content_type)._replace(reason=Reason.BINARY)
    text = _utf8(data)
    if text is not None:
        return _checked(text, "utf-8")
    western = data.decode("latin-1")
    if (readable := modern(western)) != western:
        return _checked(readable, "old font")
    for encoding in _candidates(data, content_type):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if not _MOJIBAKE.search(text[:200_000]):
            return _checked(text, encoding)
    return _checked(_guessed(data), "guessed")


def _wide(data: bytes) -> str:
    """UTF-16 in one of its orders, by its mark or its zeros: it cannot declare itself in ASCII. "" where it is none."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = data[:_SAMPLE:2], data[1:_SAMPLE:2]
    zeros = [half.count(0) / max(1, len(half)) for half in (even, odd)]
    if max(zeros) < _WIDE_ZEROS or min(zeros) > _NARROW_ZEROS:
        return ""
    return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"


def _utf8(data: bytes) -> str | None:
    """UTF-8, also where letters are cut in two or boxes have another charset; None where those are the greater part."""
    with suppress(UnicodeDecodeError):
        return data.decode("utf-8-sig")
    good, bad = _letters(data)
    if good < bad:
        return None
    return _PIECE.sub(_piece, data).decode("utf-8", errors="replace")


def _piece(found: re.Match[bytes]) -> bytes:
    good, bad = _letters(found[0])
    return found[0] if bad <= max(good, _CUTS) else found[0].decode("cp1258", errors="replace").encode("utf-8")


def _letters(data: bytes) -> tuple[int, int]:
    """How many letters beyond ASCII are UTF-8, and how many bytes are not."""
    text = data.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    return sum(map("\x7f".__lt__, text)) - bad if not text.isascii() else 0, bad


def _candidates(data: bytes, content_type: str) -> list[str]:
    declared = [
        resolve_encoding(name)
        for name in (http_content_type_encoding(content_type), html_body_declared_encoding(data[:4096]))
        if name
    ]
    names = [name for name in declared if name and not name.startswith("utf-")]
    # Old Vietnamese pages that call themselves iso-8859-1, windows-1252 or UTF-8 are windows-1258.
    if _is_vietnamese(data):
        return [*("cp1258" if name in _WESTERN else name for name in names), "cp1258"]
    return names


def _is_vietnamese(data: bytes) -> bool:
    text = data[:100_000].decode("cp1258", errors="ignore")
    return is_vietnamese(unicodedata.normalize("NFC", text), _TONED_SHARE)


def _guessed(data: bytes) -> str:
    """The last resort; what cannot be read is shown as U+FFFD, so that `_checked` can count it."""
    best = from_bytes(data[:100_000]).best()
    encoding = best.encoding if best and not best.encoding.startswith("utf_16") else "utf-8"
    return data.decode(encoding, errors="replace")


def _checked(text: str, encoding: str) -> Decoded:
    text = text.lstrip("\ufeff")
    if not text.strip("\x00 \t\r\n"):
        return Decoded("", encoding, Reason.EMPTY)
    if "\x00" in text:
        return Decoded(text.replace("\x00", ""), encoding, Reason.BINARY)
    text = unicodedata.normalize("NFC", modern(text))
    reason = _broken(text)
    if reason is Reason.UNDECODABLE:
        text = unicodedata.normalize("NFC", decoded_once(text))
        reason = _broken(text)
    return Decoded(text, encoding, reason or (None if _TAG.search(text) else Reason.NOT_HTML))


def _broken(text: str) -> Reason | None:
    """Whether a text was never read right, by the share of its letters that show it."""
    if not _SUSPECT.search(text):
        return None
    controls, mojibake = len(_CONTROL.findall(text)), len(_MOJIBAKE.findall(text))
    if controls + mojibake > 3:  # counting letters costs more than all else
        letters = sum(map(str.isalpha, text[:200_000])) * max(1.0, len(text) / 200_000)
        if controls + mojibake > BROKEN_SHARE * max(1.0, letters):
            binary = controls - text.count("\ufffd") > 0.05 * len(text)
            return Reason.BINARY if binary else Reason.UNDECODABLE
    return None
