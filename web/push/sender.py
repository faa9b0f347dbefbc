"""One request to a consumer: to an address that was judged, over TLS that is checked, never redirected, and over after
a time, whatever the other side does."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

import httpcore

from news.addresses import SHUT, Doors, PrivateAddress, check
from news.push import Answer
from news.push.delivery import KEPT_OF_ANSWER

TIMEOUT = 15.0
"""Seconds for all of a request, from the look-up of the name to the end of the answer."""

Resolve = Callable[..., list[Any]]


class Sender:
    """Sends as `user_agent`, each request within `timeout` seconds. Safe to use from several threads."""

    def __init__(
        self, user_agent: str, timeout: float = TIMEOUT, resolve: Resolve = socket.getaddrinfo,
        trust: ssl.SSLContext | None = None,
    ) -> None:  # fmt: skip
        self._user_agent = user_agent
        self._timeout = timeout
        self._resolve = resolve
        self._trust = trust

    def post(self, url: str, headers: Mapping[str, str], body: bytes, *, private: bool = False) -> Answer:
        """What came of it; never an exception. `private`: the address may be in a private network."""
        clock = _Clock(self._timeout)
        door = _Door(Doors.to(url) if private else SHUT, clock, self._resolve)
        said = [("User-Agent", self._user_agent), ("Accept-Encoding", "identity"), *headers.items()]
        limits = dict.fromkeys(("connect", "read", "write", "pool"), self._timeout)
        try:
            with (
                clock,
                httpcore.ConnectionPool(self._trust or _system(), network_backend=door, retries=0) as pool,
                pool.stream("POST", url, headers=said, content=body, extensions={"timeout": limits}) as response,
            ):
                text = _beginning(response)
                return Answer(response.status, "", text, _seconds(response.headers))
        except PrivateAddress as refused:
            return Answer(error=refused.problem)
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError, ValueError) as error:
            over = clock.over or isinstance(error, httpcore.TimeoutException)
            return Answer(error=f"no answer within {self._timeout:g} s" if over else _words(error))


class _Clock:
    """The time of a whole request. A socket's own limit begins anew with every byte, in the handshake of TLS too: so
    the socket is shut when the time is up."""

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._sockets: list[socket.socket] = []

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        for one in self._sockets:
            one.close()

    def watch(self, connected: socket.socket) -> None:
        # A twin of its own: the first one's number may have been closed, and given to another file.
        self._sockets.append(connected.dup())
        if self.over:
            self._end()

    def _end(self) -> None:
        self.over = True
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


class _Door(httpcore.SyncBackend):
    """Connects to addresses that were looked at first, and to none that the name might lead to a moment later."""

    def __init__(self, doors: Doors, clock: _Clock, resolve: Resolve) -> None:
        self._doors = doors
        self._clock = clock
        self._resolve = resolve

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        """See the base class. Raises PrivateAddress."""
        found = self._resolve(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(ip) for *_, (ip, *_) in found))
        check(host, port, addresses, self._doors)
        last: Exception = OSError(f"{host} has no address")
        for address in addresses:
            if self._clock.over:
                break
            try:
                stream = super().connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
            else:
                self._clock.watch(stream.get_extra_info("socket"))
                return stream
        raise last


@cache
def _system() -> ssl.SSLContext:
    return ssl.create_default_context()


def _beginning(response: httpcore.Response) -> str:
    """So much of an answer as is kept; the rest is not waited for."""
    kept = b""
    for part in response.iter_stream():
        kept += part
        if len(kept) >= KEPT_OF_ANSWER:
            break
    return kept[:KEPT_OF_ANSWER].decode("utf-8", "replace").replace("\0", "\ufffd")


def _seconds(headers: list[tuple[bytes, bytes]]) -> float:
    """Retry-After where it is a number of seconds; dates are not worth their trouble."""
    given = next((value for name, value in headers if name.lower() == b"retry-after"), b"")
    return float(given) if given.isdigit() and len(given) <= 9 else 0.0


def _words(error: Exception) -> str:
    cause = error.__cause__ or error
    said = (isinstance(cause, OSError) and cause.strerror) or str(error) or type(error).__name__
    return str(said)[:300]
