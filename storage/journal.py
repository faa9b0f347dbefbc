"""Everything that happens to an article, each as one transaction: the article, what it said before, its signature, its
story, and the event that tells consumers. Either all of it is stored or nothing.

Every operation can be repeated: where it has been done already it does nothing, and tells nobody twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from news.article import Article, Edit, Status, StoredArticle
from news.dedupe import Sketch, story_id
from news.errors import BantinError
from news.event import CRAWL, EventKind
from news.story import Story
from storage import events
from storage.conflicts import AlreadyStored, NothingToDo
from storage.patience import Patience
from storage.turns import Turns
from storage.values import storable
from storage.writing import Place, Writing

__all__ = ["AlreadyStored", "Journal", "Place"]

T = TypeVar("T")


class Journal:
    """Writes articles. Every operation waits for a MongoDB that is away (storage.patience)."""

    def __init__(self, database: Database[dict[str, Any]], patience: Patience) -> None:
        self._database = database
        self._patience = patience
        self._turns = Turns(database, patience)

    # what crawls find

    def create(self, stored: StoredArticle, place: Place | None = None, *, by: str = CRAWL) -> None:
        """Stores a new article in its story; without `place` in one of its own, and no neighbour will find it. The same
        again is no error.

        Raises AlreadyStored where another article has one of the keys, the fingerprint on this site, or the id, or
        where one that is alike was stored since `place.seen`.
        """

        def work(writing: Writing) -> None:
            if place is not None:
                writing.check_neighbours(stored.id, stored.fingerprint, place)
            writing.insert(stored)
            writing.sign(stored, place.sketch if place else None)
            reason = place.placement.reason if place else ""
            writing.tell(EventKind.CREATED, stored, stored.first_seen, by, detail=reason)
            if place is not None:
                writing.join(stored, place.placement, stored.first_seen, by)

        try:
            self._transact(work)
        except (DuplicateKeyError, AlreadyStored) as error:
            same = {"_id": storable(stored.id), "fingerprint": storable(stored.fingerprint)}
            if self._patience.carry(lambda: self._database.articles.find_one(same, {"_id": 1})) is None:
                raise AlreadyStored(_refusal(stored, error)) from error

    def update(
        self,
        new: StoredArticle,
        old: StoredArticle,
        sketch: Sketch | None,
        *,
        changed: Sequence[str],
        by: str = CRAWL,
        place: Place | None = None,
    ) -> None:
        """Puts `new` in the place of `old`, which is kept among the versions, at `new.fetched`. `changed` names the
        fields that read otherwise; without any there is no event. `place` joins an article that stood alone to a story.

        Raises AlreadyStored where the stored article is no more `old`, or another has a key or the fingerprint.
        """

        def work(writing: Writing) -> None:
            if place is not None:
                writing.check_neighbours(new.id, new.fingerprint, place)
            writing.put(new, old)
            writing.sign(new, sketch)
            if changed:
                writing.keep(old, new.fetched, by, changed)
                writing.tell(EventKind.UPDATED, new, new.fetched, by, changed=changed)
                writing.touch(new.story)  # another may stand for it now, among those that have a tag, say
            if place is not None:
                writing.move(new, place.placement, new.fetched, by)

        try:
            self._transact(work)
        except DuplicateKeyError as error:
            raise AlreadyStored(_refusal(new, error)) from error

    def park(self, old: StoredArticle, article: Article, keys: Sequence[str], fetched: datetime) -> None:
        """Lets what the publisher wrote since wait beside an editor's text; readers see no change and hear nothing.

        Raises AlreadyStored where the stored article is no more `old`.
        """
        if old.edit is None:
            raise BantinError(f"{old.id} was not edited.", "Update it.")
        waiting = None if article == old.edit.source else article
        new = replace(old, edit=replace(old.edit, waiting=waiting), keys=tuple(keys), fetched=fetched)
        self._transact(lambda writing: writing.put(new, old, quietly=True))

    def retract(self, id: str, at: datetime, reason: str, *, by: str = CRAWL) -> bool:
        """Takes a published or waiting article from its readers; its text is kept. Whether it was not yet."""
        return self._set_status(id, Status.RETRACTED, EventKind.RETRACTED, at, by, reason)

    def restore(self, id: str, at: datetime, reason: str, *, by: str = CRAWL) -> bool:
        """Gives a retracted or rejected article back to its readers; one that was waiting for an editor when it was
        retracted waits again. Whether it was taken from them."""
        return self._set_status(id, Status.PUBLISHED, EventKind.RESTORED, at, by, reason)

    # what editors do

    def approve(self, id: str, at: datetime, *, by: str) -> bool:
        """Publishes a waiting article. Whether it was not published yet."""
        return self._set_status(id, Status.PUBLISHED, EventKind.APPROVED, at, by, "")

    def reject(self, id: str, at: datetime, reason: str, *, by: str) -> bool:
        """Rejects an article. Whether it was not yet."""
        return self._set_status(id, Status.REJECTED, EventKind.REJECTED, at, by, reason)

    def edit(self, old: StoredArticle, article: Article, sketch: Sketch | None, at: datetime, *, by: str) -> None:
        """Puts an editor's text in the place of the present one; the publisher's is kept, and no crawl overwrites the
        editor's. What waited is taken as seen. Raises AlreadyStored where the stored article is no more `old`."""
        changed = [name for name in article.to_json() if getattr(article, name) != getattr(old.article, name)]
        edit = Edit(by, at, source=old.source_text)
        new = replace(old, article=article, edit=edit, version=old.version + 1)

        def work(writing: Writing) -> None:
            writing.put(new, old)
            writing.sign(new, sketch)
            writing.keep(old, at, by, changed)
            writing.touch(new.story)
            writing.tell(EventKind.UPDATED, new, at, by, changed=changed)

        if changed:
            self._transact(work)

    def merge(self, story: str, into: str, at: datetime, *, by: str) -> int:
        """Makes two stories one, for good; how many articles came to `into`, 0 where that was done already. Raises
        BantinError for one that is not there."""

        def work(writing: Writing) -> int:
            kept = writing.story(into)
            if writing.has_absorbed(kept, story):
                raise NothingToDo
            writing.save(replace(kept, decided_by=by))
            return writing.absorb(story, into, at, by)

        if story == into:
            raise BantinError(f"{story} cannot be merged into itself.", "Give two stories.")
        return self._transact(work) or 0

    def split(self, id: str, at: datetime, *, by: str) -> str:
        """Takes an article out of its story, for good; the story that it has now, where an editor has made it stand
        alone already as before. Raises BantinError where the article is not there or was always alone."""

        def work(writing: Writing) -> str:
            stored = writing.article(id)
            before = writing.story(stored.story)
            others = tuple(member for member in before.members if member != id)
            if not others and before.apart:
                return before.id
            if not others:
                raise BantinError(f"{id} is alone in its story.", "`bantin stories list` shows those of several.")
            # An article that began a story leaves its name behind with the others.
            own = f"{story_id(id)}-{writing.number}" if writing.has_story(story_id(id)) else story_id(id)
            apart = before.apart | {own}
            writing.save(replace(before, members=others, apart=apart, decided_by=by, main=_other(before.main, id)))
            writing.save(Story(own, (id,), at, decided_by=by, apart=before.apart | {before.id}))
            for third in before.apart:
                writing.keep_apart(third, own)
            new = replace(stored, story=own)
            writing.put(new, stored)
            writing.touch(before.id)
            writing.tell(EventKind.SPLIT, new, at, by, detail=f"from {before.id}")
            return own

        return self._transact(work) or ""

    def choose_main(self, id: str, at: datetime, *, by: str) -> None:
        """Makes an article the one that stands for its story. Raises BantinError where it is not there."""

        def work(writing: Writing) -> None:
            stored = writing.article(id)
            story = writing.story(stored.story)
            if story.main == id:
                raise NothingToDo
            writing.save(replace(story, main=id))
            writing.touch(story.id)
            writing.tell(EventKind.UPDATED, stored, at, by, changed=("main",), detail=f"stands for {story.id}")

        self._transact(work)

    def _set_status(self, id: str, status: Status, kind: EventKind, at: datetime, by: str, reason: str) -> bool:
        def work(writing: Writing) -> bool:
            stored = writing.article(id)
            if stored.status not in _MAY_BECOME[kind]:
                raise NothingToDo
            waited = kind is EventKind.RESTORED and stored.status is Status.RETRACTED and writing.waited(id)
            new = replace(stored, status=Status.WAITING if waited else status)
            writing.put(new, stored)
            writing.touch(new.story)
            writing.tell(kind, new, at, by, changed=("status",), detail=reason)
            return True

        return bool(self._transact(work))

    def _transact(self, work: Callable[[Writing], T]) -> T | None:
        """What `work` returns, done in one transaction; None where it found nothing to do.

        The number of its event is taken first: writers then take turns at once, instead of doing their work and losing
        it to a conflict at the end.
        """

        def attempt(session: ClientSession) -> T:
            writing = Writing(self._database, session, events.next_numbers(self._database.counters, 1, session))
            result = work(writing)
            writing.finish()
            return result

        try:
            return self._turns.take(attempt)
        except NothingToDo:
            return None


_MAY_BECOME = {
    EventKind.APPROVED: (Status.WAITING, Status.REJECTED),
    EventKind.REJECTED: (Status.WAITING, Status.PUBLISHED),
    EventKind.RETRACTED: (Status.PUBLISHED, Status.WAITING),
    EventKind.RESTORED: (Status.RETRACTED, Status.REJECTED),
}


def _other(main: str, id: str) -> str:
    return "" if main == id else main


def _refusal(stored: StoredArticle, error: DuplicateKeyError | AlreadyStored) -> str:
    if isinstance(error, AlreadyStored):
        return str(error)
    pattern = (error.details or {}).get("keyPattern") or {}
    return f"{stored.id} ({stored.article.url}): another article has the same {' and '.join(pattern) or 'key'}."
