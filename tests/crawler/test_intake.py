"""The pipeline of a page on a real MongoDB: stored once, known by its aliases, versions kept, reasons counted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config import Config
from crawler.intake import Intake, Outcome
from news.article import Decision, Lead, Page, Via
from news.errors import Reason
from news.urls import identity
from storage.connect import Store, open_store
from storage.urls import UrlRow, UrlState

NOW = datetime(2025, 3, 5, 3, 20, tzinfo=UTC)
URL = "https://sonoivu.gov.vn/vi/news/tin/hoi-nghi-12345.html"
TITLE = "Hội nghị triển khai cải cách hành chính năm 2025"


def page(url: str = URL, *, delegates: int = 126, counter: int = 1, title: str = TITLE, requested: str = "") -> Page:
    body = f"""<html lang="vi"><head><title>{title}</title></head><body><div class="counter">Hôm nay: {counter}</div>
      <h1>{title}</h1><p>Thứ tư, 05/03/2025 10:20</p><div class="noi-dung">
      <p>Sáng 5/3, Sở Nội vụ tổ chức hội nghị triển khai công tác cải cách hành chính năm 2025 trên địa bàn tỉnh.</p>
      <p>Hội nghị có sự tham dự của lãnh đạo các sở, ban, ngành và {delegates} đại biểu đến từ các xã, phường.</p>
      <p>Lãnh đạo tỉnh yêu cầu các đơn vị rút ngắn thời gian giải quyết thủ tục, lấy người dân làm trung tâm.</p>
      </div></body></html>"""
    return Page(url, body.encode(), NOW, content_type="text/html; charset=utf-8", requested=requested or url)


def take(store: Store, *pages: Page) -> list[Outcome]:
    intake = Intake(store)
    outcomes = [intake.take(one, None) for one in pages]
    intake.flush()
    return outcomes


def decisions(outcomes: list[Outcome]) -> list[Decision]:
    return [outcome.decision for outcome in outcomes]


def test_a_page_taken_twice_is_stored_once_though_its_counter_moved(store: Store) -> None:
    outcomes = take(store, page(), page(counter=99))
    assert decisions(outcomes) == [Decision.NEW, Decision.UNCHANGED]
    kept = store.articles.get(outcomes[0].article_id)
    assert kept is not None
    assert (kept.version, kept.article.title, kept.article.site) == (1, TITLE, "sonoivu.gov.vn")
    assert store.pages.get(kept.id) == page()
    row = store.urls.get(identity(URL))
    assert row is not None
    assert (row.state, row.article_id) == (UrlState.STORED, kept.id)


def test_a_correction_becomes_a_version_and_the_old_text_is_kept(store: Store) -> None:
    first, second = take(store, page(), page(delegates=127))
    assert second.decision is Decision.UPDATED
    kept = store.articles.get(first.article_id)
    assert kept is not None
    assert kept.version == 2
    assert "127 đại biểu" in kept.article.body
    (before,) = store.versions.of(kept.id)
    assert (before.stored.version, before.by, before.changed) == (1, "crawl", ("body",))
    assert "126 đại biểu" in before.stored.article.body


def test_another_address_of_the_same_text_becomes_an_alias(store: Store) -> None:
    other = "https://sonoivu.gov.vn/vi/news/cai-cach/bai-777.html"
    first, second = take(store, page(), page(other))
    assert second.decision is Decision.DUPLICATE
    kept = store.articles.by_url(identity(other))
    assert kept is not None
    assert (kept.id, kept.aliases) == (first.article_id, (other,))
    assert store.articles.count() == 1


def test_two_articles_that_come_to_say_the_same_are_both_kept(store: Store) -> None:
    other = "https://sonoivu.gov.vn/vi/news/tin/ban-khac-777.html"
    outcomes = take(store, page(), page(other, delegates=5), page(other, delegates=126))
    assert decisions(outcomes) == [Decision.NEW, Decision.NEW, Decision.UPDATED]
    assert store.articles.count() == 2


def test_a_redirect_is_known_by_both_its_ends(store: Store) -> None:
    old = "https://sonoivu.gov.vn/cu?tin=12345"
    take(store, replace(page(), requested=old))
    assert store.articles.by_url(identity(old)) == store.articles.by_url(identity(URL)) is not None


def test_a_page_without_an_article_leaves_its_reason_at_the_url(store: Store) -> None:
    listing = "<html><body>" + "<h3><a href='/a'>Tin số một trong ngày</a></h3>" * 12 + "</body></html>"
    bad = [
        (b"", Reason.EMPTY, UrlState.FAILED),
        (listing.encode(), Reason.LISTING, UrlState.REJECTED),
        (b"\x89PNG\r\n\x1a\n", Reason.BINARY, UrlState.FAILED),
    ]
    for n, (body, reason, state) in enumerate(bad):
        url = f"https://sonoivu.gov.vn/trang-{n}"
        assert take(store, Page(url, body, NOW))[0].reason is reason
        row = store.urls.get(identity(url))
        assert row is not None
        assert (row.reason, row.state) == (reason, state)
        assert (row.next_check is not None) is (state is UrlState.FAILED)
    assert store.articles.count() == 0


def test_a_stored_page_is_seen_again_ever_later_and_in_the_end_no_more(store: Store) -> None:
    now = datetime.now(UTC)
    distances = []
    for age in (timedelta(0), timedelta(hours=7), timedelta(days=2), timedelta(days=8)):
        url = f"https://sonoivu.gov.vn/vi/news/tin/bai-{1000 + age.days}{age.seconds}.html"
        key = identity(url)
        store.urls.found([UrlRow(key=key, url=url, site="sonoivu.gov.vn", found=now - age)])
        take(store, replace(page(url, delegates=age.days * 100 + age.seconds), fetched=now))
        row = store.urls.get(key)
        assert row is not None
        distances.append(row.next_check and row.next_check - row.found)
    assert distances == [timedelta(hours=6), timedelta(days=1), timedelta(days=7), None]


def test_a_page_that_stays_bad_is_tried_ever_less_often(store: Store) -> None:
    waits = []
    for n in range(3):
        fetched = datetime.now(UTC) + timedelta(seconds=n)
        take(store, Page(URL, b"", fetched))
        row = store.urls.get(identity(URL))
        assert row is not None
        assert row.next_check is not None
        waits.append(round((row.next_check - datetime.now(UTC)).total_seconds() / 60))
    assert waits == [15, 30, 60]


def test_a_dry_run_says_the_same_and_writes_nothing(store: Store) -> None:
    intake = Intake(store, dry_run=True)
    assert intake.take(page(), None).decision is Decision.NEW
    intake.flush()
    assert store.articles.count() == 0
    assert store.urls.get(identity(URL)) is None


def test_what_only_the_feed_knew_completes_the_article(store: Store) -> None:
    lead = Lead(URL, Via.FEED, published=NOW - timedelta(minutes=7), section="Tin hoạt động")
    undated = replace(page(), body=page().body.replace("<p>Thứ tư, 05/03/2025 10:20</p>".encode(), b""), lead=lead)
    (outcome,) = take(store, undated)
    assert (outcome.article.published, outcome.article.section) == (lead.published, "Tin hoạt động")
    assert outcome.article.evidence["published"] == "feed"


@pytest.mark.parametrize("round_", range(3))
def test_writers_that_race_over_one_article_store_it_once(config: Config, store: Store, round_: int) -> None:
    variants = [page(f"https://sonoivu.gov.vn/muc-{n}/hoi-nghi-{round_}{n}.html") for n in range(6)]

    def work(one: Page) -> Decision:
        with open_store(config) as own:
            return take(own, one)[0].decision

    with ThreadPoolExecutor(6) as pool:
        found = sorted(pool.map(work, variants))
    assert found == sorted([Decision.NEW] + [Decision.DUPLICATE] * 5)
    assert store.articles.count() == 1
