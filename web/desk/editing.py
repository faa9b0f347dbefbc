"""/desk/items/ID/edit: an article is edited.

What is typed is kept as a draft all along. It is saved over the state from which it began and no other (If-Match); else
the three texts are shown (412), and the editor says what becomes of them. What is refused is kept as a draft first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from news.article import Article, StoredArticle
from news.event import CRAWL
from news.review.editing import Fault, Form, Unreadable, edited
from news.review.states import state_tag
from storage.conflicts import Stale
from storage.drafts import EditorDraft
from web.contexts.dates import moment_of
from web.contexts.desk.compare import comparison
from web.contexts.desk.decided import Toast
from web.contexts.desk.editing import (
    Begun,
    ConflictPart,
    EditPart,
    WaitingPart,
    beside,
    editing,
    moment_said,
    waiting,
)
from web.contexts.desk.frame import DeskFrame
from web.desk.answers import desk_frame, editor_of, shown
from web.desk.done import done
from web.desk.items import as_of, found
from web.desk.rows import now
from web.forms import form_of, number_in
from web.pages import names_in
from web.problems import Problem
from web.shelf import Shelf

# Bytes: the longest text that an article may have, each letter up to nine bytes in a form.
_MOST = 8_000_000

Fields = Mapping[str, str]


def routes(shelf: Shelf) -> APIRouter:
    """The form, its drafts, and what the publisher wrote meanwhile, over a shelf."""
    router = APIRouter()
    edits = Edits(shelf)

    @router.api_route("/desk/items/{id}/edit", methods=["GET", "HEAD"])
    def form(request: Request, id: str) -> Response:
        return edits.form(request, id)

    @router.post("/desk/items/{id}/edit")
    async def save(request: Request, id: str) -> Response:
        fields = await form_of(request, _MOST)
        return await to_thread.run_sync(edits.save, request, id, fields)

    @router.put("/desk/items/{id}/draft")
    async def keep(request: Request, id: str) -> Response:
        fields = await form_of(request, _MOST)
        return await to_thread.run_sync(edits.keep, request, id, fields)

    @router.delete("/desk/items/{id}/draft")
    def discard(request: Request, id: str) -> Response:
        return edits.discard(request, id)

    @router.api_route("/desk/items/{id}/waiting", methods=["GET", "HEAD"])
    def waits(request: Request, id: str) -> Response:
        frame = desk_frame(request)
        return shown(WaitingPart(frame, waiting(frame, found(shelf, id))))

    @router.post("/desk/items/{id}/take")
    async def take(request: Request, id: str) -> Response:
        fields = await form_of(request)
        return await to_thread.run_sync(edits.take, request, id, fields)

    return router


class Edits:
    """Edits over a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf, self._store = shelf, shelf.store

    def form(self, request: Request, id: str) -> Response:
        """The form, as it was left where it was left."""
        frame, stored = desk_frame(request), found(self._shelf, id)
        begun = Begun.of(stored, self._store.drafts.get(id, editor_of(request)))
        return shown(self._part(frame, stored, begun))

    def keep(self, request: Request, id: str, fields: Fields) -> Response:
        """Keeps a draft, and says under which number and when; `mine` is false where another window's is newer."""
        frame, at = desk_frame(request), now()
        found(self._shelf, id)
        draft = EditorDraft(
            id, editor_of(request), _seen(request, fields), number_in(fields.get("version", "")),
            number_in(fields.get("counter", "")), at, Form.parse(fields).to_json(),
        )  # fmt: skip
        kept = self._store.drafts.save(draft)
        words, mine = frame.words, kept.fields == draft.fields
        said = (words.draft if mine else words.elsewhere).format(when=moment_said(frame, kept.at, at))
        return JSONResponse(
            {"counter": kept.counter, "mine": mine or kept.discarded, "said": "" if kept.discarded else said},
            headers={"Cache-Control": "no-store"},
        )

    def discard(self, request: Request, id: str) -> Response:
        """Forgets the draft, and gives the form anew, or the article where that is what is asked for."""
        frame, by, query = desk_frame(request), editor_of(request), request.query_params
        stored = found(self._shelf, id)
        kept = self._store.drafts.get(id, by)
        counter = max(number_in(query.get("counter", "")), kept.counter if kept else 0)
        self._store.drafts.discard(id, by, counter, now())
        if query.get("then") == "item":
            return done(self._shelf, request, frame, id)
        return shown(self._part(frame, stored, Begun.of(stored, None)._replace(counter=counter)))

    def save(self, request: Request, id: str, fields: Fields) -> Response:
        """Saves what was typed over what it began from."""
        frame, by, stored = desk_frame(request), editor_of(request), found(self._shelf, id)
        words, begun = frame.words, self._kept(request, id, fields)
        if fields.get("way") == "beside":
            theirs = stored.edit.waiting if fields.get("publisher") and stored.edit else None
            part = self._part(frame, stored, begun)
            return shown(replace(part, beside=beside(theirs or stored.article)))
        if begun.tag != state_tag(stored):
            return self._conflict(frame, stored, begun)
        try:
            article = edited(stored.article, begun.form)
        except Unreadable as error:
            return shown(self._part(frame, stored, begun, error.faults), HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            record = None
            if article != stored.article:
                record = self._store.journal.edit(id, article, now(), by=by, seen=begun.tag)
        except Stale as error:
            return self._conflict(frame, error.current, begun)
        self._store.drafts.discard(id, by, begun.counter, now())
        if record is None:
            return done(self._shelf, request, frame, id, Toast(words.nothing_changed))
        return done(self._shelf, request, frame, id, Toast.of(frame, words.saved, record))

    def take(self, request: Request, id: str, fields: Fields) -> Response:
        """Takes what the publisher wrote over what an editor did; what was typed and not saved stays a draft."""
        frame, stored = desk_frame(request), found(self._shelf, id)
        words = frame.words
        if stored.edit is None:
            return done(self._shelf, request, frame, id, Toast(words.nothing_changed))
        try:
            record = self._store.journal.take(id, now(), by=editor_of(request), seen=_seen(request, fields))
        except Stale:
            return done(self._shelf, request, frame, id, Toast(frame.desk.stale), HTTPStatus.PRECONDITION_FAILED)
        toast = Toast.of(frame, words.take_done, record) if record else Toast(words.nothing_changed)
        return done(self._shelf, request, frame, id, toast)

    def _part(
        self, frame: DeskFrame, stored: StoredArticle, begun: Begun, faults: Mapping[str, Fault] | None = None
    ) -> EditPart:
        names = names_in(frame.language, self._shelf.sites())
        return EditPart(frame, editing(frame, stored, begun, names, faults, now=now()), waiting(frame, stored))

    def _kept(self, request: Request, id: str, fields: Fields) -> Begun:
        """What was sent, kept as a draft above all that may still be on its way."""
        by, form, at = editor_of(request), Form.parse(fields), now()
        last = self._store.drafts.get(id, by)
        counter = max(number_in(fields.get("counter", "")), last.counter if last else 0) + 1
        tag, version = _seen(request, fields), number_in(fields.get("version", ""))
        self._store.drafts.save(EditorDraft(id, by, tag, version, counter, at, form.to_json()))
        return Begun(tag, version, counter, form)

    def _conflict(self, frame: DeskFrame, current: StoredArticle, begun: Begun) -> Response:
        """The three texts, and nothing done."""
        words = frame.words
        began = as_of(self._shelf, current, begun.version)
        now_form, began_form = Form.of(current.article), Form.of(began or current.article)
        mine = begun.form.upon(began_form, now_form) if began else begun.form
        names = names_in(frame.language, self._shelf.sites())
        proposed = Begun(state_tag(current), current.version, begun.counter, mine)
        same = began is not None and not now_form.changed(began_form)
        wrote = waiting(frame, current) if same else None
        changed = begun.form.changed(began_form)
        only_theirs = [name for name in now_form.changed(began_form) if began and name not in changed]
        theirs = None if same else comparison(frame, began, current.article) if began else None
        text, readable = _readable(began or current.article, begun.form)
        part = ConflictPart(
            frame=frame,
            editing=editing(frame, current, proposed, names, now=now()),
            status=frame.desk.statuses[current.status],
            heading=words.publisher_now if wrote else self._changed_by(frame, current, same=same),
            began=beside(began) if began else None,
            theirs=wrote.compared if wrote else theirs,
            mine=comparison(frame, began or current.article, text),
            kept=", ".join(words.fields[name].lower() for name in only_theirs),
            publisher=wrote is not None,
            readable=readable,
        )
        return shown(part, HTTPStatus.PRECONDITION_FAILED)

    def _changed_by(self, frame: DeskFrame, current: StoredArticle, *, same: bool) -> str:
        words = frame.words
        earlier = [] if same else self._store.versions.latest(current.id, 1)
        if not earlier:
            return words.now
        last = earlier[0]
        who = frame.texts.by_publisher if last.by == CRAWL else last.by
        return words.now_by.format(who=who, when=moment_of(last.ended, frame.texts))


def _readable(article: Article, form: Form) -> tuple[Article, bool]:
    """What a form makes of an article, as far as it can be read, and whether all of it can."""
    try:
        return edited(article, form), True
    except Unreadable as error:
        was = Form.of(article)
        sound = replace(form, **{name: getattr(was, name) for name in error.faults})
    try:
        return edited(article, sound), False
    except Unreadable:
        return article, False


def _seen(request: Request, fields: Fields) -> str:
    """The state that the editor saw. Raises Problem where none is named: nobody saves over what was never seen."""
    seen = request.headers.get("if-match", "").strip('"') or fields.get("tag", "")
    if not seen:
        raise Problem(HTTPStatus.PRECONDITION_REQUIRED, "No state of the article is named.", "Send it as If-Match.")
    return seen[:100]
