"""Files to download that belong to an article, with the title a reader sees and their media type."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from news.article import Attachment
from news.clean.files import FILE_TYPES
from news.clean.text import tidy
from news.extract.body import Place
from news.extract.evidence import Evidence
from news.extract.linear import address
from news.extract.tree import text_of

_LABEL = re.compile(r"^(?:tập tin|tệp|file|tài liệu)(?: đính kèm)?\s*:\s*", re.IGNORECASE)
# Liferay 7 writes the file's name before its id: /documents/20126/ke-hoach.pdf/0d9f...?t=1741...
_KIND = re.compile(rf"\.({'|'.join(FILE_TYPES)})(?=$|[?#&/])", re.IGNORECASE)
# Titles that name no file: what the link does.
_VERB = re.compile(
    r"(?:xem|tải|download|click|bấm|nhấn)(?: (?:về|xuống|file|tệp|tại đây|chi tiết|vào đây))*|tại đây|đính kèm"
    r"|file|pdf",
    re.IGNORECASE,
)
# A box of files beside the body brings this much text of its own at most: headings, titles, a byline.
_BESIDE_CHARS = 1200


def attachments(e: Evidence, place: Place) -> tuple[Attachment, ...]:
    """The files of the boxes that selectors name, else those linked from the body or right beside it: templates list
    them in a box of their own after it."""
    boxes = [b for _, s in e.selectors for css in s.fields.get("attachments", ()) for b in e.select(css)]
    named = {file.url: file for box in boxes for file in _linked(box, e.base)}
    if named:
        e.chosen["attachments"] = "selectors"
        return tuple(named.values())
    if place.container is None or not any(_KIND.search(link.get("href", "")) for link in e.root.iter("a")):
        return ()
    return _linked(_scope(place.container), e.base)


def _scope(container: HtmlElement) -> HtmlElement:
    scope, beside = container, 0
    for ancestor in container.iterancestors():
        beside += _letters_around(scope, ancestor)
        if ancestor.tag in ("body", "form", "html") or beside > _BESIDE_CHARS:
            break
        scope = ancestor
    return scope


def _letters_around(child: HtmlElement, parent: HtmlElement) -> int:
    """The letters of an element outside of one of its children."""
    loose = [parent.text, *(sibling.tail for sibling in parent)]
    return sum(len(tidy(text)) for text in loose if text) + sum(len(text_of(s)) for s in parent if s is not child)


def _linked(scope: HtmlElement, url: str) -> tuple[Attachment, ...]:
    found: dict[str, Attachment] = {}
    for link in scope.iter("a"):
        kind = _KIND.search(link.get("href", ""))
        target = address(link.get("href", ""), url) if kind else ""
        if kind and target:
            found.setdefault(target, Attachment(target, _title(link, target), FILE_TYPES[kind[1].lower()]))
    return tuple(found.values())


def _title(link: HtmlElement, target: str) -> str:
    """What the link says, unless it only says what it does; then its title, else the file's name."""
    shown = (_LABEL.sub("", text) for text in (text_of(link), tidy(link.get("title", "")), link.get("download", "")))
    name = next((part for part in target.split("/") if _KIND.search(part)), target.rpartition("/")[2])
    return next((text for text in shown if text and not _VERB.fullmatch(text)), name.partition("?")[0])
