"""What a page is: an article, a listing, something else, or a wall put before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from news.article import Block, Kind
from news.clean.boilerplate import is_boilerplate_line
from news.clean.text import fold
from news.dates import parse_date
from news.errors import Reason
from news.extract.evidence import Evidence
from news.extract.fields.pictures import GALLERY
from news.extract.limits import LONGEST_BLOCK
from news.extract.linear import Placed
from news.extract.maintenance import is_dated, says_maintenance, under_maintenance
from news.extract.tree import text_of
from news.site import Site
from news.urls import identity

# What walls say of themselves, in the words of Cloudflare, F5, Imperva, Sucuri, ModSecurity and Bkav.
_WALL = re.compile(
    r"just a moment|attention required|access denied|request rejected|requested url was rejected|unauthorized access"
    r"|you have been blocked|checking (?:your browser|if the site connection)|ddos protection|web application firewall"
    r"|incapsula|mod_security|bkav firewall|enable javascript and cookies|are you (?:a robot|human)|403 forbidden"
    r"|truy cập (?:bị từ chối|bị chặn|trái phép bị)|xác minh (?:rằng )?bạn (?:không )?(?:phải )?là|ip của bạn đã bị",
    re.IGNORECASE,
)
# Walls are small pages with their title in the first letters.
_TITLE, _HEAD = re.compile(rb"<title[^>]*>([^<]{1,300})", re.IGNORECASE), 4_000
# Words of walls that articles use too: believed of a page that has neither a date nor a paragraph.
_WALL_WORD = re.compile(r"captcha|mã xác (?:thực|nhận)|security check|bị chặn|firewall", re.IGNORECASE)
_LOGIN = re.compile(
    r"(?:trang )?(?:đăng nhập|login|log in|sign in)"
    r"(?: (?:hệ thống|tài khoản|quản trị|thành viên|một lần|vào .{3,30}))?",
    re.IGNORECASE,
)
_MISSING = (
    r"(?:trang|bài viết|nội dung|đường dẫn|địa chỉ|tin|tin bài|dữ liệu|tài nguyên|url)(?: (?:web|này|bạn|quý vị|cần|yêu"
    r"|cầu|đang|tìm|xem|muốn|đã)){0,6} (?:không (?:tồn tại|tìm thấy|có|đúng|hợp lệ)|(?:đã )?bị (?:xóa|xoá|gỡ))"
    r"|không tìm thấy (?:trang(?! phục| sức| bị)|bài viết|nội dung|đường dẫn|dữ liệu|địa chỉ|tin bài|tài nguyên)"
    r"|page (?:can(?:no|')t be |not )found|file or directory not found|object moved"
)
_STATUS = (
    r"(?:http )?(?:lỗi|error)?\s*(?:404|500|502|503)"
    r"(?:\s*$|\s*[-–|:.]|\s+(?:not found|error|lỗi|không|page|bad|service))"
)
# A title that says it outright, at its beginning; an article about an error says what failed.
_MISSING_TITLE = re.compile(
    rf"(?:{_STATUS}|{_MISSING}|không tìm thấy\s*$|not found|runtime error|server error in|internal server error"
    r"|service unavailable|bad gateway|database error|error establishing|đã (?:xảy ra|có) lỗi\s*$|lỗi hệ thống\s*$)",
    re.IGNORECASE,
)
_MISSING_TEXT = re.compile(rf"{_MISSING}|\berror 404|lỗi 404", re.IGNORECASE)
# Pages that report nothing, by their titles.
_STATIC = re.compile(
    r"liên hệ|thông tin liên hệ|contact(?: us)?|sơ đồ (?:cổng|trang|web|website|site)|site ?map"
    r"|(?:kết quả )?tìm kiếm.{0,60}|search(?: results)?.{0,60}|giới thiệu(?: chung| tổng quan)?|hỏi đáp"
    r"|góp ý|hòm thư góp ý|đăng ký(?: thành viên)?|quên mật khẩu|danh bạ.{0,40}|thư viện (?:ảnh|video)|rss"
    r"|điều khoản sử dụng|trợ giúp|trang chủ|home",
    re.IGNORECASE,
)
_LISTING_URL = re.compile(
    r"/(?:danh-muc|chuyen-muc|category|categories|tags?|tim-kiem|search|chu-de|page|trang)(?:[/.?-]|$)|[?&](?:page|pageindex|p|trang|q|s)=",
    re.IGNORECASE,
)
# A walled or missing page says so in few words; an article about a hacked site says more.
_SHORT_PAGE = 1500
_SHORT_TEXT = 600
_PARAGRAPH = 100
# Pages of one article carry a few headlines of others; a listing carries a page of them.
_MANY = 8
# A card of a listing: a headline of so many words, and a teaser of at most so many letters below it.
_HEADLINE_WORDS = 5
_TEASER = 320
_CARDS = 3
_MANY_CARDS = 5
# An introduction before the cards of a topic is shorter than this, an article before other headlines is longer.
_INTRODUCTION = 400
# Shorter lines are labels and dates; longer ones than the second are sentences with a date in them.
_LINE = 40
_DATE_LINE = 120
# A page without a date of which this share stands in the rows of a table is a register of documents.
_REGISTER = 0.8
_RESULTS = re.compile(r"(?:tìm thấy|có) \d+ kết quả|kết quả tìm kiếm|search results", re.IGNORECASE)
# How many blocks above and below the headline the page's own date may stand.
_ABOVE, _BELOW = 3, 6
# Of a text's first letters at least this share is no punctuation (a form has rows of dots), and its words are no longer
# than this on the average (Chinese, which has no spaces, has paragraphs).
_SAMPLE = 5_000
_WRITTEN = 0.2
_LONGEST_WORD = 1000


def walled(page: bytes) -> bool:
    """Whether a page that is no article, or an error, is a wall put before the site: its title says so."""
    title = _TITLE.search(page[:_HEAD])
    return title is not None and _WALL.search(title[1].decode("utf-8", "replace")) is not None


def put_before(page: bytes) -> Reason | None:
    """What stands in the place of a page that is no article, or an error: a wall, or that the site is maintained."""
    if walled(page):
        return Reason.BLOCKED
    return Reason.MAINTENANCE if under_maintenance(page) else None


class Look(NamedTuple):
    """What a reader sees of the whole page.

    `chars` counts the visible text, `teasers` the headlines that are links of their own. From the page's own headline
    on, `cards` counts the lines that are links to other articles, `own` the letters that are neither theirs nor in
    their teasers. `dated` says whether the page states a date of its own: `stated` by machines or selectors, or right
    by its headline. `maintained`: the site says that it is under maintenance, in the place of the page.
    """

    title: str
    start: str
    chars: int
    teasers: int
    cards: int
    own: int
    stated: bool
    dated: bool
    password: bool
    maintained: bool


class Judged(NamedTuple):
    kind: Kind
    reason: Reason | None


def look_at(e: Evidence, headline: str) -> Look:
    title = e.tree.find(".//title")
    stated = _states_one_date(e)
    texts = [block.text for block, _ in e.blocks]
    place = e.headline_at(headline)
    cards, own, first = _cards(e.blocks[place or 0 :])
    by_headline = [] if place is None else texts[max(0, place - _ABOVE) : place + min(first, _BELOW)]
    return Look(
        title=text_of(title) if title is not None else "",
        start=e.text[:600],
        chars=len(e.text),
        teasers=len(_headline_links(e.tree)),
        cards=cards,
        own=own,
        stated=stated,
        dated=stated or any(len(text) < _DATE_LINE and parse_date(text) for text in by_headline),
        password=any(field.get("type", "").lower() == "password" for field in e.tree.iter("input")),
        maintained=not stated and says_maintenance(e.tree) and not is_dated(texts),
    )


def _states_one_date(e: Evidence) -> bool:
    """Whether machines or selectors state when the page was published; in a listing they do so for each article."""
    by = e.chosen.get("published", "")
    if not by or by.startswith(("visible", "url")):
        return False
    if by.startswith(("jsonld", "meta")):
        return True
    asked = (css for _, selectors in e.selectors for css in selectors.fields.get("published", ()))
    places = next((found for css in asked if (found := e.select(css))), e.itemprops.get("datePublished", []))
    return len(places) < _CARDS


def _cards(blocks: Sequence[Placed]) -> tuple[int, int, int]:
    """How many lines lead to other articles, how much text is neither theirs nor a teaser below one of them, and how
    many blocks stand before the first."""
    runs = [0]
    first = len(blocks)
    for order, (block, element) in enumerate(blocks):
        if _is_card(block) and _leads_away(element):
            first = min(first, order)
            runs.append(0)
        elif len(block.text) >= _LINE or block.kind == "row":
            runs[-1] += len(block.text)
    teased = [run for run in runs[1:] if run]
    # Where a card has a teaser most have one; text below few of them is the article's, around which they stand. Below
    # the last one stands the page's foot as well.
    if 2 * len(teased) >= len(runs) - 1:
        teased = [run for run in teased[:-1] if run > _TEASER] + [run for run in teased[-1:] if run > 2 * _TEASER]
    return len(runs) - 1, runs[0] + sum(teased), first


def _is_card(block: Block) -> bool:
    if block.links <= 0.5 or is_boilerplate_line(block):
        return False
    return len(fold(block.text).split()) >= _HEADLINE_WORDS


def _leads_away(element: HtmlElement) -> bool:
    return any(not link.get("href", "#").startswith(("#", "javascript:")) for link in element.iter("a"))


def _headline_links(tree: HtmlElement) -> set[HtmlElement]:
    """The links that are a heading's, or directly in a box that is called a title."""
    links = {a for heading in tree.iter("h2", "h3", "h4") for a in heading.iter("a") if a.get("href")}
    for link in tree.iter("a"):
        parent = link.getparent()
        if parent is not None and "title" in parent.get("class", "") and link.get("href"):
            links.add(link)
    return links


def judge_page(
    e: Evidence, look: Look, site: Site | None, title: str, blocks: Sequence[Block], pictures: int, *, truncated: bool
) -> Judged:
    """Article or not, and why not. `pictures` counts those of the article."""
    text = sum(len(block.text) for block in blocks if block.kind != "caption")
    name = title or look.title
    if _is_wall(look, name, text):
        return Judged(Kind.BLOCKED, Reason.BLOCKED)
    if look.maintained:
        return Judged(Kind.BLOCKED, Reason.MAINTENANCE)
    if _is_missing(look, name, text):
        return Judged(Kind.BLOCKED, Reason.SOFT_404)
    if _is_listing(e, look, site, blocks):
        return Judged(Kind.LISTING, Reason.LISTING)
    if reason := _nothing(look, title, blocks, text, pictures):
        return Judged(Kind.OTHER, reason)
    if truncated:
        return Judged(Kind.OTHER, Reason.TRUNCATED)
    return Judged(Kind.ARTICLE, None)


def _nothing(look: Look, title: str, blocks: Sequence[Block], text: int, pictures: int) -> Reason | None:
    if _STATIC.fullmatch((title or look.title).strip()) and not look.dated:
        return Reason.NOT_ARTICLE
    if not title:
        return Reason.NO_TITLE
    if (text < 20 and not (pictures >= GALLERY and look.dated)) or not _is_language(blocks):
        return Reason.NO_TEXT
    return Reason.TOO_COMPLEX if any(len(block.text) > LONGEST_BLOCK for block in blocks) else None


def _is_wall(look: Look, name: str, text: int) -> bool:
    words = f"{look.title} {name} {look.start}"
    if look.chars < _SHORT_PAGE and _WALL.search(words) and not (look.dated and text >= _PARAGRAPH):
        return True
    if look.chars < _SHORT_PAGE and _WALL_WORD.search(words) and not look.dated and text < _PARAGRAPH:
        return True
    login = _LOGIN.fullmatch(name.strip()) or (look.password and _LOGIN.match(name.strip()))
    return bool(login) and text < (_PARAGRAPH if look.dated else _SHORT_TEXT)


def _is_missing(look: Look, name: str, text: int) -> bool:
    said = any(_MISSING_TITLE.match(words.strip()) for words in (look.title, name))
    if said and not (look.dated and text >= _PARAGRAPH):
        return True
    return text < 2 * _PARAGRAPH and not look.dated and bool(_MISSING_TEXT.search(look.start))


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
    if look.cards >= _CARDS and look.own < _PARAGRAPH and not look.stated:
        return True
    if look.cards >= _MANY_CARDS and look.own < _INTRODUCTION and not look.dated:
        return True
    written = sum(len(block.text) for block in blocks)
    if "published" not in e.chosen and sum(len(b.text) for b in blocks if b.kind == "row") > _REGISTER * written:
        return True
    if _RESULTS.match(look.title) or any(_RESULTS.match(block.text) for block in blocks[:1]):
        return True
    thin = (written < _SHORT_TEXT and not look.dated) or "published" not in e.chosen
    if look.teasers >= _MANY and thin and not re.search(r"\d{4,}", parts.path + parts.query):
        return True
    # A short notice may stand in one box with a long list of other news.
    links = _mostly_links(blocks) and not (look.dated and look.own >= 2 * _PARAGRAPH)
    if "article" in e.meta.get("og:type", "") or e.meta.get("article:published_time"):
        return links
    prose = [block for block in blocks if len(block.text) > 80 and block.links < 0.5]
    if links or (not prose and max(look.teasers, look.cards) >= _MANY):
        return True
    return bool(_LISTING_URL.search(e.url)) and look.teasers >= _MANY


def _mostly_links(blocks: Sequence[Block]) -> bool:
    letters = sum(len(block.text) for block in blocks)
    linked = sum(len(block.text) * block.links for block in blocks)
    return letters > 0 and linked / letters > 0.6
