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
    Edit,
    Image,
    Kind,
    Precision,
    Related,
    Removed,
    Status,
    StoredArticle,
)
from news.errors import BantinError
from news.event import EventKind
from storage.articles import ArticleFilter, place
from storage.conflicts import AlreadyStored
from storage.connect import Store

Make = Callable[..., StoredArticle]


def test_a_stored_article_is_known_by_any_of_its_urls(store: Store, make: Make) -> None:
    stored = make(keys=("a.vn/1", "a.vn/2"))
    store.journal.create(stored)
    assert store.articles.known(["x", "a.vn/2"], "") == [stored]
    assert store.articles.by_url("a.vn/1") == stored
    assert store.articles.by_url("a.vn/3") is None


def test_a_text_is_known_on_every_site_that_has_it(store: Store, make: Make) -> None:
    copies = [make(1, fingerprint="same"), make(2, site="other", fingerprint="same")]
    for stored in copies:
        store.journal.create(stored)
    assert store.articles.known([], "same") == copies
    assert store.articles.known(["nothing"], "") == []


def test_articles_come_in_the_order_they_are_asked_for(store: Store, make: Make) -> None:
    for n in (1, 2, 3):
        store.journal.create(make(n))
    assert [stored.id for stored in store.articles.some(["a0003", "nobody", "a0001", "a0003"])] == ["a0003", "a0001"]


def test_several_neighbours_come_in_one_answer(store: Store, make: Make) -> None:
    for n in (2, 1):
        store.journal.create(make(n))
    found = store.articles.known(["baochinh.vn/tin-2.html"], "f1")
    assert [stored.id for stored in found] == ["a0001", "a0002"]


def test_storing_the_same_article_again_changes_nothing(store: Store, make: Make) -> None:
    store.journal.create(make())
    store.journal.create(make())
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
    store.journal.create(make())
    with pytest.raises(AlreadyStored):
        store.journal.create(make(**changes))
    assert store.articles.count() == 1


def test_two_articles_without_a_fingerprint_do_not_clash(store: Store, make: Make) -> None:
    store.journal.create(make(1, fingerprint=""))
    store.journal.create(make(2, fingerprint=""))
    assert store.articles.count() == 2


def test_a_new_version_takes_the_place_of_the_one_it_was_made_from(store: Store, make: Make) -> None:
    first = make()
    store.journal.create(first)
    second = replace(first, version=2, fingerprint="new")
    store.journal.update(second, first, None, changed=["body"])
    assert store.articles.get(first.id) == second


def test_of_two_new_versions_the_later_one_is_told_that_it_came_late(store: Store, make: Make) -> None:
    first = make()
    store.journal.create(first)
    mine, theirs = replace(first, version=2, fingerprint="mine"), replace(first, version=2, fingerprint="theirs")
    store.journal.update(theirs, first, None, changed=["body"])
    with pytest.raises(AlreadyStored):
        store.journal.update(mine, first, None, changed=["body"])
    assert store.articles.get(first.id) == theirs


def test_a_new_version_whose_answer_was_lost_can_be_written_again(store: Store, make: Make) -> None:
    first = make()
    store.journal.create(first)
    second = replace(first, version=2, fingerprint="new")
    for _ in range(2):
        store.journal.update(second, first, None, changed=["body"])
    assert [event.kind for event in store.events.after()] == [EventKind.CREATED, EventKind.UPDATED]


def test_a_new_version_cannot_take_the_text_of_another_article(store: Store, make: Make) -> None:
    store.journal.create(make(1))
    store.journal.create(make(2))
    with pytest.raises(AlreadyStored):
        store.journal.update(make(2, version=2, fingerprint="f1"), make(2), None, changed=["body"])


def test_an_alias_is_added_once_and_keeps_the_order(store: Store, make: Make) -> None:
    stored = make(keys=("k1",), aliases=("https://a.vn/1",))
    store.journal.create(stored)
    later = stored.fetched + timedelta(hours=1)
    for _ in range(2):
        store.articles.add_aliases(stored.id, ["k3", "k1", "k2", "k3"], ["https://a.vn/$2", "https://a.vn/1"], later)
    expected = replace(stored, keys=("k1", "k3", "k2"), aliases=("https://a.vn/1", "https://a.vn/$2"), fetched=later)
    assert store.articles.get(stored.id) == expected
    assert store.articles.by_url("k2") == expected


def test_an_older_fetch_does_not_set_the_clock_back(store: Store, make: Make) -> None:
    stored = make()
    store.journal.create(stored)
    store.articles.add_aliases(stored.id, ["k"], [], stored.fetched - timedelta(days=1))
    found = store.articles.get(stored.id)
    assert found
    assert found.fetched == stored.fetched


def test_an_alias_of_another_article_is_refused(store: Store, make: Make) -> None:
    store.journal.create(make(1))
    store.journal.create(make(2))
    with pytest.raises(AlreadyStored):
        store.articles.add_aliases("a0001", ["baochinh.vn/tin-2.html"], [], datetime.now(UTC))


def test_paging_shows_every_article_once_newest_first(store: Store, make: Make) -> None:
    same_day = datetime(2025, 3, 1, tzinfo=VIETNAM)
    for n in range(25):
        store.journal.create(make(n, published=same_day if n % 2 else None, fetched=same_day + timedelta(hours=n - 12)))
    seen: list[StoredArticle] = []
    page = store.articles.find(limit=4)
    while page:
        seen += page
        page = store.articles.find(limit=4, after=place(page[-1]))
    assert len({stored.id for stored in seen}) == len(seen) == 25
    assert seen == sorted(seen, key=lambda stored: (-place(stored)[0].timestamp(), stored.id))


def test_an_undated_article_stays_where_paging_expects_it_after_an_alias(store: Store, make: Make) -> None:
    store.journal.create(make(published=None))
    store.articles.add_aliases("a0001", ["k"], [], datetime(2025, 6, 1, tzinfo=UTC))
    (found,) = store.articles.find()
    assert store.articles.find(after=place(found)) == []
    assert store.articles.count(ArticleFilter(since=datetime(2025, 6, 1, tzinfo=UTC))) == 1


def test_filters_narrow_by_site_time_status_and_story(store: Store, make: Make) -> None:
    store.journal.create(make(1))
    store.journal.create(make(2, site="other"))
    store.journal.create(make(3, status=Status.WAITING))
    since = datetime(2025, 1, 3, 9, 30, tzinfo=VIETNAM)
    cases = {
        ArticleFilter(): {"a0001", "a0002", "a0003"},
        ArticleFilter(sites=("other",)): {"a0002"},
        ArticleFilter(since=since): {"a0002", "a0003"},
        ArticleFilter(statuses=(Status.WAITING,)): {"a0003"},
        ArticleFilter(stories=("s1",)): {"a0001"},
        ArticleFilter(sites=("other",), statuses=(Status.WAITING,)): set(),
    }
    for wanted, ids in cases.items():
        assert {stored.id for stored in store.articles.find(wanted)} == ids
        assert store.articles.count(wanted) == len(ids)


def test_ids_come_in_order_for_all_or_one_site(store: Store, make: Make) -> None:
    for n in (3, 1, 2):
        store.journal.create(make(n, site="other" if n == 2 else "baochinh"))
    assert list(store.articles.ids()) == ["a0001", "a0002", "a0003"]
    assert list(store.articles.ids("other")) == ["a0002"]
    assert store.articles.sites() == ["baochinh", "other"]


def test_of_articles_that_race_for_one_url_exactly_one_is_stored(store: Store, make: Make) -> None:
    start = threading.Barrier(8)
    refused: list[int] = []

    def insert(n: int) -> None:
        start.wait()
        try:
            store.journal.create(make(n, keys=("shared", f"own-{n}")))
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
from storage.conflicts import AlreadyStored
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
            store.journal.create(
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
        store.journal.create(replace(stored, article=replace(stored.article, body="x" * 17_000_000)))


def test_text_that_no_encoding_has_is_stored_with_a_replacement(store: Store, make: Make) -> None:
    stored = make()
    broken = replace(stored.article, title="Tin \ud800 mới\0", evidence={"$title": "og", "a.b": "\udfff", "c\0": ""})
    store.journal.create(replace(stored, article=broken))
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
    related=st.lists(st.builds(Related, _TEXT, _TEXT, st.floats(0, 1)), max_size=2).map(tuple),
    edit=st.none() | st.builds(Edit, _TEXT, _TIMES, _ARTICLES, st.none() | _ARTICLES),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stored=_STORED)
def test_an_article_comes_back_as_it_was_stored(store: Store, stored: StoredArticle) -> None:
    for collection in ("articles", "signatures", "events"):
        store._database[collection].delete_many({})
    store._database.counters.delete_many({})
    store.journal.create(stored)
    found = store.articles.get(stored.id)
    assert found == stored
    assert found
    assert [found.article.published, found.article.modified] == [stored.article.published, stored.article.modified]
    assert found.to_json() == stored.to_json()  # the offsets too: equality of datetimes does not see them
    assert store.articles.find() == [stored]


def test_the_dates_of_a_site_come_oldest_first_with_what_the_pages_stated(store: Store, make: Make) -> None:
    for n, (day, precision) in enumerate(((9, Precision.SECOND), (3, Precision.DAY), (6, None), (1, Precision.MINUTE))):
        stored = make(n, published=datetime(2025, 1, day, tzinfo=VIETNAM))
        store.journal.create(replace(stored, article=replace(stored.article, published_precision=precision)))
    store.journal.create(make(8, published=None))
    store.journal.create(make(9, site="khac"))

    dates = store.articles.published_dates("baochinh", datetime(2025, 1, 2, tzinfo=VIETNAM))

    assert [(when.astimezone(VIETNAM).day, precise) for when, precise in dates] == [(3, False), (6, True), (9, True)]
