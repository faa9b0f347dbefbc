"""By what an article is known: the identities of its addresses, and an exact fingerprint of its text."""

from __future__ import annotations

from hashlib import blake2b

from news.article import VIETNAM, Article, Page
from news.clean.text import fold
from news.dedupe.addresses import believable
from news.site import Site
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


def keys(page: Page, article: Article, site: Site | None = None) -> tuple[str, ...]:
    """The identities under which the article is to be known: where it was asked for, where that led, and what the
    page calls its own address, if that can be believed; then the same by the rules of the site, where they differ."""
    asked = [page.requested or page.url, page.url]
    if article.canonical and believable(article.canonical, page.url):
        asked.append(article.canonical)
    spellings = [site.identities(url) if site else (identity(url),) for url in asked]
    return tuple(dict.fromkeys([*(own[0] for own in spellings), *(own[-1] for own in spellings)]))


def _digest(text: str, size: int) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()
