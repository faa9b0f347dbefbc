"""The only way out of the browser: a proxy on loopback that looks a name up once, judges the address, and connects to
that very address. A page's scripts, frames, sockets and redirects all come by here, so that no name can point at the
inside of our network between the look and the call, and nothing is judged by its spelling."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

log = logging.getLogger("bantin.browser")

_HEAD_SECONDS, _CONNECT_SECONDS = 30.0, 20.0
_MAX_HEAD = 65_536
_CHUNK = 65_536
# Told to the browser only, which turns it into an error page; why is kept in `refused`.
_REFUSAL = b"HTTP/1.1 403 Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_FAILURE = b"HTTP/1.1 502 Unreachable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

# Whether a connection to this host and port, at this address, is allowed.
Judge = Callable[[str, int, str], bool]


class Refused(Exception):
    """A host that leads to no address that may be reached."""


class GuardedProxy:
    """Forwards what `judge` allows. `refused` has the address for which a host was refused, `allowance` the bytes that
    may still come in; at 0 connections are cut."""

    def __init__(self, judge: Judge, allowance: int) -> None:
        self._judge = judge
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.allowance = allowance
        self.refused: dict[str, str] = {}

    async def start(self) -> int:
        """Listens on loopback; the port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_MAX_HEAD)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def close(self) -> None:
        """Ends all connections."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._carry(reader, writer)
        except Refused:
            writer.write(_REFUSAL)
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            with contextlib.suppress(OSError, RuntimeError):
                writer.write(_FAILURE)
        finally:
            self._tasks.discard(task)
            with contextlib.suppress(OSError, RuntimeError):
                writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _HEAD_SECONDS)
        method, target, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
        tunnel = method == "CONNECT"
        parts = urlsplit(f"//{target}" if tunnel else target)
        if not parts.hostname or (not tunnel and parts.scheme != "http"):
            raise ValueError(target)
        port = parts.port or 80
        address = await self._judged(parts.hostname, port)
        opening = asyncio.open_connection(address, port)
        server_reader, server_writer = await asyncio.wait_for(opening, _CONNECT_SECONDS)
        try:
            if tunnel:
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
                await self._tunnel(reader, writer, server_reader, server_writer)
            else:
                path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
                server_writer.write(_forwarded(head, method, path))
                await self._exchange(head, reader, writer, server_reader, server_writer)
        finally:
            server_writer.close()

    async def _judged(self, host: str, port: int) -> str:
        """The first address of the host that may be reached. Raises Refused."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except UnicodeError as error:
            raise ValueError(host) from error
        addresses = [str(row[4][0]) for row in found]
        for address in addresses:
            if self._judge(host, port, address):
                return address
        self.refused[host] = addresses[0]
        log.info("The browser was refused %s:%d, which leads to %s.", host, port, addresses[0])
        raise Refused(host)

    async def _tunnel(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        server_reader: asyncio.StreamReader,
        server_writer: asyncio.StreamWriter,
    ) -> None:
        up = asyncio.ensure_future(_pipe(reader, server_writer))
        try:
            await self._receive(server_reader, writer)
        finally:
            up.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await up

    async def _exchange(
        self,
        head: bytes,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        server_reader: asyncio.StreamReader,
        server_writer: asyncio.StreamWriter,
    ) -> None:
        """One request and its answer. The connection ends with them: the next request may be for another host."""
        left = _length(head)
        while left > 0 and (part := await reader.read(min(left, _CHUNK))):
            server_writer.write(part)
            left -= len(part)
        await server_writer.drain()
        await self._receive(server_reader, writer)

    async def _receive(self, server_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while part := await server_reader.read(_CHUNK):
            self.allowance -= len(part)
            if self.allowance < 0:
                return
            writer.write(part)
            await writer.drain()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while part := await reader.read(_CHUNK):
        writer.write(part)
        await writer.drain()


def _forwarded(head: bytes, method: str, path: str) -> bytes:
    """The head of a request as its server wants it, for one request only."""
    lines = head.split(b"\r\n")[1:-2]
    kept = [line for line in lines if not line.lower().startswith((b"proxy-", b"connection:", b"keep-alive:"))]
    return b"\r\n".join([f"{method} {path} HTTP/1.1".encode("latin-1"), *kept, b"Connection: close", b"", b""])


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
        if name.strip().lower() == b"transfer-encoding":
            raise ValueError("a request without a length")
    return 0
