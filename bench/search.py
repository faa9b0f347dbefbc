"""Search among a million articles: how fast it answers, what it costs to build, beside MongoDB's text index."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from pymongo.database import Database

from bench.endurance import resident
from bench.figures import Bars, Figure, Outcome, Sheet, finish, options
from bench.scale import p95, quietest
from config import load
from demo.writer import all_articles
from news.article import Status
from news.search import Entry, Query, fold, rank
from news.search.words import spelt
from storage import search_file
from storage.connect import Store, open_store
from storage.search import Order, SearchIndex
from storage.search_file import Row

SIZE, QUICK_SIZE = 1_000_000, 10_000
BESIDE, QUICK_BESIDE = 10_000, 3_000
GOAL_MS = 100.0
CLIENTS, SECONDS, QUICK_SECONDS = 50, 20, 5
ASKED, QUICK_ASKED = 60, 20  # queries of a kind
END = datetime(2025, 11, 1, tzinfo=UTC)
SPAN = timedelta(days=730)
SITES = 60
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of some kind, and how it is asked."""

    kind: str
    text: str
    wanted: dict[str, Any]

    def run(self, index: SearchIndex) -> Any:
        return index.find(Query.parse(self.text), **self.wanted)


class Library:
    """Articles out of the sentences of the sample portals, some 450 words each, with names and numbers of their own."""

    def __init__(self) -> None:
        written = [one for portal in all_articles().values() for one in portal]
        lines = sorted({line for one in written for part in one.body for line in re.split(r"(?<=[.!?]) ", part)})
        self._lines = [line for line in lines if len(line) > 20]
        self._titles = sorted({one.title for one in written})
        self._words = sorted({word for line in self._lines for word in spelt(line)})

    def rows(self, count: int) -> Iterator[Row]:
        """Articles numbered from 0; one of twenty waits for an editor."""
        rng = Random(1)
        for number in range(count):
            title = f"{rng.choice(self._titles)} {rng.choice(self._words)} {rng.choice(self._words)}"
            body = "\n".join(rng.choices(self._lines, k=18))
            entry = Entry(
                f"site-{rng.randrange(SITES)}", title, " ".join(rng.choices(self._lines, k=2)),
                f"{body}\nHồ sơ ma{rng.randrange(count // 5)} ngày {rng.randrange(10**6)}",
            )  # fmt: skip
            status = Status.WAITING if rng.random() < 0.05 else Status.PUBLISHED
            yield Row(f"a{number:08}", entry, status, END - SPAN * rng.random(), number + 1)

    def asked(self, count: int, each: int) -> list[Asked]:
        """Queries of all kinds in turn, so that no kind is measured while the machine was busy with something else."""
        rng = Random(2)
        frequent = ["của", "và", "các", "trong", "người", "được", "với", "tỉnh", "năm", "công"]
        since = {"since": END - timedelta(days=60), "until": END - timedelta(days=30)}
        kinds: list[tuple[str, Callable[[], str], dict[str, Any]]] = [
            ("rare word", lambda: f"ma{rng.randrange(count // 5)}", {}),
            ("common word", lambda: rng.choice(frequent), {}),
            ("any word", lambda: rng.choice(self._words), {}),
            ("any word, no marks", lambda: fold(rng.choice(self._words)), {}),
            ("two words", lambda: " ".join(rng.sample(self._words, 2)), {}),
            ("two common words", lambda: " ".join(rng.sample(frequent, 2)), {}),
            ("phrase", lambda: f'"{self._phrase(rng, 2)}"', {}),
            ("long phrase", lambda: f'"{self._phrase(rng, 4)}"', {}),
            ("three words together", lambda: self._phrase(rng, 3), {}),
            ("with a word excluded", lambda: f"{self._phrase(rng, 2)} -{rng.choice(frequent)}", {}),
            ("of one site", lambda: self._phrase(rng, 2), {"sites": frozenset({f"site-{rng.randrange(SITES)}"})}),
            ("of a month", lambda: self._phrase(rng, 2), since),
            ("waiting", lambda: self._phrase(rng, 2), {"statuses": (Status.WAITING,)}),
            ("newest first", lambda: self._phrase(rng, 2), {"order": Order.PUBLISHED}),
            ("common word, newest first", lambda: rng.choice(frequent), {"order": Order.PUBLISHED}),
            ("changed last", lambda: self._phrase(rng, 2), {"order": Order.CHANGED}),
            ("common word, changed last", lambda: rng.choice(frequent), {"order": Order.CHANGED}),
        ]
        return [Asked(kind, text(), wanted) for _ in range(each) for kind, text, wanted in kinds]

    def _phrase(self, rng: Random, words: int) -> str:
        line = spelt(rng.choice(self._lines))
        start = rng.randrange(max(1, len(line) - words))
        return " ".join(line[start : start + words])


@dataclass(frozen=True, slots=True)
class Built:
    """What building cost: seconds, bytes on disk, MB of the process."""

    seconds: float
    bytes: int
    memory: float


def measure(quick: bool) -> Outcome:
    size, beside = (QUICK_SIZE, QUICK_BESIDE) if quick else (SIZE, BESIDE)
    library = Library()
    folder = Path(tempfile.mkdtemp(prefix="bantin-bench-"))
    try:
        config = load({"BANTIN_DATA_DIR": str(folder), "BANTIN_DATABASE": "bench"})
        with open_store(config, must_own=True) as store, SearchIndex.of(config, store) as index:
            built = _build(index, library, size)
            asked = library.asked(size, QUICK_ASKED if quick else ASKED)
            alone = [_timed(one.run, index) for one in asked]
            memory = resident()
            crowd = _crowd(index, asked, QUICK_SECONDS if quick else SECONDS)
            peer = _text_index(store, library, beside, asked[:170])
            own = _own(store, library, beside, asked[:170], folder / "beside")
        return _outcome(size, built, asked, alone, crowd, memory, beside, peer, own)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _build(index: SearchIndex, library: Library, size: int) -> Built:
    """Fills the index as its own upkeep does, but from the library instead of MongoDB."""
    index.step()
    assert index.file is not None
    connection = search_file.connect(index.file)
    (state,) = search_file.states(connection)
    rows = library.rows(size)
    start = time.perf_counter()
    while batch := list(islice(rows, _BATCH)):
        with search_file.writing(connection):
            search_file.put(connection, state.number, batch)
    with search_file.writing(connection):
        search_file.save(connection, state._replace(walked=None))
    connection.close()
    while index.step():
        pass
    return Built(time.perf_counter() - start, index.status().bytes, resident())


def _crowd(index: SearchIndex, asked: Sequence[Asked], seconds: int) -> list[float]:
    """Clients who each ask once a second, spread over it; in milliseconds, with the wait for others."""
    times: list[float] = []
    start = time.perf_counter()

    def client(number: int) -> None:
        rng = Random(number)
        for second in range(seconds):
            due = start + second + number / CLIENTS
            time.sleep(max(0.0, due - time.perf_counter()))
            rng.choice(asked).run(index)
            times.append(1000 * (time.perf_counter() - due))

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


@dataclass(frozen=True, slots=True)
class Beside:
    """MongoDB's text index, or ours, on as many articles as it can be asked to take."""

    build: float
    bytes: int
    times: list[float]
    wrong: float  # of what is found for đảng, in percent: has no đảng
    missed: float  # of what has đảng, in percent: is not found for dang
    unasked: float  # of what is found for two words, in percent: has but one


def _text_index(store: Store, library: Library, size: int, asked: Sequence[Asked]) -> Beside:
    database: Database[dict[str, Any]] = store._database
    rows = list(library.rows(size))
    texts = {row.id: row.entry for row in rows}
    documents = [
        {"_id": row.id, "title": row.entry.title, "lead": row.entry.lead, "body": row.entry.body, "sort": row.when}
        for row in rows
    ]
    start = time.perf_counter()
    database.texts.create_index([("title", "text"), ("lead", "text"), ("body", "text")], default_language="none")
    for first in range(0, size, _BATCH):
        database.texts.insert_many(documents[first : first + _BATCH])
    build = time.perf_counter() - start

    def find(text: str, limit: int = 50) -> list[str]:
        found = database.texts.find({"$text": {"$search": text}}, {"score": {"$meta": "textScore"}})
        return [row["_id"] for row in found.sort([("score", {"$meta": "textScore"})]).limit(limit)]

    times = [_timed(find, one.text) for one in asked]
    size_of = database.command("collStats", "texts")["indexSizes"]
    bytes = sum(taken for name, taken in size_of.items() if name != "_id_")
    return Beside(build, bytes, times, *_judged(find, texts))


def _own(store: Store, library: Library, size: int, asked: Sequence[Asked], folder: Path) -> Beside:
    with SearchIndex(folder, store) as index:
        built = _build(index, library, size)
        texts = {row.id: row.entry for row in library.rows(size)}

        def find(text: str, limit: int = 50) -> list[str]:
            return list(index.find(Query.parse(text), statuses=None, limit=limit).ids)

        times = [_timed(find, one.text) for one in asked]
        return Beside(built.seconds, built.bytes, times, *_judged(find, texts))


def _judged(find: Callable[..., list[str]], texts: dict[str, Entry]) -> tuple[float, float, float]:
    party, two = Query.parse("đảng"), Query.parse("nông nghiệp")
    exact = {id for id, entry in texts.items() if "đảng" in spelt(f"{entry.title} {entry.lead} {entry.body}")}
    first = find("đảng", len(exact))
    hurried = set(find("dang", len(texts)))
    pair = find("nông nghiệp", len(texts))
    assert all(rank(party, texts[id]) is not None for id in exact)
    return (
        _share(len([id for id in first if id not in exact]), len(first)),
        _share(len(exact - hurried), len(exact)),
        _share(len([id for id in pair if rank(two, texts[id]) is None]), len(pair)),
    )


def _share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


def _timed(action: Callable[..., Any], *given: Any) -> float:
    start = time.perf_counter()
    action(*given)
    return 1000 * (time.perf_counter() - start)


def _outcome(
    size: int, built: Built, asked: Sequence[Asked], alone: Sequence[float], crowd: Sequence[float], memory: float,
    beside: int, peer: Beside, own: Beside,
) -> Outcome:  # fmt: skip
    kinds = list(dict.fromkeys(one.kind for one in asked))
    by_kind = {kind: [taken for one, taken in zip(asked, alone, strict=True) if one.kind == kind] for kind in kinds}
    rows = tuple(
        (kind, f"{median(times):.1f}", f"{p95(times):.1f}", f"{max(times):.1f}") for kind, times in by_kind.items()
    )
    many = f"{size:,}"
    back, together = quietest(alone), quietest(crowd)
    few = f"MongoDB's $text among {beside:,}"
    return Outcome(
        (
            Figure(f"search among {many}, one client, p95", back, "ms", f"< {GOAL_MS:g}", back < GOAL_MS,
                   f"p50 {median(alone):.1f} ms"),
            Figure(f"the same, {CLIENTS} clients once a second, p95", together, "ms", f"< {GOAL_MS:g}",
                   together < GOAL_MS, f"p50 {median(crowd):.1f} ms"),
            Figure("building, articles a second", size / built.seconds, "1/s", beside=f"{built.seconds:.0f} s"),
            Figure("size of the index", built.bytes / size, "bytes an article", beside=f"{built.bytes / 1e6:,.0f} MB"),
            Figure("memory of the process, built, and after it", built.memory, "MB", beside=f"{memory:.0f} MB"),
            Figure(f"search among {beside:,}, p95", p95(own.times), "ms", beside=f"{few}: {p95(peer.times):.1f} ms"),
            Figure(f"building the index of {beside:,}", own.build, "s", beside=f"{few}: {peer.build:.1f} s"),
            Figure(f"the index of {beside:,} on disk", own.bytes / 1e6, "MB",
                   beside=f"{few}: {peer.bytes / 1e6:.0f} MB"),
            Figure("the first for đảng that have no đảng", own.wrong, "%", "0", not own.wrong,
                   f"{few}: {peer.wrong:.0f} %"),
            Figure("what has đảng and is not found for dang", own.missed, "%", "0", not own.missed,
                   f"{few}: {peer.missed:.0f} %"),
            Figure("what is found for two words and has one", own.unasked, "%", "0", not own.unasked,
                   f"{few}: {peer.unasked:.0f} %"),
        ),
        (Sheet(f"Kinds of search among {many}, one client", ("kind", "p50 ms", "p95 ms", "max ms"), rows),),
        (Bars(f"Search among {many}, p95", "ms", tuple((kind, p95(times)) for kind, times in by_kind.items())),),
    )  # fmt: skip


def main() -> int:
    given = options("search").parse_args()
    return finish("search", measure(given.quick), given.json)


if __name__ == "__main__":
    sys.exit(main())
