"""Sitemaps (sitemaps.org 0.9, Google's news extension, plain text, feeds, robots.txt) -> Leads."""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import urlsplit

from lxml import etree

from news.article import Lead, Via
from news.discover.discovery import Discovery, honest, lead_of, unique
from news.discover.feed import feed_leads
from news.discover.shape import is_navigation
from news.discover.xml import children, date_of, name_of, parse_xml, text_of
from news.errors import InvalidValue
from news.extract.decode import decode
from news.site import Site, Source
from news.urls import canonical

MAX_URLS = 50_000  # a file, by the protocol
_ROBOTS_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


def read_sitemap(body: bytes, url: str, source: Source, site: Site) -> Discovery:
    """The articles of a sitemap, or the child sitemaps of an index, latest first."""
    root = parse_xml(body)
    name = name_of(root) if root is not None else ""
    left = 0
    if root is not None and name == "sitemapindex":
        return Discovery(next_pages=_children_of_index(root, url))
    if root is not None and name == "urlset":
        every = list(children(root, "url"))
        entries, left = every[:MAX_URLS], max(0, len(every) - MAX_URLS)
        leads = honest(unique((_lead(entry, url, site, source.section) for entry in entries), site))
    elif root is not None and name in ("rss", "rdf", "feed"):
        leads = feed_leads(root, url, Via.SITEMAP, site, source.section)
    else:
        named = _named_by_robots(body, url) if root is None else ()
        leads = () if named else _text_leads(body, url, source, site)
        if named:
            return Discovery(next_pages=named)
        if not leads:
            return Discovery(problem=f"{url} is not a sitemap ({f'<{name}>' if name else 'no XML'})")
    return Discovery(leads=tuple(lead for lead in leads if _may_be_article(lead, site)), left=left)


def _may_be_article(lead: Lead, site: Site) -> bool:
    """A sitemap lists every page of a site; what can be told apart by its address is not fetched to find out."""
    if not site.owns(lead.url):
        return True
    if site.article_urls:
        return any(re.search(pattern, lead.url) for pattern in site.article_urls)
    return not is_navigation(urlsplit(lead.url))


def _lead(entry: etree._Element, base: str, site: Site, section: str) -> Lead | None:
    address = next((text_of(loc) for loc in children(entry, "loc")), "")
    if not address:
        return None
    news = next(children(entry, "news"), None)
    title, published = "", None
    if news is not None:
        title = next((text_of(child) for child in children(news, "title")), "")
        published = date_of(news, "publication_date")
    return lead_of(address, base, Via.SITEMAP, site, title, section, published, date_of(entry, "lastmod"))


def _children_of_index(root: etree._Element, url: str) -> tuple[str, ...]:
    dated: dict[str, float] = {}
    for entry in children(root, "sitemap"):
        for loc in children(entry, "loc"):
            try:
                address = canonical(text_of(loc), url)
            except InvalidValue:
                continue
            changed = date_of(entry, "lastmod")
            dated.setdefault(address, changed.timestamp() if changed else 0.0)
    dated.pop(url, None)
    return tuple(sorted(dated, key=lambda address: -dated[address]))


def _named_by_robots(body: bytes, url: str) -> tuple[str, ...]:
    """The sitemaps that a robots.txt names."""
    found: list[str] = []
    for line in _ROBOTS_LINE.finditer(decode(body).text):
        with suppress(InvalidValue):
            found.append(canonical(line[1], url))
    return tuple(dict.fromkeys(address for address in found if address != url))


def _text_leads(body: bytes, url: str, source: Source, site: Site) -> tuple[Lead, ...]:
    """A sitemap of one address a line."""
    lines = decode(body).text.split("\n", MAX_URLS)[:MAX_URLS]
    addresses = [line.strip() for line in lines if line.strip()]
    if not addresses or not all(re.match(r"https?://\S+$", address) for address in addresses[:20]):
        return ()
    return unique((lead_of(address, url, Via.SITEMAP, site, section=source.section) for address in addresses), site)
