"""/desk/items/ID/presence, /notes and /assign: who else is at an article, what editors tell each other about it, and
who is to see to it."""

from __future__ import annotations

from http import HTTPStatus

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from news.errors import InvalidValue
from news.review.record import Action
from news.users import Role, User
from storage.audit import TrailFilter
from storage.presence import RENEWED
from web.contexts.desk.decided import Toast
from web.contexts.desk.together import AssignPart, NotesPart, PresencePart, name_of, note, presence
from web.desk.answers import desk_frame, editor_of, shown
from web.desk.done import done
from web.desk.items import found
from web.desk.rows import now
from web.forms import form_of
from web.shelf import Shelf

_NOTES = 100
_TAB = 40  # letters of the name of a tab


def routes(shelf: Shelf) -> APIRouter:
    """What editors tell each other, over a shelf."""
    router = APIRouter()
    router.include_router(_presence(shelf))
    router.include_router(_notes(shelf))
    router.include_router(_assign(shelf))
    return router


def _presence(shelf: Shelf) -> APIRouter:
    router, store = APIRouter(), shelf.store

    def others(request: Request, id: str) -> Response:
        frame, by = desk_frame(request), editor_of(request)
        there = [one for one in store.presence.of([id], now()).get(id, ()) if one.user != by]
        names = {user.name: user for user in store.users.all()} if there else {}
        return shown(PresencePart(frame, id, presence(frame, there, names), int(RENEWED.total_seconds())))

    @router.post("/desk/items/{id}/presence")
    async def renew(request: Request, id: str) -> Response:
        fields = await form_of(request)
        return await to_thread.run_sync(_renew, request, id, fields.get("state", ""), fields.get("tab", "")[:_TAB])

    def _renew(request: Request, id: str, state: str, tab: str) -> Response:
        by = editor_of(request)
        if state == "gone":
            store.presence.leave(id, by, tab)
        elif state in ("view", "edit"):
            found(shelf, id)
            store.presence.renew(id, by, tab, now(), editing=state == "edit")
        else:
            raise InvalidValue(f"state = {state[:40]!r} is unknown.", "Use one of view, edit, gone.")
        return others(request, id)

    return router


def _notes(shelf: Shelf) -> APIRouter:
    router, store = APIRouter(), shelf.store

    @router.api_route("/desk/items/{id}/notes", methods=["GET", "HEAD"])
    def notes(request: Request, id: str) -> Response:
        return _part(request, id, "", "")

    @router.post("/desk/items/{id}/note")
    async def add(request: Request, id: str) -> Response:
        fields = await form_of(request)
        return await to_thread.run_sync(_add, request, id, fields.get("note", ""))

    def _add(request: Request, id: str, text: str) -> Response:
        frame = desk_frame(request)
        found(shelf, id)
        try:
            store.journal.note(id, text, now(), by=editor_of(request))
        except InvalidValue as error:
            return _part(request, id, text, error.problem)
        return done(shelf, request, frame, id, Toast(frame.words.note_done))

    def _part(request: Request, id: str, text: str, problem: str) -> Response:
        frame, stored = desk_frame(request), found(shelf, id)
        records = store.audit.find(TrailFilter(article=id, action=Action.NOTE), _NOTES)
        names = {user.name: user for user in store.users.all()} if records else {}
        # The trail of an article tells what was done with its whole story.
        said = tuple(note(frame, record, names) for record in reversed(records) if record.article_id == id)
        wrong = frame.desk.refused.format(problem=problem) if problem else ""
        part = NotesPart(frame, stored.id, stored.article.title, said, text, wrong)
        return shown(part, HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK)

    return router


def _assign(shelf: Shelf) -> APIRouter:
    router, store = APIRouter(), shelf.store

    @router.api_route("/desk/items/{id}/assign", methods=["GET", "HEAD"])
    def choose(request: Request, id: str) -> Response:
        frame, stored = desk_frame(request), found(shelf, id)
        part = AssignPart.of(frame, stored, _editors(store.users.all()))
        return shown(part)

    @router.post("/desk/items/{id}/assign")
    async def assign(request: Request, id: str) -> Response:
        fields = await form_of(request)
        return await to_thread.run_sync(_hand, request, id, fields.get("to", ""))

    def _hand(request: Request, id: str, to: str) -> Response:
        frame = desk_frame(request)
        words = frame.words
        found(shelf, id)
        editors = {user.name: user for user in _editors(store.users.all())}
        if to and to not in editors:
            raise InvalidValue(f"to = {to[:40]!r} is no editor.", "Use the name of one.")
        record = store.journal.assign(id, to, now(), by=editor_of(request))
        text = words.assign_done.format(who=name_of(editors[to])) if to else words.unassigned
        toast = Toast.of(frame, text, record) if record else Toast(words.nothing_changed)
        return done(shelf, request, frame, id, toast)

    return router


def _editors(users: list[User]) -> list[User]:
    """Those who may work at the desk."""
    return [user for user in users if user.role.may(Role.EDITOR) and user.disabled is None]
