"""Who is at an article, the notes about it, and whom it can be given to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, Self

from news.article import StoredArticle
from news.review.record import Record
from news.users import User
from storage.presence import Present
from web.contexts.dates import machine, moment_of
from web.contexts.desk.frame import DeskFrame
from web.contexts.desk.item import item_path
from web.contexts.lists import Option


@dataclass(frozen=True, slots=True)
class PresencePart:
    """templates/desk/presence.html: who else has the article open, in words; asked for again every `seconds`."""

    template: ClassVar = "desk/presence.html"

    frame: DeskFrame
    id: str
    said: tuple[tuple[str, str], ...]
    seconds: int


class Note(NamedTuple):
    who: str
    when: str
    moment: str
    text: str


@dataclass(frozen=True, slots=True)
class NotesPart:
    """templates/desk/notes.html: the notes, the oldest first, and the form for one more, with what was typed and what
    was wrong with it."""

    template: ClassVar = "desk/notes.html"

    frame: DeskFrame
    id: str
    title: str
    notes: tuple[Note, ...]
    typed: str = ""
    problem: str = ""

    @property
    def path(self) -> str:
        return item_path(self.id)


@dataclass(frozen=True, slots=True)
class AssignPart:
    """templates/desk/assign.html: the editors, of whom one can be chosen."""

    template: ClassVar = "desk/assign.html"

    frame: DeskFrame
    id: str
    title: str
    options: tuple[Option, ...]

    @classmethod
    def of(cls, frame: DeskFrame, stored: StoredArticle, editors: Sequence[User]) -> Self:
        """Whoever asks stands first."""
        words, me, now = frame.words, frame.user.name if frame.user else "", stored.review.assigned
        known = [user for user in editors if user.name == me] + [user for user in editors if user.name != me]
        people = [
            Option(user.name, f"{name_of(user)} ({words.me})" if user.name == me else name_of(user), user.name == now)
            for user in known
        ]
        gone = [Option(now, now, True)] if now and now not in {user.name for user in editors} else []
        return cls(frame, stored.id, stored.article.title, (*people, *gone, Option("", words.nobody, not now)))

    @property
    def path(self) -> str:
        return item_path(self.id)


def presence(frame: DeskFrame, there: Sequence[Present], users: Mapping[str, User]) -> tuple[tuple[str, str], ...]:
    """What others are doing ("edit", "view") and the sentence that says it; those who edit first."""
    words = frame.words
    editing = [_called(one.user, users) for one in there if one.editing]
    viewing = [_called(one.user, users) for one in there if not one.editing]
    said = []
    if editing:
        said.append(("edit", words.editing.format(who=_listed(editing, words.and_))))
    if viewing:
        said.append(("view", words.viewing.format(who=_listed(viewing, words.and_))))
    return tuple(said)


def note(frame: DeskFrame, record: Record, users: Mapping[str, User]) -> Note:
    """A note of the trail."""
    return Note(_called(record.by, users), moment_of(record.at, frame.texts), machine(record.at), record.detail)


def name_of(user: User) -> str:
    """What people are called."""
    return user.full_name or user.name


def _called(name: str, users: Mapping[str, User]) -> str:
    return name_of(users[name]) if name in users else name


def _listed(names: Sequence[str], and_: str) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {and_} {names[-1]}"
