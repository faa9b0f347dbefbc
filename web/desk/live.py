"""/desk/live: which articles change, as it happens, for the pages of the desk that are open."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from news.event import Event, number_of
from storage.events import CursorGone
from web.api.follow import Follower
from web.pulse import Pulse
from web.shelf import Shelf

_STREAMING = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def routes(shelf: Shelf, pulse: Pulse) -> APIRouter:
    """The stream over a shelf."""
    router = APIRouter()

    @router.get("/desk/live")
    async def live(request: Request) -> Response:
        number = number_of(request.headers.get("last-event-id") or request.query_params.get("after", ""))
        follower = Follower(shelf.store.events, pulse, None, public=False)
        try:
            await follower.read(number, 1)
        except CursorGone:  # a page that was asleep for months is as good as one that was opened now
            number = await to_thread.run_sync(shelf.store.events.last)
        return StreamingResponse(follower.stream(number, changed), headers=_STREAMING, media_type="text/event-stream")

    return router


def changed(events: Sequence[Event]) -> bytes:
    """Events as the desk hears of them: the ids of the articles, and that it came so far."""
    ids = orjson.dumps(list(dict.fromkeys(event.article_id for event in events)))
    return b"id: %d\nevent: changed\ndata: %s\n\n" % (events[-1].number, ids)
