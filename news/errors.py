"""Why a page or URL did not become an article, and the one exception that tells a person what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from enum import StrEnum


class Reason(StrEnum):
    """Every way a URL can end without an article; kept at the URL and counted per run. The value is the stored name."""

    # the fetch
    ROBOTS = "robots-denied"
    PRIVATE_ADDRESS = "private-address"
    OFFSITE = "offsite"
    DNS = "dns-error"
    TLS = "tls-error"
    CONNECT = "connection-error"
    TIMEOUT = "timeout"
    HTTP_CLIENT = "http-4xx"
    HTTP_SERVER = "http-5xx"
    BUSY = "asked-to-wait"
    GONE = "gone"
    REDIRECTS = "too-many-redirects"
    TOO_LARGE = "too-large"
    CUT_OFF = "incomplete-download"
    # the frontier
    DENIED_URL = "denied-url"
    BAD_URL = "bad-url"
    TOO_OLD = "before-since"
    UNREADABLE = "unreadable-source"
    TOO_NEW = "after-until"
    TRAP = "crawler-trap"  # pages without end: calendars, products of filters, paths that repeat themselves
    DEPTH = "source-depth"  # a source that goes on behind as many pages as a crawl reads of it
    SCRIPTED = "paging-by-script"  # a list of which only the first page can be had by its address
    VALIDATORS = "validators-lied"  # a server that called a page unchanged though it had changed
    BROWSER = "browser-budget"
    # the page
    EMPTY = "empty-body"
    NOT_HTML = "not-html"
    BINARY = "binary-content"
    UNDECODABLE = "undecodable"
    TRUNCATED = "truncated-html"
    TOO_COMPLEX = "too-complex"
    SOFT_404 = "soft-404"
    BLOCKED = "blocked-page"
    MAINTENANCE = "under-maintenance"  # the site says so in the place of every page
    LISTING = "listing-page"
    NO_TITLE = "no-title"
    NO_TEXT = "no-text"
    NOT_ARTICLE = "not-an-article"
    FAILED = "extraction-failed"

    @property
    def temporary(self) -> bool:
        """Whether the same URL may well answer with an article later, so that a crawl should try it again."""
        return self in _TEMPORARY


_TEMPORARY = frozenset(
    {
        Reason.DNS,
        Reason.TLS,
        Reason.CONNECT,
        Reason.TIMEOUT,
        Reason.HTTP_SERVER,
        Reason.BUSY,
        Reason.CUT_OFF,
        Reason.EMPTY,
        Reason.BINARY,
        Reason.UNDECODABLE,
        Reason.TRUNCATED,
        Reason.SOFT_404,
        Reason.BLOCKED,
        Reason.MAINTENANCE,
        Reason.FAILED,
        Reason.BROWSER,
    }
)


class BantinError(Exception):
    """Something a person must act on: `problem` says what is wrong and where, `remedy` what to do next."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}".strip())
        self.problem = problem
        self.remedy = remedy

    def __reduce__(self) -> tuple[type[BantinError], tuple[str, str]]:
        # Exceptions cross the process border of a crawl; the default would hand the joined message to __init__.
        return type(self), (self.problem, self.remedy)


class InvalidValue(BantinError, ValueError):
    """A value that a type refuses at construction: a URL without a host, a naive datetime, an unknown site kind."""


def did_you_mean(given: str, known: Iterable[str], otherwise: str) -> str:
    """The remedy for a name that is unknown: what comes near, or `otherwise` where nothing does."""
    near = get_close_matches(given, list(known), n=3, cutoff=0.5)
    return f"Did you mean {' or '.join(near)}?" if near else otherwise
