"""The pages of an article and of a story."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import Response

from news.article import Status, StoredArticle
from news.story import Telling, appeared, standing, told
from storage.articles import ArticleFilter
from web.contexts import articles as contexts
from web.contexts.frame import Link
from web.pages import answer, frame_of, names_in
from web.problems import Problem
from web.shelf import Shelf

# Tellings that are compared for one page: each takes about a millisecond.
_OTHERS, _TELLINGS = 6, 40
_SHOWN = ArticleFilter(statuses=(Status.PUBLISHED,))


def routes(shelf: Shelf) -> APIRouter:
    """The pages over a shelf."""
    router = APIRouter()

    @router.api_route("/articles/{id}", methods=["GET", "HEAD"])
    def article(request: Request, id: str) -> Response:
        frame, stored = frame_of(request, shelf.address), shelf.article(id)
        versions = shelf.store.versions.of(id) if stored.version > 1 else []
        tellings, more = _around(shelf, stored)
        names = names_in(frame.language, shelf.sites())
        return answer(request, contexts.article(frame, stored, names, versions, tellings, more))

    @router.api_route("/stories/{id}", methods=["GET", "HEAD"])
    def story(request: Request, id: str) -> Response:
        frame, articles = frame_of(request, shelf.address), _of_story(shelf, id)
        if not articles:
            raise Problem(HTTPStatus.NOT_FOUND, f"There is no story {id!r}.")
        kept = shelf.store.stories.get(id)
        main = standing(articles, kept.main if kept else "")
        tellings = told(articles[:_TELLINGS])
        names = names_in(frame.language, shelf.sites())
        hidden = len(articles) - len(tellings)
        framed = frame.below(Link(frame.texts.story, request.url.path))
        return answer(request, contexts.story(framed, main, tellings, names, hidden))

    return router


def _of_story(shelf: Shelf, id: str) -> list[StoredArticle]:
    """Its articles that readers may see, the first publisher first."""
    rows = shelf.store.articles.of_stories([id], _SHOWN)
    return sorted((row.stored for row in rows), key=lambda stored: (appeared(stored), stored.first_seen, stored.id))


def _around(shelf: Shelf, stored: StoredArticle) -> tuple[tuple[Telling, ...], int]:
    """The first who told an article's story and a few others, each compared with the first; and how many more."""
    kept = shelf.store.stories.get(stored.story)
    if kept is None or len(kept.members) < 2:
        return (), 0
    articles = _of_story(shelf, stored.story)
    others = [other for other in articles if other.id != stored.id]
    if not others:
        return (), 0
    # The first publisher is what the others are compared with, also where it is this article itself.
    chosen = {articles[0].id: articles[0], **{other.id: other for other in others[:_OTHERS]}}
    return told(list(chosen.values())), len(others[_OTHERS:])
