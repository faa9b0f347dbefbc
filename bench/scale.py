"""Whether finding an article's neighbours, storing it and the memory for it depend on how much is stored: 10,000,
100,000 and a million signatures, beside an index in memory and a scan of all."""

from __future__ import annotations

import multiprocessing
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection
from statistics import median, quantiles
from typing import Any

from pymongo import MongoClient, WriteConcern
from pymongo.database import Database

from bench.crowd import Crowd, Probe, as_stored, document
from bench.endurance import resident
from bench.figures import Curve, Figure, Outcome, Sheet, finish, options
from bench.ways import PEERS, PeerPoint, peer_at
from config import load
from crawler.neighbours import neighbours, placed
from news.dedupe import Placement, Sketch, story_id
from storage.connect import Store, open_store
from storage.indexes import ensure_indexes
from storage.journal import Place

SIZES, QUICK_SIZES = (10_000, 100_000, 1_000_000), (10_000, 100_000)
GOAL_MS, GOAL_GROWTH, GOAL_MEMORY, GOAL_FOUND = 10.0, 2.0, 0.05, 97.0
FINDS, INSERTS, WARM = 600, 300, 40
_DATABASE, _BATCH = "bench", 5_000


@dataclass(frozen=True, slots=True)
class Point:
    """What was measured with so many signatures stored; times in milliseconds, sizes in MB."""

    size: int
    finds: tuple[float, ...]
    inserts: tuple[float, ...]
    memory: float
    found: float  # of the planted copies, in percent
    data: float
    index: float
    load: float  # seconds, of loading what was added and building the index anew


def measure(quick: bool) -> Outcome:
    """`points` at each size on an embedded MongoDB with default settings; also called by bench.dedupe."""
    sizes = QUICK_SIZES if quick else SIZES
    points = list(_points(sizes))
    return outcome(points, [peer_at(name, sizes) for name in PEERS])


def _points(sizes: Sequence[int]) -> Iterator[Point]:
    folder = tempfile.mkdtemp(prefix="bantin-bench-")
    try:
        config = load({"BANTIN_DATA_DIR": folder, "BANTIN_DATABASE": _DATABASE})
        with open_store(config, must_own=True) as store:
            crowd, stored = Crowd(), 0
            for number, size in enumerate(sizes):
                start = time.perf_counter()
                _fill(store.uri, crowd, stored, size)
                yield _work(store.uri, size, number, time.perf_counter() - start)
                stored = size
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fill(uri: str, crowd: Crowd, start: int, end: int) -> None:
    """Brings the signatures to `end`: without the index, which is then built at once, as loading a dump does."""
    with _database(uri) as database:
        database.signatures.drop_indexes()
        if not start:
            real = crowd.real()
            database.signatures.insert_many([crowd.signed(one) for one in real])
            database.articles.insert_many([document(one) for one in real])
            start = len(real)
        rows = crowd.others(start, end)
        while batch := list(islice(rows, _BATCH)):
            database.signatures.insert_many([row for row, _ in batch], ordered=False)
            database.articles.insert_many([document(stored) for _, stored in batch if stored], ordered=False)
        ensure_indexes(database)
        database.client.admin.command("fsync")  # what is measured is not the checkpoint of the load


@contextmanager
def _database(uri: str) -> Iterator[Database[dict[str, Any]]]:
    with MongoClient[dict[str, Any]](uri, tz_aware=True) as client:
        yield client.get_database(_DATABASE, write_concern=WriteConcern(w=1, j=False))


def _work(uri: str, size: int, number: int, load: float) -> Point:
    """Finds and stores in a process of its own, whose memory is that of a crawl's writer."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_writer, args=(uri, number, theirs), daemon=True)
    process.start()
    theirs.close()
    finds, inserts, memory, found = ours.recv()
    process.join()
    with _database(uri) as database:
        stats = database.command("collStats", "signatures")
    data, index = stats["storageSize"] / 1e6, stats["totalIndexSize"] / 1e6
    return Point(size, finds, inserts, memory, found, data, index, load)


def _writer(uri: str, number: int, pipe: Connection) -> None:
    crowd = Crowd()
    stored = crowd.real()
    with open_store(load({"MONGODB_URI": uri, "BANTIN_DATABASE": _DATABASE})) as store:
        # What was read or written last is no measure of what is read next: nothing is looked for twice.
        for probe in crowd.probes(stored, WARM, 100 + number):
            find(store, probe)
        probes = crowd.probes(stored, FINDS, 200 + number)
        timed = [_timed(lambda probe=probe: find(store, probe)) for probe in probes]
        copies = [
            probe.copy_of in others for probe, (_, (others, _, _)) in zip(probes, timed, strict=True) if probe.copy_of
        ]
        inserts = [_insert(store, probe) for probe in crowd.probes(stored, INSERTS, 300 + number)]
        pipe.send((tuple(taken for taken, _ in timed), tuple(inserts), resident(), 100 * sum(copies) / len(copies)))


def find(store: Store, probe: Probe) -> tuple[set[str], Placement, Sketch | None]:
    """The ids of a probe's neighbours, its place and its sketch: what crawler.intake does before it stores."""
    article, own = probe.article, story_id(probe.id)
    made = probe.sketch()
    assert article.published is not None
    near = neighbours(store, article, made, article.published, (), probe.id)
    return {other.article_id for other in near}, placed(store, own, near), made


def _insert(store: Store, probe: Probe) -> float:
    seen = store.events.last()
    _, placement, made = find(store, probe)
    stored = as_stored(probe, placement.story)
    taken, _ = _timed(lambda: store.journal.create(stored, Place(placement, made, seen)))
    return taken


def _timed(action: Any) -> tuple[float, Any]:
    start = time.perf_counter()
    result = action()
    return 1000 * (time.perf_counter() - start), result


def outcome(points: Sequence[Point], peers: Sequence[PeerPoint]) -> Outcome:
    first, last = points[0], points[-1]
    size = f"{last.size:,}"
    slow, flat = quietest(last.finds), median(last.inserts) / median(first.inserts)
    grown, found = last.memory / first.memory - 1, min(point.found for point in points)
    beside = "; ".join(peer.told for peer in peers)
    return Outcome(
        (
            Figure(f"finding and judging neighbours among {size}, p95", slow, "ms", f"< {GOAL_MS:g}", slow < GOAL_MS,
                   beside),
            Figure(f"the same, half of them within, among {size}", median(last.finds), "ms"),
            Figure("planted copies found, at the least", found, "%", f">= {GOAL_FOUND:g}", found >= GOAL_FOUND),
            Figure(f"storing an article among {size}, p50", median(last.inserts), "ms",
                   beside=f"p95 {p95(last.inserts):.1f} ms"),
            Figure(f"storing, {size} beside {first.size:,}, p50", flat, "times", f"<= {GOAL_GROWTH:g}",
                   flat <= GOAL_GROWTH),
            Figure(f"memory of the writing process, {size} beside {first.size:,}", 100 * grown, "% more",
                   f"< {100 * GOAL_MEMORY:g}", grown < GOAL_MEMORY, f"{last.memory:.0f} MB"),
            Figure(f"signatures and their indexes on disk, {size}", last.data + last.index, "MB",
                   beside=f"{1e6 * (last.data + last.index) / last.size:,.0f} bytes an article"),
        ),
        (_sheet(points), _peer_sheet(peers)),
        (
            _curve("Finding and judging, p95", "ms", [(point.size, quietest(point.finds)) for point in points]),
            _curve("Storing an article, p50", "ms", [(point.size, median(point.inserts)) for point in points]),
            _curve("Memory of the writing process", "MB", [(point.size, point.memory) for point in points]),
        ),
    )  # fmt: skip


def p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20)[-1]


def quietest(times: Sequence[float], rounds: int = 3) -> float:
    """The p95 of that round in which the rest of the machine was in the way least. No probe is in two rounds."""
    each = len(times) // rounds
    return min(p95(times[start : start + each]) for start in range(0, each * rounds, each))


def _curve(title: str, y: str, points: Sequence[tuple[float, float]]) -> Curve:
    return Curve(title, "stored signatures", y, tuple(points))


def _sheet(points: Sequence[Point]) -> Sheet:
    header = (
        "stored",
        "find p50",
        "p95",
        "max ms",
        "store p50",
        "p95",
        "max ms",
        "memory",
        "data",
        "index MB",
        "load s",
    )
    return Sheet("Neighbours among so many", header, tuple(map(_row, points)))


def _row(point: Point) -> tuple[str, ...]:
    times = [f"{which(taken):.1f}" for taken in (point.finds, point.inserts) for which in (median, p95, max)]
    sizes = [f"{value:.0f}" for value in (point.memory, point.data, point.index, point.load)]
    return (f"{point.size:,}", *times, *sizes)


def _peer_sheet(peers: Sequence[PeerPoint]) -> Sheet:
    rows = [(peer.name, f"{peer.size:,}", f"{peer.find:.2f}", f"{peer.memory:,.0f}", f"{peer.build:.1f}")
            for peer in peers if peer.size]  # fmt: skip
    return Sheet("In memory", ("peer", "signatures", "find p50 ms", "MB", "s to build at every start"), tuple(rows))


def main() -> int:
    given = options("scale").parse_args()
    return finish("scale", measure(given.quick), given.json)


if __name__ == "__main__":
    sys.exit(main())
