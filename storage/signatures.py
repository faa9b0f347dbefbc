"""The collection `signatures`: by what near-duplicates of each article are found, apart from the articles, so that a
search touches half a kilobyte a candidate and not its text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from bson import Binary
from pymongo.collection import Collection as MongoCollection

from news.article import StoredArticle
from news.dedupe.sketch import VERSION, Sketch, shortlist
from news.story import appeared
from storage.patience import Patience, patient
from storage.values import moment, storable

# A copy follows its original within days (NewsBlur looks at 14, and every agency we read is faster); what tells the
# same half a year later is another year's notice. Word-for-word copies are found whatever their age, by fingerprint.
WINDOW = timedelta(days=90)
# So many candidates at most of one look, the newest: a letterhead or a weekly notice may share a key with thousands.
# Each is a document to fetch, and at a million stored most of them are in no cache.
CANDIDATES = 48
# Keys that so many of them share are common ones; what shares a rarer one is then looked for without them. Twice is
# enough: what is left after that are the issues of one notice, and any of them says what it is.
_COMMON, _LOOKS = 6, 2


class Signatures:
    """The signatures. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, collection: MongoCollection[dict[str, Any]], patience: Patience) -> None:
        self._collection = collection
        self._patience = patience

    @patient
    def near(self, sketch: Sketch, when: datetime, *, apart_from: str = "") -> list[tuple[str, Sketch]]:
        """The articles (id and sketch) that share a key with `sketch` and appeared within WINDOW of `when`; without the
        article `apart_from` itself.

        Of keys that many share, only the CANDIDATES newest articles; an older one that shares a rarer key as well is
        found by that. One round trip where no key is common, else two.
        """
        asked, found = set(sketch.asked), dict[str, Sketch]()
        for _ in range(_LOOKS):
            documents = self._newest(asked, when)
            found |= {document["_id"]: parse(document) for document in documents}
            shared = Counter(key for document in documents for key in asked.intersection(document["keys"]))
            common = {key for key, count in shared.items() if count >= _COMMON}
            asked -= common
            if len(documents) < CANDIDATES or not common or not asked:
                break
        found.pop(apart_from, None)
        return list(found.items())

    def _newest(self, keys: Collection[int], when: datetime) -> list[dict[str, Any]]:
        around = {"$gte": moment(_shifted(when, -WINDOW)), "$lte": moment(_shifted(when, WINDOW))}
        query: dict[str, Any] = {"keys": {"$in": sorted(keys)}, "appeared": around, "version": VERSION}
        return list(self._collection.find(query).sort("appeared", -1).limit(CANDIDATES).batch_size(CANDIDATES))


def _shifted(when: datetime, by: timedelta) -> datetime:
    """`when` moved, as far as there is time: a page may state the year 1 or 9999."""
    try:
        return when + by
    except OverflowError:
        return when


def to_document(stored: StoredArticle, sketch: Sketch | None) -> dict[str, Any]:
    """The signature of an article; without a sketch (a text too short) only what names it."""
    document: dict[str, Any] = storable(
        {
            "_id": stored.id,
            "fingerprint": stored.fingerprint,
            "appeared": moment(appeared(stored)),
            "version": VERSION,
            "keys": list(sketch.keys) if sketch else [],
            "minhash": Binary(sketch.minhash) if sketch else b"",
            "words": sketch.words if sketch else 0,
        }
    )
    return document


def parse(document: Mapping[str, Any]) -> Sketch:
    """What `to_document` wrote, without what is only asked for."""
    return Sketch(bytes(document["minhash"]), tuple(document["keys"]), (), document["words"])


def alike(document: Mapping[str, Any], fingerprint: str, sketch: Sketch | None) -> bool:
    """Whether a signature is one that a search for these would find and look at again. A key in common is not enough:
    many that tell different things have a letterhead or a phrase in common."""
    if document["fingerprint"] == fingerprint:
        return True
    if sketch is None or set(sketch.asked).isdisjoint(document["keys"]):
        return False
    return bool(shortlist(sketch, [(document["_id"], parse(document))]))
