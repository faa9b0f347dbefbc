"""/stories: the articles that tell the same, as far as the public may read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from news.article import EDITOR, Status, StoredArticle
from news.story import Story, standing, story_json, told
from storage.articles import ArticleFilter
from storage.connect import Store
from web.api import models
from web.api.asked import CURSOR, Asked, cursor, limit
from web.api.given import Desk, Made
from web.api.resource import resource
from web.problems import Problem
from web.shelf import Place

NAMES = (limit(20, 100), CURSOR)
_SHOWN = ArticleFilter(statuses=(Status.PUBLISHED,))
# A page that finds too little among so many stories, for their articles are not published, ends before it is full.
_SCANNED = 10


def add(router: APIRouter, desk: Desk) -> None:
    @resource(router, "/stories", models.Stories, "stories", NAMES)
    def stories(request: Request) -> Response:
        """The stories of several published articles, the one that grew last first."""
        asked = Asked(request, NAMES)
        most, after = asked.number("limit"), asked.place("story", Place.parse)

        def make() -> Made:
            found, last = _page(desk.shelf.store, most, after)
            following = cursor("story", last) if last else ""
            return Made({"stories": [_head(*row) for row in found], "next": following or None}, following)

        return desk.answer(request, (most, after), make)

    @resource(router, "/stories/{id}", models.Story, "stories", missing=(404,))
    def story(request: Request, id: str) -> Response:
        """A story: who published first, how much later the others, and what each has otherwise than the first. One
        article alone is a story, too."""
        Asked(request)
        return desk.answer(request, (), lambda: Made(_one(desk.shelf.store, id)))

    @resource(router, "/articles/{id}/story", models.Story, "article", missing=(404, 410))
    def article_story(request: Request, id: str) -> Response:
        """The story of an article."""
        Asked(request)
        return desk.answer(request, (), lambda: Made(_one(desk.shelf.store, desk.shelf.article(id).story)))


def _one(store: Store, id: str) -> dict[str, Any]:
    articles = [row.stored for row in store.articles.of_stories([id], _SHOWN)]
    if not articles:
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no story {id!r}.")
    newest = max(stored.first_seen for stored in articles)
    kept = store.stories.get(id) or Story(id, tuple(stored.id for stored in articles), newest)
    return story_json(_public(kept, articles), told(articles))


def _head(story: Story, articles: Sequence[StoredArticle]) -> dict[str, Any]:
    """Without the changes of each telling, which take long to find."""
    head = story_json(_public(story, articles), told(articles, compared=False))
    rows = [{name: row[name] for name in row if name != "changes"} for row in head["articles"]]
    return head | {"articles": rows}


def _public(story: Story, articles: Sequence[StoredArticle]) -> Story:
    """The story with the one of the published articles that stands for it now, and without the name of an editor."""
    decided = EDITOR if story.decided_by else ""
    return replace(story, main=standing(articles, story.main).id, decided_by=decided)


def _page(store: Store, most: int, after: Place | None) -> tuple[list[tuple[Story, list[StoredArticle]]], Place | None]:
    """Stories with their published articles, and where the next page begins; None at the end."""
    shown: list[tuple[Story, list[StoredArticle]]] = []
    for _ in range(_SCANNED):
        batch = store.stories.find(most + 1, after)
        members: dict[str, list[StoredArticle]] = {story.id: [] for story in batch}
        for row in store.articles.of_stories(sorted(members), _SHOWN) if members else ():
            members[row.stored.story].append(row.stored)
        for story in batch[:most]:
            after = Place(story.newest, story.id)
            if len(members[story.id]) > 1:
                shown.append((story, members[story.id]))
            if len(shown) == most:
                return shown, after if story is not batch[-1] else None
        if len(batch) <= most:
            return shown, None
    return shown, after
