"""Dates are read as Vietnamese sites write them, to the precision that they state."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.article import VIETNAM, Precision
from news.dates import date_in_url, find_dates, parse_date, parse_machine_date

FORMS = [
    ("Thứ bảy, 7/3/2026, 00:05 (GMT+7)", "2026-03-07T00:05:00+07:00", "minute"),
    ("Thứ bảy, 07/03/2026 - 08:07", "2026-03-07T08:07:00+07:00", "minute"),
    ("07/03/2026 08:06 GMT+7", "2026-03-07T08:06:00+07:00", "minute"),
    ("07/03/2026 08:52 (GMT+07:00)", "2026-03-07T08:52:00+07:00", "minute"),
    ("07-03-2026 - 00:01 AM", "2026-03-07T00:01:00+07:00", "minute"),
    ("07-03-2026 - 14:01 PM", "2026-03-07T14:01:00+07:00", "minute"),
    ("01/03/2026 \n\t  09:51", "2026-03-01T09:51:00+07:00", "minute"),
    ("Thứ hai, 23/03/2020 11:39", "2020-03-23T11:39:00+07:00", "minute"),
    ("Thứ tư - 27/03/2024 08:42", "2024-03-27T08:42:00+07:00", "minute"),
    ("Thứ Hai, ngày 08/04/2020 10:25", "2020-04-08T10:25:00+07:00", "minute"),
    ("Cập nhật: Thứ Ba, ngày 14/01/2020", "2020-01-14T00:00:00+07:00", "day"),
    ("Ngày đăng: 05-05-2021", "2021-05-05T00:00:00+07:00", "day"),
    ("Đăng ngày 5-5-2021 16:01:09 | 245", "2021-05-05T16:01:09+07:00", "second"),
    ("12 Tháng Một, 2026", "2026-01-12T00:00:00+07:00", "day"),
    ("21 tháng Mười Hai năm 2025", "2025-12-21T00:00:00+07:00", "day"),
    ("30 tháng 8, 2024", "2024-08-30T00:00:00+07:00", "day"),
    ("17:42 Ngày 04/06/2018", "2018-06-04T17:42:00+07:00", "minute"),
    ("16:13' - 10/04/2021", "2021-04-10T16:13:00+07:00", "minute"),
    ("(05/11/2018)", "2018-11-05T00:00:00+07:00", "day"),
    ("Thứ Tư, ngày 27 tháng 9 năm 2017 | 11:19 GMT+7", "2017-09-27T11:19:00+07:00", "minute"),
    ("Thứ bảy, 29/06/2019 16:24 GMT+7", "2019-06-29T16:24:00+07:00", "minute"),
    ("Đăng lúc: 13/01/2025 14:39:32 (GMT+7)", "2025-01-13T14:39:32+07:00", "second"),
    ("Thứ hai, ngày 20/01/2025 - 19:33", "2025-01-20T19:33:00+07:00", "minute"),
    ("Cập nhật lúc 10:25, Thứ sáu, 19/06/2026 (GMT+7)", "2026-06-19T10:25:00+07:00", "minute"),
    ("Ngày đăng: 15:37 | 09/06/2026", "2026-06-09T15:37:00+07:00", "minute"),
    ("23:02 , 06/03/2026", "2026-03-06T23:02:00+07:00", "minute"),
    ("10h30 ngày 12/3/2024", "2024-03-12T10:30:00+07:00", "minute"),
    ("09/07/2018 9:59:00 CH", "2018-07-09T21:59:00+07:00", "second"),
    ("Hải Phòng, ngày 06 tháng 12 năm 2019", "2019-12-06T00:00:00+07:00", "day"),
]


@pytest.mark.parametrize(("text", "when", "precision"), FORMS)
def test_every_form_seen_on_a_portal_is_read(text: str, when: str, precision: str) -> None:
    stamp = parse_date(text)
    assert stamp is not None
    assert (stamp.when.isoformat(), stamp.precision) == (when, precision)


@pytest.mark.parametrize(
    "text", ["31/02/2020", "số 1131/QĐ-TTg", "13/2023/NĐ-CP", "19:33", "1/2/0019", "99/99/2020", "24.500 đồng"]
)
def test_what_the_calendar_does_not_have_is_no_date(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2024-03-27+0708:42:50", "2024-03-27T08:42:50+07:00"),
        ("2026-03-07T08:52:11.000 +07:00", "2026-03-07T08:52:11+07:00"),
        ("2026-03-07T01:00:00Z", "2026-03-07T01:00:00+00:00"),
        ("2026-03-07T00:01:00", "2026-03-07T00:01:00+07:00"),
        ("9/7/2018 9:59:00 AM", "2018-09-07T09:59:00+07:00"),
        ("25/7/2018 9:59:00 AM", "2018-07-25T09:59:00+07:00"),
        ("Sat, 07 Mar 2026 00:05:00 +0700", "2026-03-07T00:05:00+07:00"),
        ("Sat, 07 Mar 2026 00:05:00 GMT", "2026-03-07T00:05:00+00:00"),
        ("2026-03-07", "2026-03-07T00:00:00+07:00"),
    ],
)
def test_machine_dates_are_read_also_where_they_are_broken(text: str, when: str) -> None:
    stamp = parse_machine_date(text)
    assert stamp is not None
    assert stamp.when.isoformat() == when


def test_a_page_may_state_several_dates_in_order() -> None:
    text = "Ngày 14/01/2020 họp, đăng 15/01/2020 08:00"
    assert [stamp.when.day for stamp in find_dates(text)] == [14, 15]


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://x.vn/portal/pages/2023-01-30/tin-388.aspx", "2023-01-30"),
        ("https://x.vn/portal/Pages/2021-5-7/tinabc.aspx", "2021-05-07"),
        ("https://x.vn/2024/08/28/tin/", "2024-08-28"),
    ],
)
def test_a_path_tells_the_day(url: str, day: str) -> None:
    stamp = date_in_url(url)
    assert stamp is not None
    assert stamp.when.date().isoformat() == day
    assert stamp.precision is Precision.DAY


@given(st.datetimes(min_value=datetime(1996, 1, 1), max_value=datetime(2090, 1, 1)))
def test_what_is_written_in_the_vietnamese_way_is_read_back(moment: datetime) -> None:
    text = f"Thứ Hai, ngày {moment:%d/%m/%Y} - {moment:%H:%M} (GMT+7)"
    stamp = parse_date(text)
    assert stamp is not None
    assert stamp.when == moment.replace(second=0, microsecond=0, tzinfo=VIETNAM)


@given(st.text(max_size=100))
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    for stamp in [parse_date(text), parse_machine_date(text)]:
        assert stamp is None or stamp.when.tzinfo is not None
