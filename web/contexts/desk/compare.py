"""Two texts compared by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from news.article import Article
from news.review.words import Passage, Run, compared, words
from web.contexts.dates import counted, moment_of
from web.contexts.desk.frame import DeskFrame
from web.contexts.lists import Option

# So many paragraphs that are the same stay around what differs; more are folded away.
_AROUND = 1


class Piece(NamedTuple):
    """Words of one fate: same, gone, come."""

    fate: str
    text: str


class FieldChange(NamedTuple):
    name: str
    pieces: tuple[Piece, ...]


class Stretch(NamedTuple):
    """Paragraphs that follow each other: folded away under `folded`, where that says how many they are."""

    folded: str
    paragraphs: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two texts in one. `choices` are what the article can be compared with, `summary` says how much differs."""

    choices: tuple[Option, ...]
    summary: str
    fields: tuple[FieldChange, ...]
    stretches: tuple[Stretch, ...]


def comparison(frame: DeskFrame, old: Article | None, new: Article, choices: Sequence[Option] = ()) -> Compared:
    """What became of `old`; None where there is nothing to compare with."""
    desk = frame.desk
    if old is None:
        return Compared(tuple(choices), desk.nothing_to_compare, (), ())
    fields = tuple(
        FieldChange(desk.fields[name], _pieces(words(before, after)))
        for name, before, after in _fields(frame, old, new)
        if before != after
    )
    passages = compared(_paragraphs(old), _paragraphs(new))
    differing = sum(not passage.same for passage in passages) + len(fields)
    summary = counted(differing, desk.differs, frame.texts) if differing else desk.same_text
    return Compared(tuple(choices), summary, fields, tuple(_stretches(frame, passages)))


def _fields(frame: DeskFrame, old: Article, new: Article) -> list[tuple[str, str, str]]:
    def day(article: Article) -> str:
        if article.published is None:
            return ""
        return moment_of(article.published, frame.texts, article.published_precision)

    return [
        ("title", old.title, new.title),
        ("published", day(old), day(new)),
        ("author", old.author, new.author),
        ("source", old.source, new.source),
        ("tags", ", ".join(old.tags), ", ".join(new.tags)),
    ]


def _paragraphs(article: Article) -> list[str]:
    return [line for line in (article.lead, *article.body.split("\n")) if line]


def _pieces(runs: Sequence[Run]) -> tuple[Piece, ...]:
    return tuple(Piece(str(run.fate), run.text) for run in runs)


def _stretches(frame: DeskFrame, passages: Sequence[Passage]) -> list[Stretch]:
    """What differs with what stands around it, and between that what is the same, folded away."""
    differs = [n for n, passage in enumerate(passages) if not passage.same]
    near = {m for n in differs for m in range(n - _AROUND, n + _AROUND + 1)}
    stretches = []
    for shown, group in groupby(range(len(passages)), key=lambda n: n in near):
        paragraphs = tuple(_pieces(passages[n].runs) for n in group)
        folded = "" if shown or not differs else counted(len(paragraphs), frame.desk.unchanged, frame.texts)
        stretches.append(Stretch(folded, paragraphs))
    return stretches
