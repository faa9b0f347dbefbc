"""Smaller answers for who can read them: zstd, else gzip, without holding back a stream.

Starlette's GZipMiddleware leaves the ETag of the plain answer on the packed one, and knows no zstd. Here a packed
answer has the weak form of the ETag (RFC 9110, 8.8.3: the same in meaning, not in bytes), and so has the 304 to who
asks with it. Left as they are: events (text/event-stream), what is packed already, what packing does not help, and
answers with `no-store`, for the length of a packed secret tells of it (BREACH).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import NamedTuple

import zstandard
from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SMALL = 800  # one packet holds as much anyway
_LARGE = 64 * 1024  # takes a millisecond or more: not on the event loop
_GZIP_LEVEL, _ZSTD_LEVEL = 5, 4  # of 300 kB of feed: 6 ms and 1 ms to a sixth; more saves little and costs much
_PACKED = (
    "application/json", "application/problem+json", "application/feed+json", "application/x-ndjson",
    "application/xml", "application/atom+xml", "application/rss+xml", "application/javascript", "image/svg+xml",
)  # fmt: skip
_NEVER = ("text/event-stream",)


class Packer(NamedTuple):
    """Packs a stream: `more` takes a piece and gives what can be sent, `end` gives the rest."""

    more: Callable[[bytes], bytes]
    end: Callable[[], bytes]


class Compression:
    """The middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        encoding = accepted(headers.get("accept-encoding", ""))
        await self.app(scope, receive, _Answer(send, encoding, headers.get("if-none-match", "")))


class _Answer:
    """One answer on its way out."""

    def __init__(self, send: Send, encoding: str, known: str) -> None:
        self._send, self._encoding, self._known = send, encoding, known
        self._start: Message | None = None
        self._packer: Packer | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message  # waits for the body, which says how long the answer is
        elif message["type"] == "http.response.body" and self._start is not None:
            start, self._start = self._start, None
            await self._begin(start, message)
        elif message["type"] == "http.response.body" and self._packer is not None:
            await self._send({**message, "body": await self._packed(message)})
        else:
            await self._send(message)

    async def _begin(self, start: Message, message: Message) -> None:
        headers = MutableHeaders(scope=start)
        more = message.get("more_body", False)
        if start["status"] == 304:
            _weaken(headers, only_for=self._known)
        elif _may_be_packed(headers):
            headers.add_vary_header("Accept-Encoding")
            if self._encoding and (more or len(message.get("body", b"")) >= _SMALL):
                self._packer = _PACKERS[self._encoding]()
                headers["Content-Encoding"] = self._encoding
                _weaken(headers)
                body = await self._packed(message)
                message = {**message, "body": body}
                del headers["Content-Length"]
                if not more:
                    headers["Content-Length"] = str(len(body))
        await self._send(start)
        await self._send(message)

    async def _packed(self, message: Message) -> bytes:
        assert self._packer is not None
        packer, body, last = self._packer, message.get("body", b""), not message.get("more_body", False)

        def pack() -> bytes:
            return packer.more(body) + (packer.end() if last else b"")

        return await to_thread.run_sync(pack) if len(body) >= _LARGE else pack()


def accepted(header: str) -> str:
    """Of the codings that an Accept-Encoding header allows, ours: "zstd", "gzip" or ""."""
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _, parameter = part.partition(";")
        try:
            weights[name.strip()] = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
    able = [name for name in _PACKERS if weights.get(name, weights.get("*", 0)) > 0]
    return max(able, key=lambda name: weights.get(name, 0), default="")


def packed(body: bytes, encoding: str) -> bytes:
    """A whole body in one coding."""
    packer = _PACKERS[encoding]()
    return packer.more(body) + packer.end()


def worth_packing(media_type: str) -> bool:
    """Whether a body of this type gets smaller."""
    kind = media_type.partition(";")[0].strip().lower()
    return (kind.startswith("text/") or kind in _PACKED) and kind not in _NEVER


def _may_be_packed(headers: Headers) -> bool:
    return (
        "content-encoding" not in headers
        and worth_packing(headers.get("content-type", ""))
        and "no-store" not in headers.get("cache-control", "")
    )


def _weaken(headers: MutableHeaders, only_for: str | None = None) -> None:
    """Makes the ETag weak; with `only_for`, where that If-None-Match names the weak one."""
    tag = headers.get("etag", "")
    if tag.startswith('"') and (only_for is None or f"W/{tag}" in only_for):
        headers["ETag"] = f"W/{tag}"


def _gzip() -> Packer:
    # 31: with gzip's own head and sum, and without a time in it.
    stream = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, 31)
    return Packer(stream.compress, stream.flush)


def _zstd() -> Packer:
    stream = zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compressobj()
    return Packer(stream.compress, stream.flush)


# That which is dearer to us stands first.
_PACKERS: dict[str, Callable[[], Packer]] = {"zstd": _zstd, "gzip": _gzip}
