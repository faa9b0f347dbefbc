"""The part of the journal that moves an article from state to state, rewrites it and notes things about it: what
editors do with one article. Each is told by an event and by an entry of the trail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from news.article import Article, Edit, Status, StoredArticle
from news.dedupe import Text, fingerprint, sketch
from news.errors import BantinError, InvalidValue
from news.event import CRAWL, EventKind
from news.review.record import Action, Record
from news.review.rules import SiteRule
from news.review.settling import edited, moved, requeued
from news.review.states import MOVES, Allowed, Move, allowed, moves_from, state_tag
from storage.conflicts import NothingToDo, Stale
from storage.transactions import Transactions
from storage.writing import Writing

NOTE_LIMIT = 4_000
"""Letters of a note, or of a reason."""


class Moves(Transactions):
    """Of everything that names a user (`by`), the entry of the trail is returned, of what was done twice the first one;
    None where there was nothing to do. `seen` is the state that the user saw (news.review.states.state_tag): raises
    Stale where that is not the present one. Raises BantinError for an article that is not there."""

    def decide(self, id: str, move: Move, at: datetime, *, by: str, reason: str = "", seen: str = "") -> Record | None:
        """Moves an article. Raises NotAllowed for what the table of moves does not have, InvalidValue where a reason is
        missing."""
        reason = _said(reason)

        def work(writing: Writing, old: StoredArticle) -> Record:
            row = _row(move, old)
            if row.reason and not reason:
                raise InvalidValue(f"To {move} {old.id} takes a reason.", "Say why, in some words.")
            new = replace(old, status=row.target, review=moved(move, old.review))
            if new.status is old.status and new.review == old.review:
                raise NothingToDo
            writing.restate(new, old, row.event, at, by, reason)
            return writing.record(Action(move), old, new, at, by, detail=reason)

        return self._act(Action(move), id, at, by, work, seen)

    def edit(self, id: str, article: Article, at: datetime, *, by: str, seen: str = "") -> Record | None:
        """Puts an editor's text in the place of the present one; the publisher's is kept, and no crawl overwrites the
        editor's. What waited is taken as seen. Address and site stay."""
        signature = sketch(Text.of(article))

        def work(writing: Writing, old: StoredArticle) -> Record:
            text = replace(article, url=old.article.url, site=old.article.site)
            if text.to_json() == old.article.to_json():
                raise NothingToDo
            new = replace(
                old,
                article=text,
                edit=Edit(by, at, source=old.source_text),
                version=old.version + 1,
                review=edited(old.review, old.status),
            )
            writing.reword(new, old, signature, EventKind.UPDATED, at, by)
            return writing.record(Action.EDIT, old, new, at, by)

        return self._act(Action.EDIT, id, at, by, work, seen)

    def take(self, id: str, at: datetime, *, by: str, seen: str = "") -> Record | None:
        """Puts what the publisher wrote last in the place of an editor's text; crawls update it again."""

        def work(writing: Writing, old: StoredArticle) -> Record:
            if old.edit is None:
                raise BantinError(f"Nobody has edited {old.id}.", "Its text is the publisher's already.")
            new = published_again(writing, old)
            writing.reword(new, old, sketch(Text.of(new.article)), EventKind.UPDATED, at, by)
            return writing.record(Action.TAKE, old, new, at, by)

        return self._act(Action.TAKE, id, at, by, work, seen)

    def note(self, id: str, text: str, at: datetime, *, by: str) -> Record | None:
        """Writes a note, which only the trail shows. Raises InvalidValue for an empty one."""
        said = _said(text)
        if not said:
            raise InvalidValue("The note is empty.", "Write something.")

        def work(writing: Writing, old: StoredArticle) -> Record:
            new = replace(old, review=replace(old.review, notes=old.review.notes + 1))
            writing.put(new, old, quietly=True)
            writing.tell(EventKind.NOTED, new, at, by)
            return writing.record(Action.NOTE, old, new, at, by, detail=said)

        return self._act(Action.NOTE, id, at, by, work, detail=said)

    def assign(self, id: str, to: str, at: datetime, *, by: str) -> Record | None:
        """Says who is to see to an article; "" nobody."""

        def work(writing: Writing, old: StoredArticle) -> Record:
            if old.review.assigned == to:
                raise NothingToDo
            new = replace(old, review=replace(old.review, assigned=to))
            writing.put(new, old, quietly=True)
            writing.tell(EventKind.ASSIGNED, new, at, by, detail=to)
            return writing.record(Action.ASSIGN, old, new, at, by, detail=to)

        return self._act(Action.ASSIGN, id, at, by, work)

    def note_rule(self, rule: SiteRule, action: Action, at: datetime, *, by: str) -> Record | None:
        """Tells that a user taught a site this rule (Action.TEACH) at `rule.article_id`, or took it back (WITHDRAW)."""

        def work(writing: Writing, stored: StoredArticle) -> Record:
            detail = f"{action} {rule.id}"
            writing.tell(EventKind.TAUGHT, stored, at, by, detail=detail)
            return writing.record(action, stored, stored, at, by, detail=f"{rule.id} {rule.kind} {rule.value}".strip())

        return self._act(action, rule.article_id, at, by, work)

    # what machines find out

    def retract(self, id: str, at: datetime, reason: str, *, by: str = CRAWL) -> bool:
        """Takes an article from its readers whose page is gone; its text is kept, and what is open about it. Whether it
        was not yet. `by` is a machine: editors decide."""
        return self._find_out(Move.RETRACT, id, at, reason, by)

    def restore(self, id: str, at: datetime, reason: str, *, by: str = CRAWL) -> bool:
        """Puts a retracted article back to where it stood before. Whether it was retracted."""
        return self._find_out(Move.RESTORE, id, at, reason, by)

    def _find_out(self, move: Move, id: str, at: datetime, reason: str, by: str) -> bool:
        def work(writing: Writing) -> bool:
            old = writing.article(id)
            # What editors reject no machine gives back.
            if move not in moves_from(old.status) or old.status is Status.REJECTED:
                raise NothingToDo
            row = allowed(move, old.status)
            target = writing.stood(id) if move is Move.RESTORE else row.target
            new = replace(old, status=target, review=requeued(old.review, target))
            writing.restate(new, old, row.event, at, by, reason)
            return True

        return bool(self._transact(work))

    def _act(
        self,
        action: Action,
        id: str,
        at: datetime,
        by: str,
        work: Callable[[Writing, StoredArticle], Record],
        seen: str = "",
        **told: str,
    ) -> Record | None:
        def checked(writing: Writing) -> Record:
            if done := writing.done(action, [id], at, by, **told):
                return done
            old = writing.article(id)
            if seen and seen != state_tag(old):
                raise Stale(old, "somebody or a crawl has changed it meanwhile")
            return work(writing, old)

        return self._transact(checked)


def published_again(writing: Writing, old: StoredArticle) -> StoredArticle:
    """An edited article with the text that its publisher wrote last, and nobody's hand on it."""
    text = old.source_text
    return replace(
        old,
        article=text,
        edit=None,
        version=old.version + 1,
        fingerprint=writing.free(fingerprint(text), old),
        review=edited(old.review, old.status),
    )


def _row(move: Move, stored: StoredArticle) -> Allowed:
    """Raises NothingToDo where the article stands there already, NotAllowed where no way leads there."""
    there = any(row.move is move and row.target is stored.status for row in MOVES)
    if there and move not in moves_from(stored.status):
        raise NothingToDo
    return allowed(move, stored.status)


def _said(text: str) -> str:
    """Raises InvalidValue for what is too long."""
    if len(text) > NOTE_LIMIT:
        raise InvalidValue(f"That is {len(text)} letters long.", f"Write {NOTE_LIMIT} at most.")
    return text.strip()
