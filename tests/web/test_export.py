"""Exports over HTTP: whole, since a cursor, broken off and continued, and right while crawls write."""

from __future__ import annotations

import csv
import io
import json
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest
from warcio.archiveiterator import ArchiveIterator

from config import Config
from news.access import Scope
from news.article import Page, Status, StoredArticle
from news.review.states import Move
from storage import articles
from storage.articles import ArticleFilter
from storage.connect import Store
from storage.search import SearchIndex
from web import stream as streams
from web.shelf import Shelf
from web.stream import Stream, asked, begin_after

Put = Callable[..., StoredArticle]
NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def client(client: httpx.Client, store: Store) -> httpx.Client:
    """A consumer that may export as often as it likes."""
    token = store.tokens.issue("tests", (Scope.READ, Scope.EXPORT), 10_000, datetime.now(UTC), None)[1]
    client.headers["X-Auth-Token"] = str(token)
    return client


@pytest.fixture
def shelf(store: Store, config: Config) -> Shelf:
    return Shelf(store, SearchIndex.of(config, store), dict, "")


def lines(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    rows = [json.loads(line) for line in answer.text.split("\n")[:-1]]
    end = rows.pop()
    assert end == {"end": True, "count": len(rows), "cursor": answer.headers["Bantin-Cursor"]}
    return rows


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows if not row["deleted"]]


def correct(store: Store, id: str, title: str) -> None:
    old = store.articles.get(id)
    assert old is not None
    new = replace(old, article=replace(old.article, title=title), version=old.version + 1, fetched=LATER)
    store.journal.update(new, old, None, changed=["title"])


class Consumer:
    """Holds what the exports say: rows by id, removals taken away."""

    def __init__(self) -> None:
        self.held: dict[str, dict[str, Any]] = {}
        self.cursor = ""

    def take(self, rows: list[dict[str, Any]], cursor: str) -> None:
        self.cursor = cursor
        for row in rows:
            self.held.pop(row["id"], None)
            if not row["deleted"]:
                self.held[row["id"]] = row

    def agrees_with(self, store: Store) -> bool:
        published = store.articles.find(ArticleFilter(statuses=(Status.PUBLISHED,)), limit=10_000)
        own = {
            id: {name: row[name] for name in row if name not in ("deleted", "cursor")} for id, row in self.held.items()
        }
        return own == {stored.id: json.loads(json.dumps(stored.to_json())) for stored in published}


def test_an_export_has_every_published_article_in_the_order_of_change(client: httpx.Client, put: Put) -> None:
    first, second, third = put("a"), put("b"), put("c")
    put("d", Status.WAITING)
    put("e", Status.REJECTED)

    rows = lines(client.get("/api/v1/export"))

    assert rows == [
        {**stored.to_json(), "deleted": False, "cursor": f"{n}~{stored.id}"}
        for n, stored in enumerate((first, second, third), 1)
    ]


def test_what_is_taken_down_corrected_and_added_since_is_all_that_the_next_export_has(
    client: httpx.Client, put: Put, store: Store
) -> None:
    for id in "abcd":
        put(id)
    consumer, whole = Consumer(), client.get("/api/v1/export")
    consumer.take(lines(whole), whole.headers["Bantin-Cursor"])
    correct(store, "b", "Đính chính")
    store.journal.retract("c", LATER, "gone")
    store.journal.decide("d", Move.REJECT, LATER, by="lan", reason="an advertisement")
    store.journal.retract("a", LATER, "gone")
    store.journal.restore("a", LATER, "back")
    put("e")
    put("f", Status.WAITING)

    answer = client.get("/api/v1/export", params={"after": consumer.cursor})
    rows = lines(answer)
    consumer.take(rows, answer.headers["Bantin-Cursor"])

    assert [(row["id"], row["status"]) for row in rows if row["deleted"]] == [("c", "retracted"), ("d", "rejected")]
    assert all(set(row) == {"id", "status", "deleted", "cursor"} for row in rows if row["deleted"])
    assert ids(rows) == ["b", "a", "e"]
    assert consumer.agrees_with(store)
    assert lines(client.get("/api/v1/export", params={"after": consumer.cursor})) == []


def test_what_does_not_belong_to_a_selection_any_more_is_told_to_who_exports_that(
    client: httpx.Client, put: Put, store: Store
) -> None:
    put("a", tags=("Y tế",))
    put("b", tags=("y te",))
    put("c", site="nhandan", tags=("Y tế",), title="Bão số 3", lead="", body="Bão vào bờ.")
    query = {"tag": "Y tế", "site": "soyte"}
    whole = client.get("/api/v1/export", params=query)
    assert ids(lines(whole)) == ["a", "b"]
    old = store.articles.get("a")
    assert old is not None
    new = replace(old, article=replace(old.article, tags=("kinh tế",)), version=2, fetched=LATER)
    store.journal.update(new, old, None, changed=["tags"])
    correct(store, "c", "Của báo khác")

    rows = lines(client.get("/api/v1/export", params=query | {"after": whole.headers["Bantin-Cursor"]}))

    assert [(row["id"], row["deleted"]) for row in rows] == [("a", True)]
    assert ids(lines(client.get("/api/v1/export", params={"q": "tiem te"}))) == ["b", "a"]
    assert ids(lines(client.get("/api/v1/export", params={"q": "bao"}))) == ["c"]
    since = lines(client.get("/api/v1/export", params={"q": "vào bờ", "after": "0"}))
    assert {row["id"]: row["deleted"] for row in since} == {"a": True, "b": True, "c": False}


def test_a_story_is_exported_whole_or_by_the_one_that_stands_for_it(
    client: httpx.Client, put: Put, store: Store
) -> None:
    put("a")
    put("b", published=datetime(2026, 3, 1, 1, 0, tzinfo=UTC))
    put("c")
    before = client.get("/api/v1/export").headers["Bantin-Cursor"]
    store.journal.merge("b", "a", NOW, by="lan")

    assert sorted(ids(lines(client.get("/api/v1/export")))) == ["a", "b", "c"]
    assert sorted(ids(lines(client.get("/api/v1/export?stories=one")))) == ["b", "c"]
    assert ids(lines(client.get("/api/v1/export?story=a"))) == ["b", "a"]
    since = lines(client.get("/api/v1/export", params={"stories": "one", "after": before}))
    assert {row["id"]: row["deleted"] for row in since} == {"a": True, "b": False}


def test_a_stream_that_broke_off_goes_on_behind_its_last_row(
    client: httpx.Client, put: Put, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "BATCH", 2)
    for id in "abcdefg":
        put(id)
    store.journal.merge("b", "a", NOW, by="lan")
    store.journal.merge("c", "a", NOW, by="lan")  # one event for several articles
    whole = lines(client.get("/api/v1/export"))
    for length in range(1, len(whole) + 1):
        begun = whole[:length]
        rest = lines(client.get("/api/v1/export", params={"after": begun[-1]["cursor"]}))
        assert [*ids(begun), *ids(rest)] == ids(whole)


def test_each_format_is_streamed_with_the_same_articles(
    client: httpx.Client, many: list[StoredArticle], put: Put, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("gone", Status.RETRACTED)
    store.pages.keep("b07", "soyte", Page("https://soyte.gov.vn/b07", b"<p>x", NOW, content_type="text/html"))
    wanted = [stored.id for stored in many]

    answers = {
        name: client.get("/api/v1/export", params={"format": name}) for name in ("ndjson", "csv", "parquet", "warc")
    }

    assert ids(lines(answers["ndjson"])) == wanted
    assert [row["id"] for row in csv.DictReader(io.StringIO(answers["csv"].text, newline=""))] == wanted
    assert pq.read_table(io.BytesIO(answers["parquet"].content))["id"].to_pylist() == wanted
    records = [
        record.rec_headers.get_header("Bantin-Article")
        for record in ArchiveIterator(io.BytesIO(answers["warc"].content))
    ]
    assert records == [None, "b07"]
    with monkeypatch.context() as patch:
        patch.setattr(articles, "_LARGE", 1)  # so that memory is spared at each
        assert ids(lines(client.get("/api/v1/export"))) == wanted
    cursor = str(store.events.last())
    assert {answer.headers["Bantin-Cursor"] for answer in answers.values()} == {cursor}
    head = client.head("/api/v1/export")
    assert (head.status_code, head.headers["Bantin-Cursor"], head.content) == (200, cursor, b"")
    assert head.headers["Content-Type"] == answers["ndjson"].headers["Content-Type"]
    for name, ending in (("ndjson", "ndjson"), ("warc", "warc.gz")):
        assert answers[name].headers["Content-Disposition"] == f'attachment; filename="bantin-{cursor}.{ending}"'
    assert answers["csv"].headers["Content-Encoding"] == "gzip"  # httpx offers it
    assert "Content-Encoding" not in answers["parquet"].headers
    for refusal in ("", "gzip;q=0", "br"):
        plain = client.get("/api/v1/export", headers={"Accept-Encoding": refusal})
        assert "Content-Encoding" not in plain.headers
        assert ids(lines(plain)) == wanted


REFUSED = {
    "format=xlsx": "format", "after=x": "place", "after=99": "ahead", "site=none": "site", 'q=" "': "no word",
    "siet=mst": "siet", "status=x": "status", "status=waiting": "published", "search=none": "search",
    "bom=perhaps": "bom",
}  # fmt: skip


def test_what_cannot_be_exported_is_said_before_the_stream_begins(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for query, word in REFUSED.items():
        answer = client.get(f"/api/v1/export?{query}")
        assert answer.status_code == 422
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert word in answer.json()["detail"]

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    answer = client.get("/api/v1/export?format=parquet")
    assert answer.status_code == 501
    assert "pyarrow" in answer.json()["detail"]


def test_a_stream_in_which_the_store_fails_is_seen_to_be_broken_off(
    client: httpx.Client, many: list[StoredArticle], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "BATCH", 20)
    fetch = type(store.articles).changed_after

    def fail(*given: Any) -> Any:
        if given[-1] != streams.WHOLE:
            raise OSError("the disk is gone")
        return fetch(*given)

    monkeypatch.setattr(type(store.articles), "changed_after", fail)

    with pytest.raises(httpx.RemoteProtocolError):
        client.get("/api/v1/export?format=csv")


def test_whatever_changes_while_an_export_runs_is_in_it_once_and_in_the_next_one(
    put: Put, store: Store, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "BATCH", 3)
    for n in range(9):
        put(f"a{n}")
    stream = Stream.begin(shelf, asked({}))
    batches = stream.batches()
    rows = list(next(batches))
    correct(store, "a1", "was given before")
    correct(store, "a5", "is yet to be given")
    store.journal.retract("a2", LATER, "was given before")
    store.journal.retract("a7", LATER, "is yet to be given")
    put("new")

    rows += [row for batch in batches for row in batch]

    titles = {row.id: row.stored.article.title for row in rows if row.stored}
    assert len(titles) == len(rows)
    assert set(titles) == {*(f"a{n}" for n in range(9)), "new"} - {"a7"}
    assert (titles["a1"], titles["a5"]) == ("Bài a1", "is yet to be given")
    behind = {row.id for row in rows if row.cursor == stream.cursor}
    assert behind == {"a5", "new"}, "nobody may go on behind these: a1 has changed before them"
    following = Stream.begin(shelf, asked({}), begin_after(stream.cursor))
    since = {row.id: row.stored is None for batch in following.batches() for row in batch}
    assert since == {"a1": False, "a5": False, "a2": True, "a7": True, "new": False}


def test_who_exports_again_and_again_while_crawls_write_ends_with_exactly_the_published_set(
    put: Put, store: Store, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "BATCH", 7)
    for n in range(60):
        put(f"a{n:02}")

    def write(worker: int) -> None:
        for n in range(worker, 60, 2):
            id = f"a{n:02}"
            if n % 3 == 0:
                correct(store, id, f"Đính chính {n}")
            elif n % 3 == 1:
                store.journal.retract(id, LATER, "gone")
            else:
                put(f"n{n:02}")
                store.journal.decide(f"n{n:02}", Move.REJECT, LATER, by="lan", reason="ad")

    writers = [threading.Thread(target=write, args=(worker,)) for worker in range(2)]
    for writer in writers:
        writer.start()
    consumer, exports, running = Consumer(), 0, True
    while running:
        running = any(writer.is_alive() for writer in writers)
        begun = set(consumer.held)
        answer = client.get("/api/v1/export", params={"after": consumer.cursor})
        rows = lines(answer)
        assert len({row["id"] for row in rows}) == len(rows), "an article is in an export once"
        assert begun or {f"a{n:02}" for n in range(0, 60, 3)} <= {row["id"] for row in rows}
        consumer.take(rows, answer.headers["Bantin-Cursor"])
        exports += 1
    for writer in writers:
        writer.join()

    assert exports > 2
    assert consumer.agrees_with(store)
