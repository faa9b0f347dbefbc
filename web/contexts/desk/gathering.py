"""An article's story at the desk: who is in it, who stands for it, and with what it can be joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from news.article import StoredArticle
from web.contexts.dates import machine, moment_of
from web.contexts.desk.frame import DeskFrame
from web.contexts.desk.item import item_path
from web.contexts.desk.queue import Badge


class Told(NamedTuple):
    """An article: `own` is the one that is open, `main` stands for the story."""

    id: str
    title: str
    language: str
    site: str
    when: str
    moment: str
    status: Badge
    link: str
    own: bool = False
    main: bool = False


@dataclass(frozen=True, slots=True)
class StoryPart:
    """templates/desk/story.html: the story, and what it can be joined with; `problem` is why something was not done."""

    template: ClassVar = "desk/story.html"

    frame: DeskFrame
    id: str
    title: str
    members: tuple[Told, ...]
    alike: tuple[Told, ...]
    problem: str = ""

    @property
    def path(self) -> str:
        return item_path(self.id)


@dataclass(frozen=True, slots=True)
class FoundPart:
    """templates/desk/story_found.html: what was found to join a story with."""

    template: ClassVar = "desk/story_found.html"

    frame: DeskFrame
    id: str
    found: tuple[Told, ...]

    @property
    def path(self) -> str:
        return item_path(self.id)


def told(
    frame: DeskFrame, articles: Sequence[StoredArticle], names: Mapping[str, str], own: str = "", main: str = ""
) -> tuple[Told, ...]:
    """Articles as rows."""
    return tuple(_told(frame, stored, names, own, main) for stored in articles)


def _told(frame: DeskFrame, stored: StoredArticle, names: Mapping[str, str], own: str, main: str) -> Told:
    shown, texts = stored.article, frame.texts
    when = moment_of(shown.published, texts, shown.published_precision) if shown.published else texts.undated
    return Told(
        id=stored.id,
        title=shown.title or shown.url,
        language=shown.language,
        site=names.get(shown.site, shown.site),
        when=when,
        moment=machine(shown.published, shown.published_precision),
        status=Badge(frame.desk.statuses[stored.status], str(stored.status)),
        link=frame.link("/desk", queue="all", open=stored.id),
        own=stored.id == own,
        main=stored.id == main,
    )
