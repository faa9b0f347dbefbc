"""How far the hosts of a crawl are trusted: strictly, but for the site's own hosts where its file says otherwise.

Scrapy by itself checks no certificate. Here one is checked as a browser does, against the authorities of the system,
unless the site's [tls] table loosens that for the hosts it owns; a robots.txt or a source on another host stays strict.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from OpenSSL import SSL
from OpenSSL.crypto import X509StoreFlags
from twisted.internet._sslverify import ClientTLSOptions
from twisted.internet.ssl import Certificate, CertificateOptions, TLSVersion, platformTrust, trustRootFromCertificates
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

from news.errors import BantinError
from news.site import Site
from news.tls import TlsMode

# Both stand in OpenSSL's ssl.h; pyOpenSSL has no names for them. Servers that never heard of RFC 5746 need the first.
_OP_LEGACY_SERVER_CONNECT = 0x4
_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION = 1 << 18
# Level 0 lets in keys, digests and key exchanges of any size, as old servers have them.
_OLD_CIPHERS = b"ALL:@SECLEVEL=0"
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


@implementer(IPolicyForHTTPS)
class SitePolicy:
    """What Twisted asks for each connection. `folder` holds the site files, and the certificates beside them."""

    def __init__(self, site: Site, folder: Path) -> None:
        self._site = site
        self._strict = CertificateOptions(trustRoot=_system())
        self._own = _options(site, folder) or self._strict

    def creatorForNetloc(self, hostname: bytes, port: int) -> ClientTLSOptions:  # noqa: N802
        """See IPolicyForHTTPS."""
        name = hostname.decode("ascii")
        if not self._site.owns(f"https://{name}:{port}/"):
            return ClientTLSOptions(self._strict._makeTLSConnection, name)
        kind = _Unchecked if self._site.tls.mode is TlsMode.OFF else ClientTLSOptions
        return kind(self._own._makeTLSConnection, name)


class _Unchecked(ClientTLSOptions):
    """Takes whoever answers for whom it was looking for."""

    def clientConnectionForTLS(self, tlsProtocol: Any) -> SSL.Connection:  # noqa: N802, N803
        connection = super().clientConnectionForTLS(tlsProtocol)
        connection.set_verify(SSL.VERIFY_NONE, lambda *_: True)
        return connection


class _Legacy(CertificateOptions):
    """Speaks with servers of twenty years ago."""

    def _makeContext(self, *rest: Any, **named: Any) -> SSL.Context:  # noqa: N802
        context = super()._makeContext(*rest, **named)
        context.set_options(_OP_LEGACY_SERVER_CONNECT | _OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION)
        context.set_cipher_list(_OLD_CIPHERS)
        return context


class _Pinned(CertificateOptions):
    """Trusts the given certificates, be they of a root or of an authority in between."""

    def _makeContext(self, *rest: Any, **named: Any) -> SSL.Context:  # noqa: N802
        context = super()._makeContext(*rest, **named)
        store = context.get_cert_store()
        assert store is not None
        store.set_flags(X509StoreFlags.PARTIAL_CHAIN)
        return context


def _options(site: Site, folder: Path) -> CertificateOptions | None:
    match site.tls.mode:
        case TlsMode.PINNED:
            return _Pinned(trustRoot=_authorities(folder / site.tls.ca))
        case TlsMode.LEGACY | TlsMode.OFF:
            return _Legacy(trustRoot=_system(), insecurelyLowerMinimumTo=TLSVersion.TLSv1_0)
        case _:
            return None


def _authorities(path: Path) -> Any:
    try:
        found = [Certificate.loadPEM(block) for block in _PEM.findall(path.read_bytes())]
    except (OSError, SSL.Error) as error:
        raise BantinError(f"{path} cannot be read: {error}.", "See [tls] in docs/adding-a-site.md.") from None
    return trustRootFromCertificates(found)  # type: ignore[no-untyped-call]


def _system() -> Any:
    return platformTrust()  # type: ignore[no-untyped-call]
