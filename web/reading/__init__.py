"""The reading site: pages for people, rendered here, without a script in them."""

from __future__ import annotations

from fastapi import APIRouter

from web.glance import Glance
from web.reading import articles, directories, lists, search
from web.shelf import Shelf


def routes(shelf: Shelf) -> APIRouter:
    """All pages of the reading site."""
    glance = Glance(shelf.store)
    router = APIRouter(include_in_schema=False)
    router.include_router(lists.routes(shelf))
    router.include_router(search.routes(shelf))
    router.include_router(articles.routes(shelf))
    router.include_router(directories.routes(shelf, glance))
    return router
