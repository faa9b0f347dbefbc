"""/events: what happened, in one order for everybody, by cursor, by waiting, and as a stream."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from news.errors import InvalidValue
from news.event import number_of
from web.api import models
from web.api.asked import Asked, Name, limit, some
from web.api.follow import Follower
from web.api.given import Desk, Made, answer_of, given
from web.api.resource import resource

_AFTER = Name(
    "after", "The cursor of the last event that you have; empty: from the first that is kept; latest: from now on.", "0"
)
_SITES = some("site", "kind", "territory")
NAMES = (
    _AFTER,
    limit(100, 1000),
    Name("wait", "Seconds to wait for an event where there is none yet.", bounds=(0, 60), usual=0),
    *_SITES,
)
STREAM = (_AFTER, *_SITES)
_STREAMING = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


class EventStream(StreamingResponse):
    media_type = "text/event-stream"


def add(router: APIRouter, desk: Desk) -> None:
    @resource(router, "/events", models.Events, "events", NAMES, missing=(410,))
    async def events(request: Request) -> Response:
        """What happened to articles, in one order: whoever gives `next` as `after` gets every event once. Before
        reading all articles take `next` of after=latest, and go on from it when you have them."""
        asked = Asked(request, NAMES)
        number, follower = await to_thread.run_sync(_follower, desk, asked, asked.text("after"))
        seconds = asked.number("wait") if request.method == "GET" else 0
        batch = await follower.wait(number, asked.number("limit"), seconds)
        body = {
            "events": [event.to_public_json() for event in batch.events],
            "next": str(batch.next),
            "more": batch.more,
        }
        return given(request, answer_of(Made(body, changed=batch.events[-1].at if batch.events else None), request))

    @resource(router, "/events/stream", None, "events", STREAM, missing=(410,), response_class=EventStream)
    async def event_stream(request: Request) -> Response:
        """The same as server-sent events: `id` is the cursor, `event` the kind, `data` the event. A client that comes
        again with Last-Event-ID goes on behind it; without, and without `after`, the stream begins now."""
        asked = Asked(request, STREAM)
        after = request.headers.get("last-event-id") or asked.text("after") or "latest"
        number, follower = await to_thread.run_sync(_follower, desk, asked, after)
        await follower.read(number, 1)
        if request.method == "HEAD":
            return Response(headers=_STREAMING, media_type=EventStream.media_type)
        return EventStream(follower.stream(number), headers=_STREAMING)


def _follower(desk: Desk, asked: Asked, after: str) -> tuple[int, Follower]:
    """Where to begin, and who follows from there."""
    store = desk.shelf.store
    try:
        number = store.events.last() if after == "latest" else number_of(after)
    except InvalidValue as error:
        raise InvalidValue(f"after: {error.problem}", error.remedy) from None
    sites = asked.selection().sites_of(desk.shelf.sites(), store.articles.sites)
    return number, Follower(store.events, desk.pulse, None if sites is None else frozenset(sites))
