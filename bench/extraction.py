"""How clean the text and the fields are and how fast they come, beside every peer that is installed, page by page."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from bench.corpora import Corpus, demo_corpora, read_corpus
from bench.figures import Bars, Curve, Figure, Outcome, Sheet, finish, options, refuse
from bench.judging import Marks, Score, judged, score, speed_ratio, worst_pages
from bench.peers import OURS, PEERS, RIVAL, Extractor, Reading, version_of
from bench.trust import Trust, bands, trusted
from bench.trust import figures as trust_figures
from news.errors import BantinError

ROUNDS, QUICK_ROUNDS = 3, 1
QUICK_PAGES = 80
WARM_UP = 8
# An extractor that takes so many times as long as the first one is asked once: its speed is plain enough.
SLOW = 2.5
VALUES: dict[str, Callable[[Score], float | None]] = {
    "F1 of the text": lambda s: s.runs.f1,
    "word F1 of the body": lambda s: s.body.f1 if s.body else s.words.f1,
    "word F1 of the worst page": lambda s: s.worst,
    "leaked strings": lambda s: s.leak,
    "title": lambda s: s.field("title"),
    "day": lambda s: s.field("day"),
    "minute": lambda s: s.field("minute"),
    "author": lambda s: s.field("author"),
    "source": lambda s: s.field("source"),
    "articles recognised": lambda s: s.recognised,
    "listings rejected": lambda s: s.rejected,
}
_FIELDS = ("title", "day", "minute", "author", "source", "articles recognised", "listings rejected")
# What the issue of extraction asks for, by the form of the corpus.
GOALS: dict[str, dict[str, float]] = {
    "aeb": {"F1 of the text": 0.982, "speed": 1.3},
    "vn": {"word F1 of the worst page": 0.98, **dict.fromkeys(_FIELDS, 1.0), "author": 0.95, "source": 0.95,
           "leaked strings": 0.0},
    "demo": {"word F1 of the body": 0.995, **dict.fromkeys(_FIELDS, 1.0), "leaked strings": 0.0},
    "unknown": {},
}  # fmt: skip


def take_turns(corpus: Corpus, names: Sequence[str], rounds: int) -> tuple[dict[str, Score], dict[str, str]]:
    """The scores of the extractors on a corpus, and why the others could not be run.

    Each has a process of its own. They take turns, a round over all pages each, so that what else the machine does
    falls on all of them.
    """
    missing: dict[str, str] = {}
    done: dict[str, list[list[Reading]]] = {}
    with ExitStack() as stack:
        running: dict[str, Extractor] = {}
        for name in names:
            try:
                running[name] = stack.enter_context(Extractor(name))
            except ImportError as error:
                missing[name] = str(error)
            else:
                running[name].read(corpus.cases[:WARM_UP])
        for number in range(rounds):
            for name, extractor in running.items():
                if not number or not _is_slow(done, name):
                    done.setdefault(name, []).append(extractor.read(corpus.cases))
    return {name: score(corpus, readings) for name, readings in done.items()}, missing


def _is_slow(done: Mapping[str, list[list[Reading]]], name: str) -> bool:
    first, this = (sum(r.wall for r in done[n][0]) for n in (next(iter(done)), name))
    return this > SLOW * first


def overview(corpus: Corpus, scores: Mapping[str, Score], missing: Mapping[str, str]) -> Sheet:
    """A row for each extractor: text, leaks, fields, time."""
    header = (
        "extractor", "F1", "P", "R", "words F1", "worst", "body", "lead", "leak", "title", "day", "minute", "author",
        "source", "articles", "listings", "pages/s", "ms", "p95", "errors",
    )  # fmt: skip
    rows = [(f"{name} {version_of(PEERS[name])}", *_cells(s)) for name, s in scores.items()]
    rows += [(f"{name}: not installed", *[""] * (len(header) - 1)) for name in missing]
    return Sheet(f"{corpus.name}: {len(corpus.cases)} pages", header, tuple(rows))


def _cells(s: Score) -> Iterator[str]:
    yield from (f"{share:.4f}" for share in (*s.runs, s.words.f1, s.worst))
    yield f"{s.body.f1:.4f}" if s.body else "-"
    yield from (_share(value) for value in (s.lead, s.leak))
    yield from (_share(s.field(name)) for name in ("title", "day", "minute", "author", "source"))
    yield from (_share(s.recognised), _share(s.rejected))
    yield from (f"{s.pages_per_second:.1f}", f"{s.median_ms:.1f}", f"{s.p95_ms:.1f}", str(s.errors or ""))


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def figures(corpus: Corpus, scores: Mapping[str, Score]) -> Iterator[Figure]:
    """What must be reached on a corpus of this form, with what the peers reach on it."""
    ours = scores.get(OURS)
    if ours is None:
        return
    goals = GOALS[corpus.form]
    for what, value_of in VALUES.items():
        value = value_of(ours)
        if value is None or (what == "F1 of the text") != (corpus.form == "aeb"):
            continue
        others = {name: said for name, s in scores.items() if name != OURS and (said := value_of(s)) is not None}
        best = (min if what == "leaked strings" else max)(others, key=lambda name: others[name], default="")
        beside = ", ".join(f"{name} {others[name]:.3f}" for name in dict.fromkeys((RIVAL, best)) if name in others)
        yield _figure(f"{corpus.name}: {what}", value, goals.get(what), beside)
    if RIVAL in scores:
        theirs = scores[RIVAL]
        beside = f"{ours.pages_per_second:.1f} against {theirs.pages_per_second:.1f} pages/s a core"
        what = f"speed, as a multiple of {RIVAL}'s"
        yield _figure(f"{corpus.name}: {what}", speed_ratio(ours, theirs), goals.get("speed"), beside)


def _figure(name: str, value: float, goal: float | None, beside: str) -> Figure:
    if goal is None:
        return Figure(name, value, "", beside=beside)
    if goal == 0:
        return Figure(name, value, "", "= 0", value == 0, beside)
    return Figure(name, value, "", f">= {goal:g}" if goal != 1 else "= 1", round(value, 4) >= goal, beside)


def show_pages(corpus: Corpus, marks: Sequence[Marks]) -> Sheet:
    """The pages that came out worst, each with what may explain it; none that came out right."""
    rows = []
    for m in worst_pages(marks, corpus.form):
        it = judged(m, corpus.form)
        if it.f1 == 1 and not m.leaked and all(m.fields.values()) and m.reading.is_article:
            continue
        wrong = ", ".join(name for name, right in m.fields.items() if not right)
        rows.append((
            m.case.id[:40], *(f"{share:.3f}" for share in (it.f1, it.precision, it.recall)),
            f"{m.reading.confidence or 0:.2f}", m.reading.how, wrong, "; ".join(m.leaked)[:60], m.reading.error[:60],
        ))  # fmt: skip
    header = ("page", "F1", "P", "R", "confidence", "body found by, or why none", "wrong fields", "leaked", "error")
    return Sheet(f"{corpus.name}: the worst pages", header, tuple(rows))


def main() -> int:
    given = _parser().parse_args()
    try:
        corpora = [read_corpus(folder) for folder in given.corpus]
    except BantinError as error:
        return refuse(error)
    if given.demo or not corpora:
        corpora += demo_corpora()
    names = given.only or list(PEERS)
    rounds = given.rounds or (QUICK_ROUNDS if given.quick else ROUNDS)
    corpora = [corpus.thinned(QUICK_PAGES) if given.quick else corpus for corpus in corpora]
    return finish("extraction", measure(corpora, names, rounds, given.pages), given.json)


def measure(corpora: Sequence[Corpus], names: Sequence[str], rounds: int, pages: bool) -> Outcome:
    """All figures, tables and plots; `pages` asks for the worst pages of the first extractor."""
    found: list[Figure] = []
    sheets: list[Sheet] = []
    plots: list[Bars | Curve] = []
    trust: list[Trust] = []
    for corpus in corpora:
        scores, missing = take_turns(corpus, names, rounds)
        sheets.append(overview(corpus, scores, missing))
        if pages and names[0] in scores:
            sheets.append(show_pages(corpus, scores[names[0]].marks))
        found += figures(corpus, scores)
        plots.append(Bars(f"{corpus.name}: word F1 of the text", "", tuple((n, s.words.f1) for n, s in scores.items())))
        if OURS in scores:
            trust += trusted(scores[OURS], corpus.form)
    if trust:
        sheet, bars = bands(trust)
        return Outcome((*found, *trust_figures(trust)), (*sheets, sheet), (*plots, bars))
    return Outcome(tuple(found), tuple(sheets), tuple(plots))


def _parser() -> argparse.ArgumentParser:
    parser = options("extraction")
    parser.add_argument("corpus", nargs="*", type=Path, metavar="CORPUS_DIR", help="folders of docs/benchmarks.md")
    parser.add_argument("--demo", action="store_true", help="the sample portals too (alone they are the default)")
    parser.add_argument("--only", action="append", choices=PEERS, help="this extractor only; may be repeated")
    parser.add_argument("--rounds", type=int, help="timed rounds over each corpus")
    parser.add_argument("--pages", action="store_true", help="list the 20 worst pages of the first extractor")
    return parser


if __name__ == "__main__":
    sys.exit(main())
