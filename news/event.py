"""What happened to an article, as consumers hear of it: one ordered feed, each event with a number and a cursor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from news.article import EDITOR, Status
from news.errors import InvalidValue

CRAWL = "crawl"
"""Who did it where nobody did: a crawl, an import or a new extraction. An editor is named by name."""


class EventKind(StrEnum):
    """What can happen to an article. The value is the stored and published name."""

    CREATED = "created"
    UPDATED = "updated"  # it reads otherwise now, and has a new version
    MERGED = "merged"  # it belongs to another story now, with others
    SPLIT = "split"  # it was taken out of a story
    APPROVED = "approved"
    REJECTED = "rejected"
    RETRACTED = "retracted"
    RESTORED = "restored"  # what was retracted or rejected stands again
    HELD = "held"  # an editor keeps it from readers for now
    UNDONE = "undone"  # an editor took back what was done last; status, version and story say where it stands now
    REVIEWED = "reviewed"  # an editor saw it and left it as it is
    NOTED = "noted"  # an editor wrote a note, which only editors read
    ASSIGNED = "assigned"  # somebody is to see to it
    TAUGHT = "taught"  # an editor taught its site a rule at it, or took one back


QUIET = frozenset({EventKind.REVIEWED, EventKind.NOTED, EventKind.ASSIGNED, EventKind.TAUGHT})
"""The kinds that change nothing for readers."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `number` counts from 1 without gaps, in the order in which it was stored; `at` is UTC;
    `version`, `story` and `status` are the article's after it, `changed` the fields that read otherwise."""

    number: int
    kind: EventKind
    article_id: str
    site: str
    story: str
    version: int
    at: datetime
    by: str = CRAWL
    changed: tuple[str, ...] = ()
    detail: str = ""
    status: Status = Status.PUBLISHED

    @property
    def quiet(self) -> bool:
        """Whether it changes nothing for readers."""
        return self.kind in QUIET or (self.kind is EventKind.UNDONE and not self.changed)

    @property
    def cursor(self) -> str:
        """What a consumer keeps, to go on behind this event."""
        return str(self.number)

    def to_json(self) -> dict[str, Any]:
        """For who runs this installation: the names of docs/api.md."""
        return {
            "cursor": self.cursor,
            "kind": str(self.kind),
            "article": self.article_id,
            "site": self.site,
            "story": self.story,
            "version": self.version,
            "at": self.at.isoformat(),
            "by": self.by,
            "changed": list(self.changed),
            "detail": self.detail,
            "status": str(self.status),
        }

    def to_public_json(self) -> dict[str, Any]:
        """For everybody: of what an editor did neither who it was nor their words, which are for the house."""
        return self.to_json() if self.by == CRAWL else self.to_json() | {"by": EDITOR, "detail": ""}


def number_of(cursor: str) -> int:
    """The number behind which a cursor goes on; "" is the beginning. Raises InvalidValue for what was no cursor."""
    if not cursor:
        return 0
    # A number in the store is a signed 64-bit integer.
    if not (cursor.isascii() and cursor.isdecimal()) or len(cursor) > 18:
        raise InvalidValue(f"{cursor!r} is no cursor.", "Give the cursor of the last event you have, or none.")
    return int(cursor)
