"""GET /api/v1/export: all articles, or what changed behind a cursor, as one stream of any length."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import StreamingResponse

from news.article import Status
from news.errors import InvalidValue
from news.export import FORMATS, Encoder, Options, format_of
from news.export.parquet import ParquetMissing
from news.selection import NAMES
from web.api.asked import SELECTION, Name
from web.api.resource import errors, headers
from web.asking import known_names
from web.problems import Problem
from web.shelf import Shelf
from web.stream import Stream, asked, begin_after

CURSOR = "Bantin-Cursor"
"""The header with the cursor to go on from."""

_FORMAT = "What is written: parquet may not be installed here."
_AFTER = f"{CURSOR} of an export, or `cursor` of its last row that arrived: what changed behind it."


def routes(shelf: Shelf) -> APIRouter:
    """GET /api/v1/export?format=&after=&<selection>, and HEAD for the cursor alone."""
    router = APIRouter(prefix="/api/v1", tags=["export"])

    @router.api_route(
        "/export", methods=["GET", "HEAD"], operation_id="export", response_class=StreamingResponse,
        responses=_answers(), openapi_extra={"parameters": [row.parameter() for row in _selection()]},
    )  # fmt: skip
    def export(
        request: Request,
        format: Annotated[str, Query(description=_FORMAT, json_schema_extra={"enum": list(FORMATS)})] = "ndjson",
        after: Annotated[str, Query(description=_AFTER)] = "",
        bom: Annotated[bool, Query(description="A byte order mark before CSV, by which Excel knows UTF-8.")] = False,
        formulas: Annotated[bool, Query(description="Cells of CSV that a spreadsheet would run, as they are.")] = False,
    ) -> StreamingResponse:
        """All articles, or what changed behind a cursor, as one stream. What is wrong with the request is said before
        the first byte; what goes wrong later breaks the stream off."""
        known_names(request, *NAMES, "format", "after", "bom", "formulas")
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
        said = {
            CURSOR: stream.cursor,
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="bantin-{stream.cursor}.{kind.endings[0]}"',
        }
        if kind.packs:
            said["Vary"] = "Accept-Encoding"
            if _takes_gzip(request):
                said["Content-Encoding"] = "gzip"
                body = _packed(body)
        if request.method == "HEAD":
            body = iter(())
        return StreamingResponse(body, headers=said, media_type=kind.media_type)

    return router


def _selection() -> Iterator[Name]:
    """The names of a selection, with what is otherwise in an export."""
    for row in SELECTION:
        if row.name == "status":
            yield replace(row, says="Over HTTP only what is published.", choices=(str(Status.PUBLISHED),))
        elif row.name == "stories":
            yield replace(row, says="one: only the article that stands for a story.", example="all", usual="all")
        else:
            yield row


def _answers() -> dict[int | str, dict[str, Any]]:
    says = {
        "ndjson": "A line an article, or a removal, as JSON; the last one tells that it is whole.",
        "csv": "A row an article, or a removal, below a row of names.",
        "parquet": "A row an article, or a removal.",
        "warc": "The pages of the articles, as they were fetched.",
    }
    content = {FORMATS[name].media_type: {"schema": {"description": text}} for name, text in says.items()}
    told = {
        CURSOR: "Give it as `after`, once all has arrived, to go on.",
        "Content-Disposition": "A name for the file.",
    }
    return {200: {"description": "The stream.", "content": content, "headers": headers(told)}, **errors(501)}


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
