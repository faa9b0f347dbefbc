"""The feed over HTTP, as feed readers ask for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import feedparser
import httpx
import pytest
from lxml import etree

from news.article import VIETNAM, Status, StoredArticle
from news.saved import SavedSearch
from news.selection import Selection
from news.site import SiteKind
from storage.connect import Store
from tests.web.conftest import FETCHED

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


@pytest.mark.parametrize("file", ["atom.xml", "rss.xml", "feed.json"])
def test_who_follows_the_older_documents_has_every_article_once(
    client: httpx.Client, many: list[StoredArticle], file: str
) -> None:
    ids, url, count = [], f"/feeds/{file}?site=soyte&limit=20&full=0", 0
    while url:
        answer = client.get(url.replace("https://tin.example.vn", "")).raise_for_status()
        if file == "feed.json":
            told = answer.json()
            ids += [item["id"] for item in told["items"]]
            url = told.get("next_url", "")
        else:
            feed = feedparser.parse(answer.content)
            assert not feed.bozo
            ids += [entry.id for entry in feed.entries]
            url = next((link.href for link in feed.feed.links if link.rel == "next"), "")
        count += 1
    assert (count, len(ids), len(set(ids))) == (3, 45, 45)


def test_a_feed_tells_what_is_gone_and_why(client: httpx.Client, put: Put, store: Store) -> None:
    for id, hour in (("gone", 8), ("copy", 9), ("first", 8)):
        put(id, published=datetime(2026, 3, 1, hour, tzinfo=VIETNAM))
    store.journal.retract("gone", FETCHED, "missing twice")
    store.journal.merge("copy", "first", FETCHED, by="lan")

    told = client.get("/feeds/feed.json").json()
    assert [item["title"] for item in told["items"]] == ["Bài first"]
    assert {removal["reason"] for removal in told["_bantin"]["removals"]} == {"retracted", "merged"}
    for file in ("atom.xml", "rss.xml"):
        feed = client.get(f"/feeds/{file}")
        assert feed.content.count(b"deleted-entry ref=") == 2
        assert not feedparser.parse(feed.content).bozo
    assert len(client.get("/feeds/feed.json?stories=all").json()["items"]) == 2


def test_a_saved_search_has_a_feed_of_its_own(client: httpx.Client, put: Put, store: Store) -> None:
    put("a", title="Bão số 5")
    put("b", title="Bão số 5", site="nhandan")
    store.searches.save(SavedSearch("bao", "Tin bão", Selection(q="bão", kind=(SiteKind.PRESS,)), "lan", FETCHED))
    told = client.get("/feeds/feed.json?search=bao").json()
    assert told["title"].startswith("Tin bão")
    assert [item["url"] for item in told["items"]] == ["https://soyte.gov.vn/b"]
    assert "bao2" in client.get("/feeds/feed.json?search=bao2").json()["detail"]


def test_the_list_of_feeds_has_each_and_every_one_answers(client: httpx.Client, put: Put, store: Store) -> None:
    put("a")
    store.searches.save(SavedSearch("bao", "Tin bão", Selection(q="bão"), "lan", FETCHED))
    outlines = etree.fromstring(client.get("/feeds/opml.xml").content).findall(".//outline[@xmlUrl]")
    urls = [str(outline.get("xmlUrl")) for outline in outlines]
    assert len(urls) == 1 + 2 + 2 + 1  # everything, the kinds, the sites, the search
    for url in urls:
        assert client.get(url.replace("https://tin.example.vn", "")).status_code == 200, url


def test_a_slip_of_the_pen_does_not_find_everything(client: httpx.Client) -> None:
    answer = client.get("/feeds/atom.xml?sites=soyte")
    assert answer.status_code == 422
    assert "mean site" in answer.json()["remedy"]
