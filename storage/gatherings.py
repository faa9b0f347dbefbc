"""The part of the journal that joins stories and takes them apart, as editors decide, and says who stands for one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from news.dedupe import story_id
from news.errors import BantinError
from news.event import EventKind
from news.review.record import Action, Record
from news.story import Story
from storage.conflicts import NothingToDo
from storage.transactions import Transactions
from storage.writing import Changes, Writing


class Gatherings(Transactions):
    """Each returns the entry of the trail, of what was done twice the first one; None where there was nothing to do."""

    def merge(self, story: str, into: str, at: datetime, *, by: str) -> Record | None:
        """Makes two stories one, for good. Raises BantinError for one that is not there."""

        def work(writing: Writing) -> Record:
            kept = writing.story(into)
            # Of a retry the first member is among those that came.
            if done := writing.done(Action.MERGE, kept.members, at, by, stories=(story, into)):
                return done
            if writing.has_absorbed(kept, story):
                raise NothingToDo
            gone = writing.story(story)
            ids = (into, story, *kept.apart, *gone.apart)
            before = writing.kept(ids)
            old = writing.article(gone.main or gone.members[0])
            writing.save(replace(kept, decided_by=by))
            writing.absorb(story, into, at, by)
            changes = Changes((story, into), before, writing.kept(ids), dict.fromkeys(gone.members, story))
            return writing.record(
                Action.MERGE, old, replace(old, story=into), at, by, detail=f"{story} into {into}", changes=changes
            )

        if story == into:
            raise BantinError(f"{story} cannot be merged into itself.", "Give two stories.")
        return self._transact(work)

    def split(self, id: str, at: datetime, *, by: str) -> Record | None:
        """Takes an article out of its story, for good; nothing is done where an editor has made it stand alone already.
        Raises BantinError where the article is not there or was always alone."""

        def work(writing: Writing) -> Record:
            if done := writing.done(Action.SPLIT, [id], at, by):
                return done
            stored = writing.article(id)
            before = writing.story(stored.story)
            others = tuple(member for member in before.members if member != id)
            if not others and before.apart:
                raise NothingToDo
            if not others:
                raise BantinError(f"{id} is alone in its story.", "`bantin stories list` shows those of several.")
            # An article that began a story leaves its name behind with the others.
            own = f"{story_id(id)}-{writing.number}" if writing.has_story(story_id(id)) else story_id(id)
            ids = (before.id, own, *before.apart)
            kept = writing.kept(ids)
            _take_out(writing, before, others, id, own, at, by)
            new = replace(stored, story=own)
            writing.put(new, stored)
            writing.touch(before.id)
            writing.tell(EventKind.SPLIT, new, at, by, changed=("story",), detail=f"from {before.id}")
            changes = Changes((before.id, own), kept, writing.kept(ids), {id: before.id})
            detail = f"out of {before.id} as {own}"
            return writing.record(Action.SPLIT, stored, new, at, by, detail=detail, changes=changes)

        return self._transact(work)

    def choose_main(self, id: str, at: datetime, *, by: str) -> Record | None:
        """Makes an article the one that stands for its story. Raises BantinError where it is not there."""

        def work(writing: Writing) -> Record:
            if done := writing.done(Action.MAIN, [id], at, by):
                return done
            stored = writing.article(id)
            story = writing.story(stored.story)
            if story.main == id:
                raise NothingToDo
            kept = writing.kept([story.id])
            writing.save(replace(story, main=id))
            writing.touch(story.id)
            writing.tell(EventKind.UPDATED, stored, at, by, changed=("main",), detail=f"stands for {story.id}")
            changes = Changes((story.id,), kept, writing.kept([story.id]))
            return writing.record(Action.MAIN, stored, stored, at, by, detail=f"of {story.id}", changes=changes)

        return self._transact(work)


def _take_out(
    writing: Writing, before: Story, others: tuple[str, ...], id: str, own: str, at: datetime, by: str
) -> None:
    main = "" if before.main == id else before.main
    writing.save(replace(before, members=others, apart=before.apart | {own}, decided_by=by, main=main))
    writing.save(Story(own, (id,), at, decided_by=by, apart=before.apart | {before.id}))
    for third in before.apart:
        writing.keep_apart(third, own)
