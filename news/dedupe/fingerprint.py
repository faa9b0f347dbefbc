"""By what an article is known: the identities of its addresses, and an exact fingerprint of its text."""

from __future__ import annotations

import re
from hashlib import blake2b
from urllib.parse import parse_qsl, urlsplit

from news.article import VIETNAM, Article, Page
from news.clean.text import fold
from news.urls import identity

# Texts this short are forms with a date in them ("Lịch tiếp công dân"): the same words on another day are another
# notice. lemon24/reader asks for 48 words before it compares texts at all; a notice of two sentences has about 60.
SHORT_WORDS = 60


def fingerprint(article: Article) -> str:
    """The exact fingerprint of title, lead and body, whatever the case, spaces and punctuation; of a short text the
    day of publication is a part."""
    text = fold(f"{article.title} {article.lead} {article.body}")
    if len(text.split()) < SHORT_WORDS and article.published:
        text += f" {article.published.astimezone(VIETNAM):%Y-%m-%d}"
    return _digest(text, 16)


def article_id(key: str) -> str:
    """The id of an article first seen under a URL identity: the same whoever stores it, and however often."""
    return "a" + _digest(key, 10)


def story_id(article_id: str) -> str:
    """The story that an article begins, where it tells what no other does."""
    return "s" + article_id.removeprefix("a")


def keys(page: Page, article: Article) -> tuple[str, ...]:
    """The identities under which the article is to be known: where it was asked for, where that led, and what the
    page calls its own address, if that can be believed."""
    asked = [page.requested or page.url, page.url]
    if article.canonical and believable(article.canonical, page.url):
        asked.append(article.canonical)
    return tuple(dict.fromkeys(identity(url) for url in asked))


def believable(declared: str, url: str) -> bool:
    """Whether a page's rel=canonical speaks of this very article: the same host, and the same number or last name.

    Portals are seen to give every page the home page, the section or the first article as canonical.
    """
    mine, theirs = urlsplit(url), urlsplit(declared)
    if _host(mine.netloc) != _host(theirs.netloc):
        return False
    if identity(declared) == identity(url):
        return True
    numbers, others = _numbers(url), _numbers(declared)
    if numbers and others:
        return numbers[-1] == others[-1]
    names = [parts.path.rstrip("/").rpartition("/")[2] for parts in (mine, theirs)]
    return names[0] == names[1] and len(names[0]) > 10


def _numbers(url: str) -> list[str]:
    parts = urlsplit(url)
    values = " ".join(value for name, value in parse_qsl(parts.query) if re.search(r"id$|name$", name, re.IGNORECASE))
    return re.findall(r"\d{4,}", values) or re.findall(r"\d{3,}", parts.path.rpartition("/")[2])


def _host(netloc: str) -> str:
    return re.sub(r"^(?:www|m|mobile|amp)\.", "", netloc.lower())


def _digest(text: str, size: int) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()


def best_url(page: Page, article: Article) -> str:
    return page.url


def tail(url: str) -> str:
    return urlsplit(url).path.rstrip("/").rpartition("/")[2]
