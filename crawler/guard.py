"""Where crawls connect: to public addresses, and to what the site's own file opens (news.addresses)."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Request, Response
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer

from crawler.tls import SitePolicy
from news.addresses import Doors, PrivateAddress, check, is_literal
from news.site import Site

log = logging.getLogger("bantin.crawler")

# Apache and nginx send at most some 8 to 32 kB; curl gives up at 300. Twisted would collect them until the time is up.
MAX_HEADER_BYTES = 65_536


class HeadersTooLarge(Exception):
    """A response's headers go on and on."""


@implementer(IHostnameResolver)
class GuardedResolver:
    """Hands on the addresses of a name if all of them may be connected to; else `refused` has why, by name and port.

    It stands where the connection gets its address from, behind the resolver: what it judged is what is connected to.
    """

    def __init__(self, resolver: Any, doors: Doors) -> None:
        self._resolver = resolver
        self._doors = doors
        self.refused: dict[tuple[str, int], PrivateAddress] = {}

    def resolveHostName(  # noqa: N802
        self, receiver: Any, hostName: str, portNumber: int = 0, *rest: Any, **named: Any  # noqa: N803
    ) -> Any:  # fmt: skip
        """See IHostnameResolver."""
        guarded = _Judging(receiver, hostName, portNumber, self)
        return self._resolver.resolveHostName(guarded, hostName, portNumber, *rest, **named)

    def judge(self, host: str, port: int, addresses: list[str]) -> bool:
        """Whether the host may be connected to."""
        try:
            check(host, port, addresses, self._doors)
        except PrivateAddress as error:
            self.refused[host.lower(), port] = error
            return False
        self.refused.pop((host.lower(), port), None)
        return True


@implementer(IResolutionReceiver)
class _Judging:
    """Holds the addresses back until all are known."""

    def __init__(self, receiver: Any, host: str, port: int, guard: GuardedResolver) -> None:
        self._receiver = receiver
        self._host, self._port, self._guard = host, port, guard
        self._found: list[Any] = []

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self._found.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        if self._guard.judge(self._host, self._port, [address.host for address in self._found]):
            for address in self._found:
                self._receiver.addressResolved(address)
        self._receiver.resolutionComplete()


class GuardedDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's handler for http and https, connecting only where news.addresses lets it, and checking certificates
    unless the site's file says less (crawler.tls)."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        site: Site = crawler.spider.site  # type: ignore[union-attr]
        self._contextFactory = SitePolicy(site, Path(crawler.settings["SITES_DIR"]))  # type: ignore[assignment]
        if site.tls.warning:
            log.warning("%s: %s", site.id, site.tls.warning)
        self._doors = Doors.of(site)
        self._guard = _install(self._doors)
        self._pool._factory = _BoundedFactory

    async def download_request(self, request: Request) -> Response:
        """See the base class. Raises PrivateAddress, which is not retried."""
        parts = urlparse_cached(request)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        check(host, port, [host] if is_literal(host) else [], self._doors)
        try:
            return await super().download_request(request)
        except CannotResolveHostError:
            refused = self._guard.refused.get((host, port))
            if refused is not None:
                raise refused from None
            raise


class _BoundedParser(_LenientHTTPClientParser):
    _header_bytes = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        # Interim answers (1xx) count with the one they come before: they can be sent without end too.
        self._header_bytes += len(line)
        if self._header_bytes > MAX_HEADER_BYTES:
            raise HeadersTooLarge(f"more than {MAX_HEADER_BYTES:,} bytes of headers")
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: N802
        raise HeadersTooLarge(f"a line of more than {self.MAX_LENGTH:,} bytes in the headers")


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    def request(self, request: Any) -> Any:
        answer = super().request(request)
        self._parser.__class__ = _BoundedParser  # as the base class does it, which has no other way either
        return answer


class _BoundedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


def _install(doors: Doors) -> GuardedResolver:
    from twisted.internet import reactor

    # Scrapy installs its own resolver just before the reactor starts and would put the guard aside.
    if not reactor.running:
        raise RuntimeError(
            "The address guard must be installed on a running reactor: do not set FORCE_CRAWLER_PROCESS."
        )
    present = reactor.nameResolver
    if isinstance(present, GuardedResolver):  # of the other scheme's handler
        return present
    guard = GuardedResolver(present, doors)
    reactor.installNameResolver(guard)
    return guard
