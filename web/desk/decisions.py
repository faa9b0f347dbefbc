"""What an editor decides: about the open article, about all that are selected, and what is taken back.

Each answer is what to show next: after a decision the next article, with the row of the last one taken away and a way
to undo it; where the article was changed meanwhile (412), how it is now and what changed, and nothing is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from news.article import StoredArticle
from news.errors import BantinError, InvalidValue
from news.review.record import Record
from news.review.states import Move
from storage.conflicts import Stale
from storage.patience import StorageUnavailable
from web.contexts.desk.compare import comparison
from web.contexts.desk.decided import Decided, Refusal, Stopped, Toast
from web.contexts.desk.frame import DeskFrame
from web.contexts.desk.item import Item
from web.contexts.desk.queue import Changes
from web.contexts.frame import Page
from web.desk.answers import desk_frame, editor_of, shown
from web.desk.asked import Asked
from web.desk.counts import Counts
from web.desk.items import as_of, opened
from web.desk.queue import became, ids_in
from web.desk.rows import now
from web.forms import form_of, number_in
from web.shelf import Shelf

_LONGEST = 1000  # letters of a reason

Fields = Mapping[str, str]


class Picked(NamedTuple):
    """An article of a selection, and the state in which it was seen (news.review.states.state_tag)."""

    id: str
    tag: str


def routes(shelf: Shelf, counts: Counts) -> APIRouter:
    """What changes something, over a shelf."""
    router = APIRouter()
    desk = Decisions(shelf, counts)

    @router.post("/desk/items/{id}/decide")
    async def decide(request: Request, id: str) -> Response:
        fields = await form_of(request)
        return await to_thread.run_sync(desk.decide, request, id, fields)

    @router.post("/desk/decide")
    async def decide_all(request: Request) -> Response:
        fields = await form_of(request)
        return await to_thread.run_sync(desk.decide_all, request, fields)

    @router.post("/desk/undo")
    async def undo_all(request: Request) -> Response:
        fields = await form_of(request)
        return await to_thread.run_sync(desk.undo, request, ids_in(fields.get("records", "")))

    @router.post("/desk/undo/{record}")
    async def undo(request: Request, record: str) -> Response:
        return await to_thread.run_sync(desk.undo, request, [record])

    return router


class Decisions:
    """Does what editors decide, and answers with what to show next."""

    def __init__(self, shelf: Shelf, counts: Counts) -> None:
        self._shelf, self._counts = shelf, counts

    def decide(self, request: Request, id: str, fields: Fields) -> Response:
        """One article, as the editor has seen it (If-Match)."""
        frame, move = desk_frame(request), _move(fields)
        seen = request.headers.get("if-match", "").strip('"')
        try:
            record = self._do(request, id, move, fields, seen)
        except Stale as error:
            return self._stale(request, frame, error.current, fields.get("version", ""))
        except StorageUnavailable:
            raise
        except BantinError as error:
            return _refused(frame, error)
        toast = Toast.of(frame, frame.desk.done[move], record) if record else Toast(frame.desk.nothing_done)
        return self._next(request, frame, id, fields, toast)

    def decide_all(self, request: Request, fields: Fields) -> Response:
        """All of a selection. What cannot be done is left as it is, and told with its reason."""
        frame, move = desk_frame(request), _move(fields)
        records, refusals = list[Record](), list[Refusal]()
        picked = [_picked(text) for text in ids_in(fields.get("ids", ""))]
        known = self._shelf.store.articles.some([one.id for one in picked])
        titles = {stored.id: stored.article.title or stored.id for stored in known}
        for one in picked:
            if one.id not in titles:
                continue
            try:
                record = self._do(request, one.id, move, fields, one.tag)
            except StorageUnavailable:
                raise
            except Stale:
                refusals.append(Refusal(titles[one.id], frame.desk.changed_now))
            except BantinError as error:
                refusals.append(Refusal(titles[one.id], error.problem))
            else:
                records += [record] if record else []
        toast = Toast.of_many(frame, frame.desk.done[move], records, refusals)
        changes = self._became(request, frame, [one.id for one in picked], fields)
        return shown(Decided(frame, None, toast, changes))

    def undo(self, request: Request, records: list[str]) -> Response:
        """Takes back what was done, the last first."""
        frame, journal = desk_frame(request), self._shelf.store.journal
        by, undone, refusals = editor_of(request), list[Record](), list[Refusal]()
        for id in sorted(records, key=lambda text: (len(text), text), reverse=True):
            try:
                undone.append(journal.undo(id, now(), by=by))
            except StorageUnavailable:
                raise
            except BantinError as error:
                refusals.append(Refusal("", error.problem))
        if not undone:
            return _refused(frame, *refusals)
        toast = Toast.of_undone(frame, undone, refusals)
        page = Decided(frame, self._open(request, frame, undone[0].article_id), toast, None)
        return shown(page, headers={"HX-Trigger": "desk-queue"})

    def _do(self, request: Request, id: str, move: Move, fields: Fields, seen: str) -> Record | None:
        reason = " ".join(fields.get("reason", "").split())[:_LONGEST]
        return self._shelf.store.journal.decide(id, move, now(), by=editor_of(request), reason=reason, seen=seen)

    def _next(self, request: Request, frame: DeskFrame, id: str, fields: Fields, toast: Toast) -> Response:
        changes = self._became(request, frame, [id], fields)
        item = self._open(request, frame, fields.get("next", ""))
        pushed = frame.link("/desk", Asked.of(request).pairs(), open=item.id if item else "")
        return shown(Decided(frame, item, toast, changes, shows_item=True), headers={"HX-Push-Url": pushed})

    def _became(self, request: Request, frame: DeskFrame, ids: list[str], fields: Fields) -> Changes:
        """What became of the rows; those that the page shows of them are `shown`."""
        there = set(ids_in(fields.get("shown", "")))
        return became(self._shelf, self._counts, frame, Asked.of(request), ids, there)

    def _open(self, request: Request, frame: DeskFrame, id: str) -> Item | None:
        stored = self._shelf.store.articles.get(id) if id else None
        return opened(self._shelf, frame, stored, request) if stored else None

    def _stale(self, request: Request, frame: DeskFrame, current: StoredArticle, version: str) -> Response:
        """The article as it is now, and what changed since the editor has seen it."""
        before = as_of(self._shelf, current, number_in(version))
        compared = comparison(frame, before, current.article) if before and before != current.article else None
        item = opened(self._shelf, frame, current, request)
        return shown(Stopped(frame, item, compared), HTTPStatus.PRECONDITION_FAILED)


def _refused(frame: DeskFrame, *errors: BantinError | Refusal) -> Response:
    said = " ".join(error.problem for error in errors)
    page: Page = Decided(frame, None, Toast(frame.desk.refused.format(problem=said)), None)
    return shown(page, HTTPStatus.CONFLICT, {"HX-Reswap": "none"})


def _move(fields: Fields) -> Move:
    try:
        return Move(fields.get("move", ""))
    except ValueError:
        raise InvalidValue(
            f"move = {fields.get('move', '')[:40]!r} is unknown.", f"Use one of {', '.join(Move)}."
        ) from None


def _picked(text: str) -> Picked:
    id, _, tag = text.rpartition("~")
    if not (id and tag):
        raise InvalidValue(f"ids: {text[:60]!r} is no article and its state.", "Write ID~TAG.")
    return Picked(id, tag)
