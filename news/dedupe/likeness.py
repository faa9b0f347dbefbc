"""How two texts are related, by a second and exact look at both: the same article, a longer one that holds it, or
another one that only looks alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from news.article import VIETNAM, Article
from news.dedupe.alignment import Alignment, align
from news.dedupe.fingerprint import SHORT_WORDS
from news.dedupe.formulas import prose
from news.dedupe.guards import Differences, differences, formulaic
from news.dedupe.shingles import overlap, syllables, words


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
_ALIGNED, _KEPT = 0.45, 0.42
# And so much of its runs: a copy of which three tenths were written anew keeps above .55, two reports that a portal
# fills into the same sentences were seen to share .47.
_SHARED = 0.5
# What is shared stands all over a copy. Where less than this is, and nearly all of it in one place, both quote it.
_SCATTERED, _ONE_PASSAGE = 0.55, 0.8
# Where so much is aligned, words may be replaced one by one all over it, which spares few runs of three.
_THROUGHOUT = 0.75
# Less than that and more than this, a person should look.
_DOUBTFUL = 0.35
# A quoted article is there almost whole, and makes up less than this share of the longer text.
_WHOLE, _OWN = 0.8, 0.45

# Two texts of which so much is equal, slots included, differ in nothing else.
_EQUAL = 0.95
# Of the figures in equal places so many differ in a template filled in anew; so many may in a corrected copy.
_OTHER_FIGURES, _SOME_FIGURES = 0.34, 0.15
# A template has a slot in so many words at least.
_WORDS_A_SLOT = 60
# In so many words of running news one figure may be corrected and all else left as it was.
_LONG = 300


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
    mine, theirs = prose(mine), prose(theirs)
    jaccard, contained = overlap(mine, theirs)
    told = f"jaccard {jaccard:.2f}, contained {contained:.2f}"
    if contained < _RELATED:
        return Likeness(Relation.OTHER, jaccard, contained, f"other words: {told}")
    fewest = min(len(mine), len(theirs))
    if fewest < SHORT_WORDS:
        relation = Relation.ALIKE if jaccard >= _ALIGNED else Relation.OTHER
        return Likeness(
            relation, jaccard, contained, f"{fewest} words of its own are too few unless all are equal: {told}"
        )
    return _judge(_Pair.of(one, other), jaccard, contained, told)


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
    one_headline: bool
    kind: str

    @classmethod
    def of(cls, one: Text, other: Text) -> _Pair:
        mine, theirs = (prose(syllables(f"{text.lead}\n{text.body}")) for text in (one, other))
        if (len(mine), mine) > (len(theirs), theirs):
            mine, theirs = theirs, mine
        titles = sorted((syllables(one.title), syllables(other.title)), key=lambda title: (len(title), title))
        aligned, headline = align(mine, theirs), align(*titles)
        one_headline = 2 * headline.kept >= len(titles[0])
        found = differences(aligned)
        title = differences(headline, found.typos) if one_headline else Differences()
        return cls(
            len(mine), len(theirs), aligned, found, title, one_headline,
            formulaic(one.title) and formulaic(other.title),
        )  # fmt: skip

    @property
    def almost_equal(self) -> bool:
        """Whether the texts are equal but for some slots, and no hasty typing explains these."""
        return self.one_headline and min(self.shares) >= _EQUAL and 2 * self.text.all >= self.text.typos

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
    if small < _SCATTERED and pair.aligned.longest >= _ONE_PASSAGE * pair.aligned.one:
        relation = Relation.UNSURE if min(small, large) >= _DOUBTFUL else Relation.OTHER
        return Likeness(relation, jaccard, contained, f"one passage of {pair.aligned.longest} words is shared ({told})")
    scattered = small >= _THROUGHOUT and pair.aligned.kept >= _KEPT * pair.shorter
    if min(small, large) >= _ALIGNED and (contained >= _SHARED or scattered):
        return Likeness(Relation.NEAR, jaccard, contained, f"the same text, edited ({told})")
    relation = Relation.UNSURE if min(small, large) >= _DOUBTFUL else Relation.OTHER
    return Likeness(relation, jaccard, contained, f"a part is shared ({told})")


def _guard(pair: _Pair) -> tuple[Relation, str] | None:
    """The guard that holds the texts apart, with what it found; None where none does."""
    example = pair.title.example or pair.text.example
    held = _one_form(pair) or _one_template(pair) or _one_figure(pair)
    if held is None:
        return None
    return held[0], f"{held[1]}: {_told(pair.text)}" + (f", as in “{example}”" if example else "")


def _one_form(pair: _Pair) -> tuple[Relation, str] | None:
    """By the headlines: editions of one bulletin, notices of one office."""
    text, title = pair.text, pair.title
    if title.figures:
        return Relation.ALIKE, "the headlines differ in a figure"
    if title.pairs & text.pairs:
        return Relation.ALIKE, "another name stands in headline and text"
    if not pair.kind:
        return None
    if text.telling > text.words + text.phrases or title.names or title.words or title.phrases:
        return Relation.ALIKE, f"two of one form ({pair.kind})"
    if text.figures or (pair.almost_equal and pair.shorter < _LONG):
        return Relation.UNSURE, f"of one form ({pair.kind}) and not quite equal"
    if max(pair.shares) < 1:
        return Relation.UNSURE, f"of one form ({pair.kind}), and each says something of its own"
    return None


def _one_template(pair: _Pair) -> tuple[Relation, str] | None:
    """By the slots of the text: most figures, or names all over it, stand for others."""
    text = pair.text
    if text.figures >= 2 and text.share >= _OTHER_FIGURES:
        return Relation.ALIKE, "same template, other figures"
    others = text.words + text.phrases
    if text.telling < max(3, pair.aligned.kept / _WORDS_A_SLOT):
        return None
    if text.telling >= (others if text.share >= _SOME_FIGURES else 2 * others):
        return Relation.ALIKE, "same template, other names"
    return None


def _one_figure(pair: _Pair) -> tuple[Relation, str] | None:
    """Hardly anything differs but figures: the next edition, or a correction."""
    text = pair.text
    others = text.words + text.phrases
    alone = pair.almost_equal and text.words <= 4 * text.telling and text.phrases <= text.telling
    if text.inserted and alone and not others and pair.shorter < _LONG:
        return Relation.UNSURE, "little but a figure is missing"
    if pair.shorter < _LONG and (pair.title.names or (text.names and alone)):
        return Relation.UNSURE, "a short text with other names"
    if text.figures and alone and (text.editions or pair.shorter < _LONG or text.share >= _SOME_FIGURES):
        return Relation.UNSURE, "little but figures differs"
    if text.figures >= 2 and text.share >= _SOME_FIGURES and pair.shorter < _LONG and 2 * text.figures > text.typos:
        return Relation.UNSURE, "a short text with other figures"
    return None


def _told(found: Differences) -> str:
    total = found.figures + found.kept
    return f"{found.figures} of {total} figures, {found.names} names and {found.words + found.phrases} other places"
