"""A search finds what is stored when it is asked, in the order that was asked for, page by page, whoever writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config import Config
from news.article import VIETNAM, Status, StoredArticle
from news.errors import InvalidValue
from news.search import Query
from storage.connect import Store
from storage.search import Order, Place, SearchIndex

Make = Callable[..., StoredArticle]
NOW = datetime(2025, 3, 5, 3, 20, tzinfo=UTC)


@pytest.fixture
def index(store: Store, config: Config) -> Iterator[SearchIndex]:
    with SearchIndex.of(config, store) as opened:
        yield opened


@pytest.fixture
def write(store: Store, make: Make) -> Callable[..., StoredArticle]:
    """Stores article number n with this title and body."""

    def write(n: int, title: str, body: str = "", **changes: Any) -> StoredArticle:
        stored = make(n, **changes)
        stored = replace(stored, article=replace(stored.article, title=title, body=body))
        store.journal.create(stored)
        return stored

    return write


def ids(index: SearchIndex, text: str, **wanted: Any) -> list[str]:
    return list(index.find(Query.parse(text), **wanted).ids)


def pages(index: SearchIndex, text: str, limit: int, **wanted: Any) -> list[str]:
    found: list[str] = []
    after: Place | None = None
    while True:
        page = index.find(Query.parse(text), limit=limit, after=after, **wanted)
        assert len(page.ids) == limit or page.after is None
        found += page.ids
        if page.after is None:
            return found
        after = Place.parse(page.after.cursor)


def correct(store: Store, stored: StoredArticle, title: str, at: datetime = NOW) -> StoredArticle:
    new = replace(
        stored, article=replace(stored.article, title=title), version=stored.version + 1, fetched=at, fingerprint=title
    )
    store.journal.update(new, stored, None, changed=["title"])
    return new


def test_what_was_stored_before_the_request_is_found(index: SearchIndex, write: Callable[..., Any]) -> None:
    assert ids(index, "khoa hoc") == []
    write(1, "Quỹ Khoa học quốc gia")
    assert ids(index, "khoa hoc") == ["a0001"]
    write(2, "Tin khác", "về khoa học")
    assert ids(index, "khoa học") == ["a0001", "a0002"]
    assert index.matches(Query.parse("quy"), ["a0001", "a0002", "a0003"]) == {"a0001"}


def test_exact_forms_come_first_and_then_the_newest(index: SearchIndex, write: Callable[..., Any]) -> None:
    write(1, "Đang họp", published=datetime(2025, 5, 1, tzinfo=VIETNAM))
    write(2, "Tin", "Đảng bộ", published=datetime(2025, 1, 1, tzinfo=VIETNAM))
    write(3, "Đảng bộ", published=datetime(2024, 1, 1, tzinfo=VIETNAM))
    write(4, "Đảng ủy", published=datetime(2025, 2, 1, tzinfo=VIETNAM))
    assert ids(index, "đảng") == ["a0004", "a0003", "a0002", "a0001"]
    assert pages(index, "đảng", 1) == ["a0004", "a0003", "a0002", "a0001"]
    assert ids(index, "dang") == ["a0001", "a0004", "a0003", "a0002"]
    assert ids(index, "đảng", order=Order.PUBLISHED) == ["a0001", "a0004", "a0002", "a0003"]


def test_pages_hold_every_article_once_while_others_come(index: SearchIndex, write: Callable[..., Any]) -> None:
    day = datetime(2025, 3, 1, tzinfo=VIETNAM)
    for n in range(12):  # most of them with a day only
        write(n, "Tin mới", published=day - timedelta(days=n % 3, seconds=n // 9))
    for order in Order:
        first = index.find(Query.parse("tin"), order=order, limit=5)
        assert (first.total, first.counted, first.complete) == (12, True, True)
        assert sorted(pages(index, "tin", 5, order=order)) == [f"a{n:04}" for n in range(12)]
        assert pages(index, "tin", 5, order=order) == ids(index, "tin", order=order)
    stood = ids(index, "tin", order=Order.PUBLISHED)
    write(50, "Tin muộn", published=day + timedelta(days=1))
    write(51, "Tin muộn", published=day - timedelta(days=1, hours=1))
    page = index.find(Query.parse("tin"), order=Order.PUBLISHED, limit=4)
    rest = index.find(Query.parse("tin"), order=Order.PUBLISHED, after=page.after)
    assert [id for id in (*page.ids, *rest.ids) if id < "a0050"] == stood


def test_edits_and_statuses_are_followed(store: Store, index: SearchIndex, write: Callable[..., Any]) -> None:
    stored = write(1, "Bão số một")
    write(2, "Lũ lớn")
    assert ids(index, "bao") == ["a0001"]
    correct(store, stored, "Áp thấp nhiệt đới")
    assert (ids(index, "bao"), ids(index, "ap thap")) == ([], ["a0001"])
    store.journal.retract("a0001", NOW, "gone")
    assert ids(index, "ap thap") == []
    assert ids(index, "ap thap", statuses=(Status.RETRACTED,)) == ids(index, "ap thap", statuses=None) == ["a0001"]
    store.journal.restore("a0001", NOW, "back")
    assert ids(index, "ap thap") == ["a0001"]


def test_what_changed_last_comes_first(store: Store, index: SearchIndex, write: Callable[..., Any]) -> None:
    stored = [write(n, f"Tin {n}") for n in range(4)]
    assert ids(index, "tin", order=Order.CHANGED) == ["a0003", "a0002", "a0001", "a0000"]
    correct(store, stored[1], "Tin đã sửa")
    assert ids(index, "tin", order=Order.CHANGED) == ["a0001", "a0003", "a0002", "a0000"]
    assert ids(index, "tin", order=Order.CHANGED, before=5) == ["a0003", "a0002", "a0000"]
    assert index.file is not None
    index.file.unlink()
    assert ids(index, "tin", order=Order.CHANGED) == ["a0001", "a0003", "a0002", "a0000"]


def test_filters_hold_together(index: SearchIndex, write: Callable[..., Any]) -> None:
    for n, (site, day) in enumerate([("bo-y-te", 1), ("bo", 1), ("bo-y-te", 9), ("y-te", 9)]):
        write(n, "Tin", site=site, published=datetime(2025, 1, day, 8, tzinfo=VIETNAM))
    both = frozenset({"bo-y-te", "y-te"})
    for order in Order:
        since, until = (datetime(2025, 1, day, 8, tzinfo=VIETNAM) for day in (1, 9))
        assert sorted(ids(index, "tin", order=order, sites=both)) == ["a0000", "a0002", "a0003"]
        assert ids(index, "tin", order=order, sites=both, until=until) == ["a0000"]
        assert sorted(ids(index, "tin", order=order, since=since, until=until)) == ["a0000", "a0001"]
        assert ids(index, "tin", order=order, since=until + timedelta(seconds=1)) == []
        assert ids(index, "tin", order=order, sites=frozenset()) == []


def test_more_articles_of_one_minute_than_a_minute_has_places(
    index: SearchIndex, write: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("search_file", "search_pages"):
        monkeypatch.setattr(f"storage.{module}.ROOM", 4)
    for n in range(11):
        write(n, "Tin", published=datetime(2025, 1, 1, tzinfo=VIETNAM))
    for order in Order:
        assert sorted(pages(index, "tin", 3, order=order)) == [f"a{n:04}" for n in range(11)]


def test_a_word_that_nearly_all_have_is_sorted_as_well(
    index: SearchIndex, write: Callable[..., Any], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = [write(n, "Tin" if n % 3 else "Tin lẻ") for n in range(12)]
    correct(store, stored[0], "Tin lẻ đã sửa")
    expected = [ids(index, text, order=Order.CHANGED) for text in ("tin", "le")]
    for gathered, asked in ((3, 100), (3, 2)):  # one by one; in vain, as what is looked for is not among so few
        monkeypatch.setattr("storage.search_pages._GATHERED", gathered)
        monkeypatch.setattr("storage.search_pages._ASKED", asked)
        assert [pages(index, text, 2, order=Order.CHANGED) for text in ("tin", "le")] == expected


def test_what_is_counted_has_an_end(
    index: SearchIndex, write: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.search_pages.COUNTED", 3)
    for n in range(4):
        write(n, "Tin hiếm" if n else "Tin")
    assert index.find(Query.parse("tin"))[1:3] == (3, False)
    assert index.find(Query.parse("hiem"))[1:3] == (3, True)


@pytest.mark.parametrize("cursor", ["", "1", "1.2", "a.2.x", "1.2.", "-1.2.x", f"1.{9**99}.x", "1.2.x y", "1.2.\ud800"])
def test_what_is_no_cursor_of_a_search_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidValue, match="no cursor"):
        Place.parse(cursor)
