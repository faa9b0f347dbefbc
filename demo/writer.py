"""Writes the articles of all portals: deterministic, and so spread over the banks that no two tell the same."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from demo.grammar import Voice, least_used, sentence_case
from demo.specs import DATA, PortalSpec, load, portal_specs
from demo.truth import DemoArticle, Part
from news.article import Document, Precision


@cache
def all_articles() -> Mapping[str, tuple[DemoArticle, ...]]:
    """The articles of every portal by portal id, newest first."""
    writer = Writer()
    written = {spec.id: writer.stock(spec) for spec in portal_specs()}
    for row in load("seeds.toml")["article"]:
        written[row["portal"]].append(seed(row))
    for row in load("portals.toml")["twin"]:
        origin, spec, hours = newest_first(written[row["from"]])[row["at"]], spec_of(row["to"]), row["hours"]
        number = spec.first_id + 7 * spec.articles + 3 + hours
        written[spec.id].append(writer.twin(origin, spec, number, hours, paragraph=""))
    return {portal: newest_first(articles) for portal, articles in written.items()}


def spec_of(portal: str) -> PortalSpec:
    return next(spec for spec in portal_specs() if spec.id == portal)


def compose(spec: PortalSpec, number: int, stamp: datetime, **fields: Any) -> DemoArticle:
    """An article with the addresses and the visible date that its portal gives it."""
    precision = Precision(spec.precision)
    cut = {"microsecond": 0} | ({"second": 0} if precision is Precision.MINUTE else {})
    published = stamp.replace(**cut)  # type: ignore[arg-type]
    if precision is Precision.DAY:
        published = stamp.replace(hour=0, minute=0, second=0, microsecond=0)
    places = spec.addresses(number, fields["title"], fields["section"], stamp)
    return DemoArticle(
        spec.id, number, stamp=stamp, published=published, precision=precision, **{**places, **fields}
    )  # fmt: skip


def seed(row: Mapping[str, Any]) -> DemoArticle:
    """One of the five texts of data/seeds.toml."""
    spec = spec_of(row["portal"])
    parts = tuple(
        Part("fig", text=cells[1], src=_picture(cells[0])) if kind == "fig" else Part(kind, text=cells[0])
        for kind, *cells in row["parts"]
    )
    documents = tuple(Document(d["number"], d["kind"], d.get("issued")) for d in row["documents"])
    plain = {k: v for k, v in row.items() if k not in ("portal", "stamp", "parts", "documents")}
    # Far below every generated number, so that the portals' own counting is undisturbed.
    return compose(spec, spec.first_id - 97, row["stamp"], parts=parts, documents=documents, **plain)


class Writer:
    """Remembers which sentences of a topic earlier articles took, so that the next takes others.

    `titles` are taken from the start.
    """

    def __init__(self, titles: Iterable[str] = ()) -> None:
        self._topics = [
            topic for file in sorted((DATA / "topics").glob("*.toml")) for topic in load(f"topics/{file.name}")["topic"]
        ]
        self._common = load("common.toml")
        self._words = load("portals.toml")
        self._taken: dict[str, list[frozenset[int]]] = defaultdict(list)
        self._titles = set(titles)

    def stock(self, spec: PortalSpec) -> list[DemoArticle]:
        """The portal's articles as they stand when it starts."""
        rng = random.Random(spec.id)
        moment = spec.latest
        written = []
        for place in range(spec.articles):
            written.append(self.write(spec, spec.first_id + 7 * (spec.articles - place), moment, place))
            moment -= timedelta(hours=rng.randint(*spec.hours), minutes=rng.randint(0, 59))
            moment = moment.replace(hour=7 + moment.hour % 14)
        return written

    def write(self, spec: PortalSpec, number: int, stamp: datetime, place: int) -> DemoArticle:
        """Article `number` of a portal. `place` rules its form: now and then a short notice, a table, a long one."""
        rng = random.Random(f"{spec.id}/{number}")
        voice = Voice(rng, self._vocabulary(spec, rng), stamp)
        if place % 11 == 7:
            return self._notice(spec, number, stamp, voice)
        topic = self._topics[(place * 5 + len(spec.id) + spec.first_id) % len(self._topics)]
        title = self._fresh_title(voice, topic["titles"])
        lead = sentence_case(voice.say(rng.choice(topic["leads"])))
        parts = self._parts(topic, voice, place)
        return compose(
            spec, number, stamp, title=title, lead=lead, parts=tuple(parts),
            section=rng.choice(spec.sections[:2] if spec.sections[2] == "Thông báo" else spec.sections),
            author=rng.choice(self._common["authors"]) if rng.random() < 0.6 else "",
            source=spec.source or (rng.choice(self._common["sources"]) if place % 6 == 2 else ""),
            mark=spec.mark, tags=tuple(topic["tags"][: rng.randint(0, 3)]), documents=tuple(voice.documents),
            attachments=self._attachments(spec, rng, number) if place % 6 == 3 else (), views=rng.randint(40, 9000),
            style=("plain", "word", "word", "breaks")[place % 4],
        )  # fmt: skip

    def twin(
        self, origin: DemoArticle, spec: PortalSpec, number: int, hours: float,
        lead: str | None = None, paragraph: str | None = None,
    ) -> DemoArticle:  # fmt: skip
        """`origin` as another portal takes it over so many hours later: title and parts as they were, a lead of its
        own, a paragraph about its own area at the end (made up where none is given, "" for none), the source named."""
        source = spec_of(origin.portal).name
        lead = f"{source} đưa tin: {origin.lead}" if lead is None else lead
        local = self._local(spec, number) if paragraph is None else paragraph
        return compose(
            spec, number, origin.stamp.replace(second=0) + timedelta(hours=hours), title=origin.title, lead=lead,
            parts=(*origin.parts, *([Part("p", local)] if local else ())), section=spec.sections[0],
            source=spec.source or source, mark=spec.mark, documents=origin.documents, views=origin.views // 3,
            style="plain", twin_of=origin.key,
        )  # fmt: skip

    def _local(self, spec: PortalSpec, number: int) -> str:
        unit, place = spec.units[number % len(spec.units)], spec.places[number % len(spec.places)]
        return (
            f"Tại {spec.area}, {unit} được giao hướng dẫn các địa phương thực hiện những nội dung nêu trên, trước hết "
            f"là {place}, và báo cáo kết quả trước ngày {number % 27 + 1} hằng tháng."
        )

    def _notice(self, spec: PortalSpec, number: int, stamp: datetime, voice: Voice) -> DemoArticle:
        row = voice.rng.choice(self._common["notice"])
        return compose(
            spec, number, stamp, title=self._fresh_title(voice, [row["title"]]), lead="",
            parts=tuple(Part("p", sentence_case(voice.say(line))) for line in row["parts"]),
            section=spec.sections[-1], attachments=self._attachments(spec, voice.rng, number),
            views=voice.rng.randint(20, 3000), documents=tuple(voice.documents), style="plain",
        )  # fmt: skip

    def _parts(self, topic: Mapping[str, Any], voice: Voice, place: int) -> list[Part]:
        rng, long = voice.rng, place % 13 == 5
        facts = self._draw(topic["name"], rng, len(topic["facts"]), 9 if long else rng.randint(3, 5))
        closings = self._draw("closings", rng, len(self._common["closings"]), 12 if long else rng.randint(3, 6))
        lines = [topic["facts"][index] for index in facts]
        others = [self._common["closings"][index] for index in closings]
        parts = [
            Part("p", " ".join(sentence_case(voice.say(line)) for line in pair)) for pair in _pairs(rng, lines, others)
        ]
        if place % 3 == 1:
            parts.insert(rng.randint(1, len(parts)), Part("q", f"“{voice.say(rng.choice(topic['quotes']))}”"))
        if place % 4 == 1:
            parts += self._list(topic, voice)
        if place % 3 == 0:
            parts += self._table(topic, voice)
        if place % 5 == 2 or long:
            heads = [*topic["heads"], rng.choice(self._common["heads"])]
            for nth, head in enumerate(heads[: 3 if long else 2]):
                parts.insert(1 + (nth * len(parts)) // 3, Part("h", head))
        return self._illustrate(topic, voice, parts, place)

    def _illustrate(self, topic: Mapping[str, Any], voice: Voice, parts: list[Part], place: int) -> list[Part]:
        captions = list(dict.fromkeys(voice.say(line) for line in topic["captions"]))
        for nth in range(place % 3):
            where = nth if nth == 0 else voice.rng.randint(2, len(parts))
            credit = voice.rng.choice(self._common["credits"]) if voice.rng.random() < 0.4 else ""
            if parts[where - 1].kind in ("tr", "li"):
                where = 1
            parts.insert(where, Part("fig", captions[nth], src=_picture(f"anh-{place}-{nth}.jpg"), credit=credit))
        return parts

    def _list(self, topic: Mapping[str, Any], voice: Voice) -> list[Part]:
        items = voice.rng.sample(topic["items"], k=len(topic["items"]))
        return [
            Part("p", voice.say(voice.rng.choice(self._common["list_intros"]))),
            *(Part("li", voice.say(item)) for item in items),
        ]

    def _table(self, topic: Mapping[str, Any], voice: Voice) -> list[Part]:
        rows = [tuple(voice.say(cell) for cell in row.split(" | ")) for row in topic["table"]]
        return [
            Part("p", voice.say(voice.rng.choice(self._common["table_intros"]))),
            *(Part("tr", cells=r) for r in rows),
        ]

    def _attachments(self, spec: PortalSpec, rng: random.Random, number: int) -> tuple[tuple[str, str], ...]:
        which = rng.sample(range(len(self._common["files"])), k=rng.randint(1, 2))
        return tuple(
            (f"/uploads/files/{number}-{self._common['files'][n]}", self._common["file_titles"][n]) for n in which
        )

    def _draw(self, bank: str, rng: random.Random, total: int, wanted: int) -> tuple[int, ...]:
        earlier = self._taken[bank]
        drawn = least_used(rng, total, wanted, earlier[-40:])
        earlier.append(frozenset(drawn))
        return drawn

    def _fresh_title(self, voice: Voice, patterns: list[str]) -> str:
        # The banks give some hundred titles a portal; what a benchmark publishes beyond them is numbered.
        for attempt in range(1, 10_000):
            title = sentence_case(voice.say(voice.rng.choice(patterns)))
            title = title if attempt <= 200 else f"{title} (đợt {attempt - 199})"
            if title not in self._titles:
                self._titles.add(title)
                return title
        raise AssertionError(f"the banks have no new title left for {patterns}")

    def _vocabulary(self, spec: PortalSpec, rng: random.Random) -> dict[str, Any]:
        return {
            "host": rng.choice(spec.host), "area": spec.area, "places": spec.places, "units": spec.units,
            "people": self._words["people"], "citizens": self._words["citizens"], "laws": self._words["laws"],
        }  # fmt: skip


def _pairs(rng: random.Random, facts: list[str], others: list[str]) -> list[list[str]]:
    """Paragraphs of one to three sentences; every fact opens one."""
    paragraphs = [[fact] for fact in facts]
    for line in others:
        paragraph = rng.choice(paragraphs)
        if len(paragraph) < 3:
            paragraph.append(line)
        else:
            paragraphs.append([line])
    return paragraphs


def _picture(name: str) -> str:
    return f"/uploads/images/{name}"


def newest_first(articles: Iterable[DemoArticle]) -> tuple[DemoArticle, ...]:
    return tuple(sorted(articles, key=lambda article: (article.stamp, article.number), reverse=True))
