"""The form in which an article is edited, and what is shown where it changed meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NamedTuple
from urllib.parse import urlsplit

from news.article import Article, StoredArticle
from news.review.editing import FIELDS, LONGEST, Fault, Form
from news.review.review import Concern
from news.review.states import Move, moves_from, state_tag
from storage.drafts import EditorDraft
from web.contexts.dates import moment_of
from web.contexts.desk.compare import Compared, comparison
from web.contexts.desk.frame import DeskFrame
from web.contexts.desk.item import item_path
from web.texts.names import Noun

# What is counted under a field: letters for a headline, words for a text.
_COUNTED = {"title": "letters", "lead": "letters", "body": "words"}
_LARGE = ("title", "lead", "body")
_ORDER = (*_LARGE, *(name for name in FIELDS if name not in _LARGE))


class Field(NamedTuple):
    """A field of the form. `counts` is what is counted in it ("letters", "words" or ""), `noun` how that is called,
    `fault` what is wrong with it, "" nothing; `first`: one begins there."""

    name: str
    label: str
    value: str
    most: int
    hint: str
    counts: str
    noun: Noun
    fault: str
    first: bool


class Beside(NamedTuple):
    """The article as it is now, to be read beside the form."""

    title: str
    lead: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Editing:
    """An edit: what it began from (`tag`, `version`) and what was typed. `counter` is that of the draft; `draft` says
    when it was typed, "" where there is none, `older` whether the article was changed since it was begun."""

    id: str
    path: str
    by: str
    title: str
    language: str
    site: str
    original: str
    host: str
    tag: str
    version: int
    counter: int
    large: tuple[Field, ...]
    small: tuple[Field, ...]
    draft: str
    older: bool
    wrong: bool

    @property
    def values(self) -> tuple[tuple[str, str], ...]:
        """What was typed, by the name of the field."""
        return tuple((field.name, field.value) for field in (*self.large, *self.small))


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the publisher wrote since an editor edited the article. `keeps`: the editor's text can be kept here; else it
    is by what one decides about the article."""

    path: str
    tag: str
    compared: Compared
    keeps: bool


@dataclass(frozen=True, slots=True)
class EditPart:
    """templates/desk/edit.html: the form, in the place of the article."""

    template: ClassVar = "desk/edit.html"

    frame: DeskFrame
    editing: Editing
    waiting: Waiting | None = None
    beside: Beside | None = None


@dataclass(frozen=True, slots=True)
class WaitingPart:
    """templates/desk/waiting.html: what the publisher wrote since, with the article."""

    template: ClassVar = "desk/waiting.html"

    frame: DeskFrame
    waiting: Waiting | None


@dataclass(frozen=True, slots=True)
class ConflictPart:
    """templates/desk/conflict.html: the three texts. `editing` is what is saved if the editor says so: what that editor
    changed, over the article as it is now; `kept` names the fields that only others changed. `theirs` and `mine` are
    what became of the text from which the edit began, `began` that itself, None where it is no longer kept.
    `publisher`: `theirs` is what the publisher wrote beside an editor's text. `readable`: all that was typed is."""

    template: ClassVar = "desk/conflict.html"

    frame: DeskFrame
    editing: Editing
    status: str
    heading: str
    began: Beside | None
    theirs: Compared | None
    mine: Compared
    kept: str
    publisher: bool
    readable: bool


class Begun(NamedTuple):
    """Where an edit stands: what it began from, what was typed, and under which number it is kept."""

    tag: str
    version: int
    counter: int
    form: Form
    at: datetime | None = None

    @classmethod
    def of(cls, stored: StoredArticle, draft: EditorDraft | None) -> Begun:
        """The draft of an article; without one, or with one that was discarded, the article as it is."""
        counter = draft.counter if draft else 0
        if draft is None or draft.discarded:
            return cls(state_tag(stored), stored.version, counter, Form.of(stored.article))
        return cls(draft.tag, draft.version, counter, Form.parse(draft.fields), draft.at)


def editing(
    frame: DeskFrame,
    stored: StoredArticle,
    begun: Begun,
    names: Mapping[str, str],
    faults: Mapping[str, Fault] | None = None,
    *,
    now: datetime,
) -> Editing:
    """The form of an edit."""
    shown, faults = stored.article, faults or {}
    start = next((name for name in _ORDER if name in faults), "title")
    fields = [_field(frame, name, getattr(begun.form, name), faults.get(name), start == name) for name in _ORDER]
    return Editing(
        id=stored.id,
        path=item_path(stored.id),
        by=frame.user.name if frame.user else "",
        title=shown.title or shown.url,
        language=shown.language,
        site=names.get(shown.site, shown.site),
        original=shown.url,
        host=urlsplit(shown.url).hostname or "",
        tag=begun.tag,
        version=begun.version,
        counter=begun.counter,
        large=tuple(field for field in fields if field.name in _LARGE),
        small=tuple(field for field in fields if field.name not in _LARGE),
        draft=moment_said(frame, begun.at, now) if begun.at else "",
        older=begun.tag != state_tag(stored),
        wrong=bool(faults),
    )


def waiting(frame: DeskFrame, stored: StoredArticle) -> Waiting | None:
    """What the publisher wrote since the article was edited, None where that is nothing."""
    if stored.edit is None or stored.edit.waiting is None:
        return None
    compared = comparison(frame, stored.edit.source, stored.edit.waiting)
    approves = Move.APPROVE in moves_from(stored.status) and str(stored.status) == "published"
    open_ = Concern.SOURCE_CHANGED in stored.review.concerns
    return Waiting(item_path(stored.id), state_tag(stored), compared, keeps=approves and open_)


def beside(article: Article) -> Beside:
    """An article to be read beside another."""
    return Beside(article.title, article.lead, tuple(line for line in article.body.split("\n") if line))


def moment_said(frame: DeskFrame, at: datetime, now: datetime) -> str:
    """When something was typed: "14:03", of another day with the date."""
    said = moment_of(at, frame.texts)
    return said.rpartition(" ")[2] if said.partition(" ")[0] == moment_of(now, frame.texts).partition(" ")[0] else said


def _field(frame: DeskFrame, name: str, value: str, fault: Fault | None, first: bool) -> Field:
    words = frame.words
    example = words.date_example
    return Field(
        name=name,
        label=words.fields[name],
        value=value,
        most=LONGEST.get(name, 200),
        hint=words.hints.get(name, "").format(example=example),
        counts=_COUNTED.get(name, ""),
        noun=words.words if _COUNTED.get(name) == "words" else words.letters,
        fault=words.faults[fault].format(example=example) if fault else "",
        first=first,
    )
