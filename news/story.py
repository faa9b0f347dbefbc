"""Stories: articles that tell the same, who published first, how much later the others, and what each changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from news.article import Precision, StoredArticle
from news.diff import ParagraphChange, diff

_NOON = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Story:
    """What is kept of a story beside its articles. `members` are article ids in the order in which they joined, `main`
    the one an editor chose ("": the first publisher), `decided_by` the editor who merged or split it last, `apart` the
    stories with which it must never be joined, `newest` when an article joined last, UTC."""

    id: str
    members: tuple[str, ...]
    newest: datetime
    main: str = ""
    decided_by: str = ""
    apart: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Telling:
    """One article of a story. `delay` after the first publisher, None where the pages do not tell; `changes` are the
    paragraphs in which it differs from the first."""

    stored: StoredArticle
    delay: timedelta | None
    changes: tuple[ParagraphChange, ...]


def told(articles: Sequence[StoredArticle], *, compared: bool = True) -> tuple[Telling, ...]:
    """The articles of a story, the first publisher first, then by time. Not `compared`: without their changes, which
    take much longer to find than all else."""
    ordered = sorted(articles, key=lambda stored: (appeared(stored), stored.first_seen, stored.id))
    return tuple(_telling(stored, ordered[0], compared) for stored in ordered)


def standing(articles: Iterable[StoredArticle], main: str = "") -> StoredArticle:
    """The one of a story's articles that stands for all: `main` if it is among them, else that which came out first."""
    return min(articles, key=lambda stored: (stored.id != main, appeared(stored), stored.first_seen, stored.id))


def appeared(stored: StoredArticle) -> datetime:
    """When an article came out, as far as can be told.

    A page that states only a day came out at some time of it. To take 00:00 for its time would make it the first
    publisher of everything that day, and the day's end the last: it is taken for noon, or for when we saw it if that
    was before.
    """
    published = stored.article.published
    if published is None:
        return stored.first_seen
    if stored.article.published_precision is not Precision.DAY:
        return published
    return max(published, min(stored.first_seen, published + _NOON))


def story_json(story: Story, tellings: Sequence[Telling]) -> dict[str, Any]:
    """A story and its articles as `told` gives them, in the public shape: the names of docs/api.md."""
    first = tellings[0].stored.id if tellings else ""
    return {
        "id": story.id,
        "first": first,
        "main": story.main or first,
        "decided_by": story.decided_by,
        "apart": sorted(story.apart),
        "newest": story.newest.isoformat(),
        "articles": [_telling_json(telling) for telling in tellings],
    }


def _telling_json(telling: Telling) -> dict[str, Any]:
    stored, article = telling.stored, telling.stored.article
    return {
        "id": stored.id,
        "site": article.site,
        "url": article.url,
        "title": article.title,
        "status": str(stored.status),
        "published": article.published and article.published.isoformat(),
        "published_precision": article.published_precision and str(article.published_precision),
        "first_seen": stored.first_seen.isoformat(),
        "delay": None if telling.delay is None else round(telling.delay.total_seconds()),
        "changes": [change.to_json() for change in telling.changes],
    }


def _telling(stored: StoredArticle, first: StoredArticle, compared: bool) -> Telling:
    if stored is first:
        return Telling(stored, timedelta(0), ())
    dated = stored.article.published is not None and first.article.published is not None
    delay = appeared(stored) - appeared(first) if dated else None
    return Telling(stored, delay, diff(text_of(first), text_of(stored)) if compared else ())


def text_of(stored: StoredArticle) -> tuple[str, ...]:
    """What a reader reads, paragraph by paragraph: lead and body."""
    article = stored.article
    return tuple(line for line in (article.lead, *article.body.split("\n")) if line)
