"""The console: where operators see how sites are, why, and what is done about it.

/console is the table of all sites, /console/sites/{id} one of them; what an operator asks there is a document for the
scheduler (storage.controls), and the page shows what came of it. The web process itself crawls nothing.
"""

from __future__ import annotations

from fastapi import APIRouter

from web.console import site, sites
from web.console.overview import Overview
from web.shelf import Shelf


def routes(shelf: Shelf) -> APIRouter:
    """All of the console. web.access lets in nobody but operators."""
    overview = Overview(shelf)
    router = APIRouter(include_in_schema=False)
    router.include_router(sites.routes(overview))
    router.include_router(site.routes(shelf, overview))
    return router
