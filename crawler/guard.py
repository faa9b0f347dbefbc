"""Fetching goes to public addresses only: a feed, a redirect or a robots.txt must not reach into our own network."""

from __future__ import annotations

import ipaddress
import logging
from pathlib import Path
from typing import Any

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Request, Response
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer

from crawler.tls import SitePolicy
from news.site import Site

log = logging.getLogger("bantin.crawler")

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# What `is_global` lets through: Azure's metadata and DNS host, which has a public number, and, before Python 3.11.9,
# the ranges of IETF protocols (Oracle's metadata among them) and of local NAT64.
_ALSO_PRIVATE = tuple(map(ipaddress.ip_network, ("168.63.129.16/32", "192.0.0.0/24", "64:ff9b:1::/48")))


class PrivateAddressError(Exception):
    """A host leads to an address that is not public."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(f"{host} leads to {address}, which is not a public address")


def is_public(address: str) -> bool:
    """Whether an address in standard notation belongs to the public internet; IPv4 inside IPv6 counts as itself."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(_is_public(one) for one in _with_embedded(ip))


def _is_public(ip: _Address) -> bool:
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _ALSO_PRIVATE)


def _with_embedded(ip: _Address) -> list[_Address]:
    if isinstance(ip, ipaddress.IPv4Address):
        return [ip]
    if ip.ipv4_mapped:
        return [ip.ipv4_mapped]
    inner = [ip.sixtofour, *(ip.teredo or ())]
    if ip in _NAT64:
        inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return [ip, *(address for address in inner if address)]


@implementer(IHostnameResolver)
class GuardedResolver:
    """Hands on the public addresses of a name and drops the others; `refused` has the last of them for each name.

    It stands where the connection gets its address from, behind the resolver, so that neither odd notations
    (http://2130706433/, http://0x7f.1/) nor a name that changes between check and use can get around it.
    """

    def __init__(self, resolver: Any) -> None:
        self._resolver = resolver
        self.refused: dict[str, str] = {}

    def resolveHostName(self, receiver: Any, name: str, *rest: Any, **named: Any) -> Any:  # noqa: N802
        """See IHostnameResolver."""
        return self._resolver.resolveHostName(_PublicOnly(receiver, name, self.refused), name, *rest, **named)


@implementer(IResolutionReceiver)
class _PublicOnly:
    def __init__(self, receiver: Any, name: str, refused: dict[str, str]) -> None:
        self._receiver = receiver
        self._name = name
        self._refused = refused

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if is_public(address.host):
            self._receiver.addressResolved(address)
        else:
            self._refused[self._name] = address.host

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()


class GuardedDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's handler for http and https, connecting to public addresses only unless the site's file allows more, and
    checking certificates unless it says less (crawler.tls)."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        site: Site = crawler.spider.site  # type: ignore[union-attr]
        self._contextFactory = SitePolicy(site, Path(crawler.settings["SITES_DIR"]))  # type: ignore[assignment]
        if site.tls.warning:
            log.warning("%s: %s", site.id, site.tls.warning)
        self._guard = None if site.allow_private_network else _install()

    async def download_request(self, request: Request) -> Response:
        """See the base class. Raises PrivateAddressError, which is not retried."""
        host = urlparse_cached(request).hostname or ""
        if self._guard is not None and _is_literal(host) and not is_public(host):
            raise PrivateAddressError(host, host)
        try:
            return await super().download_request(request)
        except CannotResolveHostError:
            if self._guard is not None and host in self._guard.refused:
                raise PrivateAddressError(host, self._guard.refused[host]) from None
            raise


def _install() -> GuardedResolver:
    from twisted.internet import reactor

    # Scrapy installs its own resolver just before the reactor starts and would put the guard aside.
    if not reactor.running:
        raise RuntimeError(
            "The address guard must be installed on a running reactor: do not set FORCE_CRAWLER_PROCESS."
        )
    guard = GuardedResolver(reactor.nameResolver)
    reactor.installNameResolver(guard)
    return guard


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
