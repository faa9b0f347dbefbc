"""Which pages of a site list its articles, found from the links of its home page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from news.clean.text import unaccented
from news.discover.links import Link
from news.discover.shape import Shape, is_navigation, reads_like_headline, shape_of
from news.site import Site
from news.urls import identity, is_view
from spiders.propose.paging import Paging
from spiders.propose.patterns import covers

# Fewer articles than this on a page are a box beside something else.
LEAST_ARTICLES = 3
_NEWS_WORDS = re.compile(
    r"tin|news|su kien|thoi su|kinh te|xa hoi|chinh tri|van hoa|hoat dong|thong bao|chi dao|chinh quyen|giao duc|y te"
    r"|khoa hoc|phap luat|the thao|doi song|du lich|nong nghiep|quoc phong|xay dung|doi moi|xem them|xem tat ca"
    r"|category|chuyen muc|danh muc|kenhtin|bai viet"
)
_OTHER_WORDS = re.compile(
    r"gioi thieu|lien he|van ban|thu tuc|dich vu cong|co cau|to chuc bo may|lich cong tac|lich tiep|video|hinh anh"
    r"|thu vien|album|hoi dap|gop y|phan anh|ban do|english|so do|dang nhap|dang ky|tim kiem|login|search|tag|chuc nang"
    r"|danh ba|thong ke|du lieu|ho so|quy hoach|dau thau|rss|podcast|quang cao|toa soan|privacy|dieu khoan|thu dien tu"
)
_NEVER = re.compile(
    r"/(?:tags?|tim-kiem|search|login|dang-nhap|rss|feeds?|author|tac-gia|xem-theo-ngay|lien-he|sitemap)(?:[/.?]|$)",
    re.IGNORECASE,
)
_MENU = re.compile(r"menu|nav|header|cate|chuyen-?muc|kenh|topbar|main-?bar", re.IGNORECASE)


class Candidate(NamedTuple):
    """A page that may list articles, with the words that link to it."""

    url: str
    name: str
    score: int


class ListPage(NamedTuple):
    """A page that was looked at: the articles it links, and how its pages are counted."""

    url: str
    name: str
    articles: tuple[str, ...]
    paging: Paging | None = None


def article_links(links: Iterable[Link], site: Site) -> list[str]:
    """The addresses among a page's links that look like articles', or are linked with a headline's words."""
    titles: dict[str, str] = {}
    for link in links:
        if site.owns(link.url) and not is_navigation(link.parts):
            titles[link.url] = max(titles.get(link.url, ""), link.text, link.anchor.get("title") or "", key=len)
    return [
        url
        for url, title in titles.items()
        if identity(url) != identity(site.home) and (reads_like_headline(title) or _is_sure(url))
    ]


def candidates(links: Sequence[Link], site: Site, articles: Sequence[str], limit: int) -> list[Candidate]:
    """The links of the home page that may lead to lists, the likeliest first. `articles` are expressions of addresses
    that are articles' already."""
    found: dict[str, Candidate] = {}
    for link in links:
        key = identity(link.url)
        if not site.owns(link.url) or key == identity(site.home) or not _may_list(link) or covers(articles, link.url):
            continue
        score = _score(link)
        if key not in found or found[key].score < score:
            found[key] = Candidate(link.url, link.text, score)
    ranked = sorted(found.values(), key=lambda candidate: -candidate.score)
    return [candidate for candidate in ranked if candidate.score >= 0][:limit]


def choose(pages: Sequence[ListPage], patterns: Sequence[str]) -> list[ListPage]:
    """The pages that list articles of their own: what stands on all pages is furniture, and a page whose articles are
    those of another is the same list."""
    own = _without_furniture(pages, patterns)
    chosen: list[ListPage] = []
    seen: set[frozenset[str]] = set()
    for page in pages:
        articles = own[page.url]
        if len(articles) >= LEAST_ARTICLES and articles not in seen:
            seen.add(articles)
            chosen.append(page)
    return chosen


def _without_furniture(pages: Sequence[ListPage], patterns: Sequence[str]) -> Mapping[str, frozenset[str]]:
    listed = {
        page.url: frozenset(identity(url) for url in page.articles if not patterns or covers(patterns, url))
        for page in pages
    }
    times = Counter(key for keys in listed.values() for key in keys)
    # On two pages an article may well be in both lists; on all of four or more it is a box of the frame.
    furniture = {key for key, count in times.items() if len(pages) >= 4 and count == len(pages)}
    return {url: keys - furniture for url, keys in listed.items()}


def _may_list(link: Link) -> bool:
    words = len(link.text.split())
    path = link.parts.path
    if not 1 <= words <= 9 or link.text.isdigit() or is_view(link.url) or _NEVER.search(path):
        return False
    return not re.search(r"\.(?:pdf|docx?|xlsx?|zip|rar|jpe?g|png|gif|mp[34]|xml|rss)$", path, re.IGNORECASE)


def _score(link: Link) -> int:
    plain = f"{unaccented(link.text)} {re.sub(r'[-_/.]', ' ', link.parts.path.lower())}"
    score = 3 if _in_menu(link) else 0
    score += 2 if _NEWS_WORDS.search(plain) else 0
    score -= 5 if _OTHER_WORDS.search(plain) else 0
    # A section has a name, an article a sentence.
    score -= 3 if len(link.text.split()) >= 7 or (reads_like_headline(link.text) and _is_sure(link.url)) else 0
    return score


def _is_sure(url: str) -> bool:
    return shape_of(urlsplit(url)) is Shape.SURE


def _in_menu(link: Link) -> bool:
    for element in link.anchor.iterancestors():
        if element.tag in ("nav", "header"):
            return True
        if _MENU.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            return True
    return False
