"""What became of every URL is known, and what is due is fetched oldest first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from news.article import VIETNAM, Via
from news.errors import Reason
from storage.connect import Store
from storage.urls import UrlRow, UrlState

NOW = datetime(2025, 3, 1, 8, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def row(n: int = 1, **values: Any) -> UrlRow:
    usual: dict[str, Any] = {"key": f"a.vn/{n}", "url": f"https://a.vn/{n}", "site": "a", "found": NOW}
    return UrlRow(**(usual | values))


def test_a_row_comes_back_as_it_was_written(store: Store) -> None:
    full = row(
        state=UrlState.REJECTED,
        reason=Reason.SOFT_404,
        article_id="a1",
        etag='"$e"',
        last_modified="Sat, 01 Mar 2025 01:30:00 GMT",
        fetched=datetime(2025, 3, 1, 8, 30, 0, 123456, tzinfo=VIETNAM),
        modified=datetime(2025, 2, 1, 8, 30, 0, 123456, tzinfo=timezone(timedelta(hours=9))),
        next_check=NOW + HOUR,
        attempts=3,
        via=Via.SITEMAP,
        title="$title",
        published=datetime(2025, 2, 1, 8, 30, 0, 123456, tzinfo=VIETNAM),
        section="Kinh tế",
        detail="Không tìm thấy",
    )
    store.urls.record([full])
    assert store.urls.get(full.key) == full
    assert store.urls.known([full.key, "other"]) == {full.key: full}
    assert store.urls.get("other") is None


def test_finding_a_known_url_again_forgets_nothing(store: Store) -> None:
    done = row(state=UrlState.STORED, article_id="a1")
    store.urls.record([done])
    store.urls.found([row(found=NOW + HOUR), row(2)])
    assert store.urls.known(["a.vn/1", "a.vn/2"]) == {"a.vn/1": done, "a.vn/2": row(2)}


def test_finding_and_recording_nothing_is_no_error(store: Store) -> None:
    store.urls.found([])
    store.urls.record([])
    assert store.urls.known([]) == {}


def test_an_outcome_replaces_all_but_the_time_of_finding(store: Store) -> None:
    store.urls.found([row(title="Từ nguồn", etag="old")])
    outcome = row(state=UrlState.STORED, found=NOW + HOUR, fetched=NOW + HOUR, title="Tin")
    store.urls.record([outcome])
    assert store.urls.get("a.vn/1") == replace(outcome, found=NOW)


def test_failures_in_a_row_are_counted_and_a_success_clears_them(store: Store) -> None:
    for n in range(3):
        store.urls.record([row(state=UrlState.FAILED, fetched=NOW + n * HOUR)])
    assert _attempts(store) == 3
    store.urls.record([row(state=UrlState.FAILED, fetched=NOW + 2 * HOUR)])  # the same failure, written again
    assert _attempts(store) == 3
    store.urls.record([row(state=UrlState.FAILED), row(state=UrlState.FAILED)])  # never reached: no time of fetching
    assert _attempts(store) == 5
    store.urls.record([row(state=UrlState.STORED)])
    assert _attempts(store) == 0


def _attempts(store: Store) -> int:
    found = store.urls.get("a.vn/1")
    assert found
    return found.attempts


def test_what_is_due_comes_longest_due_first(store: Store) -> None:
    store.urls.found([row(1, found=NOW - HOUR), row(2, found=NOW + HOUR)])  # found ones wait whatever the clock says
    store.urls.record(
        [
            row(3, state=UrlState.FAILED, next_check=NOW - 2 * HOUR),
            row(4, state=UrlState.STORED, next_check=NOW),
            row(5, state=UrlState.REJECTED, next_check=NOW - 3 * HOUR),
            row(6, state=UrlState.STORED, next_check=NOW + HOUR),
            row(7, state=UrlState.REJECTED),  # never again
            row(8, state=UrlState.DUPLICATE, next_check=NOW - 1.5 * HOUR),  # asked whether it still shows its article
            row(9, state=UrlState.SOURCE, next_check=NOW - HOUR),
            row(10, site="b", key="b.vn/1"),
        ]
    )
    every = [due.key.removeprefix("a.vn/") for due in store.urls.waiting("a", NOW, 10)]
    assert every == ["5", "3", "8", "1", "4", "2"]
    assert [due.key for due in store.urls.waiting("a", NOW, 2)] == ["a.vn/5", "a.vn/3"]


def test_a_url_put_back_to_found_keeps_its_place_in_the_queue(store: Store) -> None:
    store.urls.found([row(1), row(2, found=NOW + HOUR)])
    store.urls.record([row(1, found=NOW + 2 * HOUR)])
    assert [due.key for due in store.urls.waiting("a", NOW, 10)] == ["a.vn/1", "a.vn/2"]


def test_reasons_are_counted_for_all_and_for_one_site(store: Store) -> None:
    rows = [row(n, state=UrlState.REJECTED, reason=Reason.LISTING) for n in range(3)]
    rows += [row(8, state=UrlState.FAILED, reason=Reason.TIMEOUT, site="b"), row(9, state=UrlState.STORED)]
    store.urls.record(rows)
    assert store.urls.reasons() == {"listing-page": 3, "timeout": 1}
    assert store.urls.reasons("b") == {"timeout": 1}


def test_parameters_are_learnt_from_the_latest_addresses_with_a_query_that_led_to_an_article(store: Store) -> None:
    def led(n: int, url: str, article: str, **values: Any) -> UrlRow:
        return row(n, url=url, article_id=article, fetched=NOW + n * HOUR, **values)

    store.urls.record(
        [
            led(1, "https://a.vn/tin?id=1&r=1", "a1", state=UrlState.STORED),
            led(2, "https://a.vn/tin?id=1&r=2", "a1", state=UrlState.DUPLICATE),
            led(3, "https://a.vn/tin-3.html", "a3", state=UrlState.STORED),
            led(4, "https://a.vn/muc?id=4", "", state=UrlState.REJECTED, reason=Reason.LISTING),
            led(5, "https://b.vn/tin?id=5", "b5", state=UrlState.STORED, site="b"),
            led(6, "https://a.vn/tin?id=6&r=1", "a6", state=UrlState.STORED),
        ]
    )
    latest = [
        ("https://a.vn/tin?id=6&r=1", "a6"),
        ("https://a.vn/tin?id=1&r=2", "a1"),
        ("https://a.vn/tin?id=1&r=1", "a1"),
    ]
    assert store.urls.with_queries("a", 10) == latest
    assert store.urls.with_queries("a", 2) == latest[:2]


def test_an_address_that_no_encoding_has_can_be_recorded_and_found(store: Store) -> None:
    broken = row(key="a.vn/\ud800", url="https://a.vn/\ud800")
    store.urls.found([broken])
    store.urls.record([replace(broken, state=UrlState.REJECTED)])
    found = store.urls.get(broken.key)
    assert found
    assert (found.state, found.url) == (UrlState.REJECTED, "https://a.vn/\ufffd")


def test_what_is_to_be_looked_at_again_is_due_then_and_nothing_is_made_of_what_nobody_knows(store: Store) -> None:
    store.urls.record([row(1, state=UrlState.DUPLICATE), row(2, state=UrlState.STORED)])
    store.urls.look_again(["a.vn/1", "a.vn/9"], NOW)
    assert [due.key for due in store.urls.waiting("a", NOW, 10)] == ["a.vn/1"]
    assert store.urls.get("a.vn/9") is None


def test_since_when_a_page_is_missing_comes_back_as_it_was_recorded(store: Store) -> None:
    store.urls.record([row(1, state=UrlState.STORED, gone=NOW), row(2, state=UrlState.STORED)])
    assert [found.gone for found in store.urls.known(["a.vn/1", "a.vn/2"]).values()] == [NOW, None]


def test_who_names_a_url_and_when_it_was_published_outlast_what_becomes_of_it(store: Store) -> None:
    store.urls.found([row(1, via=Via.FEED, named=(Via.FEED,), published=NOW)])
    store.urls.name([row(1, via=Via.SITEMAP, published=NOW + HOUR), row(2, via=Via.SITEMAP)])
    store.urls.record([row(1, state=UrlState.STORED, via=Via.FEED)])
    kept = store.urls.get("a.vn/1")
    assert kept is not None
    assert (kept.state, set(kept.named), kept.published) == (UrlState.STORED, {Via.FEED, Via.SITEMAP}, NOW)
    assert store.urls.get("a.vn/2") is None, "what nobody knows is not made"


def test_all_urls_of_a_site_come_once_in_order(store: Store) -> None:
    store.urls.found([row(n) for n in (3, 1, 2)] + [row(9, site="b", key="b.vn/9")])
    assert [one.key for one in store.urls.each("a")] == ["a.vn/1", "a.vn/2", "a.vn/3"]
