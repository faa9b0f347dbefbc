"""Which addresses and moments come out of a feed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from news.article import VIETNAM
from news.publish.printable import address, moment, printable

HANOI_1900 = timezone(timedelta(hours=7, minutes=6, seconds=30))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.gov.vn/tin/1.html?a=1&b=2#c", "https://x.gov.vn/tin/1.html?a=1&b=2#c"),
        ("http://x.gov.vn/a b\"c'd", "http://x.gov.vn/a%20b%22c'd"),
        ("http://x.gov.vn/100%", "http://x.gov.vn/100%25"),
        ("http://x.gov.vn/%C4%91", "http://x.gov.vn/%C4%91"),
        ("https://báo.vn/đ?q=đ", "https://xn--bo-mia.vn/%C4%91?q=%C4%91"),
        ("http://x.gov.vn/[1]", "http://x.gov.vn/%5B1%5D"),
        ("http://x.gov.vn/?a=1&amp;b=2&c;d", "http://x.gov.vn/?a=1&b=2&c%3Bd"),
        ("http://x.gov.vn/\u202egpj.exe", "http://x.gov.vn/%E2%80%AEgpj.exe"),
        ("http://x.gov.vn/\x00a\nb", "http://x.gov.vn/ab"),
        (" HTTP://x.gov.vn", "http://x.gov.vn"),
        ("http://[::1]:8765/x", "http://[::1]:8765/x"),
    ],
)
def test_an_address_is_spelt_as_any_reader_takes_it(url: str, expected: str) -> None:
    assert address(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JAVASCRIPT:alert(1)", "java\nscript:alert(1)", "\x01javascript:alert(1)",
        "data:text/html,x", "data:image/svg+xml,<svg onload=alert(1)>", "vbscript:x", "file:///etc/passwd", "//x.vn/",
        "/a", "", "http://", "http:///a", "http://[bad", "http://x.vn:99999999/", "mailto:a@b", "http:javascript:1",
        "http://x.gov.vn@evil.vn/", "http://x y.vn/", "http://x.vn%2f@evil.vn/", "ftp://x.vn/", "blob:http://x/1",
    ],
)  # fmt: skip
def test_what_runs_hides_or_leads_nowhere_is_no_address(url: str) -> None:
    assert address(url) == ""


@given(st.text(max_size=30).map("http://x.vn/".__add__) | st.text(max_size=40))
def test_an_address_is_left_as_it_is_the_second_time(url: str) -> None:
    once = address(url)

    assert address(once) == once
    assert once.isascii()
    assert not set(once) & set(" \"'<>\\^`{|}") - {"'"}


@given(st.text(st.characters(codec=None), max_size=60))
def test_printable_text_can_be_written(text: str) -> None:
    clean = printable(text)

    assert clean.encode().decode() == clean
    assert not any(ord(letter) < 32 and letter not in "\t\n\r" for letter in clean)
    assert not any(0x7F <= ord(letter) < 0xA0 for letter in clean)


@pytest.mark.parametrize(
    ("when", "written"),
    [
        (datetime(2026, 3, 1, 9, 51, tzinfo=VIETNAM), "2026-03-01T09:51:00+07:00"),
        (datetime(1900, 1, 1, 7, 6, 30, tzinfo=HANOI_1900), "1900-01-01T00:00:00+00:00"),
        (datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=-23))), "2026-01-01T23:00:00+00:00"),
        (datetime.min.replace(tzinfo=VIETNAM), "0001-01-02T00:00:00+00:00"),
        (datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))), "9999-12-30T23:59:59+00:00"),
    ],
)  # fmt: skip
def test_a_moment_is_one_that_every_format_can_write(when: datetime, written: str) -> None:
    assert moment(when).isoformat(timespec="seconds") == written


@given(st.datetimes(timezones=st.timezones()))
def test_a_moment_stays_the_same_moment(when: datetime) -> None:
    assume(1 < when.year < 9999)

    assert moment(when).astimezone(UTC) == when.astimezone(UTC)
    assert moment(when).utcoffset().total_seconds() % 60 == 0  # type: ignore[union-attr]
