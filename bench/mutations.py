"""What pages do that were spoilt on purpose: none may end the process, take over two seconds or fill the memory."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from argparse import ArgumentParser
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from statistics import median, quantiles

from bench.corpora import Case, demo_corpora, read_corpus
from bench.figures import Figure, Outcome, Sheet, finish, options
from bench.mutants import MUTATIONS, mutant, spoil
from news.errors import BantinError
from news.extract import extract

PAGES, QUICK_PAGES = 20_000, 420
WORKERS = 2
MOST_SECONDS = 2.0
# The whole process: Python, lxml and trafilatura take 100 MB before the first page.
MOST_MB = 500
# A worker that asks for more gets a MemoryError, which counts as a crash, and takes nothing from its neighbours.
_ADDRESS_SPACE = 2_000_000_000
# A page that says nothing for so many seconds of the clock never will.
_HANG = 60.0


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a mutant: `how` it was made, the CPU seconds it took, the worker's peak memory so far, and the
    kind and reason that it came out with, or the error that it ended with."""

    number: int
    how: str
    size: int = 0
    seconds: float = 0.0
    peak_mb: float = 0.0
    kind: str = ""
    reason: str = ""
    error: str = ""


def attempt(case: Case, how: str, number: int, page: bytes) -> Result:
    """Extract one mutant."""
    start = time.process_time()
    kind = reason = error = ""
    try:
        article = extract(page, case.url, site=case.site, content_type=case.content_type)
        kind, reason = str(article.kind), str(article.reason or "")
    except Exception as problem:
        error = f"{type(problem).__name__}: {problem}"[:200]
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    return Result(number, how, len(page), seconds, peak, kind, reason, error)


def attempt_all(cases: Sequence[Case], seed: int, numbers: Sequence[int]) -> Iterator[Result]:
    """Extract all mutants, in processes of their own. One that ends its process is counted, and the rest goes on."""
    todo = [list(numbers[start::WORKERS]) for start in range(WORKERS)]
    running = {worker.results: worker for share in todo if share for worker in [_Worker(cases, seed, share)]}
    while running:
        ready = wait(list(running), _HANG)
        for connection in ready or list(running):
            worker = running.pop(connection)  # type: ignore[call-overload]
            try:
                result: Result = worker.results.recv() if ready else worker.lost("hung")
            except EOFError:
                result = worker.lost("ended its process")
            yield result
            worker = worker.after(result)
            if worker:
                running[worker.results] = worker


class _Worker:
    """A process that extracts mutants in their order."""

    def __init__(self, cases: Sequence[Case], seed: int, numbers: Sequence[int]) -> None:
        self.cases, self.seed, self.numbers = cases, seed, list(numbers)
        self.results, theirs = multiprocessing.Pipe(duplex=False)
        self.process = multiprocessing.Process(target=_work, args=(cases, seed, numbers, theirs), daemon=True)
        self.process.start()
        theirs.close()

    def lost(self, why: str) -> Result:
        number = self.numbers[0]
        return Result(number, mutant(self.seed, number, len(self.cases))[1], error=why)

    def after(self, result: Result) -> _Worker | None:
        """Who goes on: this one, a new one in its place, or nobody."""
        self.numbers.pop(0)
        if self.process.is_alive() and not (result.error and not result.seconds):
            if self.numbers:
                return self
            self.process.join()
            return None
        self.process.kill()
        self.process.join()
        return _Worker(self.cases, self.seed, self.numbers) if self.numbers else None


def _work(cases: Sequence[Case], seed: int, numbers: Sequence[int], results: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    for number in numbers:
        which, how, rng = mutant(seed, number, len(cases))
        html = cases[which].html
        page = spoil(how, rng, html if isinstance(html, bytes) else html.encode())
        results.send(attempt(cases[which], how, number, page))


def figures(results: Sequence[Result]) -> Iterator[Figure]:
    crashed = [r for r in results if r.error]
    slowest = max(results, key=lambda r: r.seconds)
    slow = [r for r in results if r.seconds > MOST_SECONDS]
    largest = max(results, key=lambda r: r.peak_mb)
    silent = [r for r in results if not r.error and r.kind != "article" and not r.reason]
    beside = f"{slowest.how} {slowest.number}, {slowest.size / 1e6:.1f} MB"
    yield Figure("mutated pages", len(results), "", beside=f"{sum(r.size for r in results) / 1e6:.0f} MB")
    yield Figure("pages that raised or ended the process", len(crashed), "", "= 0", not crashed,
                 "; ".join(f"{r.how} {r.number}: {r.error}" for r in crashed[:3]))  # fmt: skip
    yield Figure("pages that took over two seconds", len(slow), "", "= 0", not slow, beside)
    yield Figure("slowest page", slowest.seconds, "s CPU", f"<= {MOST_SECONDS:g}", not slow, beside)
    yield Figure("99 of 100 pages take at most", 1000 * quantiles([r.seconds for r in results], n=100)[98], "ms CPU")
    yield Figure("peak memory of a process", largest.peak_mb, "MB", f"<= {MOST_MB}", largest.peak_mb <= MOST_MB,
                 f"{largest.how} {largest.number}")  # fmt: skip
    yield Figure("pages dropped without a reason", len(silent), "", "= 0", not silent)


def overview(results: Sequence[Result]) -> Sheet:
    """A row for each kind of mutation: how many articles survived, why the others did not."""
    groups: defaultdict[str, list[Result]] = defaultdict(list)
    for result in results:
        groups[result.how].append(result)
    rows = []
    for how in MUTATIONS:
        group = groups[how]
        if group:
            times = [1000 * r.seconds for r in group]
            reasons = Counter(r.reason or r.error for r in group if r.kind != "article")
            rows.append((
                how, str(len(group)), str(sum(r.kind == "article" for r in group)),
                f"{median(times):.1f}", f"{max(times):.0f}",
                ", ".join(f"{reason} {count}" for reason, count in reasons.most_common()),
            ))  # fmt: skip
    return Sheet("mutations", ("mutation", "pages", "articles", "median ms", "worst ms", "the others"), tuple(rows))


def main() -> int:
    given = _parser().parse_args()
    try:
        corpora = [read_corpus(folder) for folder in given.corpus]
    except BantinError as error:
        sys.stderr.write(f"{error.problem}\n{error.remedy}\n")
        return 2
    cases = [case for corpus in (*demo_corpora(), *corpora) for case in corpus.cases]
    count = given.pages or (QUICK_PAGES if given.quick else PAGES)
    results = list(attempt_all(cases, given.seed, range(count)))
    return finish("mutations", Outcome(tuple(figures(results)), (overview(results),)), given.json)


def _parser() -> ArgumentParser:
    parser = options("mutations")
    more = "folders of docs/benchmarks.md, beside the sample portals"
    parser.add_argument("corpus", nargs="*", type=Path, metavar="CORPUS_DIR", help=more)
    parser.add_argument("--pages", type=int, help=f"how many mutants ({PAGES}; {QUICK_PAGES} with --quick)")
    parser.add_argument("--seed", type=int, default=1, help="other mutants for another number")
    return parser


if __name__ == "__main__":
    sys.exit(main())
