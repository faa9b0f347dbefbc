"""What a store of a million articles looks like to one that looks for its neighbours: signatures, nearly all of texts
unlike any other, and among them the ones that make a search slow, letterheads and weekly notices."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from bson import Binary

from demo.writer import all_articles
from news.article import VIETNAM, Article, Status, StoredArticle
from news.dedupe import Sketch, Text, fingerprint, sketch, story_id
from news.dedupe.sketch import ANCHORS, BANDS, PERMUTATIONS, VERSION
from storage import articles, signatures

END = datetime(2025, 11, 1, tzinfo=UTC)
SPAN = timedelta(days=730)
REAL = 3_000
FORMS, LETTERHEADS = 10, 20
# Of a crowd: what is one of a weekly notice's kind, and what only has a letterhead in common with others.
_NOTICES, _HEADED = 0.02, 0.08
_KEYS = ANCHORS + BANDS
_PACKED = struct.Struct(f"<{_KEYS}I")
_HASHES = struct.Struct(f"<{PERMUTATIONS}I")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Probe:
    """An article to look for; `copy_of` is the stored one that it repeats, "" for none, `headed` a key that it shares
    with all texts under the same letterhead."""

    id: str
    article: Article
    copy_of: str = ""
    headed: int | None = None

    def sketch(self) -> Sketch | None:
        return _headed(sketch(Text.of(self.article)), self.headed)


class Crowd:
    """The same crowd for the same seed."""

    def __init__(self, seed: int = 1) -> None:
        written = [one for portal in all_articles().values() for one in portal]
        whole = [Text(one.title, one.lead, "\n".join(one.body)) for one in written]
        self._words = sorted({word for text in whole for word in text.body.split()})
        self._texts = [text for text in whole if sketch(text) is not None]
        self._forms = [(text, _drawn(text)) for text in self._texts[:: len(self._texts) // FORMS][:FORMS]]
        self._heads = [Random(f"head {number}").getrandbits(32) for number in range(LETTERHEADS)]
        self._seed = seed

    def real(self) -> list[StoredArticle]:
        """Articles with texts of their own: those of the sample portals, and others of the same words and lengths."""
        rng = Random(f"real {self._seed}")
        texts = [*self._texts, *(self._unlike(rng) for _ in range(REAL - len(self._texts)))]
        return [_stored(f"r{number:07}", self._article(text, rng, f"r{number}")) for number, text in enumerate(texts)]

    def others(self, start: int, end: int) -> Iterator[tuple[dict[str, Any], StoredArticle | None]]:
        """The documents `start` to `end` of the crowd; with those of notices, which a search takes for candidates, the
        article too."""
        rng = Random(f"{start} {self._seed}")
        for number in range(start, end):
            chance = rng.random()
            if chance < _NOTICES:
                yield self._notice(f"n{number:07}", rng)
                continue
            keys = list(_PACKED.unpack(rng.randbytes(_PACKED.size)))
            if chance < _NOTICES + _HEADED:
                keys[0] = rng.choice(self._heads)
            yield _signature(f"o{rng.getrandbits(80):020x}", keys, rng.randbytes(_HASHES.size), _moment(rng), rng), None

    def probes(self, stored: Sequence[StoredArticle], count: int, seed: int) -> list[Probe]:
        """Of ten, four are edited copies of stored ones, three are news, two are notices, one has a letterhead."""
        rng = Random(f"probe {seed}")
        made = []
        for number in range(count):
            id, kind = f"p{seed}-{number}", number % 10
            if kind < 4:
                origin = rng.choice(stored)
                made.append(Probe(id, _edited(origin.article, rng, id), origin.id, self._head(origin.id)))
            elif kind in (4, 5):
                made.append(Probe(id, self._article(_issue(rng.choice(self._forms)[0], rng), rng, id)))
            else:
                head = rng.choice(self._heads) if kind == 6 else None
                made.append(Probe(id, self._article(self._unlike(rng), rng, id), headed=head))
        return made

    def _unlike(self, rng: Random) -> Text:
        """A text in which every other word is another one: of its runs of three, one of eight is left."""
        origin = rng.choice(self._texts)
        lines = [
            " ".join(rng.choice(self._words) if rng.random() < 0.5 else word for word in line.split(" "))
            for line in (origin.title, origin.lead, *origin.body.split("\n"))
        ]
        return Text(lines[0], lines[1], "\n".join(lines[2:]))

    def _article(self, text: Text, rng: Random, name: str) -> Article:
        published = _moment(rng).astimezone(VIETNAM)
        site = f"site{rng.randrange(60)}"
        return Article(f"https://{site}.vn/{name}", site, title=text.title, lead=text.lead, body=text.body,
                       published=published)  # fmt: skip

    def _notice(self, id: str, rng: Random) -> tuple[dict[str, Any], StoredArticle]:
        text, (hashes, keys) = rng.choice(self._forms)
        stored = _stored(id, self._article(_issue(text, rng), rng, id))
        minhash = _HASHES.pack(*(one if rng.random() < 0.6 else rng.getrandbits(32) for one in hashes))
        mine = [key if rng.random() < 0.4 else rng.getrandbits(32) for key in keys]
        assert stored.article.published is not None
        return _signature(id, mine, minhash, stored.article.published, rng), stored

    def signed(self, stored: StoredArticle) -> dict[str, Any]:
        """The signature of a real article, as the journal writes it."""
        return signatures.to_document(stored, _headed(sketch(Text.of(stored.article)), self._head(stored.id)))

    def _head(self, id: str) -> int | None:
        """Every fourth article has a letterhead, and so have its copies."""
        number = int(id[1:])
        return self._heads[number // 4 % LETTERHEADS] if number % 4 == 0 else None


def _headed(made: Sketch | None, head: int | None) -> Sketch | None:
    if made is None or head is None:
        return made
    return replace(made, keys=(*made.keys, head), asked=(*made.asked, head))


def document(stored: StoredArticle) -> dict[str, Any]:
    return articles.to_document(stored)


def as_stored(probe: Probe, story: str) -> StoredArticle:
    return replace(_stored(probe.id, probe.article), story=story)


def _stored(id: str, article: Article) -> StoredArticle:
    when = article.published or END
    key = article.url.removeprefix("https://")
    return StoredArticle(
        id, article, (key,), (), fingerprint(article) + id, story_id(id), Status.PUBLISHED, 1, when, when
    )


def _drawn(text: Text) -> tuple[tuple[int, ...], tuple[int, ...]]:
    made = sketch(text)
    assert made is not None
    return _HASHES.unpack(made.minhash), made.keys


def _signature(id: str, keys: list[int], minhash: bytes, when: datetime, rng: Random) -> dict[str, Any]:
    text = {"fingerprint": f"{rng.getrandbits(128):032x}", "words": rng.randint(80, 900), "minhash": Binary(minhash)}
    return {"_id": id, "appeared": when, "version": VERSION, "keys": keys, **text}


def _moment(rng: Random) -> datetime:
    return END - SPAN * rng.random()


def _issue(form: Text, rng: Random) -> Text:
    """This week's notice: another number in the headline, other figures in the text."""
    week, day = rng.randrange(1, 53), f"{rng.randrange(1, 29)}/{rng.randrange(1, 13)}"
    body = _DIGITS.sub(lambda found: str(rng.randrange(1, 10 ** len(found[0]))), form.body)
    return Text(f"{form.title} (tuần {week})", form.lead, f"{body}\nTừ ngày {day}, {week * 7} hộ và {week} đơn vị.")


def _edited(origin: Article, rng: Random, name: str) -> Article:
    """A copy as a province makes it, hours later: another lead, a paragraph less, a paragraph of its own."""
    lines = origin.body.split("\n")
    if len(lines) > 3:
        del lines[rng.randrange(len(lines))]
    assert origin.published is not None
    later = origin.published + timedelta(hours=rng.randint(1, 60))
    lines.append(f"Trên địa bàn có {rng.randrange(2, 9)} xã thực hiện việc này.")
    site = f"tinh{rng.randrange(34)}"
    return replace(origin, url=f"https://{site}.vn/{name}", site=site, lead=f"Theo {site}, {origin.lead}",
                   body="\n".join(lines), published=later)  # fmt: skip
