"""A rule that is taught or withdrawn: the kept pages of its site are read again, and nothing else changes."""

from __future__ import annotations

import multiprocessing
import os
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import crawler.forks
import crawler.renewal
from config import Config
from crawler.intake import Intake
from crawler.renewal import SiteRenewal
from crawler.renewing import Renewer
from news.article import Article, Page
from news.event import EventKind
from news.renewal import Renewal
from news.report import RunReport, RunState
from news.review.renewals import RenewalState
from news.review.rules import RuleKind, SiteRule
from news.site import Site
from scheduler import Scheduler
from spiders.catalog import Catalog
from storage.connect import Store, open_store
from storage.owner import Owner
from storage.patience import StorageUnavailable
from tests.crawler.conftest import ARTICLE

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BOX = '<p class="moi-doc">Mời bạn đọc theo dõi số {n} của bản tin tỉnh Lam Hà trên các nền tảng số của chúng tôi.</p>'
SITE = Site.parse(
    {"id": "lamha", "name": "Tỉnh Lam Hà", "kind": "province", "hosts": ["lamha.vn"], "home": "https://lamha.vn/"}
)


def page(n: int, *, box: bool = True) -> Page:
    html = ARTICLE.format(title=f"Hội nghị số {n} về phòng, chống thiên tai tỉnh Lam Hà", n=n, digit=n % 10)
    html = html.replace("</p>\n</div>", f"</p>{BOX.format(n=n) if box else ''}\n</div>")
    return Page(f"https://lamha.vn/tin-{n}00{n}.html", html.encode(), NOW, content_type="text/html; charset=utf-8")


@pytest.fixture
def ids(store: Store) -> list[str]:
    """Twelve stored articles of one site, of which the last has no box."""
    intake = Intake(store)
    found = [intake.take(page(n, box=n < 12), SITE).article_id for n in range(1, 13)]
    intake.flush()
    assert all("Mời bạn đọc" in text.body for text in list(texts(store, found).values())[:11])
    return found


def texts(store: Store, ids: list[str]) -> dict[str, Article]:
    found = {id: store.articles.get(id) for id in ids}
    return {id: stored.article for id, stored in found.items() if stored}


def taught(store: Store, value: str = "p.moi-doc", kind: RuleKind = RuleKind.DROP, id: str = "r1") -> SiteRule:
    return store.rules.teach(SiteRule(id, SITE.id, kind, value, by="lan", at=datetime.now(UTC)))


def renewer(store: Store, config: Config) -> Renewer:
    return Renewer(store, config, lambda _: SITE)


def test_a_taught_rule_changes_the_other_pages_and_its_withdrawal_brings_the_texts_back(
    store: Store, config: Config, ids: list[str]
) -> None:
    before, seen = texts(store, ids), store.events.last()

    rule = taught(store)
    renewer(store, config).renew(SITE.id)

    after = texts(store, ids)
    assert not any("Mời bạn đọc" in article.body for article in after.values())
    assert after[ids[-1]] == before[ids[-1]]
    told = store.events.after(str(seen))
    assert {(event.kind, event.by) for event in told} == {(EventKind.UPDATED, "teach:lan")}
    assert {event.article_id for event in told} == set(ids[:-1])
    (request,) = store.renewals.latest([rule.id]).values()
    assert request.state is RenewalState.DONE
    assert (request.counts.total, request.counts.done, request.counts.changed) == (12, 12, 11)

    store.rules.withdraw(rule.id, "lan", datetime.now(UTC))
    renewer(store, config).renew(SITE.id)

    assert texts(store, ids) == before


def test_a_renewal_that_is_killed_goes_on_and_ends_alike(store: Store, config: Config, ids: list[str]) -> None:
    taught(store)
    process = multiprocessing.get_context("forkserver").Process(target=_renew, args=(config,))
    process.start()
    while not any(event.by == "teach:lan" for event in store.events.after("0")):
        time.sleep(0.002)
    os.kill(process.pid or 0, 9)
    process.join()

    again = renewer(store, config)
    assert store.renewals.open("another") == [SITE.id], "who did it is gone"
    again.renew(SITE.id)

    assert not any("Mời bạn đọc" in article.body for article in texts(store, ids).values())
    assert all(len(store.versions.of(id)) == 1 for id in ids[:-1]), "each was changed once"
    assert [request.state for request in store.renewals.latest(["r1"]).values()] == [RenewalState.DONE]


def _renew(config: Config) -> None:
    with open_store(config) as store:
        renewer(store, config).renew(SITE.id)


def test_a_page_that_breaks_the_process_costs_only_itself(
    store: Store, config: Config, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    true = crawler.renewal.renewed

    def breaking(stored: object, page: Page, site: Site | None) -> Renewal:
        if page.url.endswith("-3003.html"):
            os._exit(1)
        return true(stored, page, site)  # type: ignore[arg-type]

    monkeypatch.setattr(crawler.renewal, "renewed", breaking)
    monkeypatch.setattr(crawler.forks, "forking", lambda: multiprocessing.get_context("fork"))
    taught(store)
    renewer(store, config).renew(SITE.id)

    assert [id for id, article in texts(store, ids).items() if "Mời bạn đọc" in article.body] == [ids[2]]
    (request,) = store.renewals.latest(["r1"]).values()
    assert (request.state, request.counts.changed) == (RenewalState.DONE, 10)
    assert ids[2] in request.error


def test_a_store_that_is_away_fails_no_renewal(
    store: Store, config: Config, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> Renewal:
        raise StorageUnavailable("MongoDB does not answer.", "Start it.")

    monkeypatch.setattr(crawler.forks, "forking", lambda: multiprocessing.get_context("fork"))
    monkeypatch.setattr(crawler.renewal, "renewed", away)
    taught(store)
    again = renewer(store, config)
    with pytest.raises(StorageUnavailable):
        again.renew(SITE.id)
    (request,) = store.renewals.latest(["r1"]).values()
    assert (request.state, request.error) == (RenewalState.RUNNING, "")
    monkeypatch.undo()
    monkeypatch.setattr(crawler.forks, "forking", lambda: multiprocessing.get_context("fork"))
    again.renew(SITE.id)
    (request,) = store.renewals.latest(["r1"]).values()
    assert (request.state, request.counts.changed) == (RenewalState.DONE, 11)


def test_the_scheduler_carries_out_what_is_asked(store: Store, config: Config, ids: list[str]) -> None:
    quiet = replace(SITE, schedule=replace(SITE.schedule, every_minutes=600))
    store.runs.finish(RunReport("r0", SITE.id, datetime.now(UTC), RunState.DONE, datetime.now(UTC)))
    sites = [quiet]
    with Scheduler(lambda: sites, config, store):
        taught(store)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            (request,) = store.renewals.latest(["r1"]).values()
            if request.state.over:
                break
            time.sleep(0.05)
    assert (request.state, request.error) == (RenewalState.DONE, "")
    assert not any("Mời bạn đọc" in article.body for article in texts(store, ids).values())


def test_a_new_page_is_read_by_the_rules_at_once(store: Store, ids: list[str]) -> None:
    taught(store)

    outcome = Intake(store).take(page(20), SITE)

    assert "Mời bạn đọc" not in outcome.article.body


def test_what_a_crawl_without_the_rule_stores_meanwhile_is_read_again(
    store: Store, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawler.renewal, "RULES_LAST", timedelta())
    store.site_state.claim(SITE.id, Owner.here("crawl"), datetime.now(UTC), 60)
    intake = Intake(store)
    intake.take(page(12, box=False), SITE)  # it asks for the rules, of which there are none yet
    taught(store)
    late: list[str] = []

    def crawled(_: str) -> None:
        if not late:
            late.append(intake.take(page(30), SITE).article_id)

    SiteRenewal(store, SITE, store.renewals.begin(SITE.id, Owner.here("r")), crawled).carry_out()

    assert late
    assert "Mời bạn đọc" not in texts(store, late)[late[0]].body


def test_the_text_of_an_editor_stays_and_the_new_reading_waits(store: Store, config: Config, ids: list[str]) -> None:
    old = store.articles.get(ids[0])
    assert old
    store.journal.edit(old.id, replace(old.article, title="Đính chính"), NOW, by="lan")

    taught(store)
    renewer(store, config).renew(SITE.id)

    kept = store.articles.get(ids[0])
    assert kept
    assert kept.edit
    assert kept.edit.waiting
    assert (kept.article.title, "Mời bạn đọc" in kept.article.body) == ("Đính chính", True)
    assert "Mời bạn đọc" not in kept.edit.waiting.body
    (request,) = store.renewals.latest(["r1"]).values()
    assert (request.counts.changed, request.counts.parked) == (10, 1)


def test_a_site_without_a_file_is_told(store: Store, config: Config, ids: list[str]) -> None:
    taught(store)
    Renewer(store, config, Catalog({}).get).renew(SITE.id)

    (request,) = store.renewals.latest(["r1"]).values()
    assert request.state is RenewalState.FAILED
    assert "There is no site 'lamha'" in request.error
