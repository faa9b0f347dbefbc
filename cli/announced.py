"""The feeds and sitemaps of a site, declared and guessed, with the articles they announce."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cli.visitor import Visitor
from news.discover import discover
from news.discover.links import Link, links_of, parsed
from news.errors import InvalidValue
from news.site import Site, Source, SourceKind
from news.urls import canonical
from spiders.propose.identity import feed_links, feed_pages

MOST_FEEDS, MOST_SITEMAPS, MOST_CHILDREN = 8, 6, 3
_FEEDS = ("/rss", "/feed", "/rss.xml", "/vi/news/rss/", "/feed.xml", "/atom.xml", "/rss.html", "/rss/home.rss")
_SITEMAPS = ("/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml", "/sitemap-news.xml", "/sitemap.xml.gz")


@dataclass(frozen=True, slots=True)
class Announced:
    """A source, and the addresses on the site's own hosts that it announces."""

    source: Source
    urls: tuple[str, ...]


def find_feeds(visitor: Visitor, site: Site, declared: Iterable[str], links: Sequence[Link]) -> list[Announced]:
    """The feeds that the home page names; if it names none that work, those of pages which list feeds, and of the
    usual places."""
    found = _unlike(_feeds(visitor, site, [*declared, *feed_links(links)]))
    pages = [url for url in feed_pages(links) if site.owns(url)]
    for url in dict.fromkeys([*pages, *_addresses(_FEEDS, site.home)]):
        if found:
            break
        found = _unlike(_feeds(visitor, site, [url, *_feeds_on(visitor, url)]))
    return found


def find_sitemaps(visitor: Visitor, site: Site) -> list[Announced]:
    """The sitemaps that robots.txt names; if it names none, the first that stands at a usual place."""
    named = re.findall(r"(?im)^\s*sitemap:\s*(\S+)", visitor.robots(site.home)[0])
    found = (read_sitemap(visitor, site, url) for url in _addresses(named or _SITEMAPS, site.home)[:MOST_SITEMAPS])
    there = (each for each in found if each.urls)
    return list(there) if named else [each for each, _ in zip(there, range(1), strict=False)]


def read_sitemap(visitor: Visitor, site: Site, url: str) -> Announced:
    """A sitemap, or the newest children of an index."""
    source = Source(SourceKind.SITEMAP, url)
    answer = visitor.page(url)
    if answer is None:
        return Announced(source, ())
    found = discover(answer.body, answer.url, source, site)
    urls = [lead.url for lead in found.leads if site.owns(lead.url)]
    for child in found.next_pages[:MOST_CHILDREN]:
        urls += _read(visitor, site, Source(SourceKind.SITEMAP, child)).urls
    return Announced(source, tuple(urls))


def _feeds(visitor: Visitor, site: Site, urls: Iterable[str]) -> Iterator[Announced]:
    for url in list(dict.fromkeys(urls))[:MOST_FEEDS]:
        found = _read(visitor, site, Source(SourceKind.FEED, url))
        if found.urls:
            yield found


def _unlike(feeds: Iterable[Announced]) -> list[Announced]:
    """Each feed once: many sites serve one as RSS and as Atom."""
    return list({frozenset(feed.urls): feed for feed in reversed(list(feeds))}.values())[::-1]


def _feeds_on(visitor: Visitor, url: str) -> list[str]:
    answer = visitor.page(url)
    root = parsed(answer.body) if answer else None
    return feed_links(links_of(root, answer.url)) if answer and root is not None else []


def _read(visitor: Visitor, site: Site, source: Source) -> Announced:
    answer = visitor.page(source.url)
    leads = discover(answer.body, answer.url, source, site).leads if answer else ()
    return Announced(source, tuple(lead.url for lead in leads if site.owns(lead.url)))


def _addresses(paths: Iterable[str], home: str) -> list[str]:
    found: dict[str, None] = {}
    for path in paths:
        try:
            found[canonical(path, home)] = None
        except InvalidValue:
            continue
    return list(found)
