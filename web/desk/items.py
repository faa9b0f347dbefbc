"""/desk/items/ID: an article at the desk, in one of its three views; /desk/items/ID/page: its page, for a frame."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import Response

from news.article import Article, StoredArticle
from news.review.review import Concern
from web.contexts.desk.compare import Compared
from web.contexts.desk.frame import DeskFrame
from web.contexts.desk.item import Item, ItemPart, PageView, TextView, item, text_view
from web.desk.answers import desk_frame, shown
from web.desk.comparing import comparing
from web.desk.framed import framed, page_view
from web.pages import names_in
from web.problems import Problem
from web.shelf import Shelf

# In which an article is opened where its reader asked for none: a text that changed is read by what changed.
_USUAL = {Concern.SENSITIVE_UPDATE: "diff", Concern.SOURCE_CHANGED: "diff", Concern.UNSURE_DUPLICATE: "diff"}


def routes(shelf: Shelf) -> APIRouter:
    """The parts over a shelf."""
    router = APIRouter()

    @router.api_route("/desk/items/{id}", methods=["GET", "HEAD"])
    def article(request: Request, id: str) -> Response:
        frame = desk_frame(request)
        return shown(ItemPart(frame, opened(shelf, frame, found(shelf, id), request)))

    @router.api_route("/desk/items/{id}/page", methods=["GET", "HEAD"])
    def page(request: Request, id: str) -> Response:
        return framed(shelf, desk_frame(request), found(shelf, id), images=request.query_params.get("images") == "on")

    return router


def found(shelf: Shelf, id: str) -> StoredArticle:
    """The article, whatever its state. Raises Problem."""
    stored = shelf.store.articles.get(id)
    if stored is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no article {id!r}.")
    return stored


def as_of(shelf: Shelf, current: StoredArticle, version: int) -> Article | None:
    """What the article said in a version, None where that is no longer kept."""
    if version == current.version:
        return current.article
    earlier = shelf.store.versions.get(current.id, version)
    return earlier.stored.article if earlier else None


def opened(shelf: Shelf, frame: DeskFrame, stored: StoredArticle, request: Request) -> Item:
    """The article in the view that the request asks for, or the usual one."""
    query, names = request.query_params, names_in(frame.language, shelf.sites())
    wanted = query.get("view", "")
    view: TextView | PageView | Compared
    if wanted not in ("text", "page", "diff"):
        wanted = next((_USUAL[concern] for concern in stored.review.concerns if concern in _USUAL), "text")
    if wanted == "page":
        view = page_view(shelf, frame, stored, images=query.get("images") == "on")
    elif wanted == "diff":
        view = comparing(shelf, frame, stored, query.get("with", ""))
    else:
        view = text_view(stored)
    story = shelf.store.stories.get(stored.story)
    alike = shelf.store.articles.some(list(stored.review.alike)) if stored.review.alike else []
    return item(frame, stored, names, len(story.members) if story else 1, alike, view)
