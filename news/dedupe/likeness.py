"""How two texts are related, by a second and exact look at both: the same article, a longer one that holds it, or
another one that only looks alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from news.article import VIETNAM, Article
from news.dedupe.alignment import Alignment, align
from news.dedupe.fingerprint import SHORT_WORDS
from news.dedupe.guards import Differences, differences, formulaic, missing_figures
from news.dedupe.shingles import shingles, syllables, words


class Relation(StrEnum):
    """What one text is to another."""

    SAME = "same"
    NEAR = "near"
    QUOTES = "quotes"
    QUOTED = "quoted"
    UNSURE = "unsure"
    ALIKE = "alike"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Text:
    """What of an article is compared. `published` is the day in Vietnam's time."""

    title: str
    lead: str
    body: str
    published: date | None = None

    @classmethod
    def of(cls, article: Article) -> Text:
        day = article.published.astimezone(VIETNAM).date() if article.published else None
        return cls(article.title, article.lead, article.body, day)

    @property
    def whole(self) -> str:
        return f"{self.title}\n{self.lead}\n{self.body}"


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two texts are: `jaccard` is exact, of runs of three syllables; `contained` is the share of the shorter
    text's runs that the longer one has. `reason` says in words with figures what decided."""

    relation: Relation
    jaccard: float
    contained: float
    reason: str


# Below these two texts share phrases, not an article. An article of which four tenths were written anew, some words
# here and there, keeps about .45 of its runs; two reports of one event by two authors share under .15.
_RELATED = 0.2
# Of a copy at least so much of either text is shared, slots included, and so much of the shorter one word for word.
_ALIGNED, _KEPT = 0.5, 0.35
# Less than that and more than this, a person should look.
_DOUBTFUL = 0.4
# A quoted article is there almost whole, and makes up less than this share of the longer text.
_WHOLE, _OWN = 0.8, 0.55


def compare(one: Text, other: Text) -> Likeness:
    """How `one` is related to `other`. Symmetric, but for QUOTES and QUOTED, which change places. Time grows with the
    length of both texts, not with its square."""
    mine, theirs = syllables(one.whole), syllables(other.whole)
    if mine == theirs:
        return _same_syllables(one, other, len(mine))
    if (len(mine), mine) > (len(theirs), theirs):
        found = compare(other, one)
        turned = {Relation.QUOTES: Relation.QUOTED, Relation.QUOTED: Relation.QUOTES}
        return Likeness(turned.get(found.relation, found.relation), found.jaccard, found.contained, found.reason)
    jaccard, contained = overlap(mine, theirs)
    told = f"jaccard {jaccard:.2f}, contained {contained:.2f}"
    if contained < _RELATED:
        return Likeness(Relation.OTHER, jaccard, contained, f"other words: {told}")
    if len(mine) < SHORT_WORDS:
        relation = Relation.ALIKE if jaccard >= _ALIGNED else Relation.OTHER
        return Likeness(
            relation, jaccard, contained, f"{len(mine)} words are too few to be a copy unless all are equal: {told}"
        )
    return _judge(_Pair.of(one, other), jaccard, contained, told)


def overlap(one: list[str], other: list[str]) -> tuple[float, float]:
    """The Jaccard index of the texts' shingles, and the share of the shorter text's that the other one has."""
    a, b = shingles(one), shingles(other)
    if not a or not b:
        return 0.0, 0.0
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared), shared / min(len(a), len(b))


def _same_syllables(one: Text, other: Text, length: int) -> Likeness:
    if length < SHORT_WORDS and one.published != other.published:
        days = " and ".join(
            str(text.published or "no day") for text in sorted((one, other), key=lambda t: str(t.published))
        )
        return Likeness(Relation.ALIKE, 1.0, 1.0, f"the same {length} words of {days}: two notices")
    if words(one.whole) == words(other.whole):
        return Likeness(Relation.SAME, 1.0, 1.0, f"word for word the same {length} words")
    return Likeness(Relation.NEAR, 1.0, 1.0, f"the same {length} words, other diacritics")


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two texts laid side by side, the shorter one first."""

    shorter: int
    longer: int
    aligned: Alignment
    text: Differences
    title: Differences
    kind: str
    missing: tuple[int, int]

    @classmethod
    def of(cls, one: Text, other: Text) -> _Pair:
        mine, theirs = (syllables(f"{text.lead}\n{text.body}") for text in (one, other))
        if (len(mine), mine) > (len(theirs), theirs):
            mine, theirs = theirs, mine
        titles = sorted((syllables(one.title), syllables(other.title)), key=lambda title: (len(title), title))
        aligned, headline = align(mine, theirs), align(*titles)
        same_headline = headline.kept * 2 >= len(titles[0])
        return cls(
            len(mine), len(theirs), aligned, differences(aligned), differences(headline) if same_headline else Differences(),
            formulaic(one.title) and formulaic(other.title), missing_figures(mine, theirs),
        )  # fmt: skip

    @property
    def kept(self) -> float:
        return self.aligned.kept / max(self.shorter, 1)

    @property
    def shares(self) -> tuple[float, float]:
        """The shares of the shorter and the longer text that stand in equal stretches and slots."""
        return min(1.0, self.aligned.one / max(self.shorter, 1)), min(1.0, self.aligned.other / max(self.longer, 1))


def _judge(pair: _Pair, jaccard: float, contained: float, told: str) -> Likeness:
    small, large = pair.shares
    told = f"{told}, aligned {small:.2f} and {large:.2f}"
    guard = _guard(pair)
    if guard:
        return Likeness(guard[0], jaccard, contained, f"{guard[1]} ({told})")
    if small >= _WHOLE and large < _OWN:
        return Likeness(Relation.QUOTED, jaccard, contained, f"held whole by a text of {pair.longer} words ({told})")
    if min(small, large) >= _ALIGNED and pair.kept >= _KEPT:
        return Likeness(Relation.NEAR, jaccard, contained, f"the same text, edited ({told})")
    relation = Relation.UNSURE if min(small, large) >= _DOUBTFUL else Relation.OTHER
    return Likeness(relation, jaccard, contained, f"a part is shared ({told})")


def _guard(pair: _Pair) -> tuple[Relation, str] | None:
    text, title = pair.text, pair.title
    sample = f", as in “{title.example or text.example}”" if title.example or text.example else ""
    if title.figures:
        return Relation.ALIKE, f"the headlines differ in a figure{sample}"
    if pair.kind and (text.figures or text.names or title.names or title.words):
        return (
            Relation.ALIKE,
            f"two of one form ({pair.kind}): {text.figures} figures and {text.names + title.names} names differ{sample}",
        )
    if text.figures >= 2 and text.share >= 0.34:
        return (
            Relation.ALIKE,
            f"same template, other figures: {text.figures} of {text.figures + text.kept} differ{sample}",
        )
    telling = text.figures + text.names
    if telling >= 3 and telling >= 0.5 * (telling + text.words):
        return Relation.ALIKE, f"same template, other names: {telling} of {telling + text.words} differences{sample}"
    return None
