"""What a site announces -> Leads: feeds, sitemaps, lists, archives, front pages: read from bytes, never trusted.

Pure, and safe on any bytes: a source that cannot be read gives no leads and says why in `problem`.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection

from news.discover.discovery import Discovery
from news.discover.feed import read_feed
from news.discover.listing import read_home, read_listing
from news.discover.sitemap import read_sitemap
from news.site import Site, Source, SourceKind

__all__ = ["MAX_BYTES", "Discovery", "discover"]

# The protocol of sitemaps allows 50 MB a file; a DOM takes six times the bytes, so we stop earlier and say so.
MAX_BYTES = 24_000_000


def discover(
    body: bytes, url: str, source: Source, site: Site, *, start: str = "", learnt: Collection[str] = ()
) -> Discovery:
    """What `body`, fetched from `url` (a page of `source`), announces.

    Leads keep the order of the source and are unique by `Site.identity`; dates without a zone are in +07:00.
    `next_pages` are further pages of the listing, or the children of a sitemap index. Leads of feeds and sitemaps may
    lie on other hosts, for the source says that they are articles and their refusal should be counted; links of a
    page that cannot be articles of the site are left out in silence, as a page is full of them.

    `start` is the first page of the list that `url` goes on with, where that is not the source's own address: a day of
    an archive, a section of a front page. `learnt` are the skeletons of known articles (news.discover.shape). What came
    packed, with a header that says so or without one, is unpacked. Never raises.
    """
    if body.startswith(b"\x1f\x8b"):
        unpacked = _unpacked(body)
        if unpacked is None:
            return Discovery(problem=f"{url} is no gzip file, or holds more than {MAX_BYTES} bytes")
        body = unpacked
    if not body.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        return Discovery(problem=f"{url} is empty")
    if source.kind is SourceKind.FEED:
        return read_feed(body, url, source, site)
    if source.kind is SourceKind.SITEMAP:
        return read_sitemap(body, url, source, site)
    read = read_home if source.kind is SourceKind.HOME else read_listing
    return read(body, url, source, site, start or source.url, learnt)


def _unpacked(body: bytes) -> bytes | None:
    """The bytes of a gzip file, as far as they came; None where they are none, or more than MAX_BYTES."""
    machine = zlib.decompressobj(wbits=31)
    try:
        plain = machine.decompress(body, MAX_BYTES)
    except zlib.error:
        return None
    return None if machine.unconsumed_tail else plain
