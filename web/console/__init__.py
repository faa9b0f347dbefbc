"""The console: where operators see how sites are, why, and what is done about it.

/console is the table of all sites, /console/sites/{id} one of them; what an operator asks there is a document for the
scheduler (storage.controls), and the page shows what came of it. /console/runs is every crawl with its log,
/console/live what goes on, /console/why the story of one address. The web process itself crawls and fetches nothing.
"""

from __future__ import annotations

from fastapi import APIRouter

from web.console import live, runs, site, sites, why
from web.console.overview import Overview
from web.console.rows import Rows
from web.shelf import Shelf


def routes(shelf: Shelf, overview: Overview, rows: Rows) -> APIRouter:
    """All of the console. web.access lets in nobody but operators."""
    router = APIRouter(include_in_schema=False)
    router.include_router(sites.routes(overview, rows))
    router.include_router(site.routes(shelf, overview))
    router.include_router(runs.routes(shelf))
    router.include_router(live.routes(shelf))
    router.include_router(why.routes(shelf))
    return router
