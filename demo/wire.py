"""HTTP/1.1 on loopback, just enough of it: one asyncio protocol, keep-alive, and every way of answering badly."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import unquote

_MAX_BODY = 1_000_000


@dataclass(frozen=True, slots=True)
class Request:
    """`target` is the path and query as sent, percent-decoded where that is plain text; header names are lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer and how it travels.

    `claimed` is the Content-Length to state where it is to differ from the truth, `hang` the seconds of silence before
    the answer, `drip` the bytes to send ten times a second instead of all at once, `cut` closes the connection after
    the body.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    claimed: int | None = None
    hang: float = 0.0
    drip: int = 0
    cut: bool = False

    def head(self) -> bytes:
        length = len(self.body) if self.claimed is None else self.claimed
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}", f"Content-Length: {length}"]
        if self.content_type:
            lines.append(f"Content-Type: {self.content_type}")
        lines += [f"{name}: {value}" for name, value in self.headers]
        return "\r\n".join([*lines, "Connection: close" if self.cut else "Connection: keep-alive", "", ""]).encode(
            "latin-1"
        )


Handler = Callable[[Request], Response]


@dataclass
class Wire(asyncio.Protocol):
    """One connection: requests are answered in the order they came. While it is open it is among the `connected`."""

    handle: Handler
    connected: set[asyncio.Transport]
    _buffer: bytes = b""
    _transport: asyncio.Transport | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _busy: bool = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._transport = transport
        self.connected.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport:
            self.connected.discard(self._transport)
        for task in self._tasks:
            task.cancel()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._answer_next()

    def _answer_next(self) -> None:
        while not self._busy and (request := self._take()) is not None:
            response = self.handle(request)
            if response.hang or response.drip:
                self._busy = True
                task = asyncio.get_running_loop().create_task(self._slowly(request, response))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            else:
                self._send(response.head() + (b"" if request.method == "HEAD" else response.body), response.cut)

    def _take(self) -> Request | None:
        """The next whole request of the buffer; a head that cannot be read closes the connection."""
        head, mark, rest = self._buffer.partition(b"\r\n\r\n")
        if not mark:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        words = first.split(" ")
        length = headers.get("content-length", "0")
        if len(words) != 3 or not length.isdigit() or int(length) > _MAX_BODY:
            self._buffer = b""
            self._send(Response(400, cut=True).head(), close=True)
            return None
        if len(rest) < int(length):
            return None
        body, self._buffer = rest[: int(length)], rest[int(length) :]
        return Request(words[0], _target(words[1]), headers, body)

    async def _slowly(self, request: Request, response: Response) -> None:
        await asyncio.sleep(response.hang)
        self._send(response.head(), close=False)
        if request.method != "HEAD":
            step = response.drip or len(response.body) or 1
            for start in range(0, len(response.body), step):
                self._send(response.body[start : start + step], close=False)
                await asyncio.sleep(0.1 if response.drip else 0)
        self._busy = False
        self._send(b"", response.cut)
        self._answer_next()

    def _send(self, data: bytes, close: bool) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        if data:
            self._transport.write(data)
        if close:
            self._transport.close()


def _target(raw: str) -> str:
    """Absolute-form targets lose their origin; %-escapes are undone only where the result is still one word."""
    if raw.startswith("http"):
        raw = "/" + raw.split("/", 3)[3] if raw.count("/") > 2 else "/"
    plain = unquote(raw)
    return raw if any(letter.isspace() for letter in plain) or "%26" in raw.lower() else plain
