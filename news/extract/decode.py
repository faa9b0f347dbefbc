"""Bytes -> text: the charset a page really has, whatever it declares."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import NamedTuple

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, resolve_encoding

from news.errors import Reason
from news.extract.language import is_vietnamese

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
# Portals cut teasers in the middle of a letter. A page with so many good letters beyond ASCII for each broken one is
# UTF-8 all the same; in a single-byte charset nearly every such letter would be broken.
_CUTS = 20


class Decoded(NamedTuple):
    """`text` in NFC; `reason` says why it is no page, else None."""

    text: str
    encoding: str
    reason: Reason | None = None


def decode(data: bytes | str, content_type: str = "") -> Decoded:
    """The text of a page. A declared charset is believed when the bytes agree with it; valid UTF-8 with letters beyond
    ASCII is UTF-8 whatever was declared. Never raises."""
    if isinstance(data, str):
        return _checked(data, "str")
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        return Decoded("", "", Reason.EMPTY)
    if _MAGIC.match(data):
        return Decoded("", "", Reason.BINARY)
    cut = data.decode("utf-8", errors="replace")
    if 0 < _CUTS * cut.count("\ufffd") < sum(map("\x7f".__lt__, cut)):
        return _checked(cut, "utf-8")
    for encoding in _candidates(data, content_type):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if not _MOJIBAKE.search(text[:200_000]) or encoding == "utf-8":
            return _checked(text, encoding)
    return _checked(_guessed(data), "guessed")


def _candidates(data: bytes, content_type: str) -> list[str]:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return [encoding]
    declared = [
        resolve_encoding(name)
        for name in (http_content_type_encoding(content_type), html_body_declared_encoding(data[:4096]))
        if name
    ]
    # A UTF-16 page cannot declare itself in ASCII: such a label is a lie unless every other byte is zero.
    zeros = data[:2000].count(0) / len(data[:2000])
    if zeros > 0.3:
        return ["utf-16-le" if data[1:2] == b"\x00" else "utf-16-be"]
    names = ["utf-8", *(name for name in declared if name and not name.startswith("utf-16"))]
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
    text = unicodedata.normalize("NFC", text.lstrip("\ufeff"))
    if not text.strip("\x00 \t\r\n"):
        return Decoded("", encoding, Reason.EMPTY)
    if "\x00" in text:
        return Decoded(text.replace("\x00", ""), encoding, Reason.BINARY)
    suspect = _SUSPECT.search(text) is not None
    controls, mojibake = (len(_CONTROL.findall(text)), len(_MOJIBAKE.findall(text))) if suspect else (0, 0)
    if controls + mojibake > 3:  # counting letters costs more than all else
        letters = sum(map(str.isalpha, text[:200_000])) * max(1.0, len(text) / 200_000)
        if controls + mojibake > BROKEN_SHARE * max(1.0, letters):
            return Decoded(text, encoding, Reason.BINARY if controls > 0.05 * len(text) else Reason.UNDECODABLE)
    return Decoded(text, encoding, None if _TAG.search(text) else Reason.NOT_HTML)
