"""How surely copies of an article are told from texts that only look alike, and how fast, beside SimHash and bare
MinHash."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median, quantiles

from trafilatura.deduplication import Simhash

from bench.clusters import MERGED, Collection, bcubed, pairwise
from bench.figures import Bars, Figure, Outcome, Sheet, finish, options, refuse
from bench.pairs import Pair, collection, copies, looking_alike, quotations, read_texts, unrelated
from news.dedupe.likeness import Likeness, Relation, Text, compare
from news.dedupe.sketch import Sketch, estimate, shortlist, sketch
from news.errors import BantinError

# The rules were tuned on seeds below 100,000. Who changes them after a look at this seed's failures takes a new one.
SEED = 20_261_124
QUICK_TEXTS = 40
ROUNDS, QUICK_ROUNDS = 12, 4


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair, whether the search alone finds it (the later text asks for the keys of the earlier one), what the second
    look says, and what the peers make of it."""

    pair: Pair
    found: bool
    likeness: Likeness
    microseconds: float
    peers: Mapping[str, bool]

    @property
    def merged(self) -> bool:
        return self.likeness.relation in MERGED

    @property
    def right(self) -> bool:
        """Whether search and second look together find the truth; of two articles, that they are not merged."""
        if self.pair.truth is Relation.NEAR:
            return self.found and self.merged
        if self.pair.truth is Relation.QUOTED:
            return self.found and self.likeness.relation is Relation.QUOTED
        return not self.merged


class Sketches:
    """The sketches of texts, each made once, with the time that took."""

    def __init__(self) -> None:
        self.microseconds: list[float] = []
        self._made: dict[Text, tuple[Sketch | None, Simhash]] = {}

    def of(self, text: Text) -> tuple[Sketch | None, Simhash]:
        if text not in self._made:
            start = time.process_time()
            made = sketch(text)
            self.microseconds.append(1e6 * (time.process_time() - start))
            self._made[text] = made, Simhash(text.whole)
        return self._made[text]


def judge(pair: Pair, sketches: Sketches) -> Judged:
    (mine, theirs), (hash_one, hash_other) = zip(*map(sketches.of, (pair.one, pair.other)), strict=True)
    found = True  # too short for a sketch: known by its fingerprint alone
    jaccard = 0.0
    if mine and theirs:
        found = not set(theirs.asked).isdisjoint(mine.keys) and bool(shortlist(theirs, [("", mine)]))
        jaccard = estimate(mine, theirs)
    start = time.process_time()
    likeness = compare(pair.one, pair.other)
    spent = 1e6 * (time.process_time() - start)
    peers = {
        "SimHash, 3 bits": (hash_one.hash ^ hash_other.hash).bit_count() <= 3,
        "MinHash >= .8": jaccard >= 0.8,
        "MinHash >= .5": jaccard >= 0.5,
    }
    return Judged(pair, found, likeness, spent, peers)


def make_pairs(texts: Sequence[Text], seed: int, rounds: int) -> Iterator[Pair]:
    """All pairs of a run; the same seed makes the same ones."""
    rng = Random(seed)
    yield from copies(texts, rng)
    yield from quotations(texts, rng)
    yield from looking_alike(texts, rng, rounds)
    yield from unrelated(texts, rng, rounds * 100)


def overview(judged: Sequence[Judged]) -> Sheet:
    """A row for each kind of pair: how many, found by the search alone, judged right, and as what."""
    kinds: defaultdict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        kinds[each.pair.kind].append(each)
    rows = []
    for kind, members in kinds.items():
        relations = [str(each.likeness.relation) for each in members]
        told = ", ".join(f"{name} {relations.count(name)}" for name in Relation if name in relations)
        peers = [str(sum(each.peers[name] for each in members)) for name in members[0].peers]
        counts = (len(members), sum(each.found for each in members), sum(each.right for each in members))
        rows.append((kind, str(members[0].pair.truth), *map(str, counts), told, *peers))
    header = (
        "kind of pair",
        "truth",
        "pairs",
        "found",
        "right",
        "judged as",
        *(f"merged by {p}" for p in judged[0].peers),
    )
    return Sheet("pairs", header, tuple(rows))


def failures(judged: Sequence[Judged]) -> Sheet:
    """Up to three pairs of each kind that came out wrong, with the reason given for them."""
    seen: defaultdict[str, int] = defaultdict(int)
    rows = []
    for each in judged:
        seen[each.pair.kind] += not each.right
        if not each.right and seen[each.pair.kind] <= 3:
            how = str(each.likeness.relation) if each.found else "not found"
            rows.append((each.pair.kind, each.pair.one.title[:40], how, each.likeness.reason))
    return Sheet("what came out wrong", ("kind of pair", "headline", "judged as", "reason"), tuple(rows))


def rates(judged: Sequence[Judged], merged: Callable[[Judged], bool]) -> tuple[float, float]:
    """Precision and recall of merging, copies of over 30 % rewritten aside."""
    counted = [(merged(each), each.pair.truth is Relation.NEAR) for each in judged if not _reported_only(each.pair)]
    right = sum(ours and true for ours, true in counted)
    return right / max(1, sum(ours for ours, _ in counted)), right / max(1, sum(true for _, true in counted))


def _reported_only(pair: Pair) -> bool:
    return pair.truth is Relation.NEAR and pair.hard


def figures(judged: Sequence[Judged], sketches: Sequence[float]) -> Iterator[Figure]:
    """What must be reached over pairs, with what the peers reach on the same ones."""
    precision, recall = rates(judged, lambda each: each.found and each.merged)
    peers = {name: rates(judged, lambda each, name=name: each.peers[name]) for name in judged[0].peers}  # type: ignore[misc]
    yield _least("precision of pairs", precision, 0.99, _beside(peers, 0))
    yield _least("recall of pairs, up to 30 % rewritten", recall, 0.97, _beside(peers, 1))
    rewritten = [each for each in judged if _reported_only(each.pair)]
    yield Figure("recall of pairs, 40 % rewritten", _share(rewritten, lambda each: each.right), "")
    copied = [each for each in judged if each.pair.truth is Relation.NEAR and not each.pair.hard]
    yield _least("copies found by the search alone", _share(copied, lambda each: each.found), 0.99, "")
    alike = [each for each in judged if each.pair.truth is Relation.OTHER and each.pair.hard]
    wrong = sum(each.merged for each in alike)
    others = {name: sum(each.peers[name] for each in alike) for name in peers}
    beside = f"of {len(alike)}; " + ", ".join(f"{name}: {count}" for name, count in others.items())
    yield Figure("hard negatives merged", wrong, "pairs", "= 0", wrong == 0, beside)
    quoted = [each for each in judged if each.pair.truth is Relation.QUOTED]
    yield _least("whole quotations recognised", _share(quoted, lambda each: each.right), 0.97, "")
    yield from _speed("sketch of a text", sketches)
    yield from _speed("second look at a pair", [each.microseconds for each in judged if each.found])


def _least(name: str, value: float, goal: float, beside: str) -> Figure:
    return Figure(name, value, "", f">= {goal:g}".replace("0.", "."), value >= goal, beside)


def _beside(peers: Mapping[str, tuple[float, float]], which: int) -> str:
    return ", ".join(f"{name}: {both[which]:.3f}" for name, both in peers.items())


def _share(judged: Sequence[Judged], holds: Callable[[Judged], bool]) -> float:
    return sum(map(holds, judged)) / max(1, len(judged))


def _speed(name: str, microseconds: Sequence[float]) -> Iterator[Figure]:
    yield Figure(f"{name}, median", median(microseconds), "µs")
    yield Figure(
        f"{name}, p95",
        quantiles(microseconds, n=20)[-1],
        "µs",
        "<= 10,000",
        quantiles(microseconds, n=20)[-1] <= 10_000,
    )


def clustered(texts: Sequence[Text], seed: int, rounds: int) -> Iterator[Figure]:
    """Groups of copies in a collection into which originals, copies, quotations and notices come in any order. Groups
    are closed: copies of copies are copies."""
    held = Collection()
    members = list(collection(texts, Random(seed + 1), rounds))
    for text, _ in members:
        held.add(text)
    truth = [origin for _, origin in members]
    beside = f"{len(members)} texts of {len(set(truth))} articles, {held.looks / len(members):.1f} second looks a text"
    for name, (precision, recall) in (
        ("pairwise", pairwise(held.groups(), truth)), ("BCubed", bcubed(held.groups(), truth)),
    ):  # fmt: skip
        yield _least(f"precision of clusters, {name}", precision, 0.99, beside)
        yield _least(f"recall of clusters, {name}", recall, 0.97, beside)


def quality(texts: Sequence[Text], seed: int, rounds: int, pairs: bool) -> Outcome:
    """How well pairs and clusters are judged; `pairs` asks for what came out wrong."""
    sketches = Sketches()
    judged = [judge(pair, sketches) for pair in make_pairs(texts, seed, rounds)]
    found = (*figures(judged, sketches.microseconds), *clustered(texts, seed, rounds))
    sheets = [overview(judged), *([failures(judged)] if pairs else [])]
    names = ("bantin", *judged[0].peers)
    recalls = [rates(judged, lambda each: each.found and each.merged)]
    recalls += [rates(judged, lambda each, name=name: each.peers[name]) for name in names[1:]]  # type: ignore[misc]
    bars = tuple((name, 100 * recall) for name, (_, recall) in zip(names, recalls, strict=True))
    return Outcome(found, tuple(sheets), (Bars("copies recognised", "%", bars),))


def main() -> int:
    given = _parser().parse_args()
    rounds = QUICK_ROUNDS if given.quick else ROUNDS
    try:
        texts = read_texts(given.corpus)
        if given.quick:
            texts = texts[:: max(1, -(-len(texts) // QUICK_TEXTS))]
        parts = [
            quality(texts, given.seed, rounds, given.pairs),
            # The scale of the stored index is a part of its own and is added here.
        ]
    except BantinError as error:
        return refuse(error)
    return finish("dedupe", _joined(parts), given.json)


def _joined(parts: Sequence[Outcome]) -> Outcome:
    return Outcome(
        tuple(figure for part in parts for figure in part.figures),
        tuple(sheet for part in parts for sheet in part.sheets),
        tuple(plot for part in parts for plot in part.plots),
    )


def _parser() -> ArgumentParser:
    parser = options("dedupe")
    parser.add_argument(
        "corpus", nargs="*", type=Path, metavar="CORPUS_DIR", help="folders of docs/benchmarks.md, or of text files"
    )
    parser.add_argument("--seed", type=int, default=SEED, help="the seed of all edits and forms")
    parser.add_argument("--pairs", action="store_true", help="list what came out wrong")
    return parser


if __name__ == "__main__":
    sys.exit(main())
