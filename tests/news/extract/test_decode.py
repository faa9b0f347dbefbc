"""A page is read in the charset it really has, whatever it declares; what is no text is told apart with a reason."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.errors import Reason
from news.extract.decode import decode

TEXT = "Hội nghị tổng kết công tác năm 2019 của Bộ Khoa học và Công nghệ, đồng chí Chủ tịch phát biểu."
PAGE = f"<html><head><title>{TEXT}</title></head><body><p>{TEXT}</p></body></html>"


def windows_1258(text: str) -> bytes:
    """As old Vietnamese pages are written: base letters with combining tone marks."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in parts if mark in tones)
        base = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in tones))
        out.append(base + tone)
    return "".join(out).encode("cp1258")


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (PAGE.encode(), "text/html; charset=utf-8"),
        (PAGE.encode(), ""),
        (PAGE.encode(), "text/html; charset=iso-8859-1"),
        (PAGE.encode(), "text/html; charset=windows-1258"),
        (b"\xef\xbb\xbf" + PAGE.encode(), "text/html; charset=windows-1252"),
        (PAGE.encode("utf-16"), "text/html"),
        (PAGE.encode("utf-16-le"), "text/html; charset=utf-8"),
        (PAGE.encode(), "text/html; charset=utf-16"),
        (windows_1258(PAGE), "text/html; charset=windows-1258"),
        (windows_1258(PAGE), "text/html; charset=windows-1252"),
        (unicodedata.normalize("NFD", PAGE).encode(), "text/html; charset=utf-8"),
        (windows_1258(PAGE), "text/html; charset=utf-8"),
        (windows_1258(PAGE), ""),
        (PAGE.encode().replace(b"<body>", b"<body><i>Th\xc3\xb4ng b\xc3</i>"), "text/html; charset=utf-8"),
        (windows_1258(PAGE.replace("<head>", '<head><meta charset="windows-1258">')), "text/html"),
    ],
)
def test_a_page_is_read_right_whatever_it_declares(data: bytes, content_type: str) -> None:
    found = decode(data, content_type)
    assert found.reason is None
    assert found.text.count(TEXT) == 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.EMPTY),
        (b" \r\n ", Reason.EMPTY),
        (b"%PDF-1.7 ...", Reason.BINARY),
        (b"\x89PNG\r\n\x1a\n....", Reason.BINARY),
        (bytes(range(256)) * 40, Reason.BINARY),
        (PAGE.encode().replace(b"<p>", b"<p>\x00\x00"), Reason.BINARY),
        (PAGE.encode().decode("cp1252", "replace").encode(), Reason.UNDECODABLE),
        (b"just words", Reason.NOT_HTML),
        (b'{"error": "no such page"}', Reason.NOT_HTML),
    ],
)
def test_what_is_no_page_is_told_apart(data: bytes, reason: Reason) -> None:
    assert decode(data, "text/html").reason is reason


@given(st.binary(max_size=400), st.sampled_from(["", "text/html; charset=utf-16", "text/html; charset=nonsense"]))
def test_no_bytes_break_decoding(data: bytes, content_type: str) -> None:
    found = decode(data, content_type)
    assert unicodedata.is_normalized("NFC", found.text)
    assert "\x00" not in found.text
