"""A cursor is the number of the last event that a consumer has; nothing else is one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.errors import InvalidValue
from news.event import CRAWL, Event, EventKind, number_of

EVENT = Event(
    7, EventKind.UPDATED, "a1", "baochinh", "s1", 2, datetime(2025, 3, 5, 3, 20, tzinfo=UTC), "lan", ("title", "body")
)


def test_the_beginning_is_before_the_first_event() -> None:
    assert number_of("") == 0


@given(st.integers(0, 10**18 - 1))
def test_a_cursor_leads_behind_its_own_event(number: int) -> None:
    assert number_of(str(number)) == number


@pytest.mark.parametrize("cursor", ["-1", "+1", "1.0", "1e3", " 1", "1 ", "٣", "²", "mới", "0x1", "1" * 19, "\0"])
def test_what_is_no_cursor_is_refused_with_what_to_give_instead(cursor: str) -> None:
    with pytest.raises(InvalidValue, match=r"no cursor.*Give the cursor of the last event"):
        number_of(cursor)


@given(st.text())
def test_whatever_is_given_is_a_number_or_refused(cursor: str) -> None:
    try:
        assert number_of(cursor) >= 0
    except InvalidValue:
        assert not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19)


def test_an_event_is_published_with_its_cursor_and_plain_values() -> None:
    assert number_of(EVENT.cursor) == EVENT.number
    assert json.loads(json.dumps(EVENT.to_json())) == {
        "cursor": "7",
        "kind": "updated",
        "article": "a1",
        "site": "baochinh",
        "story": "s1",
        "version": 2,
        "at": "2025-03-05T03:20:00+00:00",
        "by": "lan",
        "changed": ["title", "body"],
        "detail": "",
        "status": "published",
    }


def test_the_public_learns_what_an_editor_did_and_neither_name_nor_words() -> None:
    done = replace(EVENT, kind=EventKind.RETRACTED, detail="Sở đề nghị gỡ, gọi cho chị Hoa")
    assert done.to_public_json() == done.to_json() | {"by": "editor", "detail": ""}
    crawled = replace(EVENT, by=CRAWL, detail="the page is missing since 05/03/2025")
    assert crawled.to_public_json() == crawled.to_json()
