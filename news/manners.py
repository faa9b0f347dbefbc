"""What a server asks of its visitors, and what we make of it: robots.txt (RFC 9309) and Retry-After (RFC 9110)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property

from protego import Protego

MAX_ROBOTS_BYTES = 500 * 1024  # RFC 9309, 2.5: at least so much is to be parsed; what stands behind is not read
FRESH = timedelta(hours=24)  # 2.4: a cached one is not used longer
STALE = timedelta(days=30)  # 2.3.1.4: unless the server fails, and then "for a reasonably long period"
# Seconds. A robots.txt that hangs must not take the time of the crawl; a server that is merely slow gives it within.
ROBOTS_TIMEOUT = 10.0
# Seconds that a crawl waits because it is asked to. Whoever asks for more is left alone until the next crawl.
MAX_RETRY_AFTER = 60.0


@dataclass(frozen=True)
class RobotsTxt:
    """The robots.txt of an origin ("https://a.vn") as it was had or confirmed at `fetched` (UTC); `text` is "" where
    there is none."""

    origin: str
    text: str
    fetched: datetime
    etag: str = ""
    last_modified: str = ""

    def fresh(self, now: datetime) -> bool:
        """Whether it holds without asking again."""
        return timedelta(0) <= now - self.fetched < FRESH

    def usable(self, now: datetime) -> bool:
        """Whether it stands in for one that cannot be had now."""
        return now - self.fetched < STALE

    def headers(self) -> Mapping[str, str]:
        """The request headers that ask for it only if it has changed."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value}

    def allows(self, url: str, user_agent: str) -> bool:
        return bool(self._rules.can_fetch(url, product(user_agent)))

    def crawl_delay(self, user_agent: str) -> float | None:
        """Seconds between two requests, where it names any. Not of RFC 9309, but of many a portal."""
        delay = self._rules.crawl_delay(product(user_agent))
        return None if delay is None else float(delay)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The addresses behind its Sitemap lines, as they stand there."""
        return tuple(self._rules.sitemaps)

    @cached_property
    def _rules(self) -> Protego:
        return Protego.parse(self.text)


def robots_text(status: int, body: bytes) -> str | None:
    """What the answer to a request for robots.txt says: its rules, "" (all is allowed) where there are none, None
    where the server failed, which forbids all.

    RFC 9309: 4xx is "no rules" (2.3.1.3), 401 and 403 too; 5xx is "no" (2.3.1.4). A redirect that could not be followed
    counts as none (2.3.1.2). The media type is not asked for: portals send it as text/html, and an error page of status
    200 holds no line that is a rule.
    """
    if status >= 500:
        return None
    if not 200 <= status < 300:
        return ""
    if len(body) > MAX_ROBOTS_BYTES:
        # The last line may be cut, and half a path forbids more than the whole.
        body = body[:MAX_ROBOTS_BYTES].rpartition(b"\n")[0]
    encoding = "utf-16" if body.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    return body.decode(encoding, "replace")


def product(user_agent: str) -> str:
    """The name that a robots.txt calls us by. Matching the whole user agent would find the words of its address."""
    return (user_agent.partition("/")[0].split() or [""])[0]


def retry_after(value: str, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks us to wait; None for what is none."""
    text = value.strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - now).total_seconds())
