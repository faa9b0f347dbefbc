"""The states of an article and the moves that editors may make between them, in one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from news.article import Article, Status, StoredArticle
from news.errors import BantinError
from news.event import EventKind


class Move(StrEnum):
    """What an editor can do with an article as a whole. The value is the stored and published name."""

    APPROVE = "approve"
    REJECT = "reject"
    HOLD = "hold"
    RETRACT = "retract"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class Allowed:
    """One row: from which states a move leads to which, the event that tells it, and whether it must say why."""

    move: Move
    sources: tuple[Status, ...]
    target: Status
    event: EventKind
    reason: bool = False


# A published article that is approved stays as it is, and its open questions are answered (EventKind.REVIEWED).
MOVES: tuple[Allowed, ...] = (
    Allowed(Move.APPROVE, (Status.WAITING, Status.HELD, Status.REJECTED), Status.PUBLISHED, EventKind.APPROVED),
    Allowed(Move.APPROVE, (Status.PUBLISHED,), Status.PUBLISHED, EventKind.REVIEWED),
    Allowed(
        Move.REJECT, (Status.WAITING, Status.HELD, Status.PUBLISHED), Status.REJECTED, EventKind.REJECTED, reason=True
    ),
    Allowed(Move.HOLD, (Status.WAITING, Status.PUBLISHED), Status.HELD, EventKind.HELD),
    Allowed(
        Move.RETRACT, (Status.PUBLISHED, Status.WAITING, Status.HELD), Status.RETRACTED, EventKind.RETRACTED,
        reason=True,
    ),
    Allowed(Move.RESTORE, (Status.RETRACTED, Status.REJECTED), Status.PUBLISHED, EventKind.RESTORED),
)  # fmt: skip


class NotAllowed(BantinError):
    """A move that the table does not have."""


def allowed(move: Move, status: Status) -> Allowed:
    """The row of a move from a state. Raises NotAllowed where there is none."""
    row = next((row for row in MOVES if row.move is move and status in row.sources), None)
    if row is None:
        ways = ", ".join(moves_from(status))
        raise NotAllowed(f"What is {status} cannot be moved by {move}.", f"From there one may {ways}.")
    return row


def moves_from(status: Status) -> tuple[Move, ...]:
    """The moves from a state, in the order of the table."""
    return tuple(dict.fromkeys(row.move for row in MOVES if status in row.sources))


def undone(now: Status, before: Status) -> Status:
    """The state to which an undo leads back. What readers have seen is not waiting to be seen for the first time: it is
    held, so that all who follow hear that it is gone."""
    return Status.HELD if now is Status.PUBLISHED and before is Status.WAITING else before


def state_tag(stored: StoredArticle) -> str:
    """The state of an article as an editor has seen it, for If-Match: other words, another status, another story or
    another text of the publisher make it another. Safe in an HTTP header."""
    return tag_of(stored.version, stored.status, stored.story, stored.edit.waiting if stored.edit else None)


def tag_of(version: int, status: Status, story: str, waiting: Article | None) -> str:
    """The `state_tag` of the article of which that is known; `waiting` is the publisher's text beside an editor's."""
    said = f"{waiting.title}\n{waiting.lead}\n{waiting.body}\n{waiting.published}" if waiting else ""
    state = "\0".join((str(version), status, story, said))
    return blake2b(state.encode("utf-8", "replace"), digest_size=9).hexdigest()


STATES: Mapping[Status, tuple[Move, ...]] = {status: moves_from(status) for status in Status}
"""Every state with the moves from it."""
