"""The API for programs, /api/v1: one module a resource, each with its names, its shape and its answer.

A request is read by `asked` (names that nobody knows are refused), answered from the Shelf, and given by `given` with
its validators. `resource` puts both before HTTP and into the OpenAPI document, of which `reference` makes a page.
"""

from collections.abc import Sequence

from fastapi import APIRouter

from web.api import article, articles, counts, events, labels, reference, sites, stories
from web.api.given import PREFIX, Desk
from web.pulse import Pulse
from web.shelf import Shelf


def routes(shelf: Shelf, pulse: Pulse, beside: Sequence[APIRouter] = ()) -> APIRouter:
    """What may be read below /api/v1. The OpenAPI document tells of the routes of those `beside` it too."""
    router = APIRouter(prefix=PREFIX)
    desk = Desk(shelf, pulse)
    for part in (articles, article, stories, sites, labels, events, counts):
        part.add(router, desk)
    reference.add(router, desk, beside)
    return router
