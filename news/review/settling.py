"""What becomes of the open questions about an article when it is moved, edited, or what was done is taken back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from news.article import Status
from news.review.review import Concern, Queue, Review
from news.review.states import Move

_GONE = (Status.REJECTED, Status.RETRACTED)
_OF_UPDATES = (Concern.SENSITIVE_UPDATE, Concern.SOURCE_CHANGED)


def queued(status: Status, concerns: Collection[Concern], *, seen: bool, updated: bool = False) -> tuple[Queue, ...]:
    """The queues of an article. `seen`: an editor has settled it as it reads now; `updated`: its publisher has changed
    it since. What is held lies elsewhere only for what came later: what was open then is why it is held."""
    if status in _GONE:
        return ()
    held = status is Status.HELD
    updated = updated or (not held and any(concern in _OF_UPDATES for concern in concerns))
    open_ = bool(concerns) and not (seen or updated)
    ways = {
        # Held and not settled is what was approved by a slip: it lies where it lay.
        Queue.NEW: status is Status.WAITING or (status is Status.PUBLISHED and open_) or (held and not seen),
        Queue.HELD: held and seen,
        Queue.UPDATED: updated,
        Queue.DUPLICATES: Concern.UNSURE_DUPLICATE in concerns and not held,
    }
    return tuple(queue for queue, lies in ways.items() if lies)


def moved(move: Move, review: Review) -> Review:
    """After a move of an editor: all is settled. What is held lies among the held, with what was open about it."""
    if move is Move.HOLD:
        return replace(review, queues=(Queue.HELD,), seen=True)
    return replace(review, queues=(), concerns=(), alike=(), seen=True)


def requeued(review: Review, status: Status) -> Review:
    """After a machine took the article from its readers or gave it back: what was open stays open."""
    updated = Queue.UPDATED in review.queues
    return replace(review, queues=queued(status, review.concerns, seen=review.seen, updated=updated))


def edited(review: Review, status: Status) -> Review:
    """After an edit: an editor's text is trusted, and what the publisher wrote until then was before the editor."""
    return replace(review, queues=queued(status, (), seen=True), concerns=(), alike=(), seen=True)


def parked(review: Review, status: Status, *, waits: bool) -> Review:
    """When the publisher's newer text has come to wait beside an editor's, or is again what the editor saw."""
    others = tuple(concern for concern in review.concerns if concern is not Concern.SOURCE_CHANGED)
    concerns = (Concern.SOURCE_CHANGED, *others) if waits else others
    return replace(review, queues=queued(status, concerns, seen=review.seen, updated=waits), concerns=concerns)


def taken_back(now: Review, before: Review, status: Status) -> Review:
    """After an undo: what was open before is open again, beside what came up since."""
    concerns = tuple(dict.fromkeys((*before.concerns, *now.concerns)))
    updated = Queue.UPDATED in (*before.queues, *now.queues)
    return replace(
        now,
        queues=queued(status, concerns, seen=before.seen, updated=updated),
        concerns=concerns,
        alike=tuple(dict.fromkeys((*before.alike, *now.alike))),
        seen=before.seen,
    )
