"""Whether a page was cut off on its way.

A page that ends without </body> and </html> may be whole: the tags are optional, and old templates forget them. A page
that was cut ends within a tag, a comment or a script, or leaves its boxes open.
"""

from __future__ import annotations

import re
from collections import Counter

from lxml import etree
from lxml.html import HtmlElement

from news.extract.markup import TOKEN

_DOCUMENT = re.compile("<(?:body|html)\\b", re.IGNORECASE)
_END = re.compile("</(?:body|html)\\b", re.IGNORECASE)
# Boxes that no author leaves open on purpose, unlike p, li and td.
_BOXES = frozenset({"div", "table", "ul", "ol", "section", "article", "main", "form", "center", "blockquote", "span"})
_SCRIPT = re.compile("<(/?)script\\b", re.IGNORECASE)
_TAIL = 2000
# Templates forget to close a box or two; a page cut in the middle leaves all that were around its text.
_FORGOTTEN = 3
_SENTENCE_END = re.compile(r"""[.!?:;…)\]"”’]$""")
# So much text behind the body's container says that the container was closed and the article is whole.
_followed = etree.XPath("string-length(normalize-space(following::text()[string-length(normalize-space()) > 2])) > 2")


def is_truncated(text: str, container: HtmlElement | None) -> bool:
    """Whether the page's source `text` ends before its article does. `container` holds the article's body."""
    if _ends(text, max(0, len(text) - _TAIL)) or _ends(text, 0) or not _DOCUMENT.search(text):
        return False
    open_boxes: Counter[str] = Counter()
    end = 0
    last = ""
    for token in TOKEN.finditer(text):
        end, last = token.end(), token[0]
        if token["open"] and not last.endswith("/>"):
            open_boxes[token["open"].lower()] += 1
        elif token["close"]:
            name = token["close"].lower()
            open_boxes[name] = max(0, open_boxes[name] - 1)
    rest = text[end:].strip()
    if not _is_complete(last) or "<" in rest or (rest and not _SENTENCE_END.search(rest)):
        return True
    left_open = sum(open_boxes[name] for name in _BOXES)
    return left_open > _FORGOTTEN or (left_open > 0 and (container is None or not _followed(container)))


def _ends(text: str, start: int) -> bool:
    """Whether an end tag of body or html stands behind `start`, and in no script that writes a window of its own."""
    while end := _END.search(text, start):
        script = _SCRIPT.search(text, end.end())
        if script is None or not script[1]:
            return True
        start = script.end()
    return False


def _is_complete(token: str) -> bool:
    """Whether a comment, script or tag has its own end."""
    if token.startswith("<!--"):
        return token.endswith("-->")
    if re.match(r"<(?:script|style)\b", token, re.IGNORECASE):
        return re.search(r"</(?:script|style)[^>]*>$", token, re.IGNORECASE) is not None
    return token.endswith(">")
