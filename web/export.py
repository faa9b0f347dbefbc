"""GET /api/v1/export: all articles, or what changed behind a cursor, as one stream of any length."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import StreamingResponse

from news.article import Status
from news.errors import InvalidValue
from news.export import Encoder, Options, format_of
from news.export.parquet import ParquetMissing
from web.problems import Problem
from web.shelf import Shelf
from web.stream import Stream, asked, begin_after

CURSOR = "Bantin-Cursor"
"""The header with the cursor to go on from."""


def routes(shelf: Shelf) -> APIRouter:
    """GET /api/v1/export?format=&after=&<selection>"""
    router = APIRouter(prefix="/api/v1")

    @router.get("/export")
    def export(
        request: Request, format: str = "ndjson", after: str = "", bom: bool = False, formulas: bool = False
    ) -> StreamingResponse:
        """What is wrong with the request is said before the first byte; what goes wrong later breaks the stream off."""
        query = request.query_params
        kind, place = format_of(format), begin_after(after)
        stream = Stream.begin(shelf, asked({name: query.getlist(name) for name in query}), place, pages=kind.pages)
        if set(stream.selection.status) != {Status.PUBLISHED}:
            raise InvalidValue(
                "status: over HTTP only published articles are exported.",
                "Leave it out; with `after`, what was taken down comes as removals.",
            )
        options = Options(stream.cursor, datetime.now(UTC), bom=bom, formulas=formulas, streamed=True)
        try:
            body = _encoded(stream, kind.encoder(options))
        except ParquetMissing as error:
            raise Problem(HTTPStatus.NOT_IMPLEMENTED, error.problem, "Ask for another format.") from None
        headers = {
            CURSOR: stream.cursor,
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="bantin-{stream.cursor}.{kind.endings[0]}"',
        }
        if kind.packs:
            headers["Vary"] = "Accept-Encoding"
            if _takes_gzip(request):
                headers["Content-Encoding"] = "gzip"
                body = _packed(body)
        return StreamingResponse(body, headers=headers, media_type=kind.media_type)

    return router


def _encoded(stream: Stream, encoder: Encoder) -> Iterator[bytes]:
    count = 0
    yield encoder.begin()
    for rows in stream.batches():
        count += len(rows)
        yield encoder.add(rows)
    yield encoder.end(count)


def _packed(parts: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(wbits=31)
    for part in parts:
        # A batch is sent when it is there, so that a reader may begin.
        yield packer.compress(part) + (packer.flush(zlib.Z_SYNC_FLUSH) if part else b"")
    yield packer.flush()


def _takes_gzip(request: Request) -> bool:
    for offer in request.headers.get("accept-encoding", "").lower().split(","):
        name, _, parameter = offer.partition(";")
        if name.strip() in ("gzip", "*"):
            weight = parameter.strip().removeprefix("q=") or "1"
            return weight.replace(".", "").strip("0") != ""
    return False
