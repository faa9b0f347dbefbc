"""What the addresses of one article have in common, which of them it calls its own, and which is to be shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from news.article import Article, Page
from news.errors import InvalidValue
from news.site import Site
from news.urls import identity, is_reduced, without_noise
from news.urls.views import own_host, pairs_of

# The parameters that hold an article's number, as portals name them (Liferay puts its portlet's name and "_" before).
# Those of tabs, menus and categories are none: they say where a link stood.
_ID_NAME = re.compile(
    r"(?:_\w+_)?(?:id|(?:news|article|item|content|post|doc|document|entry|story|record|bv|tin|bai\w*)_?id"
    r"|id_?(?:tin|bai\w*|bv|news|article)|ddocname|urltitle|aid|nid|sid|p)",
    re.IGNORECASE,
)
# DotNetNuke and its kin write them into the path: /tabid/255/post/3011/ve-mien-vi-giam.aspx
_ID_IN_PATH = re.compile(r"/((?:news|article|item|content|post)(?:_?id)?)/(\d+)(?=/|$)", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY = re.compile(r"(?:19|20)\d{6}|\d{4}(?:19|20)\d\d")
# Numbers with fewer digits at the end of a headline are years and ordinals; in a parameter, small ones are used by many
# modules of a portal side by side.
_LONG_NUMBER = 5
_TELLING_VALUE = re.compile(r"\d{3,}|[^\W\d_]+(?:-[^\W\d_]+){4}")
# Vietnamese writes a syllable a word: headlines have five and more of them, sections ("cai-cach-hanh-chinh") two to
# four beside the words of templates ("tin-tuc-su-kien-noi-bat", "chi-tiet-bai-viet").
_WORDS = 5
_TEMPLATE_WORDS = frozenset([
    "chi", "tiet", "tin", "tuc", "bai", "viet", "xem", "noi", "dung", "su", "kien", "bat", "trang", "chu", "moi",
    "detail", "details", "view", "news", "article", "content", "page",
])  # fmt: skip


class _Parts(NamedTuple):
    last: str  # the last part of the path
    ids: Mapping[str, str]  # the numbers by which the article is kept, by name
    numbers: frozenset[tuple[str, str]]  # all parameters with a number of two digits or more


def is_id_name(name: str) -> bool:
    """Whether a parameter of that name holds the number, or the one name, of an article."""
    return bool(_ID_NAME.fullmatch(name))


def tail(url: str) -> str:
    """What the addresses of one article in several categories have in common: the last part of the path where it has
    a headline's words or a long number in it ("hoi-nghi-12345.html"), or the article's number in the query or the path
    ("id=28316"). "" where that says too little (a year, a section, a number of one or two digits) or `url` is none."""
    parts = _parts(url)
    if parts is None:
        return ""
    if parts.ids:
        said = sorted(f"{name}={value}" for name, value in parts.ids.items())
        return "&".join(said) if all(map(_TELLING_VALUE.search, parts.ids.values())) else ""
    return parts.last if _long_number(parts.last) or _reads_like_headline(parts.last) else ""


def believable(declared: str, url: str) -> bool:
    """Whether what a page declares as its address (rel=canonical, og:url) speaks of this very article: the same host,
    and the same number or the same headline at the end.

    Portals are seen to give every page the home page, the section, the page that shows all articles without the
    article's number, or the first article.
    """
    mine, theirs = _parts(url), _parts(declared)
    if mine is None or theirs is None or _host(url) != _host(declared):
        return False
    if identity(url) == identity(declared):
        return True
    if not tail(url) or not tail(declared):
        return False
    if mine.ids and theirs.ids:
        return set(mine.ids.values()) == set(theirs.ids.values())
    if mine.ids or theirs.ids:
        # One of the two is the readable form of the other: /tin/hoi-nghi-28316 of ?id=28316.
        return _long_number(theirs.last if mine.ids else mine.last) in (mine.ids or theirs.ids).values()
    if number := _long_number(mine.last):
        return number == _long_number(theirs.last)
    # What another number in the query finds is not found without it.
    return mine.last == theirs.last and mine.numbers <= theirs.numbers


def best_url(page: Page, article: Article, site: Site | None = None) -> str:
    """The address that is to be shown as the article's own: what the page declares if that can be believed, else
    where the redirects ended; never a print, mail, mobile or AMP page where the plain one is known. Of two spellings
    of one address https goes before http; without tracking and framing parameters and those that the site's file
    ignores. Learnt ones stay: that an address works without them was not seen."""
    known = [url for url in (page.url, page.requested or page.url) if url]
    if article.canonical and believable(article.canonical, page.url):
        known.insert(0, article.canonical)
    best = next((url for url in known if not is_reduced(url)), page.url)
    same = [url for url in known if identity(url) == identity(best) and is_reduced(url) is is_reduced(best)]
    best = next((url for url in same if url.lower().startswith("https:")), best)
    rules = site.urls if site else None
    return without_noise(best, keep=rules.keep, drop=frozenset(rules.ignore)) if rules else without_noise(best)


def _parts(url: str) -> _Parts | None:
    try:
        parts = urlsplit(f"//{identity(url)}")
    except (InvalidValue, ValueError):
        return None
    pairs = pairs_of(parts.query)
    in_path = [(name.lower(), value) for name, value in _ID_IN_PATH.findall(parts.path) if not _YEAR.fullmatch(value)]
    in_query = [(re.sub(r"^_\w+_", "", name).lower(), value) for name, value in pairs if value and is_id_name(name)]
    ids = dict(in_path) | dict(in_query)
    numbers = frozenset((name.lower(), value) for name, value in pairs if re.search(r"\d{2,}", value))
    return _Parts(parts.path.rpartition("/")[2], ids, numbers)


def _host(url: str) -> str:
    return own_host(urlsplit(url).netloc.lower())


def _stem(last: str) -> str:
    return re.sub(r"\.[a-z]{2,5}$", "", last, flags=re.IGNORECASE)


def _long_number(last: str) -> str:
    """The number at the end of the path, where it can only be the article's; "" for a day."""
    number = re.search(r"\d+$", _stem(last))
    return number[0] if number and len(number[0]) >= _LONG_NUMBER and not _DAY.fullmatch(number[0]) else ""


def _reads_like_headline(last: str) -> bool:
    words = re.findall(r"[^\W\d_]+", unquote(_stem(last)))
    return len([word for word in words if word.lower() not in _TEMPLATE_WORDS]) >= _WORDS
