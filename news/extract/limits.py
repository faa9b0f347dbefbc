"""How much of a page is read: one that would take too long is made smaller without losing its article, else given up.

A page costs time by its letters, its elements, their depth and their attributes. Within these limits no page takes more
than a second of a core (`python -m bench.mutations`); a hundred real pages of the press of several countries have 1,750
tags, a depth of 51 and 300,000 characters of markup at most, scripts apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from news.extract.markup import INLINE, OPENING, SELF_CLOSING, TOKEN, VOID

# Bytes of an answer that are looked at all; a crawl drops what is larger than its site's max_bytes long before.
MOST_BYTES = 16_000_000
# Characters of a page without its scripts, styles, comments and over-long attributes, and those outside of its tags:
# the Civil Code of 689 articles has 400,000, five times as many with Word's markup.
MOST_CHARS = 2_500_000
MOST_TEXT = 800_000
# Tags that open an element.
MOST_TAGS = 15_000
# Elements within elements, list items, table cells and paragraphs apart. libxml2 gives up a page at 2,048.
DEEPEST = 60
# What a parsed page may be deep before it is made flatter: cells and items count here.
DEEPEST_TREE = 150
# A class, an address and a description are shorter; longer are pictures and data put into an attribute.
LONGEST_ATTRIBUTE = 4_000
MOST_ATTRIBUTES = 100
# libxml2 walks all attributes of a tag for each one that it adds: 5,000 take it 40 milliseconds, 50,000 take it 18
# seconds.
_CROWD = 3_000
# A paragraph longer than this is none: it is a dump, or markup that was never closed.
LONGEST_BLOCK = 100_000
# Rows of the same empty element, and blanks, say no more than a few of them.
_ROW = 3

_LONG_TAG = re.compile(f"<[a-zA-Z][^>]{{{LONGEST_ATTRIBUTE}}}")
_ATTRIBUTE = re.compile(r"""[^\s=/"']++(?:\s*=\s*(?:"[^"]*+"|'[^']*+'|[^\s"']*+))?+""")
_BLANKS = re.compile(r"\s{20,}|(?:&nbsp;\s*+){20,}")
_EMPTY = re.compile(rf"<(?:{'|'.join(sorted(VOID))})\b", re.IGNORECASE)
_PARTS = {
    "table": frozenset({"tr", "td", "th", "thead", "tbody", "tfoot", "caption"}),
    "ul": frozenset({"li"}),
    "ol": frozenset({"li"}),
}


def is_dear(text: str) -> bool:
    """Whether a page must be made smaller before it is parsed. Scripts and styles cost the parser next to nothing."""
    if len(text) > MOST_CHARS or (len(text) > MOST_TEXT and len(text) - _unseen(text) > MOST_TEXT):
        return True
    if text.count("<") <= MOST_TAGS and not _LONG_TAG.search(text):
        return False
    tags = OPENING.findall(text)
    return len(tags) > MOST_TAGS or any(map(_is_crowded, tags))


def _is_crowded(tag: str) -> bool:
    return len(tag) > LONGEST_ATTRIBUTE and sum(1 for _ in islice(_ATTRIBUTE.finditer(tag), _CROWD)) == _CROWD


def _unseen(text: str) -> int:
    """How many characters stand in scripts and styles that are closed."""
    count = 0
    for name in ("script", "style"):
        end = 0
        while (start := text.find(f"<{name}", end)) >= 0 and (end := text.find(f"</{name}", start)) >= 0:
            count += end - start
    return count


def reduced(text: str) -> str | None:
    """The page without what costs time and says nothing; None where that is not enough.

    Scripts (JSON-LD apart), styles, comments and over-long attributes go, rows of one empty element and blanks become
    few, and elements deeper than DEEPEST are unwrapped: their text stays. Linear in any text.
    """
    parts: list[str] = []
    chars = tags = at = 0
    nesting = _Nesting()
    row, repeats = "", 0
    for token in TOKEN.finditer(text):
        between = _BLANKS.sub(" ", text[at : token.start()])
        at = token.end()
        kept = _kept(token, nesting)
        if kept or between.strip():
            repeats = repeats + 1 if kept == row and not between.strip() else 0
            row = kept if _EMPTY.match(kept) else ""
        if repeats < _ROW:
            parts += (between, kept)
            chars += len(between)
            tags += bool(kept) and kept[1] != "/"
        if chars > MOST_TEXT or tags > MOST_TAGS:
            return None
    rest = _BLANKS.sub(" ", text[at:])
    small = "".join([*parts, rest])
    return small if chars + len(rest) <= MOST_TEXT and len(small) <= MOST_CHARS else None


class _Nesting:
    """What is open at a place of the page, by name."""

    def __init__(self) -> None:
        self.inner: list[str] = []
        self.open: Counter[str] = Counter()
        self.unwrapped: Counter[str] = Counter()

    def opens(self, name: str) -> bool:
        """Whether the tag stays."""
        if name in VOID:
            return True
        if name in SELF_CLOSING:
            return not self.in_unwrapped(name)
        if len(self.inner) >= DEEPEST:
            self.unwrapped[name] += 1
            return False
        self.inner.append(name)
        self.open[name] += 1
        return True

    def closes(self, name: str) -> bool:
        """Whether the end tag stays. It closes what was left open within its element: the paths of a drawing, a
        paragraph."""
        if name in SELF_CLOSING:
            return not self.in_unwrapped(name)
        if self.unwrapped[name]:
            self.unwrapped[name] -= 1
            return False
        while self.open[name]:
            inner = self.inner.pop()
            self.open[inner] -= 1
            if inner == name:
                break
        return True

    def in_unwrapped(self, part: str) -> bool:
        """Whether a row, cell or item belongs to a table or list that was unwrapped."""
        return any(self.unwrapped[whole] and part in parts for whole, parts in _PARTS.items())


def _kept(token: re.Match[str], nesting: _Nesting) -> str:
    """What stays of a tag, comment or script. Where a box was unwrapped, its text still begins and ends a line."""
    opening, closing = (token["open"] or "").lower(), (token["close"] or "").lower()
    name = opening or closing
    if not name:
        return token[0] if token["raw"] and "ld+json" in token["how"] else ""
    if name == "option":  # thousands of them in one select; nobody reads what stands in it
        return ""
    if not (nesting.opens(name) if opening else nesting.closes(name)):
        return "" if name in INLINE else "<br>"
    if closing or len(token[0]) <= LONGEST_ATTRIBUTE:
        return token[0]
    return f"<{name} {' '.join(_short(token['attributes']))}>"


def _short(attributes: str) -> Iterator[str]:
    for count, attribute in enumerate(_ATTRIBUTE.finditer(attributes)):
        if count >= MOST_ATTRIBUTES:
            return
        if len(attribute[0]) <= LONGEST_ATTRIBUTE:
            yield attribute[0]
