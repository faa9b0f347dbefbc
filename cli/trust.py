"""The [tls] table of a site for verbs that ask without Scrapy; crawler.tls is the same for crawls."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path

from news.site import Site
from news.tls import TlsMode

Trust = Callable[[str, int], ssl.SSLContext]
_OP_LEGACY_SERVER_CONNECT = 0x4


def strict(host: str, port: int) -> ssl.SSLContext:
    """As a browser does, whatever the host."""
    return _system()


def trust_of(site: Site, folder: Path) -> Trust:
    """What the site's file says for its own hosts, and strictness for all others. `folder` holds the site files."""

    @cache
    def own() -> ssl.SSLContext:
        return _context(site, folder)

    return lambda host, port: own() if site.owns(f"https://{host}:{port}/") else strict(host, port)


@cache
def _system() -> ssl.SSLContext:
    return ssl.create_default_context()


def _context(site: Site, folder: Path) -> ssl.SSLContext:
    if site.tls.mode is TlsMode.PINNED:
        context = ssl.create_default_context(cafile=str(folder / site.tls.ca))
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        return context
    context = ssl.create_default_context()
    if site.tls.mode in (TlsMode.LEGACY, TlsMode.OFF):
        context.options |= _OP_LEGACY_SERVER_CONNECT
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():  # rightly, but that is what the site's file asks for
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
    if site.tls.mode is TlsMode.OFF:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
