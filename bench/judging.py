"""What the readings of one extractor on one corpus are worth: every page's marks, and their sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import mean, median
from unicodedata import normalize

from bench.corpora import Case, Corpus, Truth
from bench.peers import Reading
from bench.scoring import (
    Average,
    Match,
    average,
    leaked,
    local,
    match,
    percentile,
    same,
    same_day,
    same_minute,
    same_people,
    shingles,
    words,
)


@dataclass(frozen=True, slots=True)
class Marks:
    """One article page: `runs` and `words` compare lead and body, `body` and `lead` each alone (None where the
    extractor or the corpus does not tell them apart). `fields` holds the right and wrong ones that both state."""

    case: Case
    reading: Reading
    runs: Match
    words: Match
    body: Match | None
    lead: Match | None
    leaked: tuple[str, ...]
    fields: dict[str, bool]


def mark(case: Case, truth: Truth, reading: Reading) -> Marks:
    apart = truth.lead is not None and reading.body is not None
    text = normalize("NFC", reading.text)  # what a page spells in two characters may stay so, or not
    return Marks(
        case,
        reading,
        match(shingles, normalize("NFC", truth.text), text),
        match(words, truth.text, text),
        match(words, truth.body, reading.body or "") if apart else None,
        match(words, truth.lead or "", reading.lead or "") if apart and (truth.lead or reading.lead) else None,
        tuple(leaked(truth.leak, text)),
        _fields(truth, reading),
    )


def _fields(truth: Truth, reading: Reading) -> dict[str, bool]:
    right: dict[str, bool] = {}
    if truth.title is not None and reading.title is not None:
        right["title"] = same(truth.title, reading.title)
    if truth.published is not None and reading.published is not None:
        moment, exact = _moment(reading.published)
        right["day"] = same_day(truth.published, moment)
        right["minute"] = exact and same_minute(truth.published, moment, truth.precision)
    if truth.author is not None and reading.author is not None:
        right["author"] = same_people(truth.author, reading.author)
    if truth.source is not None and reading.source is not None:
        right["source"] = same(truth.source, reading.source)
    return right


def _moment(said: datetime | str) -> tuple[datetime | None, bool]:
    """The moment an extractor names, and whether it is more than a day."""
    if isinstance(said, datetime):
        return said, True
    try:
        return local(datetime.fromisoformat(said)), len(said) > len("2026-03-07")
    except ValueError:
        return None, False


@dataclass(frozen=True, slots=True)
class Score:
    """The sums of an extractor over a corpus. Shares are 0..1; a share is None where nothing was to be judged.

    `rounds` are the CPU seconds of each timed round over the corpus, `pages` how many pages a round has.
    """

    marks: tuple[Marks, ...]
    listings: tuple[Reading, ...]
    rounds: tuple[float, ...]
    walls: tuple[float, ...]
    page_ms: tuple[float, ...]
    errors: int

    @property
    def runs(self) -> Average:
        return average(m.runs for m in self.marks)

    @property
    def words(self) -> Average:
        return average(m.words for m in self.marks)

    @property
    def body(self) -> Average | None:
        pages = [m.body for m in self.marks if m.body]
        return average(pages) if pages else None

    @property
    def worst(self) -> float:
        """The token F1 of the worst page: of its body where that is told apart, else of its text."""
        return min(((m.body or m.words).f1 for m in self.marks), default=0.0)

    @property
    def lead(self) -> float | None:
        leads = [m.lead.f1 for m in self.marks if m.lead]
        return mean(leads) if leads else None

    @property
    def leak(self) -> float | None:
        """The share of the strings that should not be in the text but are."""
        known = sum(len(m.case.truth.leak) for m in self.marks if m.case.truth)
        return sum(len(m.leaked) for m in self.marks) / known if known else None

    def field(self, name: str) -> float | None:
        judged = [m.fields[name] for m in self.marks if name in m.fields]
        return mean(judged) if judged else None

    @property
    def recognised(self) -> float | None:
        """The share of the articles that were taken for such."""
        return mean(m.reading.is_article for m in self.marks) if self.marks else None

    @property
    def rejected(self) -> float | None:
        """The share of the listings that were not taken for articles."""
        return mean(not reading.is_article for reading in self.listings) if self.listings else None

    @property
    def pages_per_second(self) -> float:
        """Of one core, by CPU time: what else the machine does takes no part."""
        return len(self.page_ms) / median(self.rounds)

    @property
    def median_ms(self) -> float:
        return median(self.page_ms)

    @property
    def p95_ms(self) -> float:
        return percentile(self.page_ms, 0.95)


def score(corpus: Corpus, rounds: Sequence[Sequence[Reading]]) -> Score:
    """The score of one extractor's timed rounds over a corpus; texts and fields are those of the first round."""
    marks, listings = [], []
    for case, reading in zip(corpus.cases, rounds[0], strict=True):
        if case.truth is None:
            listings.append(reading)
        else:
            marks.append(mark(case, case.truth, reading))
    return Score(
        tuple(marks),
        tuple(listings),
        tuple(sum(r.cpu for r in readings) for readings in rounds),
        tuple(sum(r.wall for r in readings) for readings in rounds),
        tuple(1000 * median(r.cpu for r in page) for page in zip(*rounds, strict=True)),
        sum(bool(r.error) for r in rounds[0]),
    )


def speed_ratio(ours: Score, theirs: Score) -> float:
    """How many times as fast as theirs ours is: the median over the rounds, which took turns."""
    pairs = list(zip(ours.rounds, theirs.rounds, strict=False))
    return median(their / our for our, their in pairs)


def worst_pages(marks: Iterable[Marks], form: str, count: int = 20) -> list[Marks]:
    """The pages furthest from their truth, by the measure that the form of the corpus is judged by; of equal ones those
    with leaks and wrong fields first. Those that were not even taken for articles come before all."""

    def rank(m: Marks) -> tuple[float, ...]:
        return m.reading.is_article, judged(m, form).f1, -len(m.leaked), sum(m.fields.values())

    return sorted(marks, key=rank)[:count]


def judged(marks: Marks, form: str) -> Match:
    """The measure by which a page of that form of corpus is judged."""
    return marks.body or text_of(marks, form)


def text_of(marks: Marks, form: str) -> Match:
    """The measure of the whole text, lead and body, of a page of that form of corpus."""
    return marks.runs if form == "aeb" else marks.words
