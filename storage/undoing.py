"""The part of the journal that takes back what an editor did, as long as nothing has come upon it since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from news.article import Edit, StoredArticle
from news.dedupe import Text, sketch
from news.errors import BantinError, InvalidValue
from news.event import Event, EventKind
from news.review.record import Action, Record
from news.review.review import Concern
from news.review.settling import taken_back
from news.review.states import undone
from storage.audit import Kept
from storage.conflicts import Stale
from storage.moves import published_again
from storage.transactions import Transactions
from storage.writing import Changes, Writing

# What happens to an article without touching its words or where it stands with its readers.
_BESIDE = (EventKind.REVIEWED, EventKind.NOTED, EventKind.ASSIGNED, EventKind.TAUGHT)
_OF_STORIES = (EventKind.MERGED, EventKind.SPLIT)


class TooLate(BantinError):
    """An undo that is of no use any more, or never was."""


class _Undo(NamedTuple):
    """One undo: the entry that is taken back, the article as it is, and the words of the event."""

    kept: Kept
    now: StoredArticle
    at: datetime
    by: str
    detail: str


class Undoing(Transactions):
    def undo(self, record_id: str, at: datetime, *, by: str) -> Record:
        """Takes back what an entry of the trail tells, and gives the entry that tells this.

        Raises Stale where something else happened to the article, or its story, since; TooLate where it was undone
        already, is too long ago or cannot be taken back; InvalidValue where there is no such entry.
        """

        def work(writing: Writing) -> Record:
            kept = writing.entry(record_id)
            if kept is None:
                raise InvalidValue(f"There is no entry {record_id!r} in the trail.", "Give the id of one.")
            record = kept.record
            if record.undone and (done := writing.done(Action.UNDO, [record.article_id], at, by)):
                return done
            _check(record, at)
            undo = _Undo(kept, writing.article(record.article_id), at, by, record.told_undone)
            new, changes = _WAYS[record.action](writing, undo)
            writing.note_undone(record)
            return writing.record(Action.UNDO, undo.now, new, at, by, detail=undo.detail, changes=changes)

        result = self._transact(work)
        assert result is not None
        return result


def _check(record: Record, at: datetime) -> None:
    if record.undone:
        raise TooLate(f"{record.id} ({record.action}) was undone already.", "Look at the article as it is now.")
    if record.action not in _WAYS:
        raise TooLate(f"{record.action.capitalize()} cannot be undone.", "Do the contrary.")
    if not record.can_be_undone(at):
        raise TooLate(f"{record.id} ({record.action}) is too long ago.", "Do the contrary.")


def _unmove(writing: Writing, undo: _Undo) -> tuple[StoredArticle, Changes | None]:
    record, now = undo.kept.record, undo.now
    _check_untouched(writing, undo)
    assert record.before is not None
    status = now.status if record.before is record.after else undone(now.status, record.before)
    new = replace(now, status=status, review=taken_back(now.review, record.review, status))
    writing.restate(new, now, EventKind.UNDONE, undo.at, undo.by, undo.detail)
    return new, None


def _unwrite(writing: Writing, undo: _Undo) -> tuple[StoredArticle, Changes | None]:
    """The text before in the place of the present one. Of the first edit that is the publisher's, as it is by now."""
    record, now = undo.kept.record, undo.now
    _check_untouched(writing, undo)
    old = writing.version(now.id, record.versions[0])
    if old is None:
        raise TooLate(f"Version {record.versions[0]} of {now.id} is no longer kept.", "Edit it.")
    review = taken_back(now.review, record.review, now.status)
    if old.edit is None:
        new = replace(published_again(writing, now), review=review)
        concerns = tuple(concern for concern in review.concerns if concern is not Concern.SOURCE_CHANGED)
        new = replace(new, review=replace(review, concerns=concerns))
    else:
        source = now.source_text
        waiting = source if source != old.edit.source else None
        edit = Edit(old.edit.by, old.edit.at, old.edit.source, waiting)
        new = replace(now, article=old.article, edit=edit, version=now.version + 1, review=review)
    writing.reword(new, now, sketch(Text.of(new.article)), EventKind.UNDONE, undo.at, undo.by, undo.detail)
    return new, None


def _regroup(writing: Writing, undo: _Undo) -> tuple[StoredArticle, Changes | None]:
    """The stories as they were before."""
    kept, now = undo.kept, undo.now
    present = writing.kept(kept.after)
    if present != dict(kept.after):
        raise Stale(now, f"{' or '.join(kept.record.stories)} has been changed since")
    writing.put_back(kept.before)
    told = [(writing.article(id), story) for id, story in kept.told.items()]
    for stored, story in told:
        writing.put(replace(stored, story=story), stored)
    for story in kept.record.stories:
        writing.touch(story)
    changed = ("story",) if told else ("main",)
    for new in [replace(stored, story=story) for stored, story in told] or [now]:
        writing.tell(EventKind.UNDONE, new, undo.at, undo.by, changed=changed, detail=undo.detail)
    own = kept.told.get(now.id, now.story)
    changes = Changes(kept.record.stories, present, kept.before, dict(kept.told))
    return replace(now, story=own), changes


def _unassign(writing: Writing, undo: _Undo) -> tuple[StoredArticle, Changes | None]:
    record, now = undo.kept.record, undo.now
    if now.review.assigned != record.detail:
        raise Stale(now, f"{now.review.assigned or 'nobody'} is to see to it by now")
    new = replace(now, review=replace(now.review, assigned=record.review.assigned))
    writing.put(new, now, quietly=True)
    writing.tell(EventKind.UNDONE, new, undo.at, undo.by, detail=undo.detail)
    return new, None


_WAYS = {
    Action.APPROVE: _unmove,
    Action.REJECT: _unmove,
    Action.HOLD: _unmove,
    Action.RETRACT: _unmove,
    Action.RESTORE: _unmove,
    Action.EDIT: _unwrite,
    Action.TAKE: _unwrite,
    Action.MERGE: _regroup,
    Action.SPLIT: _regroup,
    Action.MAIN: _regroup,
    Action.ASSIGN: _unassign,
}


def _check_untouched(writing: Writing, undo: _Undo) -> None:
    """Raises Stale where anything happened to the article since that was not taken back itself."""
    last = undo.kept.last
    later = writing.since(undo.now.id, last)
    if not later:
        return
    done = writing.entries(undo.now.id, last)
    for event in later:
        if not _is_beside(event) and not _was_undone(event, done):
            raise Stale(undo.now, f"{event.by} has {event.kind} it since")


def _is_beside(event: Event) -> bool:
    return event.kind in (*_BESIDE, *_OF_STORIES, EventKind.UNDONE) or event.changed == ("main",)


def _was_undone(event: Event, done: Sequence[Kept]) -> bool:
    return any(kept.record.undone and kept.record.event <= event.number <= kept.last for kept in done)
