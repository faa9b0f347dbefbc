"""One polite request, for verbs that look at a single page: a crawl goes through Scrapy instead.

The address is looked up once, judged, and that very address is connected to, at every redirect anew, so that no name
can point at the inside of our network between the look and the call.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
import urllib.request
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.error import URLError

from protego import Protego

from cli.trust import Trust, strict
from news.errors import BantinError
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
    """Asks as `user_agent`, within `timeout` seconds and `max_bytes` a response. `trust` gives the TLS context for a
    host and port."""

    user_agent: str
    timeout: float = 30.0
    max_bytes: int = 8_000_000
    allow_private: bool = False
    trust: Trust = strict

    def get(self, url: str) -> Fetched:
        """The answer, whatever its status. Raises BantinError where there is none, or none that may be had."""
        began = time.monotonic()
        request = urllib.request.Request(  # noqa: S310 - canonical() lets only http and https through
            canonical(url), headers={"User-Agent": self.user_agent, "Accept": "text/html,*/*;q=0.8"}
        )
        try:
            with self._opener().open(request, timeout=self.timeout) as response:
                body = self._read(response, began + self.timeout)
                return Fetched(
                    url=response.geturl(),
                    status=response.status,
                    content_type=response.headers.get("Content-Type", ""),
                    body=_unpack(url, body, response.headers.get("Content-Encoding", ""), self.max_bytes),
                    seconds=time.monotonic() - began,
                )
        except BantinError:
            raise
        except (OSError, http.client.HTTPException, zlib.error, ValueError) as error:
            raise _failure(url, error) from None

    def page(self, url: str) -> Fetched:
        """The page at the URL, if robots.txt lets us have it and the server gives it. Raises BantinError otherwise."""
        _, allowed = self.robots(url)
        if not allowed(canonical(url)):
            raise BantinError(f"robots.txt of its host forbids {url}.", "Save the page in a browser and give the file.")
        answer = self.get(url)
        if answer.status != 200:
            raise BantinError(f"{url} answers {answer.status}.", "Try it in a browser, or give the saved page.")
        return answer

    def robots(self, url: str) -> tuple[Fetched, Callable[[str], bool]]:
        """robots.txt of the URL's host, and whether it lets us fetch a URL (RFC 9309: none, or an error of ours: yes;
        an error of the server's: no)."""
        answer = self.get(canonical("/robots.txt", url))
        if answer.status >= 500:
            return answer, lambda _: False
        rules = Protego.parse(answer.body.decode("utf-8", "replace") if answer.status < 300 else "")
        return answer, lambda target: bool(rules.can_fetch(target, self.user_agent))

    def _opener(self) -> urllib.request.OpenerDirector:
        opener = urllib.request.OpenerDirector()
        connect = _Connect(self.allow_private)
        for handler in (
            _Http(connect), _Https(connect, self.trust), urllib.request.HTTPRedirectHandler(),
            urllib.request.HTTPErrorProcessor(), _KeepErrors(), urllib.request.UnknownHandler(),
        ):  # fmt: skip
            opener.add_handler(handler)
        return opener

    def _read(self, response: Any, deadline: float) -> bytes:
        parts: list[bytes] = []
        size = 0
        while part := response.read1(_CHUNK):
            parts.append(part)
            size += len(part)
            if size > self.max_bytes:
                raise BantinError(f"{response.geturl()} is larger than {self.max_bytes:,} bytes.", "It is no article.")
            if time.monotonic() > deadline:
                raise TimeoutError(f"still sending after {self.timeout:.0f} s")
        return b"".join(parts)


class _Connect:
    """Opens a socket to an address that was looked at first."""

    def __init__(self, allow_private: bool) -> None:
        self.allow_private = allow_private

    def __call__(self, host: str, port: int, timeout: float | None) -> socket.socket:
        last: OSError | None = None
        for *_, (ip, *_) in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            if not self.allow_private and not _public(str(ip)):
                raise BantinError(
                    f"{host} is {ip}, an address inside a private network.",
                    "Give --allow-private if you mean it; a site file says allow_private_network = true.",
                )
            try:
                return socket.create_connection((str(ip), port), timeout)
            except OSError as error:
                last = error
        raise last or OSError(f"{host} has no address")


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


def _public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return ip.is_global and not ip.is_multicast


def _unpack(url: str, body: bytes, encoding: str, limit: int) -> bytes:
    if encoding.lower() not in ("gzip", "x-gzip", "deflate"):
        return body
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
