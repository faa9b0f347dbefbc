"""Other ways to find near-duplicates, for bench.scale: an LSH index in memory (rensa), and a scan of all signatures
with numpy. Each runs in a process of its own, with signatures of texts that are not alike."""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

from rensa import RMinHash, RMinHashLSH

from bench.endurance import resident
from news.dedupe.sketch import PERMUTATIONS, SEED

# An index in memory takes some 4 GB at a million, in every process that writes, and is built at every start.
LARGEST = {"rensa LSH in memory": 1_000_000, "numpy scan": 1_000_000}
_NEEDED = 6_000  # MB free, below which a million are not tried
_LOOKS = 50
_INDEXED_BANDS = 32  # it wants a divisor of the permutations; ours are 36 of three rows


@dataclass(frozen=True, slots=True)
class PeerPoint:
    """`find` in ms, `memory` in MB more than before, `build` in seconds; size 0 where it is not installed."""

    name: str
    size: int = 0
    find: float = 0.0
    memory: float = 0.0
    build: float = 0.0

    @property
    def told(self) -> str:
        if not self.size:
            return f"{self.name}: not installed"
        return f"{self.name} {self.find:.1f} ms, {self.memory:,.0f} MB at {self.size:,}"


def peer_at(name: str, sizes: Sequence[int]) -> PeerPoint:
    """The peer at the largest of `sizes` that it can hold."""
    size = max((size for size in sizes if size <= LARGEST[name] and _fits(size)), default=min(sizes))
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(name, size, theirs), daemon=True)
    process.start()
    theirs.close()
    point: PeerPoint = ours.recv()
    process.join()
    return point


def _fits(size: int) -> bool:
    """Whether the machine has the memory; where it does not tell, it has."""
    with contextlib.suppress(OSError, StopIteration):
        told = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemAvailable"))
        return int(told.split()[1]) / 1000 > _NEEDED * size / 1_000_000
    return True


def _run(name: str, size: int, pipe: Connection) -> None:
    try:
        build = PEERS[name]
        before, start = resident(), time.perf_counter()
        look = build(size)
        built = time.perf_counter() - start
        memory = resident() - before
        pipe.send(PeerPoint(name, size, median(_timed(look, number) for number in range(_LOOKS)), memory, built))
    except ImportError:
        pipe.send(PeerPoint(name))


def _timed(look: Callable[[int], Any], number: int) -> float:
    start = time.perf_counter()
    look(number)
    return 1000 * (time.perf_counter() - start)


def _rensa(size: int) -> Callable[[int], Any]:
    index, known = RMinHashLSH(0.5, PERMUTATIONS, _INDEXED_BANDS), []
    for number in range(size):
        one = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
        one.update([f"{number} {word}" for word in range(8)])
        index.insert(number, one)
        if number < _LOOKS:
            known.append(one)
    return lambda number: index.query(known[number])


def _numpy(size: int) -> Callable[[int], Any]:
    numpy = importlib.import_module("numpy")
    all_of_them = numpy.random.default_rng(1).integers(0, 2**32, (size, PERMUTATIONS), dtype="uint32")
    return lambda number: ((all_of_them == all_of_them[number]).sum(axis=1) > PERMUTATIONS // 4).nonzero()


PEERS: dict[str, Callable[[int], Callable[[int], Any]]] = {"rensa LSH in memory": _rensa, "numpy scan": _numpy}
