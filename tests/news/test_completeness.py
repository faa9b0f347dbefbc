"""What sources name against what is stored, by day."""

from __future__ import annotations

from datetime import date

from news.article import Via
from news.completeness import Fate, Named, completeness
from news.errors import Reason

MONDAY, TUESDAY = date(2025, 3, 3), date(2025, 3, 4)


def one(key: str, day: date | None, fate: Fate, *sources: Via, reason: Reason | None = None) -> Named:
    return Named(key, day, frozenset(sources or (Via.LISTING,)), fate, reason)


def test_each_day_says_who_names_what_and_what_became_of_it() -> None:
    days = completeness(
        [
            one("b", TUESDAY, Fate.STORED, Via.FEED, Via.SITEMAP),
            one("a", MONDAY, Fate.STORED, Via.FEED),
            one("c", TUESDAY, Fate.MISSING, Via.SITEMAP, reason=Reason.TIMEOUT),
            one("d", TUESDAY, Fate.REJECTED, reason=Reason.NO_TEXT),
            one("e", None, Fate.MISSING),
        ]
    )
    assert [day.day for day in days] == [MONDAY, TUESDAY, None]
    assert [day.complete for day in days] == [True, False, False]
    assert days[1].to_json() == {
        "day": "2025-03-04", "total": 3, "named": {"feed": 1, "listing": 1, "sitemap": 2}, "stored": 1, "missing": 1,
        "rejected": 1, "reasons": {"no-text": 1, "timeout": 1},
    }  # fmt: skip


def test_an_article_with_two_addresses_counts_once_and_is_stored_if_either_is() -> None:
    (day,) = completeness(
        [one("a", None, Fate.MISSING, Via.FEED, reason=Reason.GONE), one("a", MONDAY, Fate.STORED, Via.SITEMAP)]
    )
    assert (day.day, day.total, day.fates[Fate.STORED], day.reasons) == (MONDAY, 1, 1, {})
    assert day.named == {"feed": 1, "sitemap": 1}


def test_days_outside_are_left_out_and_what_has_no_day_is_told() -> None:
    named = [one("a", MONDAY, Fate.STORED), one("b", TUESDAY, Fate.STORED), one("c", None, Fate.STORED)]
    assert [day.day for day in completeness(named, TUESDAY, TUESDAY)] == [TUESDAY, None]
