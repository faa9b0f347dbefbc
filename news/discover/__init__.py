"""What a site announces -> Leads: feeds, sitemaps and listing pages, read from bytes and never trusted.

Pure, and safe on any bytes: a source that cannot be read gives no leads and says why in `problem`.
"""

from __future__ import annotations

from news.discover.discovery import Discovery
from news.discover.feed import read_feed
from news.discover.listing import read_listing
from news.discover.sitemap import read_sitemap
from news.site import Site, Source, SourceKind

__all__ = ["Discovery", "discover"]

_READERS = {
    SourceKind.FEED: read_feed,
    SourceKind.SITEMAP: read_sitemap,
    SourceKind.LISTING: read_listing,
}


def discover(body: bytes, url: str, source: Source, site: Site) -> Discovery:
    """What `body`, fetched from `url` (a page of `source`), announces.

    Leads keep the order of the source and are unique by `Site.identity`; dates without a zone are in +07:00.
    `next_pages` are further pages of the listing, or the children of a sitemap index. Leads of feeds and sitemaps may
    lie on other hosts, for the source says that they are articles and their refusal should be counted; links of a
    listing that cannot be articles of the site are left out in silence, as a page is full of them. Never raises.
    """
    if not body.strip(b"\x00 \t\r\n"):
        return Discovery(problem=f"{url} is empty")
    return _READERS[source.kind](body, url, source, site)
