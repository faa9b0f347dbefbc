"""/desk/items/ID/story: an article's story is joined with another, one taken out of it, or made to stand for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from news.article import Status, StoredArticle
from news.dedupe import Text, shortlist, sketch
from news.errors import BantinError, InvalidValue
from news.review.record import Record
from news.search import Query
from news.story import appeared, standing
from news.urls import identity
from storage.patience import StorageUnavailable
from web.contexts.desk.decided import Toast
from web.contexts.desk.gathering import FoundPart, StoryPart, told
from web.desk.answers import desk_frame, editor_of, shown
from web.desk.done import done
from web.desk.items import found
from web.desk.rows import now
from web.forms import form_of
from web.pages import names_in
from web.shelf import Shelf

_MEMBERS, _CANDIDATES, _FOUND = 30, 8, 12

Fields = Mapping[str, str]


def routes(shelf: Shelf) -> APIRouter:
    """The sheet of a story, over a shelf."""
    router = APIRouter()
    stories = Stories(shelf)

    @router.api_route("/desk/items/{id}/story", methods=["GET", "HEAD"])
    def story(request: Request, id: str) -> Response:
        words = request.query_params.get("q")
        return stories.sheet(request, id) if words is None else stories.search(request, id, words)

    @router.post("/desk/items/{id}/story")
    async def change(request: Request, id: str) -> Response:
        fields = await form_of(request)
        return await to_thread.run_sync(stories.change, request, id, fields)

    return router


class Stories:
    """Stories over a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf, self._store = shelf, shelf.store

    def sheet(self, request: Request, id: str, problem: str = "") -> Response:
        """The story of an article and what may belong to it; of what was not done, why."""
        frame, stored = desk_frame(request), found(self._shelf, id)
        kept = self._store.stories.get(stored.story)
        members = [row.stored for row in self._store.articles.of_stories([stored.story])]
        members.sort(key=lambda one: (appeared(one), one.first_seen, one.id))
        main = standing(members, kept.main if kept else "").id if members else id
        names = names_in(frame.language, self._shelf.sites())
        part = StoryPart(
            frame=frame,
            id=id,
            title=stored.article.title or stored.article.url,
            members=told(frame, members[:_MEMBERS], names, id, main),
            alike=told(frame, self._alike(stored), names),
            problem=frame.desk.refused.format(problem=problem) if problem else "",
        )
        return shown(part, HTTPStatus.CONFLICT if problem else HTTPStatus.OK)

    def search(self, request: Request, id: str, words: str) -> Response:
        """Articles that have the words, or are of that id or address; each story once."""
        frame, stored = desk_frame(request), found(self._shelf, id)
        names = names_in(frame.language, self._shelf.sites())
        return shown(FoundPart(frame, id, told(frame, self._found(stored, words.strip()), names)))

    def change(self, request: Request, id: str, fields: Fields) -> Response:
        """Does what was asked for with the article `with` (this one where none is named): merge, split or main."""
        frame, stored = desk_frame(request), found(self._shelf, id)
        words, other = frame.words, found(self._shelf, fields.get("with") or id)
        way = fields.get("do", "")
        said = {"merge": words.merge_done, "split": words.split_done, "main": words.make_main_done}
        if way not in said:
            raise InvalidValue(f"do = {way[:40]!r} is unknown.", f"Use one of {', '.join(said)}.")
        try:
            record = self._do(request, way, stored, other)
        except StorageUnavailable:
            raise
        except BantinError as error:
            return self.sheet(request, id, error.problem)
        if record is None:
            return done(self._shelf, request, frame, id, Toast(words.nothing_changed))
        # The entry of the trail may be of another article of the story.
        toast = replace(Toast.of(frame, said[way], record), about=other.article.title or other.id)
        return done(self._shelf, request, frame, id, toast)

    def _do(self, request: Request, way: str, stored: StoredArticle, other: StoredArticle) -> Record | None:
        journal, by = self._store.journal, editor_of(request)
        if way == "merge":
            return journal.merge(stored.story, other.story, now(), by=by)
        if way == "split":
            return journal.split(other.id, now(), by=by)
        return journal.choose_main(other.id, now(), by=by)

    def _alike(self, stored: StoredArticle) -> list[StoredArticle]:
        """What it may be a duplicate of, and then what shares much of its text."""
        mine = sketch(Text.of(stored.article))
        near = self._store.signatures.near(mine, appeared(stored), apart_from=stored.id) if mine else []
        ids = [*stored.review.alike, *(shortlist(mine, near, _CANDIDATES) if mine else ())]
        return self._elsewhere(stored, ids)[:_CANDIDATES]

    def _found(self, stored: StoredArticle, words: str) -> list[StoredArticle]:
        if not words:
            return []
        if named := self._named(words):
            return self._elsewhere(stored, [named.id])
        try:
            page = self._shelf.search.find(Query.parse(words), statuses=tuple(Status), limit=4 * _FOUND)
        except InvalidValue:
            return []
        return self._elsewhere(stored, page.ids)[:_FOUND]

    def _named(self, words: str) -> StoredArticle | None:
        """The article of an id, or of an address of its own or of ours."""
        if not words.startswith(("http://", "https://")):
            return self._store.articles.get(words) if " " not in words else None
        try:
            key = identity(words)
        except InvalidValue:
            return None
        return self._store.articles.by_url(key) or self._store.articles.get(words.rstrip("/").rpartition("/")[2])

    def _elsewhere(self, stored: StoredArticle, ids: Sequence[str]) -> list[StoredArticle]:
        """These articles in their order, without those of the same story, of every other story one."""
        stories: dict[str, StoredArticle] = {}
        for one in self._store.articles.some(ids) if ids else ():
            if one.story != stored.story:
                stories.setdefault(one.story, one)
        return list(stories.values())
