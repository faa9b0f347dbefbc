"""A store as it is after years: so many synthetic articles of a hundred sites with all that stands beside them, laid in
as a restored dump is, without crawling."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from html import escape
from itertools import islice
from typing import Any

from pymongo import MongoClient, WriteConcern

from demo.writer import all_articles
from news.article import VIETNAM, Article, Document, Image, Precision, Status, StoredArticle
from news.event import Event, EventKind
from news.site import Site, SiteKind
from storage import articles, events
from storage.indexes import ensure_indexes

SITES = 100
_END = datetime(2026, 11, 1, tzinfo=VIETNAM)
_BATCH = 2_000
_KINDS = (SiteKind.PROVINCE, SiteKind.MINISTRY, SiteKind.PRESS, SiteKind.AGENCY)


def catalogue() -> dict[str, Site]:
    """The sites of the library."""
    return {
        f"site{n:03}": Site(
            f"site{n:03}", f"Cơ quan số {n}", _KINDS[n % 4], (f"site{n:03}.gov.vn",), f"https://site{n:03}.gov.vn/",
            territory=f"Tỉnh {n}" if n % 4 == 0 else "",
        )
        for n in range(SITES)
    }  # fmt: skip


def fill(
    uri: str, database: str, size: int, made: Callable[[StoredArticle], StoredArticle] = lambda stored: stored
) -> None:
    """Lays in `size` articles, each as it is `made` of the usual one, and their events, and builds the indexes."""
    with MongoClient[dict[str, Any]](uri, tz_aware=True) as client:
        target = client.get_database(database, write_concern=WriteConcern(w=1, j=False))
        for collection in ("articles", "events"):
            target[collection].drop_indexes()
        rows = map(made, _stored(size))
        number = 0
        while batch := list(islice(rows, _BATCH)):
            documents = [
                articles.to_document(stored) | articles.touched(number + n) for n, stored in enumerate(batch, start=1)
            ]
            target.articles.insert_many(documents, ordered=False)
            told = [_created(number + n, stored) for n, stored in enumerate(batch, start=1)]
            target.events.insert_many([events.to_document(event) for event in told], ordered=False)
            number += len(batch)
        target.counters.update_one({"_id": events.COUNTER}, {"$set": {"last": number}}, upsert=True)
        ensure_indexes(target)
        client.admin.command("fsync")


def _created(number: int, stored: StoredArticle) -> Event:
    return Event(number, EventKind.CREATED, stored.id, stored.article.site, stored.story, 1, stored.first_seen)


def _stored(size: int) -> Iterator[StoredArticle]:
    """Articles in the order in which they came out, made of the sentences of the sample portals and of made-up names,
    so that there are common words and rare ones."""
    draw = random.Random(6)
    written = [article for portal in sorted(all_articles()) for article in all_articles()[portal]]
    titles = [article.title for article in written]
    leads = [article.lead for article in written if article.lead]
    paragraphs = [line for article in written for line in article.body]
    sections = sorted({article.section for article in written})
    tags = sorted({tag for article in written for tag in article.tags})
    names = [_name(draw) for _ in range(20_000)]
    step = timedelta(minutes=3)
    for n in range(size):
        site, when = f"site{draw.randrange(SITES):03}", _END - step * (size - n)
        who = draw.choice(names)
        body = [f"{draw.choice(paragraphs)} {draw.choice(names)}." for _ in range(draw.randint(4, 10))]
        url = f"https://{site}.gov.vn/tin-tuc/bai-viet-{n}.html"
        article = Article(
            url=url, site=site, section=draw.choice(sections), title=f"{draw.choice(titles)}: {who}",
            lead=draw.choice(leads), body="\n".join(body), html="".join(f"<p>{escape(line)}</p>\n" for line in body),
            published=when, published_precision=Precision.MINUTE, author=who,
            images=(Image(f"{url}.jpg", "Ảnh minh họa"),), tags=tuple(draw.sample(tags, 2)),
            documents=(Document(f"{draw.randrange(300)}/2025/NĐ-CP", "Nghị định"),) if n % 5 == 0 else (),
            evidence={"title": "jsonld", "body": "nukeviet"}, confidence=0.97,
        )  # fmt: skip
        yield StoredArticle(
            f"l{n:07}", article, (f"{site}.gov.vn/tin-tuc/bai-viet-{n}.html",), (), f"f{n}", f"s{n}", Status.PUBLISHED,
            1, when.astimezone(UTC), when.astimezone(UTC),
        )  # fmt: skip


def _name(draw: random.Random) -> str:
    return f"{draw.choice(FAMILY)} {draw.choice(GIVEN)} {draw.choice(GIVEN)} {draw.randrange(1000)}"


FAMILY = tuple("Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý".split())  # noqa: SIM905
GIVEN = tuple("Văn Thị Hữu Đức Minh Thanh Ngọc Quang Xuân Thu Hồng Kim Gia Bảo Anh Tuấn Đăng Khoa Hải".split())  # noqa: SIM905
