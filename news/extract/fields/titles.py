"""The headline: not the site's name, nor a section's, nor a constant of the template."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from itertools import pairwise, takewhile
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from news.article import Block
from news.clean.boilerplate import is_boilerplate_line
from news.clean.text import fold, tidy
from news.dates import parse_date
from news.extract.evidence import Evidence
from news.extract.jsonld import text as json_text
from news.extract.linear import Placed
from news.extract.meta import microdata
from news.extract.tree import classes, text_of

# Titles of a template, the same on every article of a portal.
_TEMPLATE_TITLE = re.compile(
    r"(?:xem )?chi tiết(?: tin(?: tức)?| bài viết| nội dung)?|tin tức(?:\W+(?:và )?sự kiện)?|trang chủ|home"
    r"|untitled.*|bài viết|nội dung|welcome.*|news|index|bản tin|thông tin chi tiết|tin chi tiết|default",
    re.IGNORECASE,
)
_SITE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:site[-_]?(?:name|title|logo|branding)|logo|brand(?:ing)?|ten-?don-?vi)(?:$|[\s_-])", re.IGNORECASE
)
_NEWS_TITLE = re.compile(
    r"tieu-?de-?(?:tin|bai)|lbl?-?tieu-?de|(?:^|[\s_-])tit[-_](?:detail|news|tin|bai)|(?:^|[\s_-])(?:news|article|post|entry|detail|story)[-_]?(?:title|headline)"
    r"|title[-_]?(?:news|article|detail|post)",
    re.IGNORECASE,
)
_TITLE_CLASS = re.compile(r"(?:^|[\s_-])(?:title|headline|tieu-?de|tua-?de)|tieude|title", re.IGNORECASE)
_SITE_NAME = re.compile(r"(?:cổng|trang) (?:thông tin|ttđt)|báo |sở |ubnd |bộ |.*\.(?:vn|com)$", re.IGNORECASE)
# "Trang tin", "Xã Vĩnh Phong": what templates put into <title>; a headline says more.
_SHORT_TITLE = 4
# The text of an element that says the same is at least this long, before white space is counted.
_SAME_LENGTH = 0.8
_LONGEST = 400
_DATE_LINE = 60
_LINKED = 0.5
_PARAGRAPH = 120


def title(e: Evidence) -> str:
    """The headline by the first source that has one; headlines that a template prints twice in one box are folded."""
    page = text_of(e.tree.find(".//title")) if e.tree.find(".//title") is not None else ""
    said = [text for h in e.select("h1") if not _is_of_site(h) and (text := text_of(h)) and len(text) < _LONGEST]
    # Portals give their polls, counters and weblinks an h1 of their own.
    headings = [text for text in said if not is_boilerplate_line(Block("heading", text))]
    social = e.meta.get("og:title", "") or e.meta.get("twitter:title", "")
    machine = [json_text(e.json.get("headline")), microdata(e.itemprops, "headline"), social, page]
    backed = [h for h in headings if any(fold(h) and fold(h) in fold(other) for other in machine)]
    shown = "" if backed else _heading_like(e, without_site(page, e))
    alone = headings[0] if len(headings) == 1 else ""
    candidates = [
        *((how, text_of(found)) for how, found in e.selected("title")),
        *(("h1", h) for h in backed),
        ("jsonld", json_text(e.json.get("headline"))),
        ("microdata", microdata(e.itemprops, "headline")),
        # A lone h1 may name the section; a page's title that stands on the page in more words is the headline then.
        ("heading", shown if len(shown.split()) > len(alone.split()) + _SHORT_TITLE else ""),
        ("h1", alone),
        ("opengraph", without_site(social, e)),
        ("heading", shown),
        ("title", without_site(page, e)),
        *(("h1", h) for h in headings),
    ]
    # An h2 is another article's headline more often than not: it stands for the title where nothing else does.
    last = [("h2", text_of(h)) for h in e.select("h2")[:1]]
    return e.choose("title", _own(candidates)) or e.choose("title", _own(last))


def _is_of_site(heading: HtmlElement) -> bool:
    """Whether a heading names the site: by its class or its parent's, or as a link to the home page."""
    parent = heading.getparent()
    named = classes(heading) + (f" {classes(parent)}" if parent is not None else "")
    home = any(urlsplit(link.get("href", "")).path in ("", "/") and link.get("href") for link in heading.iter("a"))
    return bool(_SITE_CLASS.search(named)) or home


def _own(candidates: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(how, once) for how, text in candidates if not _is_template(once := _folded(text), how)]


def headline_of(e: Evidence, stated: str, near: Sequence[Placed]) -> str:
    """The headline where only the page's <title> names it, or nothing: of the lines before the text the first heading,
    else the first in a place that is called a title, else the one above the date, else the first bold one. A `stated`
    title of more than four words is given up only for a line that begins with it and goes on."""
    plain = [
        (block, element)
        for block, element in near
        if 15 <= len(block.text) <= 250
        and block.links < _LINKED
        and not parse_date(block.text)
        and not is_boilerplate_line(block)
        and not _is_template(block.text, "h1")
        and (len(stated.split()) <= _SHORT_TITLE or fold(block.text).startswith(fold(stated)))
    ]
    # Behind a paragraph a heading is one of the text's own.
    above = {id(b) for b, _ in takewhile(lambda row: len(row[0].text) < _PARAGRAPH or row[0].links > 0.3, near)}
    candidates = [
        ("title by name", next((b.text for b, place in near if id(b) in above and _is_named(b, place)), "")),
        ("first heading", next((b.text for b, _ in plain if b.kind == "heading" and id(b) in above), "")),
        ("title by class", next((b.text for b, place in plain if _TITLE_CLASS.search(classes(place))), "")),
        ("line above the date", _above_date([block for block, _ in near], {block.text for block, _ in plain})),
        ("first bold line", next((b.text for b, _ in plain if "bold" in b.style), "")),
    ]
    return e.choose("title", candidates)


def _is_named(block: Block, place: HtmlElement) -> bool:
    """Whether a template calls a line the headline of its news, not just a title."""
    if not 15 <= len(block.text) <= _LONGEST or block.links >= _LINKED:
        return False
    own = (element for element in (place, *place) if _NEWS_TITLE.search(classes(element)))
    return any(fold(text_of(element)) == fold(block.text) for element in own)


def _above_date(near: Sequence[Block], plain: Set[str]) -> str:
    """The plain line right above a line that is hardly more than a date, and no link to another article."""
    pairs = ((a.text, b) for a, b in pairwise(block for block in near if block.text))
    dates = ((a, b.text) for a, b in pairs if a in plain and len(b.text) <= _DATE_LINE and b.links < _LINKED)
    return next((a for a, b in dates if parse_date(b)), "")


def without_site(text: str, e: Evidence) -> str:
    """A page title without the site's name behind (or before) its dash or bar."""
    name = fold(e.meta.get("og:site_name", ""))
    parts = [part for part in re.split(r"\s+[|–—>»-]\s+|\s*\|\s*", text) if part]
    while len(parts) > 1 and (fold(parts[-1]) == name or _is_site_name(parts[-1]) or len(parts[-1]) < 25):
        parts.pop()
    while len(parts) > 1 and (fold(parts[0]) == name or _is_site_name(parts[0])):
        parts.pop(0)
    kept = text.find(parts[0]) if parts else 0
    end = text.find(parts[-1], kept) + len(parts[-1]) if parts else 0
    return text[kept:end] if not (parts and _is_site_name(" ".join(parts))) else ""


def _folded(text: str) -> str:
    """A text that says the same twice in a row, said once."""
    words = text.split()
    half = len(words) // 2
    twice = half >= 3 and len(words) % 2 == 0 and fold(" ".join(words[:half])) == fold(" ".join(words[half:]))
    return " ".join(words[:half]) if twice else text


def _is_template(title: str, how: str) -> bool:
    """Whether a headline candidate is a constant of the template. An h1 may be the site's name; a headline that
    begins with it ("Cổng thông tin điện tử … thay bộ đếm") says something about it and is longer."""
    loose = how in ("h1", "h2", "title", "opengraph", "heading", "microdata")
    named = re.match(r"(?:cổng|trang) (?:thông tin|ttđt)", title, re.IGNORECASE) and len(title.split()) <= 10
    return bool(_TEMPLATE_TITLE.fullmatch(title)) or bool(loose and named)


def _is_site_name(text: str) -> bool:
    return bool(_TEMPLATE_TITLE.fullmatch(text.strip()) or _SITE_NAME.match(text.strip()))


def _heading_like(e: Evidence, wanted: str) -> str:
    """The visible line that says what the page's title says: a headline that is no h1."""
    key = fold(wanted)
    if len(key) < 15:
        return ""
    for element in e.tree.iter("h2", "h3", "h4", "div", "span", "p", "td", "font", "strong", "b"):
        text = element.text
        if text and _SAME_LENGTH * len(wanted) < len(text) and fold(text) == key:
            return tidy(text)
    return ""
