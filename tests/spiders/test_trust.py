"""A 304 is looked behind now and then, and a server that was caught is not believed for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from spiders.frontier import AUDIT_EVERY, DISTRUST, LONGEST_DISTRUST, Trust, is_audited

NOW = datetime(2026, 3, 7, 9, 0, tzinfo=UTC)


def test_one_304_in_twenty_is_audited_and_every_address_in_its_turn() -> None:
    urls = [f"lamha.gov.vn/tin-{n}.html" for n in range(4000)]
    share = sum(is_audited(url, NOW) for url in urls) / len(urls)
    assert abs(share - 1 / AUDIT_EVERY) < 0.015
    visits = [NOW + timedelta(hours=n) for n in range(400)]
    assert all(any(is_audited(url, visit) for visit in visits) for url in urls[:50])


def test_the_same_visit_is_judged_the_same_way() -> None:
    assert {is_audited("lamha.gov.vn/a", NOW) for _ in range(5)} in ({True}, {False})


def test_each_lie_costs_twice_the_trust_of_the_one_before_up_to_a_limit() -> None:
    once = Trust().betrayed(NOW, "/a")
    assert not once.holds(NOW + DISTRUST - timedelta(seconds=1))
    assert once.holds(NOW + DISTRUST)
    twice = once.betrayed(NOW, "/b")
    assert (twice.lies, twice.url, twice.until) == (2, "/b", NOW + 2 * DISTRUST)
    long = Trust(lies=40).betrayed(NOW, "/c")
    assert long.until == NOW + LONGEST_DISTRUST
