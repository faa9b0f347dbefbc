"""Pages that say, in the place of whatever was asked for, that their site is under maintenance."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from news.clean.text import squeeze
from news.dates import parse_date
from news.extract.decode import decode
from news.extract.tree import parse, text_of

# Such pages are a few lines, mostly in two languages, without the portal's menus; what is longer, or leads on, tells of
# somebody else's maintenance.
_LONGEST, _MOST_LINKS = 800, 10
# So early they say it, where neither their title nor a heading does.
_FIRST = 200
# What is said to be maintained is the site itself. Anything may be called a system, and news tell of the tax office's:
# only of what can be a site's own name more words may follow.
_SITE = (
    r"(?:(?:trang (?:web|tin|chủ|thông tin|điện tử)|web ?site|site|cổng (?:thông tin|giao tiếp|ttđt)|chúng tôi)"
    r"(?: [^\s.,;:!?]+){0,14}?"
    r"|(?:hệ thống|máy chủ|server|cổng|trang)"
    r"(?: (?:web|website|trang|cổng|thông tin|điện tử|máy chủ|dữ liệu|này|của chúng tôi|hiện|hiện tại|hiện nay))*)"
)
_WORK = r"(?:bảo trì|bảo dưỡng|nâng cấp)"
_STOPPED = r"tạm (?:thời )?(?:ngưng|ngừng|dừng)(?: (?:hoạt động|truy cập|phục vụ))?"
_PATIENCE = r"(?:xin lỗi|thông cảm|cáo lỗi|(?:quay|trở) lại|sorry|apologi[sz]e|check back|come back)"
_SAID = re.compile(
    rf"{_SITE} (?:hiện )?đang (?:được |tạm \w+ (?:hoạt động )?để |trong (?:quá trình |thời gian )?|tiến hành "
    rf"|thực hiện )*{_WORK}"
    rf"|{_SITE} {_STOPPED} (?:để|do|vì) [^.!?]{{0,40}}{_WORK}"
    rf"|{_SITE} {_STOPPED}.*{_PATIENCE}"
    r"|(?:site|web ?site|web ?page|portal|system|server|we)\b(?:[ '’][a-z]+){0,5}? (?:under|undergoing|down for"
    r"|performing|unavailable (?:for|due to)|(?:closed|offline) for)(?: [a-z]+){0,2} maintenance"
    r"|briefly unavailable for scheduled maintenance|\bin maintenance mode",
    re.IGNORECASE,
)
# A title, a part of it, or a heading that says nothing else.
_ALONE = re.compile(
    rf"(?:thông báo )?(?:tạm \w+ (?:hoạt động )?(?:để )?)?(?:hiện )?(?:đang )?(?:được )?{_WORK}"
    r"(?: (?:hệ thống|web ?site|trang web|trang thông tin điện tử|máy chủ|cổng thông tin(?: điện tử)?))?"
    r"|(?:sorry,? )?(?:(?:the |this )?(?:site|web ?site|page|system|server) )?(?:is )?(?:currently )?(?:under|down for)"
    r"(?: scheduled)? maintenance|(?:(?:site|web ?site|system|server) )?maintenance(?: mode)?",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s*[-|–—:·»]\s+|[.!…]+")
# Dates in which it is said how long it lasts; a line like a date without them tells when an article was published.
_LASTS = re.compile(rf"{_WORK}|dự kiến|thời gian|\b(?:từ|đến|trước|lúc|vào|from|until|back|eta)\b", re.IGNORECASE)
_DATE_LINE = 60


def under_maintenance(page: bytes) -> bool:
    """Whether a page that is none of what was asked for says that its site is under maintenance."""
    decoded = decode(page)
    tree = None if decoded.reason else parse(decoded.text).tree
    if tree is None:
        return False
    etree.strip_elements(tree, "script", "style", "noscript", "template", "svg", with_tail=False)
    return says_maintenance(tree)


def says_maintenance(tree: HtmlElement) -> bool:
    """Whether a page says so, by its tree without scripts and styles; what it says of another's maintenance is none."""
    # Almost every page of a portal has more links than that, and is not looked through any further.
    if next(islice(tree.iter("a"), _MOST_LINKS, None), None) is not None:
        return False
    body = tree.find("body")
    # Blocks follow each other without a space in the source.
    text = squeeze(" ".join(map(str, (tree if body is None else body).itertext())))
    if len(text) > _LONGEST:
        return False
    heads = [text_of(head) for head in tree.iter("title", "h1", "h2", "h3")]
    parts = (part for head in heads for part in _PARTS.split(head))
    return any(_ALONE.fullmatch(part) for part in parts) or any(map(_SAID.search, [*heads, text[:_FIRST]]))


def is_dated(lines: Iterable[str]) -> bool:
    """Whether one of the lines of a page is the date of an article, and not one until which something lasts."""
    return any(len(line) < _DATE_LINE and not _LASTS.search(line) and parse_date(line) for line in lines)
