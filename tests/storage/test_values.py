"""What BSON cannot hold is changed as little as possible."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import bson
from hypothesis import given
from hypothesis import strategies as st

from news.article import VIETNAM
from storage.values import exact, moment, parse_exact, storable


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8))
def test_any_text_can_be_stored(value: object) -> None:
    kept = storable(value)
    assert bson.decode(bson.encode({"value": kept})) == {"value": kept}


def test_good_text_stays_as_it_is() -> None:
    assert storable({"Tiêu đề": ("Bản tin 📰", 1, None, b"\0")}) == {"Tiêu đề": ["Bản tin 📰", 1, None, b"\0"]}


@given(st.datetimes(timezones=st.integers(-840, 840).map(lambda m: timezone(timedelta(minutes=m)))))
def test_a_moment_is_the_same_to_the_millisecond_and_in_utc(when: datetime) -> None:
    stored = moment(when)
    assert stored.tzinfo is UTC
    assert stored.microsecond % 1000 == 0
    if 1 < when.year < 9999:
        assert timedelta() <= when - stored < timedelta(milliseconds=1)


def test_an_exact_time_keeps_its_offset_and_microseconds() -> None:
    when = datetime(2025, 1, 13, 14, 39, 32, 1, tzinfo=VIETNAM)
    assert exact(when) == "2025-01-13T14:39:32.000001+07:00"
    assert parse_exact(exact(when)) == when
    assert parse_exact(exact(None)) is None
