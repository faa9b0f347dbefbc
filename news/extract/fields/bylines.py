"""What the page says around the text of who wrote it: labels, boxes called author, a name beside the date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from lxml.etree import XPath
from lxml.html import HtmlElement

from news.article import Block
from news.clean.agencies import is_agency, is_place
from news.clean.boilerplate import box_rule, is_boilerplate_line
from news.clean.credits import Said, credit_line, is_name, labelled, organisation, person
from news.clean.text import fold
from news.dates import parse_date
from news.extract.body import Place, around
from news.extract.evidence import Evidence
from news.extract.linear import Placed
from news.extract.tree import classes, text_of

_AUTHOR_CLASS = re.compile(
    r"(?:^|[\s_-])(?:auth(?:or)?s?|tac-?gia|byline|nguoi-?viet|but-?danh|createdby|writer)(?:$|[\s_-])|tacgia",
    re.IGNORECASE,
)
_SOURCE_CLASS = re.compile(r"(?:^|[\s_-])(?:source|nguon(?:-?tin)?|nguontin)(?:$|[\s_-])", re.IGNORECASE)
_CALLED = XPath(".//*[contains(@class, $word) or @id = $word]")
_ELSEWHERE = re.compile(r"related|comments|footer|navigation|widgets|poll|counter|advertisement|tags|aside|sidebar")
# What stands beside a date and is written with capitals like a name: days, and the names of sections.
_NO_BYLINE = re.compile(
    r"(?:thứ|chủ nhật|ngày|cập nhật|đăng|tin|thời sự|kinh tế|văn h[oó]a|xã hội|chính trị|giáo dục|pháp luật|thể thao"
    r"|y tế|đời sống|thông báo|sự kiện|hoạt động|nông thôn|khoa học|trang chủ|tác giả|giờ|lúc|cỡ chữ|lượt|thống kê"
    r"|liên kết|văn bản|video|hình ảnh|thư viện)\b",
    re.IGNORECASE,
)
# What a button behind a name says.
_TOOL = re.compile(r"\s+(?:copy link|sao chép.*|link gốc|xem .*)$", re.IGNORECASE)
# How many blocks before and behind the body may name its author, and how long a line of them may be.
_BEFORE = 8
_BEHIND = 6
_LINE = 200


class Beside(NamedTuple):
    """What the page says of an article's origin outside of its text; the lines between headline and text, and those
    behind the text that may be credits."""

    said: tuple[Said, ...] = ()
    above: tuple[Block, ...] = ()
    lines: tuple[Placed, ...] = ()


def beside(e: Evidence, place: Place, headline: str) -> Beside:
    """The credits around the body: labelled ("Tác giả: …"), in a box called author or source, a name beside the date
    under the headline, and, behind the body, a name set to the right."""
    if place.container is None:
        return Beside()
    before, inside, behind = around(e, place.container)
    place_of_it = e.headline_at(headline)
    at = len(before) if place_of_it is None else place_of_it
    after = list(_credits(behind))
    said = [s for block, element in before[-_BEFORE:] if (s := _said(block, element, styled=False))]
    said += [s for block, element in after if (s := _said(block, element, styled=True))]
    if not any(s.author for s in said):
        under = [b.text for b, _ in (before + inside)[at + 1 : at + 1 + _BEFORE] if b.kind != "heading"]
        said += [Said(author=name) for name in [_called(e) or _by_date(under)] if name]
    return Beside(tuple(said), tuple(block for block, _ in before[at + 1 :]), tuple(after))


def _credits(behind: Sequence[Placed]) -> Iterator[Placed]:
    """The blocks after the body that may be credits, up to the first that is something else's heading."""
    for block, element in behind[:_BEHIND]:
        if block.links > 0.9 and block.kind in ("heading", "item"):
            return
        if len(block.text) <= _LINE and not is_boilerplate_line(block) and not _boxed(element):
            yield block, element


def _said(block: Block, element: HtmlElement, *, styled: bool) -> Said | None:
    text = block.text
    if len(text) > _LINE:
        return None
    if found := labelled(text):
        return found
    named = f"{classes(element)} {classes(parent) if (parent := element.getparent()) is not None else ''}"
    if _SOURCE_CLASS.search(named):
        return Said(source=organisation(_TOOL.sub("", text)))
    if _AUTHOR_CLASS.search(named) and is_name(person(text)):
        return Said(author=person(text))
    return credit_line(block) if styled and block.style & {"right"} else None


def _called(e: Evidence) -> str:
    """The name in the first place that is called author, outside of other articles' boxes."""
    words = sorted(filter(_is_author, e.names.words), key=len)
    for word in (w for n, w in enumerate(words) if not any(shorter in w for shorter in words[:n])):
        found = _CALLED(e.root, word=word)
        for element in found if isinstance(found, list) else ():
            name = person(text_of(element)) if isinstance(element, HtmlElement) and len(element) <= 3 else ""
            if _is_byline(name) and not _boxed(element):
                return name
    return ""


@lru_cache(maxsize=20_000)
def _is_author(word: str) -> bool:
    return _AUTHOR_CLASS.search(word) is not None


def _by_date(lines: Sequence[str]) -> str:
    """The name that stands with the first date under the headline: in its line, or in the one before or after it."""
    texts = [text for text in lines if fold(text)]
    for order, text in enumerate(texts):
        stamp = parse_date(text) if len(text) <= _LINE else None
        if stamp is None:
            continue
        at = text.find(stamp.raw)
        parts = [
            text[:at],
            text[at + len(stamp.raw) :],
            *texts[max(0, order - 1) : order],
            *texts[order + 1 : order + 2],
        ]
        return next((name for part in parts if _is_byline(name := _undated(person(part.strip(" ·•,()"))))), "")
    return ""


def _undated(names: str) -> str:
    """The names without a weekday that was parted from its date."""
    return "; ".join(name for name in names.split("; ") if not _NO_BYLINE.match(name))


def _is_byline(name: str) -> bool:
    words = name.replace(";", " ").split()
    return (
        2 <= len(words) <= 8
        and is_name(name)
        and not _NO_BYLINE.match(name)
        and not any(is_place(part) or is_agency(part) for part in name.split("; "))
    )


def _boxed(element: HtmlElement) -> bool:
    return any(_ELSEWHERE.search(box_rule(up)) for up in [element, *element.iterancestors()])
