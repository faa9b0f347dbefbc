"""RSS 0.9x to 2.0, RSS 1.0 (RDF) and Atom -> Leads, however broken."""

from __future__ import annotations

from html import unescape

from lxml import etree

from news.article import Lead, Via
from news.discover.discovery import Discovery, honest, lead_of, unique
from news.discover.xml import children, date_of, name_of, parse_xml, prefix_of, text_of, without_tags
from news.site import Site, Source

_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
_PUBLISHED = ("pubdate", "published", "issued", "date", "created")
_MODIFIED = ("updated", "modified", "lastbuilddate")
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"


def read_feed(body: bytes, url: str, source: Source, site: Site) -> Discovery:
    """The entries of a feed, newest as the feed orders them. Entries without a usable link are passed over."""
    root = parse_xml(body)
    if root is None or name_of(root) not in _ROOTS:
        return Discovery(problem=f"{url} is not a feed ({'no XML' if root is None else '<' + name_of(root) + '>'})")
    return Discovery(leads=feed_leads(root, url, Via.FEED, site, source.section))


def feed_leads(root: etree._Element, url: str, via: Via, site: Site, section: str = "") -> tuple[Lead, ...]:
    """The leads of a parsed feed, whatever announced it."""
    base = root.get(_XML_BASE, "") or url
    entries = [element for element in root.iter(etree.Element) if name_of(element) in ("item", "entry")]
    return honest(unique((_lead(entry, base, via, site, section) for entry in entries), site))


def _lead(entry: etree._Element, base: str, via: Via, site: Site, section: str) -> Lead | None:
    title = next((text_of(child) for child in children(entry, "title") if prefix_of(child) != "media"), "")
    published = date_of(entry, *_PUBLISHED)
    modified = date_of(entry, *_MODIFIED)
    for address in _addresses(entry):
        words = without_tags(unescape(title))
        lead = lead_of(address, base, via, site, words, section, published or modified, modified)
        if lead:
            return lead
    return None


def _addresses(entry: etree._Element) -> list[str]:
    """Where the entry may live, best first: the origin that an aggregator names, the alternate link, a guid."""
    origins = [text_of(child) for child in children(entry, "origlink")]
    links = [
        child.get("href") or text_of(child)
        for child in children(entry, "link")
        if child.get("rel", "alternate") == "alternate"
    ]
    about = [value for name, value in entry.attrib.items() if str(name).rpartition("}")[2] == "about"]
    guids = [
        text_of(child)
        for child in children(entry, "guid", "id")
        if child.get("isPermaLink", "true").lower() != "false" and text_of(child).startswith("http")
    ]
    return [address.strip() for address in (*origins, *links, *guids, *map(str, about)) if address.strip()]
