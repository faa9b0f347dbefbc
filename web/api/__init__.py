"""The API for programs, /api/v1: one module a resource, each with its names, its shape and its answer.

A request is read by `asked` (names that nobody knows are refused), answered from the Shelf, and given by `given` with
its validators. `resource` puts both before HTTP and into the OpenAPI document, of which `reference` makes a page.
"""

from fastapi import APIRouter

from web.api import article, articles, counts, events, labels, reference, sites, stories
from web.api.given import PREFIX, Desk
from web.pulse import Pulse
from web.shelf import Shelf


def routes(shelf: Shelf, pulse: Pulse) -> APIRouter:
    """Everything below /api/v1."""
    router = APIRouter(prefix=PREFIX)
    desk = Desk(shelf, pulse)
    for part in (articles, article, stories, sites, labels, events, counts):
        part.add(router, desk)
    reference.add(router, desk)
    return router
