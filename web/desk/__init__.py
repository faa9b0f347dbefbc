"""The desk: where editors look at articles, decide about them, and see what was done.

One page, /desk: on the left the queue, on the right the article; htmx brings the parts (`queue`, `items`), and scripts
of ours the keys, the selection, the dialogs and what happens meanwhile (static/desk/). What an editor does is a POST
(`decisions`), and its answer is what to show next.
"""

from __future__ import annotations

from fastapi import APIRouter

from web.desk import decisions, editing, gathering, items, live, queue, rules, teaching, together, trail
from web.desk.counts import Counts
from web.desk.worker import Worker
from web.pulse import Pulse
from web.shelf import Shelf


def routes(shelf: Shelf, pulse: Pulse, worker: Worker) -> APIRouter:
    """All of the desk; `worker` reads pages for it, and is closed by the caller. web.access lets in nobody but
    editors."""
    counts = Counts(shelf)
    router = APIRouter(include_in_schema=False)
    router.include_router(queue.routes(shelf, counts))
    router.include_router(items.routes(shelf))
    router.include_router(decisions.routes(shelf, counts))
    router.include_router(editing.routes(shelf))
    router.include_router(gathering.routes(shelf))
    router.include_router(together.routes(shelf))
    router.include_router(trail.routes(shelf))
    router.include_router(live.routes(shelf, pulse))
    router.include_router(teaching.routes(shelf, worker))
    router.include_router(rules.routes(shelf))
    return router
