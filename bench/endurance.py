"""Whether one process can extract for days: its memory over many pages, no two of them alike, and where that leads."""

from __future__ import annotations

import multiprocessing
import os
import re
import resource
import sys
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from statistics import linear_regression

from bench.corpora import Case, demo_corpora, read_corpus
from bench.figures import Curve, Figure, Outcome, finish, options, refuse
from news.errors import BantinError
from news.extract import extract

PAGES, QUICK_PAGES = 10_000, 1_000
GOAL_PAGES, GOAL_MB = 100_000, 300
STEPS = 10
# Caches that are bounded fill up first; what still grows in the second half of the run grows for ever.
_SETTLED = 0.5
_TEXT = re.compile(rb">(\s*+[^<>\s][^<>]*+)<")
_LINK = re.compile(rb'((?:href|src)="[^"#]*)"')


def unlike(html: bytes | str, number: int) -> bytes:
    """The page as none before it: every text, link and picture differs, and it has a tag and an attribute of its own,
    so that no cache of any library can have met what is in it."""
    data = html if isinstance(html, bytes) else html.encode()
    mark = str(number).encode()
    data = _LINK.sub(rb"\1?v=" + mark + b'"', _TEXT.sub(rb">\1 " + mark + b"<", data))
    return data.replace(b"<p", b"<x-%b data-%b=1></x-%b><p" % (mark, mark, mark), 1)


def memory(cases: Sequence[Case], pages: int) -> Iterator[tuple[int, float]]:
    """Extracts so many pages in a process of its own: at each step the pages done and its resident memory in MB."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(list(cases), pages, theirs), daemon=True)
    process.start()
    theirs.close()
    for _ in range(STEPS + 1):
        yield ours.recv()
    process.join()


def _work(cases: list[Case], pages: int, pipe: Connection) -> None:
    step = pages // STEPS
    pipe.send((0, resident()))
    for number, case in enumerate(islice(cycle(cases), pages), 1):
        extract(unlike(case.html, number), f"{case.url}?v={number}", site=case.site, content_type=case.content_type)
        if number % step == 0:
            pipe.send((number, resident()))


def processor(pid: int) -> float:
    """The seconds of processor that a process has taken; 0 where the system does not tell."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    spent = stat.read_text().rpartition(")")[2].split()[11:13]  # user and system, behind the name in brackets
    return sum(map(int, spent)) / os.sysconf("SC_CLK_TCK")


def resident(pid: int | None = None) -> float:
    """The resident memory of a process in MB, by default of this one; where the system does not tell, the most that
    this one ever had."""
    statm = Path(f"/proc/{pid or 'self'}/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def slope(points: Sequence[tuple[int, float]]) -> float:
    """MB a page, over the part of the run in which bounded caches are full."""
    settled = points[int(_SETTLED * len(points)) :]
    return linear_regression([x for x, _ in settled], [y for _, y in settled]).slope


def outcome(points: Sequence[tuple[int, float]]) -> Outcome:
    pages, last = points[-1]
    growth = slope(points)
    later = last + max(0.0, growth) * (GOAL_PAGES - pages)
    most = max(mb for _, mb in points)
    return Outcome(
        (
            Figure("memory at the most", most, "MB", f"< {GOAL_MB}", most < GOAL_MB, f"{points[0][1]:.0f} MB before"),
            Figure("growth in the second half of the run", 1e6 * growth, "bytes/page", beside=f"{pages:,} pages"),
            Figure(f"memory after {GOAL_PAGES:,} pages, extrapolated", later, "MB", f"< {GOAL_MB}", later < GOAL_MB),
        ),
        plots=(Curve("Resident memory of one process", "pages", "MB", tuple(points)),),
    )


def main() -> int:
    parser = options("endurance")
    parser.add_argument("corpus", nargs="*", type=Path, metavar="CORPUS_DIR", help="folders of docs/benchmarks.md")
    given = parser.parse_args()
    try:
        corpora = [*demo_corpora(), *(read_corpus(folder) for folder in given.corpus)]
    except BantinError as error:
        return refuse(error)
    cases = [case for corpus in corpora for case in corpus.cases]
    Random(1).shuffle(cases)  # large pages and small ones, early and late
    points = []
    for done, mb in memory(cases, QUICK_PAGES if given.quick else PAGES):
        print(f"{done:>8,} pages  {mb:7.1f} MB", flush=True)
        points.append((done, mb))
    return finish("endurance", outcome(points), given.json)


if __name__ == "__main__":
    sys.exit(main())
