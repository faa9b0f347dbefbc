"""Where a list goes on: by the site file's template, rel=next, a numbered pager or the word for "next"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from lxml import html

from news.discover.links import Link
from news.discover.traps import choices, filters, is_calendar, trap, turns_page
from news.errors import InvalidValue
from news.site import Site, Source
from news.urls import canonical

_NEXT_WORDS = frozenset({
    "tiếp", "tiếp theo", "trang tiếp", "trang tiếp theo", "trang sau", "sau", "kế tiếp", "trang kế", "trang kế tiếp",
    "next", "next page",
})  # fmt: skip
_ARROWS = " >›»→"
_MORE_WORDS = re.compile(r"(?:xem|tải|hiển thị) thêm(?: tin)?|load more|xem tiếp", re.IGNORECASE)
_POSTBACK = re.compile(r"__doPostBack\(|javascript:.*(?:page|trang|goto)", re.IGNORECASE)


def next_pages(
    root: html.HtmlElement, links: list[Link], url: str, source: Source, site: Site, start: str
) -> tuple[str, ...]:
    """The page that follows `url` in the list which begins at `start`; at most one."""
    if source.paging:
        return _templated(url, source)
    for element in root.iter("link", "a"):
        if "next" in (element.get("rel") or "").lower().split():
            found = _page_address(element.get("href") or "", url, site)
            if found:
                return (found,)
    pager = [link for link in links if site.owns(link.url) and _same_list(link.parts, url) and _is_page(link, start)]
    worded = [link.url for link in pager if _is_next(link) and link.url != url]
    return tuple(_numbered(pager, url, start) or worded[:1])


def trapped(links: list[Link], url: str, site: Site, start: str) -> tuple[str, ...]:
    """The addresses that lead round in circles: months of a calendar and filters where a pager would stand, paths that
    repeat themselves."""
    found = []
    forms = choices(link.url for link in links)
    for link in links:
        turns = link.text.isdigit() or _is_next(link)
        circle = turns and link.parts.path == urlsplit(url).path and link.parts.query and not _is_page(link, start)
        form = filters(link.url) in forms
        if site.owns(link.url) and (circle or form or trap(link.url)):
            found.append(link.url)
    return tuple(dict.fromkeys(found))[:50]


def is_scripted(root: html.HtmlElement) -> bool:
    """Whether the list goes on by script only: ASP.NET's postback, a button that loads more."""
    for element in root.iter("a", "button", "div", "span", "input"):
        action = f"{element.get('href') or ''} {element.get('onclick') or ''}"
        words = " ".join((element.text or element.get("value") or "").split())
        if _POSTBACK.search(action) and (words.isdigit() or _says_next(words)):
            return True
        leads_nowhere = element.tag != "a" or (element.get("href") or "#").startswith(("#", "javascript:"))
        if leads_nowhere and _MORE_WORDS.fullmatch(words):
            return True
    return False


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
    good = site.owns(address) and address != url and not is_calendar(urlsplit(address)) and not trap(address)
    return address if good else ""


def _is_page(link: Link, start: str) -> bool:
    return turns_page(link.url, start) and not is_calendar(link.parts) and not trap(link.url)


def _is_next(link: Link) -> bool:
    words = (link.text, link.anchor.get("title") or "", link.anchor.get("aria-label") or "")
    return any(_says_next(word) for word in words)


def _says_next(words: str) -> bool:
    """Whether the words of a link are those for the next page, or an arrow that points there; two point to the last."""
    words = words.strip().lower()
    bare = words.strip(_ARROWS)
    return bare in _NEXT_WORDS if bare else len(words) == 1


def _numbered(pager: Iterable[Link], url: str, start: str) -> list[str]:
    """The page whose number follows that of `url`, which a pager links or leaves unlinked."""
    numbers: dict[int, str] = {}
    for link in pager:
        if re.fullmatch(r"\d{1,4}", link.text):
            numbers.setdefault(int(link.text), link.url)
    if not numbers:
        return []
    current = next((number for number, address in numbers.items() if address == url), 0)
    if not current:
        current = 1 if url == start else next(n for n in range(1, max(numbers) + 2) if n not in numbers)
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
