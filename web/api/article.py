"""/articles/{id}: one article with all that is known of it, what it said before, and what happened to it."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import Response

from news.article import Status
from news.version import corrections
from web.api import models
from web.api.asked import Asked
from web.api.follow import is_public
from web.api.given import Desk, Made
from web.api.resource import resource
from web.problems import Problem

_MISSING = (404, 410)


def add(router: APIRouter, desk: Desk) -> None:
    @resource(router, "/articles/{id}", models.Article, "article", missing=_MISSING)
    def article(request: Request, id: str) -> Response:
        """An article with all that is known of it. 410 where it was taken down: it is not to be shown any more."""
        Asked(request)
        return desk.answer(request, (), lambda: Made(desk.shelf.article(id).to_public_json()))

    @resource(router, "/articles/{id}/versions", models.Versions, "article", missing=_MISSING)
    def versions(request: Request, id: str) -> Response:
        """What an article said before, oldest first, each with the paragraphs that the next version has otherwise."""
        Asked(request)

        def make() -> Made:
            stored = desk.shelf.article(id)
            earlier = desk.shelf.store.versions.of(id)
            told = [correction.to_public_json() for correction in corrections(stored, earlier)]
            body = {"id": id, "version": stored.version, "versions": told}
            return Made(body, changed=max((version.ended for version in earlier), default=None))

        return desk.answer(request, (), make)

    @resource(router, "/articles/{id}/evidence", models.Evidence, "article", missing=_MISSING)
    def evidence(request: Request, id: str) -> Response:
        """Where each field of an article was taken from, and the lines that cleaning took out."""
        Asked(request)

        def make() -> Made:
            told = desk.shelf.article(id).to_json()
            return Made({name: told[name] for name in models.Evidence.model_fields})

        return desk.answer(request, (), make)

    @resource(router, "/articles/{id}/events", models.ArticleEvents, "article", missing=(404,))
    def article_events(request: Request, id: str) -> Response:
        """What happened to an article, in order. Also of one that was taken down: the last event says so."""
        Asked(request)

        def make() -> Made:
            store = desk.shelf.store
            stored = store.articles.get(id)
            if stored is None or stored.status not in (Status.PUBLISHED, Status.RETRACTED):
                raise Problem(HTTPStatus.NOT_FOUND, f"There is no article {id!r}.")
            events = [event for event in store.events.of(id) if is_public(event)]
            body = {"id": id, "events": [event.to_public_json() for event in events]}
            return Made(body, changed=events[-1].at if events else None)

        return desk.answer(request, (), make)
