"""How right a text or a field is: the measures of the extraction bench, of plain values only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from statistics import mean
from typing import NamedTuple

from news.article import VIETNAM, Precision
from news.clean.text import fold, squeeze

# article-extraction-benchmark compares runs of so many words: a lost, doubled or misplaced sentence costs what it is
# long, a lost line break nothing.
SHINGLE = 4
_WORD = re.compile(r"\w+")


class Match(NamedTuple):
    """Of all that two texts hold: the shares in both, in the found one only, in the true one only; they sum to 1."""

    both: float
    extra: float
    missing: float

    @property
    def precision(self) -> float:
        return _share(self.both, self.extra, self.missing)

    @property
    def recall(self) -> float:
        return _share(self.both, self.missing, self.extra)

    @property
    def f1(self) -> float:
        return harmonic(self.precision, self.recall)


def _share(both: float, wrong: float, other: float) -> float:
    if wrong == other == 0:
        return 1.0
    return both / (both + wrong) if both or wrong else 0.0


def harmonic(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """The runs of four words of a text; a shorter text is one run."""
    words = _WORD.findall(text)
    runs = (tuple(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1)))
    return Counter(run for run in runs if run)


def words(text: str) -> Counter[str]:
    """The words of a text in any order, in NFC and small letters."""
    return Counter(_WORD.findall(squeeze(text).casefold()))


Measure = Callable[[str], Counter[str]] | Callable[[str], Counter[tuple[str, ...]]]


def match(measure: Measure, true: str, found: str) -> Match:
    """How the texts agree by `shingles` or `words`; two empty texts agree on nothing."""
    a: Counter[object] = Counter(measure(true))
    b: Counter[object] = Counter(measure(found))
    both, extra, missing = (a & b).total(), (b - a).total(), (a - b).total()
    total = both + extra + missing
    return Match(both / total, extra / total, missing / total) if total else Match(0.0, 0.0, 0.0)


class Average(NamedTuple):
    f1: float
    precision: float
    recall: float


def average(matches: Iterable[Match]) -> Average:
    """Means of the pages' precision (where something was found) and recall (where something was to be found), and the
    F1 of these means, as article-extraction-benchmark has it."""
    matches = list(matches)
    precision = _mean([m.precision for m in matches if m.both + m.extra > 0])
    recall = _mean([m.recall for m in matches if m.both + m.missing > 0])
    return Average(harmonic(precision, recall), precision, recall)


def _mean(values: Sequence[float]) -> float:
    return mean(values) if values else 0.0


def leaked(leak: Sequence[str], text: str) -> list[str]:
    """The strings of `leak` that got into the text."""
    line = squeeze(text)
    return [words for words in leak if squeeze(words) in line]


def same(true: str, found: str) -> bool:
    """Whether two titles or names differ in no letter or digit."""
    return fold(true) == fold(found)


def same_people(true: str, found: str) -> bool:
    """Whether two lists of names (";", "," or "và" between them) name the same people."""
    return _people(true) == _people(found)


def _people(text: str) -> set[str]:
    return {name for part in re.split(r"[;,/]|\svà\s|\sand\s", text) if (name := fold(part))}


def same_day(true: datetime, found: datetime | None) -> bool:
    return found is not None and local(true).date() == local(found).date()


def same_minute(true: datetime, found: datetime | None, precision: Precision) -> bool:
    """Whether the moments agree to the minute; a page that states only a day asks for the day only."""
    if precision is Precision.DAY or found is None:
        return same_day(true, found)
    return local(true).replace(second=0, microsecond=0) == local(found).replace(second=0, microsecond=0)


def local(moment: datetime) -> datetime:
    """The moment on a clock in Vietnam; one without a zone is read as such a clock already."""
    return moment.replace(tzinfo=VIETNAM) if moment.tzinfo is None else moment.astimezone(VIETNAM)


def auc(scores: Sequence[float], wrong: Sequence[bool]) -> float | None:
    """How well a low score foretells an error: the chance that a wrong page's score is below a right one's (ties count
    half). 1 is perfect, .5 says nothing; None where all pages are right or all are wrong."""
    bad = [score for score, is_wrong in zip(scores, wrong, strict=True) if is_wrong]
    good = [score for score, is_wrong in zip(scores, wrong, strict=True) if not is_wrong]
    if not bad or not good:
        return None
    below = sum((b < g) + (b == g) / 2 for b in bad for g in good)
    return below / (len(bad) * len(good))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
