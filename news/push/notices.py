"""What a consumer hears of an article, so that what it has is what its selection shows (docs/decisions/0016)."""

from __future__ import annotations

from enum import StrEnum

from news.event import EventKind


class Notice(StrEnum):
    """What a delivery says, seen from the consumer. The value is the stored and published name."""

    NEW = "new"  # an article has come into the selection
    UPDATED = "updated"  # one that is in it reads otherwise
    MERGED = "merged"  # one that is in it belongs to another story
    RETRACTED = "retracted"  # one is not in it any more, whatever the reason: remove it
    TEST = "test"  # nothing has happened; somebody tries the webhook


CHOICE = (Notice.NEW, Notice.UPDATED, Notice.MERGED, Notice.RETRACTED)
"""What a webhook may ask for."""

_MEANS = {
    EventKind.CREATED: Notice.NEW,
    EventKind.APPROVED: Notice.NEW,
    EventKind.RESTORED: Notice.NEW,
    EventKind.UPDATED: Notice.UPDATED,
    EventKind.MERGED: Notice.MERGED,
    EventKind.SPLIT: Notice.MERGED,
    EventKind.RETRACTED: Notice.RETRACTED,
    EventKind.REJECTED: Notice.RETRACTED,
    EventKind.HELD: Notice.RETRACTED,
    EventKind.UNDONE: Notice.UPDATED,
}


def decide(kind: EventKind, *, own: bool, shown: bool, had: bool | None) -> Notice | None:
    """What to tell of one article because of an event, which is not a quiet one (news.event.QUIET); None where the
    consumer need not hear of it.

    `own`: it is the event's article; else another one of its story, which the event may have put in the place of the
    other. `shown`: the selection shows it now. `had`: what the consumer was told last, True for an article that it has;
    None where it was told nothing yet and may have the article from elsewhere, for it is older than the webhook.
    """
    if not shown:
        # Of an unknown one that was just stored nobody can have heard; any other is taken back in case it is there.
        gone = had or (had is None and kind is not EventKind.CREATED)
        return Notice.RETRACTED if gone else None
    if had is False or (had is None and not own):
        return Notice.NEW
    if not own:
        return None
    means = _MEANS[kind]
    if means is Notice.MERGED or (means is Notice.NEW and had is None):
        return means
    # Also where what has happened is the contrary: it is read late, and something later has made up for it.
    return Notice.UPDATED
