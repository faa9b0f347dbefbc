"""Everything that happens to an article, each as one transaction: the article, what it said before, its signature, its
story, and the event that tells consumers. Either all of it is stored or nothing.

Every operation can be repeated: where it has been done already it does nothing, and tells nobody twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from news.article import Article, StoredArticle
from news.dedupe import Sketch
from news.errors import BantinError
from news.event import CRAWL, EventKind
from news.review.settling import parked
from storage.conflicts import AlreadyStored
from storage.gatherings import Gatherings
from storage.moves import Moves
from storage.undoing import Undoing
from storage.values import storable
from storage.writing import Place, Writing

__all__ = ["AlreadyStored", "Journal", "Place"]


class Journal(Moves, Gatherings, Undoing):
    """Writes articles: what crawls find, and what is done with one article (storage.moves), with stories
    (storage.gatherings), and taken back (storage.undoing). Every operation waits for a MongoDB that is away
    (storage.patience)."""

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
        at: datetime | None = None,
        place: Place | None = None,
    ) -> None:
        """Puts `new` in the place of `old`, which is kept among the versions, at `at`, or else at `new.fetched`.
        `changed` names the fields that read otherwise; without any there is no event. `place` joins an article that
        stood alone to a story.

        Raises AlreadyStored where the stored article is no more `old`, or another has a key or the fingerprint.
        """

        def work(writing: Writing) -> None:
            if place is not None:
                writing.check_neighbours(new.id, new.fingerprint, place)
            writing.put(new, old)
            writing.sign(new, sketch)
            if changed:
                writing.keep(old, at or new.fetched, by, changed)
                writing.tell(EventKind.UPDATED, new, at or new.fetched, by, changed=changed)
                writing.touch(new.story)  # another may stand for it now, among those that have a tag, say
            if place is not None:
                writing.move(new, place.placement, new.fetched, by)

        try:
            self._transact(work)
        except DuplicateKeyError as error:
            raise AlreadyStored(_refusal(new, error)) from error

    def park(self, old: StoredArticle, article: Article, keys: Sequence[str], fetched: datetime) -> None:
        """Lets what the publisher wrote since wait beside an editor's text; readers see no change and hear nothing.
        What waited there before is kept.

        Raises AlreadyStored where the stored article is no more `old`.
        """
        if old.edit is None:
            raise BantinError(f"{old.id} was not edited.", "Update it.")
        waiting = None if article == old.edit.source else article
        new = replace(
            old,
            edit=replace(old.edit, waiting=waiting),
            keys=tuple(keys),
            fetched=fetched,
            review=parked(old.review, old.status, waits=waiting is not None),
        )
        passed = old.edit.waiting is not None and waiting != old.edit.waiting

        def work(writing: Writing) -> None:
            writing.put(new, old, quietly=True)
            if passed:
                writing.pass_over(old, fetched)

        self._transact(work)


def _refusal(stored: StoredArticle, error: DuplicateKeyError | AlreadyStored) -> str:
    if isinstance(error, AlreadyStored):
        return str(error)
    pattern = (error.details or {}).get("keyPattern") or {}
    return f"{stored.id} ({stored.article.url}): another article has the same {' and '.join(pattern) or 'key'}."
