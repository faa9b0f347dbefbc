"""Eight writers and three followers of the events at once: whether every follower saw the same and all of it, how many
events a second are written, and how long after its commit an event is seen."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Any

from pymongo import MongoClient, WriteConcern

from bench.figures import Figure, Outcome, Sheet, finish, options
from bench.scale import p95
from bench.writers import Followed, Written, child, end, events_of, follow, problems, start_all, write
from config import load
from news.event import Event
from storage.connect import Store, open_store

WRITERS, FOLLOWERS = 8, 3
SECONDS, QUICK_SECONDS = 60.0, 10.0
_ALONE = 0.15  # of the time, for each limit that is measured beside


@dataclass(frozen=True, slots=True)
class Run:
    """What eight writers and three followers did, and what one writer and plain inserts do alone, per second."""

    seconds: float
    events: Sequence[Event]
    written: Sequence[Written]
    followed: Sequence[Followed]
    problems: Sequence[str]
    alone: float
    plain: float


def measure(quick: bool) -> Outcome:
    seconds = QUICK_SECONDS if quick else SECONDS
    with tempfile.TemporaryDirectory(prefix="bantin-bench-", ignore_cleanup_errors=True) as folder:
        config = load({"BANTIN_DATA_DIR": folder, "BANTIN_DATABASE": "bench"})
        with open_store(config, must_own=True) as store:
            alone = _alone(store.uri, seconds * _ALONE)
            plain = _plain(store.uri, seconds * _ALONE)
            environ = {"MONGODB_URI": store.uri, "BANTIN_DATABASE": "bench"}
            return outcome(together(store, environ, seconds, alone, plain))


def together(store: Store, environ: dict[str, str], seconds: float, alone: float = 0.0, plain: float = 0.0) -> Run:
    """Lets writers and followers loose on the database of `store`, which `environ` names."""
    followers = [child(follow, environ, f"f{n}", n == 0, environ) for n in range(FOLLOWERS)]
    writers = [child(write, environ, f"w{n}") for n in range(WRITERS)]
    start_all([*followers, *writers], seconds)
    written = [one.result() for one in writers]
    end(store)
    return Run(seconds, events_of(store), written, [one.result() for one in followers], problems(store), alone, plain)


def _alone(uri: str, seconds: float) -> float:
    """Events a second of one writer with nobody beside it."""
    environ = {"MONGODB_URI": uri, "BANTIN_DATABASE": "alone"}
    writer = child(write, environ, "w")
    start_all([writer], seconds)
    writer.result()
    with open_store(load(environ)) as store:
        return store.events.last() / seconds


def _plain(uri: str, seconds: float) -> float:
    """Documents a second of plain inserts, each acknowledged by the journal as ours are, and nothing else."""
    with MongoClient[dict[str, Any]](uri) as client:
        rows = client.get_database("plain", write_concern=WriteConcern("majority", j=True)).rows
        count, until = 0, time.monotonic() + seconds
        while time.monotonic() < until:
            rows.insert_one({"_id": count, "at": datetime.now(UTC), "text": "x" * 500})
            count += 1
    return count / seconds


def outcome(run: Run) -> Outcome:
    writes, speed = sum(len(written.answered) for written in run.written), len(run.events) / run.seconds
    slowest, fastest = (which(len(written.answered) for written in run.written) for which in (min, max))
    same, all_of_them = sum(one.events == run.events for one in run.followed), len(run.followed)
    restarts, told = sum(one.restarts for one in run.followed), f"{len(run.events):,} events"
    times = [took for written in run.written for took in written.took]
    again = sum(written.aborted for written in run.written) / writes
    return Outcome(
        (
            Figure("followers that saw every event once and in order", same, f"of {all_of_them}", f"= {all_of_them}",
                   same == all_of_them, f"{told}, {restarts} restarts"),
            Figure("changes without their one event, or the other way", len(run.problems), "", "= 0", not run.problems,
                   "; ".join(run.problems[:3])),
            Figure(f"events written by {len(run.written)} writers", speed, "events/s",
                   beside=f"one writer alone {run.alone:.0f}, plain inserts {run.plain:.0f}"),
            Figure("a write, p50", median(times), "ms", beside=f"p95 {p95(times):.0f}, max {max(times):.0f} ms"),
            Figure("slowest writer beside the fastest", slowest / fastest, "", beside=f"{slowest}, {fastest}"),
            Figure("transactions begun again, a write", again, "", beside=f"{writes:,} writes"),
            Figure("refused: another writer was first", sum(written.refused for written in run.written), "writes"),
        ),
        (_sheet(run),),
    )  # fmt: skip


def _sheet(run: Run) -> Sheet:
    answered = {name: when for written in run.written for name, when in written.answered.items()}
    rows = []
    for number, one in enumerate(run.followed):
        times = _delays(one, answered)
        rows.append((str(number), *(f"{which(times):.0f}" for which in (median, p95, max)), str(one.restarts)))
    header = ("follower", "p50", "p95", "max", "restarts")
    return Sheet("From the answer to the writer to each follower, ms", header, tuple(rows))


def _delays(followed: Followed, answered: dict[str, float]) -> list[float]:
    """A follower may well hear of a write before its writer does."""
    return [
        1000 * (seen - answered[event.by])
        for event, seen in zip(followed.events, followed.seen, strict=True)
        if event.by in answered
    ]


def main() -> int:
    given = options("followers").parse_args()
    return finish("followers", measure(given.quick), given.json)


if __name__ == "__main__":
    sys.exit(main())
