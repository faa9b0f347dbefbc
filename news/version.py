"""What an article said before, and what each change made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from news.article import EDITOR, StoredArticle
from news.diff import ParagraphChange, diff
from news.event import CRAWL
from news.story import text_of


@dataclass(frozen=True, slots=True)
class Version:
    """A replaced version: the article as it was, when it was replaced (UTC), by whom, and which fields then changed."""

    stored: StoredArticle
    ended: datetime
    by: str
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """A version and the one that came in its place; `paragraphs` are those that read otherwise."""

    before: Version
    after: StoredArticle

    @property
    def paragraphs(self) -> tuple[ParagraphChange, ...]:
        return diff(text_of(self.before.stored), text_of(self.after))

    def to_json(self) -> dict[str, Any]:
        """For who runs this installation: the names of docs/api.md."""
        return {
            "version": self.before.stored.version,
            "fetched": self.before.stored.fetched.isoformat(),
            "ended": self.before.ended.isoformat(),
            "by": self.before.by,
            "changed": list(self.before.changed),
            "changes": [change.to_json() for change in self.paragraphs],
            "article": self.before.stored.article.to_json(),
        }

    def to_public_json(self) -> dict[str, Any]:
        """For everybody: without the name of the editor."""
        return self.to_json() if self.before.by == CRAWL else self.to_json() | {"by": EDITOR}


def corrections(stored: StoredArticle, earlier: Sequence[Version]) -> tuple[Correction, ...]:
    """Each of the earlier versions, oldest first, with what came after it; `stored` is the present one."""
    later = (*(version.stored for version in earlier[1:]), stored) if earlier else ()
    return tuple(Correction(before, after) for before, after in zip(earlier, later, strict=True))
