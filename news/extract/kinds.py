"""What a page is: an article, a listing, something else, or a wall put before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from news.article import Block, Kind
from news.errors import Reason
from news.extract.evidence import Evidence
from news.extract.limits import LONGEST_BLOCK
from news.extract.tree import text_of
from news.site import Site
from news.urls import identity

_BLOCKED = re.compile(
    r"just a moment|attention required|access denied|request rejected|you have been blocked|checking your browser"
    r"|captcha"
    r"|security check|ddos protection|web application firewall|truy cập bị từ chối|bị chặn|xác minh (?:bạn|rằng bạn)"
    r"|incapsula|mod_security|bkav firewall|unauthorized access",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"^(?:đăng nhập|login|sign in|đăng nhập hệ thống)\b", re.IGNORECASE)
_NOT_FOUND = re.compile(
    r"(?:không tìm thấy|không tồn tại|đã bị xóa|đã bị gỡ|page not found|not found|404|nội dung không có|lỗi 404"
    r"|trang (?:bạn|này).{0,40}không (?:tồn tại|có)|error 404|object moved)",
    re.IGNORECASE,
)
_LISTING_URL = re.compile(
    r"/(?:danh-muc|chuyen-muc|category|categories|tags?|tim-kiem|search|chu-de|page|trang)(?:[/.?-]|$)|[?&](?:page|pageindex|p|trang|q|s)=",
    re.IGNORECASE,
)
# A walled or missing page says so in few words; an article about a hacked site says more.
_SHORT_PAGE = 1500
_SHORT_TEXT = 600
# Pages of one article carry a few headlines of others; a listing carries a page of them.
_MANY = 8
_MANY_INSIDE = 5
# Of a text's first letters at least this share is no punctuation (a form has rows of dots), and its words are no longer
# than this on the average (Chinese, which has no spaces, has paragraphs).
_SAMPLE = 5_000
_WRITTEN = 0.2
_LONGEST_WORD = 1000


class Look(NamedTuple):
    """What a reader sees of the whole page; taken before anything is cut out of its tree."""

    title: str
    start: str
    chars: int
    teasers: int
    inside: int


class Judged(NamedTuple):
    kind: Kind
    reason: Reason | None


def look_at(e: Evidence, container: HtmlElement | None) -> Look:
    """`chars` counts the visible text, `teasers` the headlines that are links of their own, `inside` those of them
    within the body's container."""
    title = e.tree.find(".//title")
    teasers = _headline_links(e.tree)
    own = set(container.iter("a")) if container is not None else set()
    inside = sum(link in own for link in teasers)
    return Look(text_of(title) if title is not None else "", e.text[:600], len(e.text), len(teasers), inside)


def _headline_links(tree: HtmlElement) -> set[HtmlElement]:
    """The links that are a heading's, or directly in a box that is called a title."""
    links = {a for heading in tree.iter("h2", "h3", "h4") for a in heading.iter("a") if a.get("href")}
    for link in tree.iter("a"):
        parent = link.getparent()
        if parent is not None and "title" in parent.get("class", "") and link.get("href"):
            links.add(link)
    return links


def judge_page(
    e: Evidence, look: Look, site: Site | None, title: str, blocks: Sequence[Block], *, truncated: bool
) -> Judged:
    """Article or not, and why not."""
    text = sum(len(block.text) for block in blocks if block.kind != "caption")
    head = f"{look.title} {title}"
    if look.chars < _SHORT_PAGE and (_BLOCKED.search(head) or _BLOCKED.search(look.start)):
        return Judged(Kind.BLOCKED, Reason.BLOCKED)
    if text < _SHORT_TEXT and _LOGIN.match(title or look.title):
        return Judged(Kind.BLOCKED, Reason.BLOCKED)
    if text < _SHORT_TEXT and (_NOT_FOUND.search(head) or (text < 200 and _NOT_FOUND.search(look.start))):
        return Judged(Kind.OTHER, Reason.SOFT_404)
    if _is_listing(e, look, site, blocks):
        return Judged(Kind.LISTING, Reason.LISTING)
    if not title:
        return Judged(Kind.OTHER, Reason.NO_TITLE)
    if text < 20 or not _is_language(blocks):
        return Judged(Kind.OTHER, Reason.NO_TEXT)
    if any(len(block.text) > LONGEST_BLOCK for block in blocks):
        return Judged(Kind.OTHER, Reason.TOO_COMPLEX)
    if truncated:
        return Judged(Kind.OTHER, Reason.TRUNCATED)
    return Judged(Kind.ARTICLE, None)


def _is_language(blocks: Sequence[Block]) -> bool:
    """Whether somebody wrote the text: dumps, rows of dots and encoded files have no words."""
    sample = " ".join(block.text for block in blocks)[:_SAMPLE]
    written = sum(map(str.isalnum, sample))
    return written >= _WRITTEN * len(sample) and len(sample) <= _LONGEST_WORD * len(sample.split())


def _is_listing(e: Evidence, look: Look, site: Site | None, blocks: Sequence[Block]) -> bool:
    patterns = [*(site.article_urls if site else ()), *(e.family.article_urls if e.family else ())]
    if any(re.search(pattern, e.url) for pattern in patterns) or e.json:
        return _mostly_links(blocks)
    parts = urlsplit(e.url)
    if parts.path in ("", "/") and not parts.query:
        return True
    if site and any(identity(e.url) == identity(source.url) for source in site.sources):
        return True
    if patterns and look.teasers >= _MANY:
        return True
    if look.inside >= _MANY_INSIDE:
        return True
    written = sum(len(block.text) for block in blocks)
    thin = written < _SHORT_TEXT or "published" not in e.chosen
    if look.teasers >= _MANY and thin and not re.search(r"\d{4,}", parts.path + parts.query):
        return True
    if "article" in e.meta.get("og:type", "") or e.meta.get("article:published_time"):
        return _mostly_links(blocks)
    prose = [block for block in blocks if len(block.text) > 80 and block.links < 0.5]
    if _mostly_links(blocks) or (not prose and look.teasers >= _MANY):
        return True
    return bool(_LISTING_URL.search(e.url)) and look.teasers >= _MANY


def _mostly_links(blocks: Sequence[Block]) -> bool:
    letters = sum(len(block.text) for block in blocks)
    linked = sum(len(block.text) * block.links for block in blocks)
    return letters > 0 and linked / letters > 0.6
