"""The desk: where editors look at articles, decide about them, and see what was done.

One page, /desk: on the left the queue, on the right the article; htmx brings the parts (`queue`, `items`), and scripts
of ours the keys, the selection, the dialogs and what happens meanwhile (static/desk/). What an editor does is a POST,
and its answer is what to show next.
"""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request

from news.article import Status
from web.access import allow
from web.desk import items, queue, rules, teaching
from web.desk.worker import Worker
from web.pulse import Pulse
from web.shelf import Shelf


def routes(shelf: Shelf, pulse: Pulse, worker: Worker) -> APIRouter:
    """All of the desk; `worker` reads pages for it, and is closed by the caller."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(_for_editors)])
    router.include_router(queue.routes(shelf))
    router.include_router(items.routes(shelf))
    router.include_router(teaching.routes(shelf, worker))
    router.include_router(rules.routes(shelf))
    return router


def _for_editors(request: Request) -> None:
    allow(request, tuple(Status))
