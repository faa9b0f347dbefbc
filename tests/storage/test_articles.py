"""An article is stored once, found by any of its URLs and by its text, and never changed behind somebody's back."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config import Config
from news.article import (
    VIETNAM,
    Article,
    Attachment,
    Document,
    Image,
    Kind,
    Precision,
    Removed,
    Status,
    StoredArticle,
)
from news.errors import BantinError
from storage.articles import AlreadyStored, ArticleFilter, place
from storage.connect import Store

Make = Callable[..., StoredArticle]


def test_a_stored_article_is_known_by_any_of_its_urls(store: Store, make: Make) -> None:
    stored = make(keys=("a.vn/1", "a.vn/2"))
    store.articles.insert(stored)
    assert store.articles.known(["x", "a.vn/2"], "other", "") == [stored]
    assert store.articles.by_url("a.vn/1") == stored
    assert store.articles.by_url("a.vn/3") is None


def test_a_text_is_known_on_its_own_site_only(store: Store, make: Make) -> None:
    stored = make(fingerprint="same")
    store.articles.insert(stored)
    assert store.articles.known([], "baochinh", "same") == [stored]
    assert store.articles.known([], "other", "same") == []
    assert store.articles.known(["nothing"], "baochinh", "") == []


def test_several_neighbours_come_in_one_answer(store: Store, make: Make) -> None:
    for n in (2, 1):
        store.articles.insert(make(n))
    found = store.articles.known(["baochinh.vn/tin-2.html"], "baochinh", "f1")
    assert [stored.id for stored in found] == ["a0001", "a0002"]


def test_storing_the_same_article_again_changes_nothing(store: Store, make: Make) -> None:
    store.articles.insert(make())
    store.articles.insert(make())
    assert store.articles.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "b", "fingerprint": "other"},  # the same URL
        {"id": "b", "keys": ("other",)},  # the same text on the same site
        {"fingerprint": "other", "keys": ("other",)},  # the same id with another text
    ],
)
def test_what_belongs_to_another_article_is_refused(store: Store, make: Make, changes: dict[str, Any]) -> None:
    store.articles.insert(make())
    with pytest.raises(AlreadyStored):
        store.articles.insert(make(**changes))
    assert store.articles.count() == 1


def test_two_articles_without_a_fingerprint_do_not_clash(store: Store, make: Make) -> None:
    store.articles.insert(make(1, fingerprint=""))
    store.articles.insert(make(2, fingerprint=""))
    assert store.articles.count() == 2


def test_a_new_version_takes_the_place_of_the_one_it_was_made_from(store: Store, make: Make) -> None:
    first = make()
    store.articles.insert(first)
    second = replace(first, version=2, fingerprint="new")
    assert store.articles.replace(second, expected_version=1)
    assert store.articles.get(first.id) == second


def test_of_two_new_versions_the_later_one_is_told_that_it_came_late(store: Store, make: Make) -> None:
    first = make()
    store.articles.insert(first)
    mine, theirs = replace(first, version=2, fingerprint="mine"), replace(first, version=2, fingerprint="theirs")
    assert store.articles.replace(theirs, expected_version=1)
    assert not store.articles.replace(mine, expected_version=1)
    assert store.articles.get(first.id) == theirs


def test_a_new_version_whose_answer_was_lost_can_be_written_again(store: Store, make: Make) -> None:
    first = make()
    store.articles.insert(first)
    second = replace(first, version=2, fingerprint="new")
    assert store.articles.replace(second, expected_version=1)
    assert store.articles.replace(second, expected_version=1)


def test_a_new_version_cannot_take_the_text_of_another_article(store: Store, make: Make) -> None:
    store.articles.insert(make(1))
    store.articles.insert(make(2))
    with pytest.raises(AlreadyStored):
        store.articles.replace(make(2, version=2, fingerprint="f1"), expected_version=1)


def test_an_alias_is_added_once_and_keeps_the_order(store: Store, make: Make) -> None:
    stored = make(keys=("k1",), aliases=("https://a.vn/1",))
    store.articles.insert(stored)
    later = stored.fetched + timedelta(hours=1)
    for _ in range(2):
        store.articles.add_aliases(stored.id, ["k3", "k1", "k2", "k3"], ["https://a.vn/$2", "https://a.vn/1"], later)
    expected = replace(stored, keys=("k1", "k3", "k2"), aliases=("https://a.vn/1", "https://a.vn/$2"), fetched=later)
    assert store.articles.get(stored.id) == expected
    assert store.articles.by_url("k2") == expected


def test_an_older_fetch_does_not_set_the_clock_back(store: Store, make: Make) -> None:
    stored = make()
    store.articles.insert(stored)
    store.articles.add_aliases(stored.id, ["k"], [], stored.fetched - timedelta(days=1))
    found = store.articles.get(stored.id)
    assert found
    assert found.fetched == stored.fetched


def test_an_alias_of_another_article_is_refused(store: Store, make: Make) -> None:
    store.articles.insert(make(1))
    store.articles.insert(make(2))
    with pytest.raises(AlreadyStored):
        store.articles.add_aliases("a0001", ["baochinh.vn/tin-2.html"], [], datetime.now(UTC))


def test_paging_shows_every_article_once_newest_first(store: Store, make: Make) -> None:
    same_day = datetime(2025, 3, 1, tzinfo=VIETNAM)
    for n in range(25):
        store.articles.insert(
            make(n, published=same_day if n % 2 else None, fetched=same_day + timedelta(hours=n - 12))
        )
    seen: list[StoredArticle] = []
    page = store.articles.find(limit=4)
    while page:
        seen += page
        page = store.articles.find(limit=4, after=place(page[-1]))
    assert len({stored.id for stored in seen}) == len(seen) == 25
    assert seen == sorted(seen, key=lambda stored: (-place(stored)[0].timestamp(), stored.id))


def test_an_undated_article_stays_where_paging_expects_it_after_an_alias(store: Store, make: Make) -> None:
    store.articles.insert(make(published=None))
    store.articles.add_aliases("a0001", ["k"], [], datetime(2025, 6, 1, tzinfo=UTC))
    (found,) = store.articles.find()
    assert store.articles.find(after=place(found)) == []
    assert store.articles.count(ArticleFilter(since=datetime(2025, 6, 1, tzinfo=UTC))) == 1


def test_filters_narrow_by_site_time_status_and_story(store: Store, make: Make) -> None:
    store.articles.insert(make(1))
    store.articles.insert(make(2, site="other"))
    store.articles.insert(make(3, status=Status.WAITING))
    since = datetime(2025, 1, 3, 9, 30, tzinfo=VIETNAM)
    cases = {
        ArticleFilter(): {"a0001", "a0002", "a0003"},
        ArticleFilter(site="other"): {"a0002"},
        ArticleFilter(since=since): {"a0002", "a0003"},
        ArticleFilter(status=Status.WAITING): {"a0003"},
        ArticleFilter(story="s1"): {"a0001"},
        ArticleFilter(site="other", status=Status.WAITING): set(),
    }
    for wanted, ids in cases.items():
        assert {stored.id for stored in store.articles.find(wanted)} == ids
        assert store.articles.count(wanted) == len(ids)


def test_ids_come_in_order_for_all_or_one_site(store: Store, make: Make) -> None:
    for n in (3, 1, 2):
        store.articles.insert(make(n, site="other" if n == 2 else "baochinh"))
    assert list(store.articles.ids()) == ["a0001", "a0002", "a0003"]
    assert list(store.articles.ids("other")) == ["a0002"]
    assert store.articles.sites() == ["baochinh", "other"]


def test_of_articles_that_race_for_one_url_exactly_one_is_stored(store: Store, make: Make) -> None:
    start = threading.Barrier(8)
    refused: list[int] = []

    def insert(n: int) -> None:
        start.wait()
        try:
            store.articles.insert(make(n, keys=("shared", f"own-{n}")))
        except AlreadyStored:
            refused.append(n)

    threads = [threading.Thread(target=insert, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 7
    assert store.articles.count() == 1


_RACER = """
import sys
from datetime import UTC, datetime
import config
from news.article import Article, Status, StoredArticle
from news.errors import BantinError
from storage.articles import AlreadyStored
from storage.connect import open_store

uri, database, name = sys.argv[1:]
now = datetime.now(UTC)
with open_store(config.load({"MONGODB_URI": uri, "BANTIN_DATABASE": database})) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    won = 0
    for n in range(30):
        article = Article(url=f"https://a.vn/{n}", site="a")
        try:
            store.articles.insert(
                StoredArticle(f"{name}{n}", article, (f"k{n}",), (), f"f{n}", "", Status.PUBLISHED, 1, now, now)
            )
            won += 1
        except AlreadyStored:
            pass
    print(won, flush=True)
"""


def test_two_processes_that_meet_the_same_news_store_each_article_once(store: Store, config: Config) -> None:
    command = [sys.executable, "-c", _RACER, config.mongodb_uri, config.database]
    pipe = subprocess.PIPE
    racers = [subprocess.Popen([*command, name], stdin=pipe, stdout=pipe, text=True) for name in "xy"]
    for racer in racers:
        assert racer.stdout
        assert racer.stdout.readline() == "ready\n"
    won = [int(racer.communicate("go\n", timeout=60)[0]) for racer in _released(racers)]
    assert sum(won) == 30
    assert store.articles.count() == 30


def _released(racers: list[subprocess.Popen[str]]) -> list[subprocess.Popen[str]]:
    for racer in racers:
        assert racer.stdin
        racer.stdin.write("go\n")
        racer.stdin.flush()
    return racers


def test_an_article_too_large_for_mongodb_is_refused_with_a_reason(store: Store, make: Make) -> None:
    stored = make()
    with pytest.raises(BantinError, match="over the 16 MB of MongoDB"):
        store.articles.insert(replace(stored, article=replace(stored.article, body="x" * 17_000_000)))


def test_text_that_no_encoding_has_is_stored_with_a_replacement(store: Store, make: Make) -> None:
    stored = make()
    broken = replace(stored.article, title="Tin \ud800 mới\0", evidence={"$title": "og", "a.b": "\udfff", "c\0": ""})
    store.articles.insert(replace(stored, article=broken))
    found = store.articles.get(stored.id)
    assert found
    assert found.article.title == "Tin \ufffd mới\0"
    assert found.article.evidence == {"$title": "og", "a.b": "\ufffd", "c\ufffd": ""}


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_TIMES = st.datetimes(timezones=_ZONES)
_ARTICLES = st.builds(
    Article,
    url=_TEXT.map("https://a.vn/".__add__),
    site=_TEXT,
    section=_TEXT,
    title=_TEXT,
    body=_TEXT,
    published=st.none() | _TIMES,
    published_precision=st.none() | st.sampled_from(Precision),
    modified=st.none() | _TIMES,
    images=st.lists(st.builds(Image, _TEXT, _TEXT, _TEXT), max_size=2).map(tuple),
    attachments=st.lists(st.builds(Attachment, _TEXT, _TEXT), max_size=2).map(tuple),
    documents=st.lists(st.builds(Document, _TEXT, _TEXT, st.none() | st.dates()), max_size=2).map(tuple),
    tags=st.lists(_TEXT, max_size=3).map(tuple),
    evidence=st.dictionaries(_TEXT.map(lambda text: text.replace("\0", "")), _TEXT, max_size=3),
    removed=st.lists(st.builds(Removed, _TEXT, _TEXT), max_size=2).map(tuple),
    confidence=st.floats(0, 1),
    kind=st.sampled_from(Kind),
)
_STORED = st.builds(
    StoredArticle,
    id=_TEXT,
    article=_ARTICLES,
    keys=st.lists(_TEXT, min_size=1, max_size=3).map(tuple),
    aliases=st.lists(_TEXT, max_size=3).map(tuple),
    fingerprint=_TEXT,
    story=_TEXT,
    status=st.sampled_from(Status),
    version=st.integers(1, 2**31),
    first_seen=_TIMES,
    fetched=_TIMES,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stored=_STORED)
def test_an_article_comes_back_as_it_was_stored(store: Store, stored: StoredArticle) -> None:
    store._database.articles.delete_many({})
    store.articles.insert(stored)
    found = store.articles.get(stored.id)
    assert found == stored
    assert found
    assert [found.article.published, found.article.modified] == [stored.article.published, stored.article.modified]
    assert found.to_json() == stored.to_json()  # the offsets too: equality of datetimes does not see them
    assert store.articles.find() == [stored]
