"""Feeds: the latest articles for feed readers, cheap to ask for again."""

from __future__ import annotations

import hashlib
from datetime import UTC
from email.utils import format_datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from news.publish import FORMATS, Feed, entry_of, publish
from news.selection import Selection
from web.access import keyed
from web.pages import selection_of
from web.shelf import Shelf

# Feed readers ask every few minutes; a minute of a proxy's memory spares us most of it and delays nobody.
_CACHE = "public, max-age=60"


def routes(shelf: Shelf) -> APIRouter:
    """GET /feeds/atom.xml?site=&limit="""
    router = APIRouter(prefix="/feeds")

    @router.api_route("/atom.xml", methods=["GET", "HEAD"])
    def atom(request: Request, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> Response:
        return _answer(request, _feed(request, shelf, selection_of(request), limit), "atom")

    return router


def _feed(request: Request, shelf: Shelf, selection: Selection, limit: int) -> Feed:
    chosen, names = selection.to_query(), shelf.names
    query = urlencode([*chosen, *([] if limit == 50 else [("limit", str(limit))])])
    entries = (
        entry_of(row.stored, names.get(row.stored.article.site, row.stored.article.site))
        for row in shelf.changes(selection, limit).shown
    )
    name = ", ".join(names.get(site, site) for site in selection.site)
    return Feed(
        id=f"{shelf.address}/feeds/atom.xml" + (f"?{urlencode(chosen)}" if chosen else ""),
        title=f"{name} – Bantin" if name else "Bantin",
        url=f"{shelf.address}/" + (f"?{urlencode(chosen)}" if chosen else ""),
        self_url=keyed(request, f"{shelf.address}/feeds/atom.xml" + (f"?{query}" if query else "")),
        publisher=name or "Bantin",
        entries=tuple(entries),
    )


def _answer(request: Request, feed: Feed, name: str) -> Response:
    """The feed, or 304 where the reader has it (RFC 9110, 13.2.2: an ETag decides before a date does)."""
    body = publish(feed, name)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    changed = format_datetime(feed.updated.astimezone(UTC), usegmt=True)
    headers = {"ETag": etag, "Last-Modified": changed, "Cache-Control": _CACHE}
    known = request.headers.get("if-none-match")
    if known is not None:
        fresh = known.strip() == "*" or etag in (tag.strip().removeprefix("W/") for tag in known.split(","))
    else:
        # The very date we gave: after a retraction the newest change can lie before it, and that is news too.
        fresh = request.headers.get("if-modified-since") == changed
    if fresh:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=f"{FORMATS[name].media_type}; charset=utf-8")
