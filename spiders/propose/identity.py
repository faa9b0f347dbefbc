"""Who speaks on a home page: the site's id, name, kind and territory, and the feeds it declares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import html

from news.clean.text import fold, tidy
from news.discover.links import Link, base_of
from news.errors import InvalidValue
from news.site import SiteKind
from news.urls import canonical

# How names of portals and papers begin; a title may have the name before or after its heading.
_NAMED = re.compile(
    r"(?:cổng|trang) (?:thông tin|tin)|cổng ttđt|^(?:báo|đài|tạp chí|thông tấn|bộ|sở|ban|ủy ban|tỉnh|thành phố"
    r"|văn phòng|tổng cục|cục|viện|quốc hội|huyện|quận|thị xã|xã|phường) ",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"(?:cơ quan chủ quản|bản quyền (?:thuộc về|thuộc|của))\s*:?\s*([^.|;©:]{5,80}?)\s*(?:[.|;©]|$)", re.I
)
_DULL = re.compile(r"^(?:trang chủ|home|default|index|tin tức|chi tiết tin|chi tiết)$", re.IGNORECASE)
# The first that a name shows decides: a department of a province speaks for the province, but is none.
_KINDS: tuple[tuple[SiteKind, re.Pattern[str]], ...] = (
    (SiteKind.PRESS, re.compile(r"^(?:báo|đài|tạp chí|thông tấn xã|tờ) |\bbáo điện tử|\bđài (?:phát|truyền)")),
    (SiteKind.AGENCY, re.compile(r"\b(?:sở|cục|chi cục|viện|văn phòng|thanh tra|ngân hàng|quốc hội|chính phủ)\b")),
    (SiteKind.MINISTRY, re.compile(r"\bbộ (?!phận|máy|đội)\w")),
    (SiteKind.PARTY, re.compile(r"\b(?:đảng|tỉnh ủy|thành ủy|huyện ủy|ban (?:kinh tế|tuyên giáo|tổ chức|nội chính))")),
    (SiteKind.DISTRICT, re.compile(r"\b(?:huyện|quận|thị xã|thị trấn|xã|phường|đặc khu)\b")),
    (SiteKind.CITY, re.compile(r"\b(?:thành phố|tp)\b")),
    (SiteKind.PROVINCE, re.compile(r"\btỉnh\b")),
)  # fmt: skip
_TERRITORY = re.compile(r"\b(tỉnh|thành phố|huyện|quận|thị xã|thị trấn|xã|phường)((?: [^\W\d_]+){1,5})", re.IGNORECASE)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "text/xml")
_FEED_ADDRESS = re.compile(
    r"\.rss$|/rss/[^/]+|/rss\.(?:xml|aspx|php)|/feed/?$|/atom\.xml$|genrss\.aspx|listfeed\.aspx|rssfeed|[?&]format=feed"
    r"|[?&](?:rss|feed)=",
    re.IGNORECASE,
)
_FEED_PAGE = re.compile(r"(?:^|\W)rss(?:\W|$)", re.IGNORECASE)
_META_REFRESH = re.compile(r"^\s*\d+\s*[;,]\s*(?:url\s*=\s*)?['\"]?([^'\"\s]+)", re.IGNORECASE)
_SCRIPT_MOVE = re.compile(r"(?:window\.|document\.|top\.)?location(?:\.href)?\s*=\s*['\"]([^'\"]+)['\"]")


def id_of(netloc: str) -> str:
    """The id for a host: its own name, with what stands before it where that tells two sites apart."""
    host, _, port = netloc.lower().removeprefix("www.").partition(":")
    labels = [label for label in host.split(".") if label not in ("vn", "gov", "com", "org", "net", "edu")]
    if not labels or host.replace(".", "").isdigit():
        labels = [*host.split("."), *filter(None, [port])]
    id = re.sub(r"[^a-z0-9]+", "-", "-".join(labels)).strip("-")
    return id[:60].rstrip("-") or "site"


def name_of(root: html.HtmlElement, netloc: str) -> str:
    """What the site calls itself: in its metadata, in the title, or at the head of the page; else its host."""
    for element in root.iter("meta"):
        if (element.get("property") or element.get("name") or "").lower() == "og:site_name":
            stated = tidy(element.get("content") or "")
            if 2 < len(stated) < 120:
                return stated
    pieces = [tidy(piece) for piece in re.split(r"\s+[|–—-]\s+|\s*[|»]\s*", root.findtext(".//title") or "")]
    pieces = [piece for piece in pieces if len(piece) > 3 and not _DULL.match(piece)]
    heads = [tidy(element.text_content()) for element in root.iter("h1")]
    named = [piece for piece in (*pieces, *heads) if _NAMED.search(piece) and len(piece) < 120]
    if not named and len(pieces) < 2:
        named = _owners(root)
    found = named[0] if named else pieces[-1] if len(pieces) > 1 else netloc.removeprefix("www.")
    return _calm(found)


def _owners(root: html.HtmlElement) -> list[str]:
    """Who signs at the foot of the page."""
    text = " ".join(root.text_content().split())[-3_000:]
    return [tidy(match[1]) for match in _SIGNED.finditer(text)]


def kind_of(name: str, netloc: str) -> SiteKind:
    """A guess, to be looked at: what its name says it is."""
    plain = fold(name)
    for kind, words in _KINDS:
        if words.search(plain):
            return kind
    return SiteKind.AGENCY if ".gov.vn" in netloc else SiteKind.PRESS


def territory_of(name: str, kind: SiteKind) -> str:
    """The unit that a name names, for those who speak for one."""
    if kind not in (SiteKind.PROVINCE, SiteKind.CITY, SiteKind.DISTRICT):
        return ""
    for match in _TERRITORY.finditer(name):
        words = match[2].split()
        proper = [word for word in words if word[:1].isupper()] if not name.isupper() else words
        if proper and words[: len(proper)] == proper:
            return f"{match[1].lower()} {' '.join(word[:1].upper() + word[1:].lower() for word in proper[:4])}"
    return ""


def declared_feeds(root: html.HtmlElement, url: str) -> Iterator[str]:
    """The feeds that the page's head names, comments left out."""
    base = base_of(root, url)
    for element in root.iter("link"):
        kind = (element.get("type") or "").lower().partition(";")[0].strip()
        if "alternate" in (element.get("rel") or "").lower().split() and kind in _FEED_TYPES:
            try:
                address = canonical(element.get("href") or "", base)
            except InvalidValue:
                continue
            if "comment" not in address:
                yield address


def feed_links(links: Iterable[Link]) -> list[str]:
    """Addresses of feeds among a page's links, in its order."""
    return list(dict.fromkeys(link.url for link in links if _FEED_ADDRESS.search(link.url)))


def feed_pages(links: Iterable[Link]) -> list[str]:
    """Pages of the site that seem to list its feeds."""
    return list(dict.fromkeys(link.url for link in links if _FEED_PAGE.search(f"{link.text} {link.parts.path}")))


def moved_to(root: html.HtmlElement, url: str) -> str:
    """Where a page that only sends its visitors on sends them; "" if it stays."""
    targets = [
        match[1]
        for element in root.iter("meta")
        if (element.get("http-equiv") or "").lower() == "refresh"
        and (match := _META_REFRESH.match(element.get("content") or ""))
    ]
    if not targets and len(list(root.iter("a"))) < 3:
        targets = [match[1] for script in root.iter("script") if (match := _SCRIPT_MOVE.search(script.text or ""))]
    try:
        address = canonical(targets[0], base_of(root, url)) if targets else ""
    except InvalidValue:
        return ""
    return address if address != url else ""


def _calm(name: str) -> str:
    """A name that is shouted, in small letters but for its beginning and the words that follow a kind of unit."""
    if not name.isupper() or len(name) < 8:
        return name
    calm = name[:1] + name[1:].lower()
    return _TERRITORY.sub(lambda match: f"{match[1]}{match[2].title()}", calm)
