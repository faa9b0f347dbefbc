"""How fast and in how much memory 100,000 articles are exported in each format, beside a plain loop over the collection
that prints what MongoDB holds (find and json.dumps, as mongoexport does)."""

from __future__ import annotations

import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from bench.crowd import Crowd
from bench.endurance import resident
from bench.figures import Curve, Figure, Outcome, Sheet, finish, options
from cli.export import to_file, way_to
from config import load
from news.article import Page, StoredArticle
from storage import articles, events
from storage.connect import open_store
from storage.search import SearchIndex
from web.shelf import Shelf
from web.stream import Stream, asked

ARTICLES, QUICK_ARTICLES = 100_000, 10_000
# Of each article in so many the page is kept, 40 kB of it: what they take on disk is no part of what is measured.
PAGED = 10
FILES = ("all.ndjson", "all.ndjson.gz", "all.csv", "all.parquet", "all.warc.gz")
GOAL_GROWN, GOAL_SHARE = 0.10, 0.25
_DATABASE, _BATCH = "bench", 2_000
_BODY = "<p>Trang của bài viết, có đầu trang, cột bên và chân trang.</p>\n" * 550


@dataclass(frozen=True, slots=True)
class Ran:
    """An export: seconds, rows written, MB of the file, and (rows so far, MB of memory) at each batch."""

    name: str
    seconds: float
    rows: int
    size: float
    memory: tuple[tuple[int, float], ...]

    @property
    def speed(self) -> float:
        return self.rows / self.seconds

    @property
    def grown(self) -> float:
        """The most memory of the second half beside that of the second quarter, when all caches and pools are full."""
        memory = [size for _, size in self.memory]
        early, late = memory[len(memory) // 4 : len(memory) // 2], memory[len(memory) // 2 :]
        return max(late) / max(early) - 1


def measure(quick: bool) -> Outcome:
    count = QUICK_ARTICLES if quick else ARTICLES
    with tempfile.TemporaryDirectory(prefix="bantin-bench-", ignore_cleanup_errors=True) as folder:
        config = load({"BANTIN_DATA_DIR": folder, "BANTIN_DATABASE": _DATABASE})
        with open_store(config, must_own=True) as store:
            _fill(store.uri, count)
            plain = _in_child(_plain, store.uri, Path(folder, "plain.json"))
            ran = [_in_child(_export, store.uri, Path(folder, name)) for name in FILES]
    return outcome(count, plain, ran)


def _fill(uri: str, count: int) -> None:
    """Articles with texts of their own a few thousand times over, each with an address and an event of its own."""
    base = Crowd().real()
    with MongoClient[dict[str, Any]](uri, tz_aware=True) as client:
        database = client[_DATABASE]
        rows = (_numbered(base[number % len(base)], number) for number in range(1, count + 1))
        while batch := list(islice(rows, _BATCH)):
            database.articles.insert_many(
                [articles.to_document(one) | articles.touched(int(one.id[1:])) for one in batch], ordered=False
            )
        database.counters.update_one({"_id": events.COUNTER}, {"$set": {"last": count}}, upsert=True)
        client.admin.command("fsync")
    with open_store(load({"MONGODB_URI": uri, "BANTIN_DATABASE": _DATABASE})) as store:
        for number in range(PAGED, count + 1, PAGED):
            one = _numbered(base[number % len(base)], number)
            body = f"<!-- {number} -->{one.article.html}{_BODY}".encode()
            store.pages.keep(
                one.id, one.article.site, Page(one.article.url, body, one.fetched, content_type="text/html")
            )


def _numbered(stored: StoredArticle, number: int) -> StoredArticle:
    article, id = stored.article, f"a{number:08}"
    html = "".join(f"<p>{line}</p>" for line in article.body.split("\n"))
    article = replace(
        article, url=f"{article.url}-{number}", html=html, tags=("Y tế", "giáo dục"), evidence={"title": "meta"}
    )
    return replace(stored, id=id, story=id, article=article, keys=(f"{stored.keys[0]}-{number}",), fingerprint=id)


def _in_child(work: Any, uri: str, path: Path) -> Ran:
    """In a process of its own, whose memory is that of the export."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(uri, path, theirs), daemon=True)
    process.start()
    theirs.close()
    seconds, rows, memory = ours.recv()
    process.join()
    return Ran(path.name, seconds, rows, path.stat().st_size / 1e6, tuple(memory))


def _export(uri: str, path: Path, pipe: Connection) -> None:
    memory: list[tuple[int, float]] = []
    way = way_to(path, "")
    config = load({"MONGODB_URI": uri, "BANTIN_DATABASE": _DATABASE, "BANTIN_DATA_DIR": str(path.parent)})
    with open_store(config) as store:
        stream = Stream.begin(Shelf(store, SearchIndex.of(config, store), dict, ""), asked({}), pages=way.format.pages)
        start = time.perf_counter()
        request = {"bom": False, "formulas": False}
        reached = to_file(stream, way, path, request, lambda _, rows: memory.append((rows, resident())))
        pipe.send((time.perf_counter() - start, reached.rows, memory))


def _plain(uri: str, path: Path, pipe: Connection) -> None:
    memory: list[tuple[int, float]] = []
    with MongoClient[dict[str, Any]](uri, tz_aware=True) as client, path.open("w", encoding="utf-8") as file:
        start = time.perf_counter()
        rows = 0
        for rows, document in enumerate(client[_DATABASE].articles.find(), 1):
            file.write(json.dumps(document, ensure_ascii=False, default=str) + "\n")
            if rows % 500 == 0:
                memory.append((rows, resident()))
        pipe.send((time.perf_counter() - start, rows, memory))


def outcome(count: int, plain: Ran, ran: Sequence[Ran]) -> Outcome:
    return Outcome(
        tuple(figure for one in ran for figure in _figures(one, plain)),
        (
            Sheet(
                f"{count:,} articles, of one in {PAGED} the page",
                ("file", "rows/s", "seconds", "MB", "most memory, MB"),
                tuple(_told(one) for one in (plain, *ran)),
            ),
        ),
        tuple(Curve(f"Memory: {one.name}", "rows", "MB", one.memory) for one in ran),
    )


def _figures(one: Ran, plain: Ran) -> Iterator[Figure]:
    share, most = one.speed / plain.speed, max(size for _, size in one.memory)
    pages = "warc" in one.name
    beside = f"{plain.speed:,.0f} rows/s of find and json.dumps"
    goal = "" if pages else f">= {GOAL_SHARE:g} of plain"
    yield Figure(f"{one.name}: speed", one.speed, "rows/s", goal, pages or share >= GOAL_SHARE, beside)
    flat = one.grown <= GOAL_GROWN
    yield Figure(f"{one.name}: memory, second half", 100 * one.grown, "% more", f"<= {100 * GOAL_GROWN:g}", flat,
                 f"{most:.0f} MB at most; plain {max(size for _, size in plain.memory):.0f} MB")  # fmt: skip


def _told(one: Ran) -> tuple[str, ...]:
    most = max(size for _, size in one.memory)
    return (one.name, f"{one.speed:,.0f}", f"{one.seconds:.1f}", f"{one.size:,.0f}", f"{most:.0f}")


if __name__ == "__main__":
    given = options("export").parse_args()
    sys.exit(finish("export", measure(given.quick), given.json))
