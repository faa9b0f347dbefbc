"""Static files under names that tell their content, so that a browser may keep them for ever and sees a new one at
once. They are read and packed when the app starts; a request touches no file."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web.compression import accepted, packed, worth_packing

PREFIX = "/static/"
_FOR_EVER = "public, max-age=31536000, immutable"
# An address of before an update, or without a hash: today's file, asked for anew next time.
_FOR_NOW = "no-cache"
_SERVED = {".css", ".js", ".svg", ".png", ".woff2"}
_HASHED = re.compile(r"\.[0-9a-f]{12}(?=\.[a-z0-9]+$)")


@dataclass(frozen=True, slots=True)
class _File:
    media_type: str
    bodies: Mapping[str, bytes]  # by coding, "" the plain one
    etag: str


class Static:
    """The static files of a folder."""

    def __init__(self, folder: Path) -> None:
        self._files: dict[str, _File] = {}
        self._addresses: dict[str, str] = {}
        for path in sorted(folder.rglob("*")):
            if path.suffix in _SERVED:
                self._add(path.relative_to(folder).as_posix(), path.read_bytes())

    def address(self, name: str) -> str:
        """Where a file is to be asked for. Raises KeyError for one that is not there: a template is wrong."""
        return self._addresses[name]

    def routes(self) -> APIRouter:
        """GET /static/NAME.HASH.EXT"""
        router = APIRouter(include_in_schema=False)

        @router.api_route(PREFIX + "{name:path}", methods=["GET", "HEAD"])
        def static(request: Request, name: str) -> Response:
            return self._answer(request, name)

        return router

    def _add(self, name: str, body: bytes) -> None:
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        digest = hashlib.sha256(body).hexdigest()
        codings = ("zstd", "gzip") if worth_packing(media_type) else ()
        bodies = {"": body, **{coding: packed(body, coding) for coding in codings}}
        self._files[name] = _File(media_type, bodies, f'W/"{digest[:32]}"')
        stem, _, extension = name.rpartition(".")
        self._addresses[name] = f"{PREFIX}{stem}.{digest[:12]}.{extension}"

    def _answer(self, request: Request, name: str) -> Response:
        plain = _HASHED.sub("", name)
        file = self._files.get(plain)
        if file is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        current = self._addresses[plain] == PREFIX + name
        headers = {"ETag": file.etag, "Cache-Control": _FOR_EVER if current else _FOR_NOW, "Vary": "Accept-Encoding"}
        if request.headers.get("if-none-match") == file.etag:
            return Response(status_code=304, headers=headers)
        coding = accepted(request.headers.get("accept-encoding", ""))
        body = file.bodies.get(coding)
        if body is None:
            coding, body = "", file.bodies[""]
        if coding:
            headers["Content-Encoding"] = coding
        # Given as bytes, a type is sent as it stands: a script needs no charset, a style sheet says its own.
        return Response(body, headers=headers, media_type=file.media_type)
