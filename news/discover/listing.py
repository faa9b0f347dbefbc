"""A page that lists articles -> Leads and the next page of the list."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from itertools import islice

from lxml import html

from news.article import Lead, Via
from news.dates import date_in_url, find_dates
from news.discover.discovery import Discovery, unique
from news.discover.links import Link, links_of, parsed, titles_of
from news.discover.pager import is_scripted, next_pages, trapped
from news.discover.shape import furniture, is_navigation, judge
from news.discover.traps import choices, filters, trap
from news.errors import InvalidValue
from news.site import Site, Source
from news.urls import canonical, identity

# An item of a list is a title, a date and a teaser; a block with more text than this is more than one item.
_ITEM_TEXT = 1500
# A front page has some hundred links; of those that are none of its articles, so many may be its sections.
MAX_SECTIONS = 40
# What is no article, and yet where systems keep their sections.
_SECTION = re.compile(r"/(?:category|chuyen-muc|danh-muc|kenhtin)(?:/[^/]|$)", re.IGNORECASE)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
_MENU = re.compile(
    r"(?:^|[\s_-])(?:(?:main|top|left|side)?menu|nav|navbar|navigation|breadcrumb)(?:[\s_-]|$)", re.IGNORECASE
)


def read_listing(
    body: bytes, url: str, source: Source, site: Site, start: str = "", learnt: Collection[str] = ()
) -> Discovery:
    """The articles that a page of the list beginning at `start` links to, with titles and, where an item states one,
    its day. `learnt` are the skeletons of the site's known articles (news.discover.shape)."""
    root = parsed(body)
    if root is None:
        return Discovery(problem=f"{url} is not a page of HTML")
    links, leads = _read(root, url, source, site, learnt)
    if not leads:
        return Discovery(problem=f"{url} links to no article", blank=True)
    following = next_pages(root, links, url, source, site, start or source.url)
    traps = trapped(links, url, site, start or source.url)
    return Discovery(leads=leads, next_pages=following, scripted=not following and is_scripted(root), traps=traps)


def read_home(
    body: bytes, url: str, source: Source, site: Site, start: str = "", learnt: Collection[str] = ()
) -> Discovery:
    """The articles of a front page, the feeds it declares, and the sections in its menus. A page of one of the sections
    is read as a list, by its own `start`."""
    if start not in ("", source.url):
        return read_listing(body, url, source, site, start, learnt)
    root = parsed(body)
    if root is None:
        return Discovery(problem=f"{url} is not a page of HTML")
    links, leads = _read(root, url, source, site, learnt)
    taken = {site.identity(lead.url) for lead in leads} | {site.identity(url), site.identity(site.home)}
    sections = _sections(links, taken, site)
    problem = "" if leads or sections else f"{url} links to no article and to no section"
    return Discovery(
        leads=leads, sections=sections, feeds=_feeds(root, url, site), problem=problem, blank=bool(problem)
    )


def _read(
    root: html.HtmlElement, url: str, source: Source, site: Site, learnt: Collection[str]
) -> tuple[list[Link], tuple[Lead, ...]]:
    links = list(links_of(root, url, site.canonical))
    titles = titles_of(links)
    forms = frozenset() if site.article_urls else choices(link.url for link in links)
    own = [link for link in links if filters(link.url) not in forms]
    chosen = [link for link in own if _is_article(link, titles, url, site, learnt)]
    anchors = {link.anchor: link.url for link in chosen}
    return links, unique((_lead(link, titles, anchors, source) for link in chosen), site)


def _is_article(link: Link, titles: dict[str, str], page: str, site: Site, learnt: Collection[str]) -> bool:
    if not site.owns(link.url) or identity(link.url) == identity(page):
        return False
    if any(re.search(pattern, link.url) for pattern in site.deny_urls):
        return False
    if site.article_urls:
        return not is_navigation(link.parts) and any(re.search(pattern, link.url) for pattern in site.article_urls)
    if not re.search(r"\d", link.parts.path + link.parts.query) and _in_menu(link.anchor):
        return False  # "Hoạt động của lãnh đạo" is long enough for a headline, and a section all the same
    title = titles.get(link.url, "")
    judged = judge(link.url, title, learnt=learnt)
    if judged.is_article or not judged.score or not any(any(find_dates(text)) for text in _texts_alone(link)):
        return judged.is_article
    return judge(link.url, title, dated=True, learnt=learnt).is_article


def _texts_alone(link: Link) -> Iterator[str]:
    """The texts of the blocks around a link, from the inside out, as long as they hold no other link."""
    element = link.anchor
    for _ in range(3):
        parent = element.getparent()
        if parent is None or len(list(islice(parent.iter("a"), 5))) > 4:
            return
        if any((other.get("href") or "") != (link.anchor.get("href") or "") for other in parent.iter("a")):
            return
        text = " ".join(" ".join(parent.itertext()).split())  # "…lần thứ 0<span>07/03/2026" is two words
        if len(text) > _ITEM_TEXT:
            return
        if len(text) > len(link.text):
            yield text
        element = parent


def _sections(links: list[Link], taken: set[str], site: Site) -> tuple[str, ...]:
    """The lists that a front page leads to, those of its menus first: short words, an address that is no article's."""
    found: dict[str, bool] = {}
    for link in links:
        key = site.identity(link.url)
        if key in taken or not site.owns(link.url) or not _may_be_section(link, site):
            continue
        found[link.url] = found.get(link.url, False) or _in_menu(link.anchor)
    ordered = sorted(found, key=lambda address: not found[address])
    return tuple(ordered[:MAX_SECTIONS])


def _may_be_section(link: Link, site: Site) -> bool:
    if any(re.search(pattern, link.url) for pattern in site.deny_urls):
        return False
    words = 0 < len(link.text) <= 60 and not link.text.isdigit()
    return words and (not furniture(link.parts) or (bool(_SECTION.search(link.parts.path)) and not trap(link.url)))


def _in_menu(anchor: html.HtmlElement) -> bool:
    return any(
        element.tag == "nav" or _MENU.search(f"{element.get('class') or ''} {element.get('id') or ''}")
        for element in islice(anchor.iterancestors(), 8)
    )


def _feeds(root: html.HtmlElement, url: str, site: Site) -> tuple[str, ...]:
    found: list[str] = []
    for element in root.iter("link"):
        kind = (element.get("type") or "").lower()
        if "alternate" in (element.get("rel") or "").lower().split() and kind in _FEED_TYPES:
            with suppress(InvalidValue):
                found.append(canonical(element.get("href") or "", url))
    return tuple(dict.fromkeys(address for address in found if site.owns(address)))[:5]


def _lead(link: Link, titles: dict[str, str], own: dict[html.HtmlElement, str], source: Source) -> Lead:
    stamp = date_in_url(link.url)
    published = stamp.when if stamp else None
    for text in _item_texts(link, own):
        dates = {found.when: found for found in find_dates(text)}
        if len(dates) == 1:
            published = next(iter(dates))
            break
        if dates:
            break
    return Lead(
        url=link.url,
        via=Via(str(source.kind)),
        title=titles.get(link.url, ""),
        published=published,
        section=source.section,
    )


def _item_texts(link: Link, own: dict[html.HtmlElement, str]) -> Iterator[str]:
    """The text of the blocks around a link, from the inside out, as long as they hold no other article."""
    element = link.anchor
    for _ in range(4):
        parent = element.getparent()
        if parent is None or any(own.get(anchor, link.url) != link.url for anchor in parent.iter("a")):
            return
        text = " ".join(" ".join(parent.itertext()).split())  # "…lần thứ 0<span>07/03/2026" is two words
        if len(text) > _ITEM_TEXT:
            return
        yield text
        element = parent
