"""One polite request, for verbs that look at a single page: a crawl goes through Scrapy instead.

The address is looked up once, judged (news.addresses), and that very address is connected to, at every redirect anew.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.error import HTTPError, URLError

from cli.trust import Trust, strict
from news.addresses import SHUT, Doors, check
from news.errors import BantinError
from news.manners import MAX_ROBOTS_BYTES, ROBOTS_TIMEOUT, RobotsTxt, robots_text
from news.urls import canonical

_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered; `url` is where the redirects ended, `seconds` the wall time."""

    url: str
    status: int
    content_type: str
    body: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Asks as `user_agent`, within `timeout` seconds, redirects included, and `max_bytes` a response. `doors` are the
    places in a private network that may be asked; `trust` gives the TLS context for a host and port."""

    user_agent: str
    timeout: float = 30.0
    max_bytes: int = 8_000_000
    doors: Doors = SHUT
    trust: Trust = strict

    def get(self, url: str) -> Fetched:
        """The answer, whatever its status. Raises BantinError where there is none, or none that may be had."""
        return self._get(url, lambda _: None)

    def page(self, url: str) -> Fetched:
        """The page at the URL, if robots.txt of each host on the way lets us have it and the server gives it. Raises
        BantinError otherwise."""
        self._obey(url)
        answer = self._get(url, self._obey)
        if answer.status != 200:
            raise BantinError(f"{url} answers {answer.status}.", "Try it in a browser, or give the saved page.")
        return answer

    def robots(self, url: str) -> tuple[Fetched, Callable[[str], bool]]:
        """robots.txt of the URL's host, and whether it lets us fetch a URL of that host, as a crawl reads it."""
        where = canonical("/robots.txt", url)
        brief = replace(self, timeout=min(self.timeout, ROBOTS_TIMEOUT), max_bytes=MAX_ROBOTS_BYTES)
        try:
            answer = brief._get(where, lambda _: None, whole=False)
        except _AwayError as away:
            answer = Fetched(where, away.status, "", b"", 0.0)
        text = robots_text(answer.status, answer.body)
        if text is None:
            return answer, lambda _: False
        rules = RobotsTxt(where.removesuffix("/robots.txt"), text, datetime.now(UTC))
        return answer, lambda target: rules.allows(target, self.user_agent)

    def _obey(self, url: str) -> None:
        _, allowed = self.robots(url)
        if not allowed(canonical(url)):
            raise BantinError(f"robots.txt of its host forbids {url}.", "Save the page in a browser and give the file.")

    def _get(self, url: str, on_redirect: Callable[[str], None], *, whole: bool = True) -> Fetched:
        began = time.monotonic()
        request = urllib.request.Request(  # noqa: S310 - canonical() lets only http and https through
            canonical(url), headers={"User-Agent": self.user_agent, "Accept": "text/html,*/*;q=0.8"}
        )
        with _Clock(self.timeout).running() as clock:
            try:
                with _opener(self, clock, on_redirect).open(request, timeout=self.timeout) as response:
                    body = self._read(response, whole)
                    clock.check()  # a body that ends when the time does was cut off by us
                    return Fetched(
                        url=response.geturl(),
                        status=response.status,
                        content_type=response.headers.get("Content-Type", ""),
                        body=_unpack(
                            url, body, response.headers.get("Content-Encoding", ""), max(self.max_bytes, len(body))
                        ),
                        seconds=time.monotonic() - began,
                    )
            except BantinError:
                raise
            except HTTPError as error:  # all other answers are none of these
                error.close()
                raise _AwayError(url, error.code) from None
            except (OSError, http.client.HTTPException, zlib.error, ValueError) as error:
                raise _failure(url, clock.reason(error)) from None

    def _read(self, response: Any, whole: bool) -> bytes:
        """The body; of a part (`whole` is false) so much that one sees that there is more."""
        parts: list[bytes] = []
        size = 0
        while part := response.read1(_CHUNK):
            parts.append(part)
            size += len(part)
            if size > self.max_bytes:
                if not whole:
                    break
                raise BantinError(f"{response.geturl()} is larger than {self.max_bytes:,} bytes.", "It is no article.")
        return b"".join(parts)


class _AwayError(BantinError):
    """A redirect that is not followed: one too many, or to what is no web."""

    def __init__(self, url: str, status: int) -> None:
        super().__init__(f"{url} leads nowhere: it redirects too often, or to no web address.", "Try it in a browser.")
        self.status = status


class _Clock:
    """The time limit of a whole answer. A socket's own timeout begins anew with every byte, in the headers and the TLS
    handshake too: a server that drips would be listened to for ever. So the socket is shut when the time is up."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._over = threading.Event()
        self._sockets: list[socket.socket] = []

    @contextmanager
    def running(self) -> Iterator[_Clock]:
        timer = threading.Timer(self._seconds, self._end)
        timer.daemon = True
        timer.start()
        try:
            yield self
        finally:
            timer.cancel()
            for one in self._sockets:
                one.close()

    def watch(self, connected: socket.socket) -> None:
        # A twin of its own: the first one's number may have been closed, and given to another file.
        self._sockets.append(connected.dup())
        if self._over.is_set():
            self._end()

    def check(self) -> None:
        if self._over.is_set():
            raise TimeoutError(f"not done after {self._seconds:g} s")

    def reason(self, error: Exception) -> Exception:
        """Why a request failed: what an end of the time looks like from inside says nothing."""
        return TimeoutError(f"not done after {self._seconds:g} s") if self._over.is_set() else error

    def _end(self) -> None:
        self._over.set()
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


Resolve = Callable[..., list[Any]]


class _Connect:
    """Opens a socket to an address that was looked at first."""

    def __init__(self, doors: Doors, clock: _Clock, resolve: Resolve = socket.getaddrinfo) -> None:
        self._doors = doors
        self._clock = clock
        self._resolve = resolve

    def __call__(self, host: str, port: int, timeout: float | None) -> socket.socket:
        addresses = [str(ip) for *_, (ip, *_) in self._resolve(host, port, type=socket.SOCK_STREAM)]
        check(host, port, addresses, self._doors)
        last: OSError | None = None
        for address in addresses:
            self._clock.check()
            try:
                connected = socket.create_connection((address, port), timeout)
            except OSError as error:
                last = error
            else:
                self._clock.watch(connected)
                return connected
        raise last or OSError(f"{host} has no address")


class _Redirects(urllib.request.HTTPRedirectHandler):
    max_redirections = 5  # as a crawl (crawler.settings)

    def __init__(self, on_redirect: Callable[[str], None]) -> None:
        self._on_redirect = on_redirect

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        self._on_redirect(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener(asking: Fetcher, clock: _Clock, on_redirect: Callable[[str], None]) -> urllib.request.OpenerDirector:
    opener = urllib.request.OpenerDirector()
    connect = _Connect(asking.doors, clock)
    for handler in (
        _Http(connect), _Https(connect, asking.trust), _Redirects(on_redirect),
        urllib.request.HTTPErrorProcessor(), _KeepErrors(), urllib.request.UnknownHandler(),
    ):  # fmt: skip
        opener.add_handler(handler)
    return opener


class _Http(urllib.request.HTTPHandler):
    def __init__(self, connect: _Connect) -> None:
        super().__init__()
        self.connect = connect

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._connection, req)

    def _connection(self, host: str, timeout: float | None = None, **_: Any) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(host, timeout=timeout)
        connection.sock = self.connect(connection.host, connection.port, timeout)
        return connection


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, connect: _Connect, trust: Trust) -> None:
        super().__init__()
        self.connect = connect
        self.trust = trust

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._connection, req)

    def _connection(self, host: str, timeout: float | None = None, **_: Any) -> http.client.HTTPConnection:
        connection = http.client.HTTPSConnection(host, timeout=timeout)
        tls = self.trust(connection.host, connection.port)
        plain = self.connect(connection.host, connection.port, timeout)
        try:
            connection.sock = tls.wrap_socket(plain, server_hostname=connection.host)
        except OSError:
            plain.close()
            raise
        return connection


class _KeepErrors(urllib.request.BaseHandler):
    """A 404 is an answer, not an exception."""

    def http_error_default(self, req: Any, fp: Any, code: int, msg: str, hdrs: Any) -> Any:
        return fp


def _unpack(url: str, body: bytes, encoding: str, limit: int) -> bytes:
    if encoding.strip().lower() in ("", "identity"):
        return body
    if encoding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
        # We ask for none at all; what comes packed several times over, or in another way, means no good.
        raise BantinError(f"{url} is packed as {encoding!r}, which nobody asked for.", "Save the page in a browser.")
    unpacked = zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(body, limit + 1)
    if len(unpacked) > limit:
        raise BantinError(f"{url} is larger than {limit:,} bytes.", "It is no article.")
    return unpacked


def _failure(url: str, error: Exception) -> BantinError:
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, BantinError):
        return cause
    words = (isinstance(cause, OSError) and cause.strerror) or cause
    if isinstance(cause, ssl.SSLError):
        return BantinError(
            f"{url} does not answer: {words}.", "If that host cannot be mended, see [tls] in docs/adding-a-site.md."
        )
    return BantinError(f"{url} does not answer: {words}.", "Try it in a browser; then try again, or save the page.")
