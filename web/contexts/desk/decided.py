"""What an editor is shown after a decision: the next article, what became of the queue, and a way to undo it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from news.review.record import UNDO, Record
from web.contexts.desk.compare import Compared
from web.contexts.desk.frame import DeskFrame
from web.contexts.desk.item import Item
from web.contexts.desk.queue import Changes

_TOLD = 5  # refusals of a selection that are told one by one


class Refusal(NamedTuple):
    """What was not done, and why."""

    title: str
    problem: str


@dataclass(frozen=True, slots=True)
class Toast:
    """What was done, in a few words: `about` is what it was done to, `refusals` what was not, `records` what an undo
    takes back, "" where nothing can be, and `lasts` for how many seconds it can."""

    text: str
    about: str = ""
    refusals: tuple[Refusal, ...] = ()
    records: str = ""
    lasts: int = 12

    @classmethod
    def of(cls, frame: DeskFrame, text: str, record: Record) -> Toast:
        """For one article."""
        return cls(text, record.title, (), record.id, int(UNDO.total_seconds()))

    @classmethod
    def of_many(cls, frame: DeskFrame, text: str, records: Sequence[Record], refusals: Sequence[Refusal]) -> Toast:
        """For a selection."""
        said = frame.desk.many_done.format(done=text, count=len(records))
        if refusals:
            said += f" · {frame.desk.many_refused.format(count=len(refusals))}"
        undone = ",".join(record.id for record in records)
        return cls(said, "", tuple(refusals[:_TOLD]), undone, int(UNDO.total_seconds()) if records else 60)

    @classmethod
    def of_undone(cls, frame: DeskFrame, records: Sequence[Record], refusals: Sequence[Refusal]) -> Toast:
        """For what was taken back."""
        title = records[0].title if len(records) == 1 else frame.desk.count_of.format(count=len(records))
        return cls(frame.desk.undone.format(title=title), "", tuple(refusals[:_TOLD]))


@dataclass(frozen=True, slots=True)
class Decided:
    """templates/desk/decided.html: the next article (`shows_item`; None: there is none), and what goes elsewhere on the
    page."""

    template: ClassVar = "desk/decided.html"

    frame: DeskFrame
    item: Item | None
    toast: Toast
    changes: Changes | None
    shows_item: bool = False


@dataclass(frozen=True, slots=True)
class Stopped:
    """templates/desk/stopped.html: nothing was done, for the article is another than the editor has seen: `compared` is
    what changed in its text, None where that is the same."""

    template: ClassVar = "desk/stopped.html"

    frame: DeskFrame
    item: Item
    compared: Compared | None
