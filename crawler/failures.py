"""What went wrong with a request -> the reason that is counted and kept at the URL."""

from __future__ import annotations

from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from service_identity import VerificationError
from twisted.internet.error import DNSLookupError
from twisted.internet.error import TimeoutError as ConnectTimeoutError

from crawler.guard import HeadersTooLarge
from news.addresses import PrivateAddress
from news.errors import Reason


class RefusedRequest(IgnoreRequest):
    """A request that a rule of ours stops, with the reason."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


_REASONS: tuple[tuple[type[BaseException], Reason], ...] = (
    (PrivateAddress, Reason.PRIVATE_ADDRESS),
    (CannotResolveHostError, Reason.DNS),
    (DNSLookupError, Reason.DNS),
    (DownloadTimeoutError, Reason.TIMEOUT),
    (ConnectTimeoutError, Reason.TIMEOUT),
    # Scrapy cancels a download for its size only; the engine does not cancel while it closes.
    (DownloadCancelledError, Reason.TOO_LARGE),
    (HeadersTooLarge, Reason.TOO_LARGE),
    (ResponseDataLossError, Reason.CUT_OFF),
    (UnsupportedURLSchemeError, Reason.BAD_URL),
    (UnicodeError, Reason.BAD_URL),
    (SSL.Error, Reason.TLS),
    (VerificationError, Reason.TLS),
    (IgnoreRequest, Reason.REDIRECTS),
    (ValueError, Reason.BAD_URL),
)


def reason_of(error: BaseException) -> Reason:
    """The reason behind an exception of a download, looking through what wraps it; Reason.CONNECT for all others."""
    if isinstance(error, RefusedRequest):
        return error.reason
    if isinstance(error, IgnoreRequest) and error.__cause__ is not None:
        return Reason.TOO_LARGE  # a compressed body that unpacks to more than the limit
    for cause in _causes(error):
        for kind, reason in _REASONS:
            if isinstance(cause, kind):
                return reason
    return Reason.CONNECT


def _causes(error: BaseException | None) -> list[BaseException]:
    """The exception and those behind it: Twisted keeps the failures of a connection in a list of its own."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        found += [failure.value for failure in getattr(error, "reasons", ()) if failure.value not in found]
        error = error.__cause__
    return found
