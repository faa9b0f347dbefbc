"""The feed over HTTP, as feed readers ask for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import feedparser
import httpx

from news.article import Status, StoredArticle
from storage.connect import Store

Put = Callable[..., StoredArticle]


def test_a_reader_gets_what_came_last_first(client: httpx.Client, many: list[StoredArticle]) -> None:
    answer = client.get("/feeds/atom.xml", params={"limit": 3})
    feed = feedparser.parse(answer.content)

    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == ["Bài b44", "Bài b43", "Bài b42"]
    assert feed.entries[0].author == "Sở Y tế tỉnh"
    links = {link.rel: link.href for link in feed.feed.links}
    assert links["self"] == "https://tin.example.vn/feeds/atom.xml?limit=3", "the public address, not the one asked"


def test_a_feed_of_one_site_holds_only_its_articles(client: httpx.Client, put: Put) -> None:
    put("a")
    put("b", site="nhandan")

    feed = feedparser.parse(client.get("/feeds/atom.xml", params={"site": "nhandan"}).content)

    assert [entry.title for entry in feed.entries] == ["Bài b"]
    assert feed.feed.title.startswith("Báo Nhân Dân")


def test_what_is_not_published_is_in_no_feed(client: httpx.Client, put: Put) -> None:
    for status in (Status.WAITING, Status.REJECTED, Status.RETRACTED):
        put(str(status), status=status)

    assert feedparser.parse(client.get("/feeds/atom.xml").content).entries == []


def test_an_unchanged_feed_is_not_sent_again(client: httpx.Client, put: Put) -> None:
    put("a")
    first = client.get("/feeds/atom.xml")

    by_tag = client.get("/feeds/atom.xml", headers={"If-None-Match": f'W/"other", {first.headers["etag"]}'})
    by_date = client.get("/feeds/atom.xml", headers={"If-Modified-Since": first.headers["last-modified"]})

    assert (by_tag.status_code, by_tag.content) == (304, b"")
    assert (by_date.status_code, by_date.content) == (304, b"")
    assert by_tag.headers["etag"] == first.headers["etag"]


def test_a_correction_is_sent_even_to_who_asks_with_an_old_date(client: httpx.Client, put: Put, store: Store) -> None:
    old = put("a")
    before = client.get("/feeds/atom.xml")
    headers = {"If-None-Match": before.headers["etag"], "If-Modified-Since": before.headers["last-modified"]}
    corrected = replace(old.article, title="Đính chính")
    new = replace(old, article=corrected, version=2, fetched=old.fetched + timedelta(hours=1))
    store.journal.update(new, old, None, changed=["title"])

    after = client.get("/feeds/atom.xml", headers=headers)

    assert after.status_code == 200
    entry = feedparser.parse(after.content).entries[0]
    assert entry.title == "Đính chính"
    assert entry.id == feedparser.parse(before.content).entries[0].id
    assert entry.updated > feedparser.parse(before.content).entries[0].updated


def test_a_retraction_is_news_to_who_asks_with_a_date(client: httpx.Client, put: Put, store: Store) -> None:
    old = put("a")
    date = client.get("/feeds/atom.xml").headers["last-modified"]
    assert store.journal.retract(old.id, old.fetched, "gone")

    assert client.get("/feeds/atom.xml", headers={"If-Modified-Since": date}).status_code == 200


def test_a_bad_query_is_refused_with_the_reason(client: httpx.Client) -> None:
    for query in ("limit=0", "limit=201", "limit=x", "site=soyta"):
        answer = client.get(f"/feeds/atom.xml?{query}")

        assert answer.status_code == 422, query
        assert answer.headers["content-type"] == "application/problem+json"
        assert query.partition("=")[0] in answer.json()["detail"]


def test_a_head_request_says_what_get_would(client: httpx.Client, put: Put) -> None:
    put("a")

    assert client.head("/feeds/atom.xml").headers["etag"] == client.get("/feeds/atom.xml").headers["etag"]
