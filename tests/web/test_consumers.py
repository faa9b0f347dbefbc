"""Who follows the events, who polls a feed and who is on a webhook end a day with the same news: what is published."""

from __future__ import annotations

import random
from collections.abc import Callable

import feedparser
import httpx
from lxml import etree

from config import Config
from news.article import Status, StoredArticle
from news.selection import Selection
from storage.articles import ArticleFilter
from storage.connect import Store
from storage.search import SearchIndex
from tests.web.conftest import SITES
from tests.web.day import Day
from tests.web.push.conftest import pushing, settled
from tests.web.push.consumer import listening
from web.push import manage
from web.shelf import Shelf

Put = Callable[..., StoredArticle]
BASE = "https://tin.example.vn"
EVENTS = ("new", "updated", "merged", "retracted")


class Follower:
    """Follows the events by their cursor and asks for each article that they name."""

    def __init__(self, http: httpx.Client) -> None:
        self._http, self._cursor = http, "0"
        self.have: dict[str, str] = {}

    def look(self) -> None:
        while True:
            told = (
                self._http.get("/api/v1/events", params={"after": self._cursor, "limit": 7}).raise_for_status().json()
            )
            for event in told["events"]:
                answer = self._http.get(f"/api/v1/articles/{event['article']}")
                if answer.status_code == 200:
                    self.have[event["article"]] = answer.json()["title"]
                else:
                    assert answer.status_code in (404, 410)
                    self.have.pop(event["article"], None)
            self._cursor = told["next"]
            if not told["more"]:
                return


class Poller:
    """Polls an Atom feed with its ETag, and reads on until a document has nothing new."""

    def __init__(self, http: httpx.Client, query: str) -> None:
        self._http, self._first = http, f"/feeds/atom.xml?limit=5{query}"
        self._etag, self._seen = "", dict[str, str]()
        self.have: dict[str, str] = {}
        self.unchanged = 0

    def look(self) -> None:
        answer = self._http.get(self._first, headers={"If-None-Match": self._etag})
        if answer.status_code == 304:
            self.unchanged += 1
            return
        self._etag = answer.headers["etag"]
        told = dict[str, tuple[str, str | None]]()  # of an entry that stands in two documents the first one is right
        while self._news(answer.content, told):
            feed = feedparser.parse(answer.content).feed
            older = next((link.href for link in feed.links if link.rel == "next"), "")
            if not older:
                break
            answer = self._http.get(older.replace(BASE, ""))
        for id, (when, title) in told.items():
            self._seen[id] = when
            if title is None:
                self.have.pop(id, None)
            else:
                self.have[id] = title

    def _news(self, document: bytes, told: dict[str, tuple[str, str | None]]) -> bool:
        found = {entry.id: (entry.updated, entry.title) for entry in feedparser.parse(document).entries}
        gone = etree.fromstring(document).findall("{http://purl.org/atompub/tombstones/1.0}deleted-entry")
        found |= {node.get("ref", ""): (node.get("when", ""), None) for node in gone}
        new = False
        for id, row in found.items():
            new = new or self._seen.get(id) != row[0]
            told.setdefault(id, row)
        return new


def test_three_consumers_end_a_day_with_exactly_what_is_published(
    client: httpx.Client, store: Store, config: Config, put: Put
) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    day = Day(store, put, random.Random(seed))
    moods = ["ok", "500", "late", "cut", "ok", "garbage"]
    follower, each, once = Follower(client), Poller(client, "&stories=all"), Poller(client, "")
    with SearchIndex.of(config, store) as search, listening(lambda n, _: chance.choice(moods)) as consumer:
        shelf = Shelf(store, search, lambda: SITES, BASE)
        hook = manage.add(shelf, "w", consumer.url, "stories=all", EVENTS, after="0", allow_private=True)
        consumer.secret = hook.secret
        with pushing(shelf):
            for _ in range(25):
                day.happens(6)
                for one in (follower, each, once):
                    if chance.random() < 0.6:
                        one.look()
            for one in (follower, each, once):
                one.look()
            settled(store)
        published = {
            stored.id: stored.article.title
            for stored in store.articles.find(ArticleFilter(statuses=(Status.PUBLISHED,)), limit=1000)
        }
        assert len(published) > 20
        assert follower.have == published, f"seed {seed}"
        assert consumer.titles == published, f"seed {seed}"
        assert sorted(each.have.values()) == sorted(published.values()), f"seed {seed}"
        shown = shelf.latest(Selection(), 1000).articles
        assert sorted(once.have.values()) == sorted(stored.article.title for stored in shown), f"seed {seed}"
    once.look()
    assert once.unchanged >= 1
