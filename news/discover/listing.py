"""A page that lists articles -> Leads and the next page of the list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from lxml import html

from news.article import Lead, Via
from news.dates import date_in_url, find_dates
from news.discover.discovery import Discovery, unique
from news.discover.links import Link, links_of, parsed, titles_of
from news.discover.shape import Shape, is_navigation, shape_of
from news.errors import InvalidValue
from news.site import Site, Source
from news.urls import canonical, identity

_NEXT_WORDS = frozenset({
    "tiếp", "tiếp theo", "trang tiếp", "trang tiếp theo", "trang sau", "sau", "kế tiếp", "tiếp »", "tiếp >",
    "next", "next page", "next »", ">", "›", "»", "→",
})  # fmt: skip
# The shortest headline of the corpus has 17 letters; menu entries ("Tin tức - Sự kiện", "Văn bản chỉ đạo") have fewer
# words. Both measures are asked for, because one long place name is no headline.
MIN_LETTERS, MIN_WORDS = 18, 4
# An item of a list is a title, a date and a teaser; a block with more text than this is more than one item.
_ITEM_TEXT = 1500


def read_listing(body: bytes, url: str, source: Source, site: Site) -> Discovery:
    """The articles that a list page links to, with titles and, where an item states one, its day."""
    root = parsed(body)
    if root is None:
        return Discovery(problem=f"{url} is not a page of HTML")
    links = list(links_of(root, url, site.canonical))
    titles = titles_of(links)
    chosen = [link for link in links if _is_article(link, titles, url, site)]
    own = {link.anchor: link.url for link in chosen}
    leads = unique((_lead(link, titles, own, source) for link in chosen), site)
    if not leads:
        return Discovery(problem=f"{url} links to no article", next_pages=())
    return Discovery(leads=leads, next_pages=_next_pages(root, links, url, source, site))


def _is_article(link: Link, titles: dict[str, str], page: str, site: Site) -> bool:
    if not site.owns(link.url) or identity(link.url) == identity(page):
        return False
    if any(re.search(pattern, link.url) for pattern in site.deny_urls):
        return False
    if site.article_urls:
        return not is_navigation(link.parts) and any(re.search(pattern, link.url) for pattern in site.article_urls)
    shape = shape_of(link.parts)
    return shape is Shape.SURE or (shape is Shape.LIKELY and reads_like_headline(titles.get(link.url, "")))


def reads_like_headline(text: str) -> bool:
    """Whether the words of a link are a headline and not a menu's."""
    return len(text) >= MIN_LETTERS and len(text.split()) >= MIN_WORDS


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
        url=link.url, via=Via.LISTING, title=titles.get(link.url, ""), published=published, section=source.section
    )


def _item_texts(link: Link, own: dict[html.HtmlElement, str]) -> Iterator[str]:
    """The text of the blocks around a link, from the inside out, as long as they hold no other article."""
    element = link.anchor
    for _ in range(4):
        parent = element.getparent()
        if parent is None or any(own.get(anchor, link.url) != link.url for anchor in parent.iter("a")):
            return
        text = " ".join(parent.text_content().split())
        if len(text) > _ITEM_TEXT:
            return
        yield text
        element = parent


def _next_pages(root: html.HtmlElement, links: list[Link], url: str, source: Source, site: Site) -> tuple[str, ...]:
    if source.paging:
        return _templated(url, source)
    for element in root.iter("link", "a"):
        if "next" in (element.get("rel") or "").lower().split():
            found = _page_address(element.get("href") or "", url, site)
            if found:
                return (found,)
    pager = [link for link in links if site.owns(link.url) and _same_list(link.parts, url)]
    worded = [link.url for link in pager if _is_next(link) and link.url != url]
    return tuple(_numbered(pager, url, source) or worded[:1])


def _templated(url: str, source: Source) -> tuple[str, ...]:
    """The page after `url` by the site file's template; the source's own address is the first page."""
    before, _, after = source.paging.partition("{n}")
    match = re.fullmatch(re.escape(before) + r"(\d+)" + re.escape(after), url)
    number = int(match[1]) if match else source.first
    if number - source.first + 1 >= source.max_pages:
        return ()
    return (source.paging.replace("{n}", str(number + 1)),)


def _page_address(href: str, url: str, site: Site) -> str:
    try:
        address = canonical(href, url)
    except InvalidValue:
        return ""
    return address if site.owns(address) and address != url else ""


def _is_next(link: Link) -> bool:
    words = (link.text, link.anchor.get("title") or "", link.anchor.get("aria-label") or "")
    return any(word.strip().lower() in _NEXT_WORDS for word in words)


def _numbered(pager: list[Link], url: str, source: Source) -> list[str]:
    """The page whose number follows that of `url`, which a pager links or leaves unlinked."""
    numbers: dict[int, str] = {}
    for link in pager:
        if re.fullmatch(r"\d{1,4}", link.text):
            numbers.setdefault(int(link.text), link.url)
    if not numbers:
        return []
    current = next((number for number, address in numbers.items() if address == url), 0)
    if not current:
        current = 1 if url == source.url else next(n for n in range(1, max(numbers) + 2) if n not in numbers)
    following = numbers.get(current + 1, "")
    return [following] if following and following != url else []


def _same_list(parts: SplitResult, url: str) -> bool:
    """Whether an address differs from that of the list only as pages of one list do."""
    here = urlsplit(url)
    if parts.path == here.path:
        return True
    stem = _stem(here.path)
    return (
        _stem(parts.path) == stem or parts.path.startswith(stem + "/") or here.path.startswith(_stem(parts.path) + "/")
    )


def _stem(path: str) -> str:
    """The path without the part that counts pages: /tin/trang-2.htm, /tin-p2, /tin/page/2, /tin/page-2/."""
    path = re.sub(r"\.\w{2,5}$", "", path.rstrip("/"))
    return re.sub(r"[/-](?:trang|page|p|pag|pg)?[-/_]?\d{1,4}$", "", path)
