"""What FTS5 finds is what a reader would find."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.clean.text import squeeze
from news.errors import InvalidValue
from news.search import Entry, Query, fold, index_terms, match, rank, tier_matches
from news.search.index_terms import TOKENIZER
from news.search.words import exact, words
from tests.news.search.test_words import TEXTS

# Few words, so that queries meet texts.
WORDS = ["khoa", "khóa", "học", "hoc", "đảng", "đang", "dang", "hoà", "57-NQ/TW"]
SENTENCES = st.lists(st.sampled_from([*WORDS, "“khoa", "học.”"]), max_size=4).map(" ".join)
ENTRIES = st.builds(Entry, st.sampled_from(["x", "a-b"]), SENTENCES, SENTENCES, SENTENCES)
PARTS = st.sampled_from([*WORDS, '"khoa học"', '"hoc dang"', "-khóa", "-dang", '-"khoa hoc"'])
QUERIES = st.lists(PARTS, min_size=1, max_size=3).map(" ".join)


def index(*entries: Entry) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.execute(f"CREATE VIRTUAL TABLE words USING fts5(text, content='', tokenize=\"{TOKENIZER}\")")
    database.executemany("INSERT INTO words(text) VALUES(?)", [(index_terms(entry),) for entry in entries])
    return database


def found(database: sqlite3.Connection, expression: str) -> list[int]:
    rows = database.execute("SELECT rowid - 1 FROM words WHERE words MATCH ? ORDER BY rowid", (expression,))
    return [number for (number,) in rows]


@given(st.lists(ENTRIES, min_size=1, max_size=4), QUERIES)
def test_the_index_ranks_as_reading_does(entries: list[Entry], text: str) -> None:
    try:
        query = Query.parse(text)
    except InvalidValue:  # nothing but what must not be there
        return
    database = index(*entries)
    ranks = [rank(query, entry) for entry in entries]
    assert found(database, match(query)) == [number for number, one in enumerate(ranks) if one is not None]
    for tier, expression in enumerate(tier_matches(query)):
        assert found(database, expression) == [number for number, one in enumerate(ranks) if one == tier]
    database.close()


@given(st.tuples(TEXTS, TEXTS, TEXTS))
def test_an_article_is_found_by_each_of_its_words_with_and_without_marks(texts: tuple[str, str, str]) -> None:
    database = index(Entry("x", *texts))
    for text in texts:
        for word in {word.exact for word in words(text)}:
            assert found(database, match(Query(((exact(word),),)))) == [0]
            assert found(database, match(Query(((fold(word),),)))) == [0]
    database.close()


@given(st.text(max_size=200))
def test_whatever_is_typed_finds_itself_or_is_refused(text: str) -> None:
    try:
        query = Query.parse(text)
    except InvalidValue:
        return
    if not query.excluded:
        database = index(Entry("x", squeeze(text), "", ""))
        assert found(database, match(query)) == [0]
        database.close()


def test_a_site_is_found_by_its_whole_name() -> None:
    database = index(Entry("bo-y-te", "tin", "", ""), Entry("bo", "tin", "", ""), Entry("y-te", "tin", "", ""))
    assert found(database, match(Query.parse("tin"), ["bo"])) == [1]
    assert found(database, match(Query.parse("tin"), ["y-te", "bo-y-te"])) == [0, 2]
    assert all(found(database, tier) == [2] for tier in tier_matches(Query.parse("tin"), ["y-te"])[:1])
    database.close()


@pytest.mark.parametrize("text", ["tin OR tức", 'tin" OR "tức', "tin*", "^tin", "{text}:tin", "NEAR(tin tức)"])
def test_the_language_of_the_index_is_not_ours(text: str) -> None:
    database = index(Entry("x", "tin", "", ""), Entry("x", "tức", "", ""), Entry("x", "tinh", "", ""))
    assert found(database, match(Query.parse(text))) in ([], [0])
    database.close()
