"""Pairs of texts of which is known whether they are one article: made from real articles by seeded edits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from bench import negatives
from bench.corpora import read_corpus
from bench.edits import EDITS, HARD_EDITS, Donor, donor_of
from demo.writer import all_articles
from news.dedupe.fingerprint import SHORT_WORDS
from news.dedupe.likeness import Relation, Text
from news.dedupe.shingles import overlap, shingles, syllables

# An article of fewer words is not made into copies: a third of it cut and a third rewritten leaves too little.
LEAST_WORDS = 100
# Longer ones are cut at paragraphs, so that there are more of them and of the length of a portal's news.
MOST_WORDS = 900


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, how the second came about, and what they are to each other: NEAR, QUOTES (the second holds the first
    whole; see `truth`), or OTHER. `hard`: two that look alike; or a copy for which no target is set."""

    kind: str
    one: Text
    other: Text
    truth: Relation
    hard: bool = False


def read_texts(folders: Sequence[Path]) -> list[Text]:
    """The articles of folders in the formats of docs/benchmarks.md or with text files (a headline, then paragraphs);
    without folders those of the sample portals. Raises BantinError where a folder holds none."""
    texts = [text for folder in folders for text in _of_folder(folder)] if folders else demo_texts()
    return list(_told_once(piece for text in texts for piece in pieces(text)))


def _told_once(texts: Iterable[Text]) -> Iterator[Text]:
    """Those that share little with any before them: what is one article twice would be counted as an error."""
    held: list[set[tuple[str, ...]]] = []
    for text in texts:
        runs = shingles(syllables(text.body))
        if all(len(runs & other) < 0.2 * min(len(runs), len(other)) for other in held):
            held.append(runs)
            yield text


def _of_folder(folder: Path) -> Iterator[Text]:
    files = sorted(folder.glob("*.txt"))
    for file in files:
        title, _, body = file.read_text(encoding="utf-8").strip().partition("\n")
        yield Text(title, "", "\n".join(line.strip() for line in body.splitlines() if line.strip()))
    if not files:
        for case in read_corpus(folder).cases:
            if case.truth:
                yield Text(case.truth.title or "", case.truth.lead or "", case.truth.body)


def demo_texts() -> list[Text]:
    """The sample portals' articles, without those that one took over from another."""
    return [
        Text(article.title, article.lead, "\n".join(article.body), article.published.date())
        for articles in all_articles().values()
        for article in articles
        if not article.twin_of
    ]


def pieces(text: Text) -> Iterator[Text]:
    """The article, or the parts that a long one is cut into, of at least LEAST_WORDS each."""
    held: list[str] = []
    for line in text.body.split("\n"):
        held.append(line)
        if sum(len(line.split()) for line in held) > MOST_WORDS * 0.6:
            yield replace(text, body="\n".join(held))
            held, text = [], replace(text, lead="")
    if sum(len(line.split()) for line in held) >= LEAST_WORDS:
        yield replace(text, body="\n".join(held))


def copies(texts: Sequence[Text], rng: Random) -> Iterator[Pair]:
    """Every article with a copy of each kind of edit."""
    for number, text in enumerate(texts):
        donor = _other_donor(texts, number)
        for kind, edit in {**EDITS, **HARD_EDITS}.items():
            yield Pair(kind, text, edit(text, rng, donor), Relation.NEAR, kind in HARD_EDITS)


def _other_donor(texts: Sequence[Text], number: int) -> Donor:
    """The paragraphs of other articles in the same language: a rewriting editor writes in that of the article."""
    text = texts[number]
    others = [o for o in texts if o.title != text.title or (not o.title and o is not text)]
    same = [other for other in others if _vietnamese(other) == _vietnamese(text)]
    return donor_of(same or others)


def _vietnamese(text: Text) -> bool:
    return sum(not letter.isascii() for letter in text.body) > 0.05 * len(text.body)


def quotations(texts: Sequence[Text], rng: Random, every: int = 1) -> Iterator[Pair]:
    """Every so many-th article inside a text of one and a half to six times as many words of its own."""
    for number in range(0, len(texts), every):
        text, donor = texts[number], _other_donor(texts, number)
        own = rng.uniform(1.5, 6) * len(text.body.split())
        around: list[str] = []
        while sum(len(line.split()) for line in around) < own:
            around += rng.sample(donor.paragraphs, min(5, len(donor.paragraphs)))
        at = rng.randint(1, len(around))
        body = "\n".join((*around[:at], text.title, text.lead, text.body, *around[at:]))
        title = " ".join(donor.words(rng, 10))
        yield Pair("quoted whole", text, Text(title, donor.sentence(rng), body), Relation.QUOTED, False)


def looking_alike(texts: Sequence[Text], rng: Random, rounds: int) -> Iterator[Pair]:
    """The hard negatives: pairs that a reader would not call one article."""
    count = rounds * 20
    running = [text for text in texts if len(text.body.split()) >= 2 * SHORT_WORDS]
    donor = donor_of(texts)
    found = [
        negatives.of_one_form(rng, rounds),
        negatives.of_one_letterhead(running, rng, count),
        negatives.short_ones(texts, rng, count),
        negatives.of_one_headline(texts, rng, count),
        negatives.sharing_a_paragraph(running, donor, rng, count),
        negatives.parts_of_one(texts, rng, count),
        of_one_topic(demo_texts(), count * 4),
    ]
    for rows in found:
        for kind, one, other in rows:
            yield Pair(kind, one, other, Relation.OTHER, True)


def of_one_topic(texts: Sequence[Text], count: int) -> Iterator[tuple[str, Text, Text]]:
    """The articles of the sample portals that share most with another one: sentences of one bank, other figures."""
    held = [(text, syllables(text.whole)) for text in texts]
    pairs = [
        (overlap(mine, theirs)[1], a, b)
        for a, (_, mine) in enumerate(held)
        for b, (_, theirs) in enumerate(held[:a])
        if min(len(mine), len(theirs)) >= SHORT_WORDS
    ]
    for _, a, b in sorted(pairs, reverse=True)[:count]:
        yield "sample articles of one topic", texts[a], texts[b]


def unrelated(texts: Sequence[Text], rng: Random, count: int) -> Iterator[Pair]:
    for _ in range(count):
        one, other = rng.sample(texts, 2)
        if one.title != other.title:
            yield Pair("unrelated", one, other, Relation.OTHER)


def collection(texts: Sequence[Text], rng: Random, rounds: int) -> Iterator[tuple[Text, str]]:
    """Texts in random order, each with the name of the article that it is: every article with four copies, every
    eighth one quoted by another text, and editions of every form."""
    members: list[tuple[Text, str]] = []
    for number, text in enumerate(texts):
        donor = _other_donor(texts, number)
        members.append((text, f"article {number}"))
        members += [(edit(text, rng, donor), f"article {number}") for edit in rng.sample(list(EDITS.values()), 4)]
    members += [(pair.other, f"quotation {n}") for n, pair in enumerate(quotations(texts, rng, every=8))]
    for number, (_, one, other) in enumerate(negatives.of_one_form(rng, max(1, rounds // 4))):
        members += [(one, f"notice {number}"), (other, f"notice {number} again")]
    rng.shuffle(members)
    yield from members
