"""A crawl tells editors what needs them: when an article is new, when its publisher changes it, and when we change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.intake import Intake
from news.article import Article, Lead, Page, Status, StoredArticle, Via
from news.event import EventKind
from news.review.review import Concern, Queue, Review
from news.review.states import Move
from storage.connect import Store

NOW = datetime(2025, 3, 5, 3, 20, tzinfo=UTC)
SENTENCE = "Lãnh đạo tỉnh yêu cầu các đơn vị rút ngắn thời gian giải quyết thủ tục, lấy người dân làm trung tâm. "
BODY = f"<p>Sáng 5/3, Sở Nội vụ tổ chức hội nghị với 126 đại biểu đến từ các xã, phường.</p><p>{SENTENCE * 4}</p>"


def page(number: int = 1, body: str = BODY, *, date: str = "05/03/2025 10:20", via: Via | None = None) -> Page:
    url = f"https://sonoivu.gov.vn/tin/hoi-nghi-{number}.html"
    html = f"""<html lang="vi"><head><title>Hội nghị lần {number}</title></head><body>
      <h1>Hội nghị lần {number}</h1><p>{date}</p><div class="noi-dung">{body}</div></body></html>"""
    return Page(url, html.encode(), NOW, content_type="text/html", lead=Lead(url, via) if via else None)


def take(store: Store, *pages: Page) -> StoredArticle:
    """The article of the last of these pages, taken in by one crawl."""
    intake = Intake(store)
    ids = [intake.take(one, None).article_id for one in pages]
    stored = store.articles.get(ids[-1])
    assert stored is not None
    return stored


def test_a_new_article_lies_in_the_queue_for_what_is_odd_about_it(store: Store) -> None:
    stored = take(store, page(body="<p>Thông báo nghỉ lễ của Sở Nội vụ tỉnh, kính mời các đơn vị.</p>", date=""))
    assert stored.review.queues == (Queue.NEW,)
    assert {Concern.NO_DATE, Concern.VERY_SHORT} <= set(stored.review.concerns)


@pytest.mark.parametrize(("via", "odd"), [(Via.LISTING, True), (Via.ARCHIVE, False)])
def test_an_old_guessed_date_is_odd_where_the_page_was_announced_as_news(store: Store, via: Via, odd: bool) -> None:
    stored = take(store, page(date="05/03/2022 10:20", via=via))
    assert (Concern.ODD_DATE in stored.review.concerns) is odd


def test_a_site_whose_pages_look_otherwise_than_its_last_ones_is_noticed(store: Store) -> None:
    for n in range(12):
        article = Article(f"https://sonoivu.gov.vn/{n}", "sonoivu.gov.vn", body=f"{n}", evidence={"body": "microdata"})
        when = NOW - timedelta(days=n)
        store.journal.create(
            StoredArticle(f"a{n}", article, (f"k{n}",), (), f"f{n}", f"s{n}", Status.PUBLISHED, 1, when, when)
        )
    assert Concern.TEMPLATE_CHANGED in take(store, page()).review.concerns


def test_what_its_publisher_corrects_is_seen_again_and_notes_stay(store: Store) -> None:
    stored = take(store, page())
    store.journal.decide(stored.id, Move.APPROVE, NOW, by="lan")
    store.journal.note(stored.id, "Đã gọi Sở.", NOW, by="lan")
    stored = take(store, page(body=BODY.replace("126", "162")))
    assert stored.review == Review((Queue.UPDATED,), (Concern.SENSITIVE_UPDATE,), notes=1)


def test_a_publishers_new_text_beside_an_editors_is_seen_until_it_is_dealt_with(store: Store) -> None:
    stored = take(store, page())
    store.journal.edit(stored.id, replace(stored.article, title="Hội nghị"), NOW, by="lan")
    stored = take(store, page(body=BODY.replace("126", "162")))
    waits = stored.status is Status.WAITING
    assert stored.review.queues == ((Queue.NEW,) if waits else ()) + (Queue.UPDATED,)
    assert stored.review.concerns == (Concern.SOURCE_CHANGED,)
    back = take(store, page())
    assert (back.review.concerns, Queue.UPDATED in back.review.queues) == ((), False)


def test_a_note_between_a_crawls_reading_and_its_writing_is_not_lost(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = take(store, page())
    update, notes = store.journal.update, iter(["Đã gọi Sở."])

    def slow(*args: object, **how: object) -> None:
        for note in notes:
            store.journal.note(stored.id, note, NOW, by="lan")
        update(*args, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(store.journal, "update", slow)
    stored = take(store, page(body=BODY.replace("126", "162")))
    assert (stored.review.notes, stored.version) == (1, 2)
    assert [event.kind for event in store.events.of(stored.id)][1:] == [EventKind.NOTED, EventKind.UPDATED]
