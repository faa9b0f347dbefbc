"""What a site was taught holds until it is withdrawn or stands in its file; told twice it is told once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config import Config
from news.article import Page
from news.errors import BantinError
from news.review.cases import Case
from news.review.renewals import Counts, RenewalState
from news.review.rules import RuleKind, SiteRule
from storage.connect import Store
from storage.owner import Owner
from storage.retention import prune

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
RULE = SiteRule("r1", "soyte", RuleKind.DROP_LINE, "Lượt xem: #", by="lan", at=NOW, article_id="a1")
CASE = Case("r1", "soyte", "a1", Page("https://soyte.gov.vn/1", b"<p>Tin</p>", NOW), {"title": "Tin", "body": "Tin"})
HERE = Owner.here("r")


def test_a_rule_holds_for_its_site_until_it_is_withdrawn(store: Store) -> None:
    other = replace(RULE, id="r2", site="nhandan")
    assert store.rules.teach(RULE, CASE) == RULE
    store.rules.teach(other)

    assert store.rules.of("soyte") == (RULE,)
    assert store.rules.all() == [other, RULE]

    gone = store.rules.withdraw("r1", "minh", NOW + timedelta(hours=1))

    assert gone == replace(RULE, withdrawn=NOW + timedelta(hours=1))
    assert store.rules.of("soyte") == ()
    assert store.rules.get("r1") == gone
    assert store.cases.get("r1") is None
    with pytest.raises(BantinError, match="no rule 'r9'"):
        store.rules.withdraw("r9", "minh", NOW)


def test_what_is_done_again_is_done_once(store: Store) -> None:
    for _ in range(2):
        store.rules.teach(RULE, CASE)
    assert store.rules.teach(replace(RULE, id="r7", by="minh")) == RULE, "the same rule by another"
    for hour in (1, 2):
        store.rules.withdraw("r1", "lan", NOW + timedelta(hours=hour))

    assert [rule.withdrawn for rule in store.rules.all("soyte")] == [NOW + timedelta(hours=1)]
    asked = store.renewals.begin("soyte", HERE)
    assert [(request.rule, request.taught) for request in asked] == [("r1", True), ("r1", False)]
    again = store.rules.teach(replace(RULE, id="r8"))
    assert again.id == "r8", "what was withdrawn can be taught again"


def test_of_many_who_teach_the_same_at_once_one_does(store: Store) -> None:
    with ThreadPoolExecutor(6) as pool:
        taught = list(pool.map(lambda n: store.rules.teach(replace(RULE, id=f"r{n}")), range(6)))

    assert len({rule.id for rule in taught}) == 1
    assert store.rules.of("soyte") == (taught[0],)
    assert len(store.renewals.begin("soyte", HERE)) == 1


def test_an_exported_rule_holds_by_the_file_and_keeps_its_case(store: Store) -> None:
    store.rules.teach(RULE, CASE)

    store.rules.mark_exported(["r1"], NOW)

    assert store.rules.of("soyte") == ()
    assert store.cases.get("r1") == CASE
    with pytest.raises(BantinError, match="file of the site soyte"):
        store.rules.withdraw("r1", "lan", NOW)


def test_a_case_outlives_the_page_that_is_pruned(store: Store, config: Config) -> None:
    store.pages.keep("a1", "soyte", CASE.page)
    store.rules.teach(RULE, CASE)

    prune(store.retention, replace(config, keep_pages_days=1), datetime.now(UTC) + timedelta(days=9))

    assert store.pages.get("a1") is None
    assert list(store.cases.each("soyte")) == [CASE]


def test_a_request_is_somebodys_until_it_is_over_or_that_process_is_dead(store: Store) -> None:
    store.rules.teach(RULE)
    assert store.renewals.open("r") == ["soyte"]

    (request,) = store.renewals.begin("soyte", HERE)
    store.renewals.progress([request.id], Counts(200, 16, 3), (NOW, "a1"))

    assert store.renewals.open("another") == []
    assert store.renewals.open("r") == ["soyte"], "one's own that was given up"
    (kept,) = store.renewals.begin("soyte", replace(HERE, pid=2**22))
    assert (kept.counts, kept.position) == (Counts(200, 16, 3), (NOW, "a1"))
    assert store.renewals.open("another") == ["soyte"], "its process is dead"

    store.renewals.finish([request.id], RenewalState.FAILED, NOW, "Why.")
    store.renewals.finish([request.id], RenewalState.DONE, NOW)
    assert store.renewals.latest(["r1"])["r1"].state is RenewalState.FAILED
    assert store.renewals.open("another") == []
    assert store.renewals.again("soyte") == 1
    assert store.renewals.open("another") == ["soyte"]


def test_the_pages_of_a_site_are_given_newest_first_and_from_a_position_on(store: Store) -> None:
    for n in range(40):
        store.pages.keep(f"a{n:02}", "soyte" if n % 2 else "nhandan", replace(CASE.page, body=f"{n}".encode()))

    newest = list(store.pages.newest("soyte"))

    assert [one.kept for one in newest] == sorted((one.kept for one in newest), reverse=True)
    assert {one.article_id for one in newest} == {f"a{n:02}" for n in range(1, 40, 2)}
    assert len(newest) == store.pages.count("soyte") == 20
    for place in (0, 7, 19):
        assert list(store.pages.newest("soyte", before=newest[place].position)) == newest[place + 1 :]
