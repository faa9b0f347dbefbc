"""Articles in a list, by day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from news.article import Article, StoredArticle
from web.contexts.dates import clock_of, day_of, machine, moment_of
from web.contexts.frame import Frame, article_path


class Piece(NamedTuple):
    """A part of a text; `hit` where it is what was searched for."""

    text: str
    hit: bool = False


# What a list shows of an article, with what was searched for marked.
Show = Callable[[Article], tuple[Piece, ...]]


@dataclass(frozen=True, slots=True)
class Teaser:
    """An article in a list. `moment` is for machines, `clock` for people."""

    link: str
    language: str
    title: tuple[Piece, ...]
    lead: tuple[Piece, ...]
    site: str
    site_link: str
    clock: str
    moment: str
    section: str
    corrected: bool
    picture: str


@dataclass(frozen=True, slots=True)
class Day:
    name: str
    teasers: tuple[Teaser, ...]


def title_of(shown: Article) -> tuple[Piece, ...]:
    """The title, or what stands for one."""
    return (Piece(shown.title or shown.url),)


def lead_of(shown: Article) -> tuple[Piece, ...]:
    """The lead, or the first paragraph where it has none."""
    text = shown.lead or shown.body.partition("\n")[0]
    return (Piece(text),) if text else ()


def days(
    frame: Frame,
    found: Iterable[StoredArticle],
    names: Mapping[str, str],
    today: date,
    title: Show = title_of,
    text: Show = lead_of,
) -> tuple[Day, ...]:
    """The articles in their order, those of a day under its name."""
    grouped = groupby(found, key=lambda stored: day_of(stored.article.published, frame.texts, today))
    return tuple(
        Day(name, tuple(teaser(frame, stored, names, title, text) for stored in group)) for name, group in grouped
    )


def corrected(shown: Article) -> bool:
    """Whether its publisher says that it was changed after it came out."""
    return bool(shown.modified and shown.published and (shown.modified - shown.published).total_seconds() >= 60)


def teaser(
    frame: Frame, stored: StoredArticle, names: Mapping[str, str], title: Show, text: Show, *, dated: bool = False
) -> Teaser:
    """An article in a list; `dated` where no day stands above it."""
    shown = stored.article
    clock = clock_of(shown.published, shown.published_precision)
    if dated and shown.published:
        clock = moment_of(shown.published, frame.texts, shown.published_precision)
    return Teaser(
        link=frame.link(article_path(stored.id)),
        language=shown.language,
        title=title(shown),
        lead=text(shown),
        site=names.get(shown.site, shown.site),
        site_link=frame.link(f"/sites/{shown.site}"),
        clock=clock,
        moment=machine(shown.published, shown.published_precision),
        section=shown.section,
        corrected=stored.version > 1 or corrected(shown),
        picture=shown.images[0].url if shown.images else "",
    )
