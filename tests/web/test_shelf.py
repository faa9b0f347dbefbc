"""What readers are shown: a story once, what changed last first, and what is no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from config import Config
from news.article import VIETNAM, Status, StoredArticle
from news.errors import InvalidValue
from news.review.states import Move
from news.selection import Selection
from storage.connect import Store
from storage.search import SearchIndex
from tests.web.conftest import FETCHED, SITES
from web.shelf import Mark, Place, Shelf

Put = Callable[..., StoredArticle]
ONCE, ALL = Selection(), Selection(each=True)


@pytest.fixture
def shelf(store: Store, config: Config) -> Iterator[Shelf]:
    with SearchIndex.of(config, store) as search:
        yield Shelf(store, search, lambda: SITES, "https://tin.example.vn")


def shown(shelf: Shelf, selection: Selection = ONCE) -> list[str]:
    return [row.stored.id for row in shelf.changes(selection, 50).shown]


def removed(shelf: Shelf, selection: Selection = ONCE) -> set[str]:
    return {row.stored.id for row in shelf.changes(selection, 50).removed}


def test_a_story_is_shown_once_by_its_first_publisher_among_what_is_asked_for(shelf: Shelf, put: Put) -> None:
    first = datetime(2026, 3, 1, 8, tzinfo=VIETNAM)
    put("copy", site="nhandan", published=first + timedelta(hours=1))
    put("first", published=first)
    put("other")
    shelf.store.journal.merge("copy", "first", FETCHED, by="lan")
    assert shown(shelf) == ["first", "other"]
    assert removed(shelf) == {"copy"}
    assert shown(shelf, Selection(site=("nhandan",))) == ["copy"], "a site's own feed has its own telling"
    assert set(shown(shelf, ALL)) == {"first", "copy", "other"}
    assert [stored.id for stored in shelf.latest(Selection(), 50).articles] == ["other", "first"]

    story = shelf.store.articles.some(["first"])[0].story
    assert set(shown(shelf, Selection(story=story))) == {"first", "copy"}

    shelf.store.journal.retract("first", FETCHED, "gone")
    assert (shown(shelf), removed(shelf)) == (["copy", "other"], {"first"})

    shelf.store.journal.restore("first", FETCHED, "back")
    shelf.store.journal.choose_main("copy", FETCHED, by="lan")
    assert (shown(shelf), removed(shelf)) == (["copy", "other"], {"first"})

    shelf.store.journal.split("copy", FETCHED, by="lan")
    assert (shown(shelf), removed(shelf)) == (["copy", "first", "other"], set())


def test_who_comes_back_finds_everything_that_changed_before_what_it_has_seen(shelf: Shelf, put: Put) -> None:
    """Whatever happens, an article for which it happened stands before all for which nothing did."""
    for n in range(6):
        put(f"a{n}")
    journal = shelf.store.journal
    changes: list[tuple[Callable[[], object], set[str]]] = [
        (lambda: journal.merge("a0", "a1", FETCHED, by="lan"), {"a0", "a1"}),
        (lambda: journal.retract("a1", FETCHED, "gone"), {"a0", "a1"}),
        (lambda: journal.restore("a1", FETCHED, "back"), {"a0", "a1"}),
        (lambda: journal.choose_main("a1", FETCHED, by="lan"), {"a0", "a1"}),
        (lambda: journal.split("a0", FETCHED, by="lan"), {"a0", "a1"}),
        (lambda: journal.decide("a5", Move.REJECT, FETCHED, by="lan", reason="an advertisement"), {"a5"}),
    ]
    for change, touched in changes:
        seen = shelf.store.events.last()
        change()
        page = shelf.changes(Selection(), 50)
        new = {row.stored.id for row in (*page.shown, *page.removed) if row.event > seen}
        assert new == touched


def test_another_telling_comes_to_the_front_when_the_first_loses_the_tag(shelf: Shelf, put: Put) -> None:
    first = put("first", tags=("Y tế",), published=datetime(2026, 3, 1, 8, tzinfo=VIETNAM))
    put("copy", tags=("Y tế",))
    shelf.store.journal.merge("copy", "first", FETCHED, by="lan")
    put("other", tags=("Y tế",))
    tagged = Selection(tag="y te")
    assert shown(shelf, tagged) == ["other", "first"]
    stored = shelf.store.articles.some(["first"])[0]
    shelf.store.journal.edit(stored.id, replace(first.article, tags=()), FETCHED, by="lan")
    assert shown(shelf, tagged) == ["copy", "other"]


def test_pages_hold_everything_once_while_new_articles_arrive(shelf: Shelf, put: Put) -> None:
    for n in range(7):
        put(f"a{n}")
    got, mark = [], None
    for n in range(10, 20):
        page = shelf.changes(Selection(), 2, mark)
        got += [row.stored.id for row in page.shown]
        mark = page.next
        if mark is None:
            break
        put(f"a{n}")
    assert got == [f"a{n}" for n in reversed(range(7))]


def test_a_page_that_is_filled_by_the_last_that_was_looked_at_is_not_the_last(shelf: Shelf, put: Put) -> None:
    for n in range(6):
        put(f"a{n}")
    shelf.store.journal.merge("a0", "a1", FETCHED, by="lan")  # a1 does not stand for the story
    got, place = [], None
    while not got or place:
        page = shelf.latest(Selection(), 2, place)
        got += [stored.id for stored in page.articles]
        place = page.next
    assert got == ["a0", "a2", "a3", "a4", "a5"]


def test_labels_are_found_without_accents(shelf: Shelf, put: Put) -> None:
    put("a", section="Đời sống", tags=("Y tế",))
    put("b", section="Kinh tế")
    assert shown(shelf, Selection(section="doi song")) == shown(shelf, Selection(tag="Y TẾ")) == ["a"]
    assert shown(shelf, Selection(kind=(SITES["soyte"].kind,), section="kinh te")) == ["b"]


def test_words_find_with_all_else_that_is_asked_in_either_order(shelf: Shelf, put: Put) -> None:
    put("a", title="Khoa học và công nghệ", section="Đời sống")
    put("b", title="Khoa học cho trẻ em", site="nhandan")
    put("c", title="Khóa học của Đảng")
    wanted = Selection(q='"khoa học"')
    assert [stored.id for stored in shelf.latest(wanted, 2).articles] == ["a", "b"]
    assert shown(shelf, Selection(q="khoa hoc")) == ["c", "b", "a"]
    assert shown(shelf, Selection(q="khoa hoc", section="doi song")) == ["a"]
    assert shown(shelf, Selection(q="dang")) == ["c"]

    shelf.store.journal.retract("a", FETCHED, "gone")
    assert removed(shelf, Selection(q="khoa hoc")) == {"a"}
    assert shown(shelf, wanted) == ["c", "b"]


def test_a_story_is_found_once_and_another_telling_comes_to_the_front_when_the_first_goes(
    shelf: Shelf, put: Put
) -> None:
    first = datetime(2026, 3, 1, 8, tzinfo=VIETNAM)
    put("first", title="Bão số 5", published=first)
    put("copy", title="Bão số 5", site="nhandan", published=first + timedelta(hours=1))
    put("other", title="Bão số 6")
    shelf.store.journal.merge("copy", "first", FETCHED, by="lan")
    assert shown(shelf, Selection(q="bão")) == ["first", "other"]
    shelf.store.journal.retract("first", FETCHED, "gone")
    assert shown(shelf, Selection(q="bão")) == ["copy", "other"]


def test_what_waits_is_shown_to_nobody_and_is_nobodys_removal(shelf: Shelf, put: Put) -> None:
    put("a", status=Status.WAITING)
    assert (shown(shelf), removed(shelf)) == ([], set())


@pytest.mark.parametrize("text", ["", "x", "2026-03-01~a", "2026-03-01T00:00:00+07:00~", "-1~a", "9" * 30])
def test_what_no_page_gave_is_no_place(text: str) -> None:
    with pytest.raises(InvalidValue, match="page before"):
        Place.parse(text)
    with pytest.raises(InvalidValue, match="page before"):
        Mark.parse(text)
