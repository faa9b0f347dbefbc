"""What to fetch, as plain values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from news.article import Lead, Via
from news.errors import Reason
from news.site import Site
from spiders.frontier import Seen, Terms, has_gap, is_old_news, is_wanted, newest_first, reason_of_status, refusal

NOW = datetime(2026, 3, 7, 9, 0, tzinfo=UTC)
TERMS = Terms(started=NOW, budget=100)
HOUR = timedelta(hours=1)
SITE = Site.parse(
    {
        "id": "lamha",
        "name": "Lam Hà",
        "kind": "province",
        "hosts": ["lamha.gov.vn"],
        "home": "https://lamha.gov.vn/",
        "deny_urls": ["/english/"],
    }
)


def lead(path: str = "/a", published: datetime | None = None, modified: datetime | None = None) -> Lead:
    return Lead(f"https://lamha.gov.vn{path}", Via.FEED, published=published, modified=modified)


def seen(found: timedelta = -HOUR, fetched: timedelta | None = None, **more: object) -> Seen:
    return Seen(NOW + found, NOW + fetched if fetched is not None else None, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (lead("/tin-1.html"), None),
        (Lead("https://www.lamha.gov.vn/tin-1.html", Via.FEED), None),
        (Lead("https://quangcao.vn/tin-1.html", Via.FEED), Reason.OFFSITE),
        (lead("/english/news-1.html"), Reason.DENIED_URL),
        (lead("/news/print/tin/a-1.html"), Reason.DENIED_URL),
    ],
)
def test_what_is_not_the_sites_or_denied_is_refused(what: Lead, reason: Reason | None) -> None:
    assert refusal(what, SITE, TERMS) == reason


def test_since_leaves_out_what_is_older_and_keeps_what_tells_no_date() -> None:
    terms = Terms(started=NOW, budget=1, since=NOW - HOUR)
    assert refusal(lead(published=NOW - 2 * HOUR), SITE, terms) is Reason.TOO_OLD
    assert refusal(lead(published=NOW - HOUR), SITE, terms) is None
    assert refusal(lead(), SITE, terms) is None


@pytest.mark.parametrize(
    ("modified", "known", "wanted"),
    [
        (None, None, True),
        (None, seen(), False),  # found and not fetched: it waits in its row
        (None, seen(fetched=-HOUR), False),
        (NOW, seen(fetched=-HOUR), True),
        (NOW - 2 * HOUR, seen(fetched=-HOUR), False),
        (NOW, seen(fetched=timedelta(milliseconds=300)), True),  # stated in whole seconds: it may be later
        (NOW, seen(fetched=-HOUR, modified=NOW), False),  # fetched for that very change already
        (NOW, seen(), False),
        (None, seen(passed=Reason.TOO_OLD), True),
        (None, seen(passed=Reason.DENIED_URL), False),
    ],
)
def test_a_lead_is_fetched_when_unknown_or_changed_since(
    modified: datetime | None, known: Seen | None, wanted: bool
) -> None:
    assert is_wanted(lead(modified=modified), known, TERMS) is wanted


def test_a_revisit_fetches_everything() -> None:
    assert is_wanted(lead(), seen(fetched=-HOUR), Terms(started=NOW, budget=1, revisit=True))


def test_a_page_is_old_news_only_if_earlier_crawls_knew_all_of_it() -> None:
    leads = [lead("/a"), lead("/b")]
    earlier, now = seen(), seen(found=timedelta(seconds=1))
    assert is_old_news(leads, {"https://lamha.gov.vn/a": earlier, "https://lamha.gov.vn/b": earlier}, TERMS)
    assert not is_old_news(leads, {"https://lamha.gov.vn/a": earlier}, TERMS)
    # A feed of this very crawl made it known; the list behind it has not been read.
    assert not is_old_news(leads, {"https://lamha.gov.vn/a": earlier, "https://lamha.gov.vn/b": now}, TERMS)


def test_a_feed_whose_far_end_is_news_may_have_hidden_something() -> None:
    a, b, c = (lead(f"/{name}", published=NOW - age * HOUR) for age, name in enumerate("abc"))
    known = {"https://lamha.gov.vn/c": seen()}
    assert not has_gap([a, b, c], known, TERMS)
    assert has_gap([a, b], known, TERMS)
    assert has_gap([], known, TERMS)


def test_a_pinned_old_entry_does_not_hide_a_gap() -> None:
    pinned = lead("/old", published=NOW - 900 * HOUR)
    fresh = [lead(f"/{name}", published=NOW) for name in "ab"]
    assert has_gap([pinned, *fresh], {"https://lamha.gov.vn/old": seen()}, TERMS)


def test_a_budget_is_spent_on_the_newest_first() -> None:
    old, new, undated = lead("/o", published=NOW - HOUR), lead("/n", modified=NOW), lead("/u")
    assert newest_first([undated, old, new]) == [new, old, undated]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (200, None), (204, None), (301, Reason.REDIRECTS), (404, Reason.GONE), (410, Reason.GONE),
        (403, Reason.HTTP_CLIENT), (429, Reason.HTTP_CLIENT), (500, Reason.HTTP_SERVER), (599, Reason.HTTP_SERVER),
    ],
)  # fmt: skip
def test_every_status_that_is_no_page_has_a_reason(status: int, reason: Reason | None) -> None:
    assert reason_of_status(status) == reason


def test_a_change_that_lies_ahead_of_the_clock_says_nothing() -> None:
    assert not is_wanted(lead(modified=NOW + timedelta(days=400)), seen(fetched=-HOUR), TERMS)
    assert is_wanted(lead(modified=NOW + timedelta(hours=7)), seen(fetched=-HOUR), TERMS)


def test_an_address_that_runs_in_circles_is_refused_with_its_reason() -> None:
    assert refusal(lead("/tin/tin/tin/tin/a-123.html"), SITE, TERMS) is Reason.TRAP
    assert refusal(lead("/lich/2199-01-02/su-kien-hop-bao-123.html"), SITE, TERMS) is Reason.TRAP
