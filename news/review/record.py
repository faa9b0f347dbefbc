"""The trail: who did what with which article, when, and from which state to which."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from news.article import Status
from news.review.review import Review

UNDO = timedelta(minutes=30)
"""For so long a decision can be undone, unless something else has happened to the article since."""


class Action(StrEnum):
    """What a user did. The value is the stored and published name; those of news.review.states.Move are among them."""

    APPROVE = "approve"
    REJECT = "reject"
    HOLD = "hold"
    RETRACT = "retract"
    RESTORE = "restore"
    EDIT = "edit"
    TAKE = "take"  # took the publisher's newer text over the editor's
    MERGE = "merge"
    SPLIT = "split"
    MAIN = "main"  # chose the article that stands for its story
    NOTE = "note"
    ASSIGN = "assign"
    UNDO = "undo"
    TEACH = "teach"  # taught a site a rule
    WITHDRAW = "withdraw"  # took a taught rule back


@dataclass(frozen=True, slots=True)
class Record:
    """One entry. `id` counts like the number of the event that tells it (`event`, 0 where there is none); `at` is UTC.

    `detail` is the reason, the note, the name of the one assigned, the other story, or what was undone.
    `before` and `after` are the states, `versions` the article's versions before and after; what an undo needs is in
    `review` and `stories`.
    """

    id: str
    at: datetime
    by: str
    action: Action
    article_id: str
    site: str
    title: str
    before: Status | None = None
    after: Status | None = None
    versions: tuple[int, int] = (0, 0)
    detail: str = ""
    event: int = 0
    review: Review = field(default_factory=Review)
    stories: tuple[str, ...] = ()
    undone: bool = False

    def can_be_undone(self, now: datetime) -> bool:
        """Whether it is of a kind that can be, in time, and was not yet."""
        return self.action in UNDOABLE and not self.undone and now - self.at <= UNDO

    @property
    def told_undone(self) -> str:
        """The `detail` of the entry that takes this one back."""
        return f"undoes {self.id} ({self.action})"

    @property
    def takes_back(self) -> Action | None:
        """What an undo took back; None for whatever else was done."""
        found = _UNDOES.fullmatch(self.detail) if self.action is Action.UNDO else None
        return Action(found[1]) if found else None


_UNDOES = re.compile(rf"undoes \d+ \(({'|'.join(Action)})\)")
UNDOABLE = frozenset(Action) - {Action.UNDO, Action.TEACH, Action.WITHDRAW, Action.NOTE}
