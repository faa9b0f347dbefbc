"""What near-duplicates of a text are found by among a million others: a MinHash signature and the keys it is indexed
under, so that a store need only look for equal numbers."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from heapq import nsmallest
from zlib import crc32

from rensa import RMinHash

from news.dedupe.fingerprint import SHORT_WORDS
from news.dedupe.formulas import officialese, prose
from news.dedupe.likeness import Text
from news.dedupe.shingles import SHINGLE, syllables

# Raised whenever the sketch of a text would differ: another shingle, hash, number of bands or library algorithm.
VERSION = 1
PERMUTATIONS, SEED = 128, 20_250_101
# Bands of three rows find scattered edits: two texts that share half of their shingles meet in one of 28 with a chance
# of .976, two that share a fiftieth (any two reports of one beat) in one of 4,000 pairs.
ROWS, BANDS = 3, 28
# Eight syllables in a row are a phrase of one's own. A text is indexed by the runs with the twenty smallest hashes, and
# asks for its 44 smallest, so that a long text finds the short one it holds: whatever runs two texts share, both choose
# by the same order (bottom-k sampling, Broder 1997). A hundred found no quotation more, and each key asked for is
# a page of the index, which among a million articles is in no cache.
RUN, ANCHORS, ASKED = 8, 20, 44
# With fewer words of other than office language a run is a title or a slogan, which thousands of articles share.
_TELLING = 2
_SIGNATURE = struct.Struct(f"<{PERMUTATIONS}I")
_BAND = struct.Struct(f"<B{ROWS}I")


@dataclass(frozen=True, slots=True)
class Sketch:
    """What near-duplicates of a text are found by.

    `minhash` is the MinHash signature, 128 uint32, little endian. `keys` (at most 48) are stored and indexed, `asked`
    (at most 72) is what to look for to find a text's neighbours, empty where the sketch was read back; each is in
    0 <= key < 2**32. `words` are the syllables of title, lead and body.
    """

    minhash: bytes
    keys: tuple[int, ...]
    asked: tuple[int, ...]
    words: int


def sketch(text: Text) -> Sketch | None:
    """The sketch of a text; None where it has too few words of its own (SHORT_WORDS) to be compared other than word
    for word."""
    whole = syllables(text.whole)
    tokens = prose(whole)
    if len(tokens) < SHORT_WORDS:
        return None
    signature = _signature(tokens)
    bands = tuple(crc32(_BAND.pack(band, *signature[band * ROWS : band * ROWS + ROWS])) for band in range(BANDS))
    anchors = _anchors(tokens)
    keys = tuple(dict.fromkeys(bands + anchors[:ANCHORS]))
    asked = tuple(dict.fromkeys(bands + anchors))
    return Sketch(_SIGNATURE.pack(*signature), keys, asked, len(whole))


def _signature(tokens: Sequence[str]) -> list[int]:
    hashed = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    hashed.update([" ".join(run) for run in zip(*(tokens[start:] for start in range(SHINGLE)), strict=False)])
    return list(hashed.digest())


def _anchors(tokens: Sequence[str]) -> tuple[int, ...]:
    """The keys of the runs with the smallest hashes, smallest first."""
    telling = [token not in officialese() for token in tokens]
    runs = {
        " ".join(tokens[start : start + RUN]).encode()
        for start in range(len(tokens) - RUN + 1)
        if sum(telling[start : start + RUN]) >= _TELLING
    }
    chosen = nsmallest(ASKED, ((crc32(run), run) for run in runs))
    # A hash of its own for the key: those that were chosen for being small would crowd a small part of all keys.
    return tuple(int.from_bytes(blake2b(run, digest_size=4).digest(), "little") for _, run in chosen)


def estimate(one: Sketch, other: Sketch) -> float:
    """The estimated Jaccard index of the two texts' shingles; its standard error is at most .045."""
    mine, theirs = _SIGNATURE.unpack(one.minhash), _SIGNATURE.unpack(other.minhash)
    return sum(map(int.__eq__, mine, theirs)) / PERMUTATIONS


# Neither a copy nor a quotation is below all of these.
_LEAST_JACCARD, _LEAST_CONTAINED, _LEAST_SHARED = 0.12, 0.4, 2


def shortlist(mine: Sketch, others: Sequence[tuple[str, Sketch]], most: int = 5) -> tuple[str, ...]:
    """The ids, of those found by a shared key, which are worth a second look, most promising first.

    Judged by the number of shared keys and by the Jaccard index and containment that the signatures let expect.
    """
    asked = set(mine.asked or mine.keys)
    scored = []
    for place, (name, other) in enumerate(others):
        shared = len(asked.intersection(other.keys))
        jaccard = estimate(mine, other)
        contained = expected_containment(jaccard, mine.words, other.words)
        if jaccard >= _LEAST_JACCARD or contained >= _LEAST_CONTAINED or shared >= _LEAST_SHARED:
            scored.append((-max(jaccard, contained) - shared / 100, place, name))
    return tuple(name for _, _, name in sorted(scored)[:most])


def expected_containment(jaccard: float, one: int, other: int) -> float:
    """The share of the shorter text's shingles that the longer one has, given their Jaccard index and lengths."""
    return min(1.0, jaccard / (1 + jaccard) * (one + other) / min(one, other))
