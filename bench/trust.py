"""Whether our confidence means something: how often pages of high and of low confidence came out wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean

from bench.figures import Bars, Figure, Sheet
from bench.judging import Score, text_of
from bench.scoring import auc

# A page whose text agrees less than this with the true one is wrong: a paragraph in ten is missing or foreign.
WRONG_BELOW = 0.9
# Fewer wrong pages than these say little: one of them moves the figure by a tenth and more.
ENOUGH = 10
BANDS = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)


@dataclass(frozen=True, slots=True)
class Trust:
    """A page that we took for an article: what we said of it, and what it is worth; a listing is worth nothing."""

    confidence: float
    f1: float

    @property
    def wrong(self) -> bool:
        return self.f1 < WRONG_BELOW


def trusted(score: Score, form: str) -> Iterator[Trust]:
    """The pages of a score that were taken for articles; what was rejected has no confidence to judge."""
    for m in score.marks:
        if m.reading.is_article and m.reading.confidence is not None:
            yield Trust(m.reading.confidence, text_of(m, form).f1)
    for reading in score.listings:
        if reading.is_article and reading.confidence is not None:
            yield Trust(reading.confidence, 0.0)


def figures(pages: Sequence[Trust]) -> Iterator[Figure]:
    foretold = auc([p.confidence for p in pages], [p.wrong for p in pages])
    if foretold is not None:
        wrong = sum(p.wrong for p in pages)
        enough = wrong >= ENOUGH
        beside = f"{wrong} of {len(pages)} pages below F1 {WRONG_BELOW:g}; .5 says nothing"
        name, target = "confidence: chance that a wrong page has less of it", ">= 0.8" if enough else ""
        yield Figure(name, foretold, "", target, not enough or foretold >= 0.8, beside)


def bands(pages: Iterable[Trust]) -> tuple[Sheet, Bars]:
    """How often the pages of each band of confidence are wrong, as a table and as bars."""
    pages = list(pages)
    rows, bars = [], []
    for low, high in pairwise(BANDS):
        inside = [p for p in pages if low <= p.confidence < high]
        if inside:
            name, share = f"{low:g} to {min(high, 1):g}", mean(p.wrong for p in inside)
            rows.append((name, str(len(inside)), str(sum(p.wrong for p in inside)), f"{share:.3f}",
                         f"{mean(p.f1 for p in inside):.4f}"))  # fmt: skip
            bars.append((name, 100 * share))
    header = ("confidence", "pages", f"below F1 {WRONG_BELOW:g}", "share", "mean F1")
    title = "Pages that came out wrong, by our confidence in them"
    return Sheet(title, header, tuple(rows)), Bars(title, "%", tuple(bars))
