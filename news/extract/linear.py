"""A container of the page -> its blocks in reading order.

Walks the tree once, without recursion (pages nest thousands deep), and tells paragraphs, headings, list items, rows of
data tables, quotes, captions and images apart. Layout tables, nested spans, br-separated text and boxes within boxes
come out as the paragraphs a reader sees.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from functools import lru_cache
from html import escape
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from news.article import Block, Image
from news.clean.files import FILE_ADDRESS, FILE_LINK, FILE_NAME
from news.clean.text import resolve, squeeze
from news.errors import InvalidValue
from news.extract.tree import text_of
from news.urls import canonical

_BLOCK_NAMES = """
    address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul
"""
_SKIP_NAMES = """
    script style noscript template iframe object embed select option button input textarea svg canvas audio video map
    head link meta title
"""
BLOCKS, SKIP = frozenset(_BLOCK_NAMES.split()), frozenset(_SKIP_NAMES.split())
_INLINE = {"a": "a", "strong": "strong", "b": "strong", "em": "em", "i": "em", "u": "u", "sub": "sub", "sup": "sup"}
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_CAPTION = re.compile(
    r"caption|chu-?thich|image-?desc|photo-?desc|img-?desc|ImageNote|(?:^|\s)(?:Image|pic|anh-mota|note-img)(?:\s|$)",
    re.IGNORECASE,
)
_RIGHT = re.compile(r"text-align:\s*(?:right|end)|text-right|text-end|rteright|align-right", re.IGNORECASE)
_CENTER = re.compile(r"text-align:\s*(?:-webkit-)?center|text-center|rtecenter|align-center", re.IGNORECASE)
_ICON = re.compile(
    r"/(?:[\w-]*(?:icon|bullet|spacer|attach|print|arrow|dot|blank|loading)[\w-]*|logo)\.\w{3,4}$", re.IGNORECASE
)
SOURCES = ("data-original", "data-src", "data-lazy-src", "data-photo-original-src", "src")
# A box with more text is none, whatever it is called: "post-detail image" is an article that begins with a picture.
_CAPTION_CHARS = 1_000
# A cell of a data table holds a figure or a name; a cell of a layout table holds the page.
_CELL_CHARS = 400


# A block and the element that it stands in.
Placed = tuple[Block, HtmlElement]


class Slot(NamedTuple):
    """A piece of a page's text: an element's own, before its first child, or the `tail` behind its end."""

    element: HtmlElement
    tail: bool = False


def placed(
    container: HtmlElement,
    url: str,
    *,
    skip: Container[HtmlElement] = (),
    apart: Container[HtmlElement] = (),
    markup: bool = False,
    pieces: list[list[Slot]] | None = None,
) -> list[Placed]:
    """The blocks below `container` outside of the elements in `skip`, each with the element that it stands in.

    Links and images are made absolute against `url`. The blocks' HTML and the images are dear and come with `markup`.
    The elements in `apart` are blocks whatever they are. `pieces` is filled with what each block is made of.
    """
    walker = _Walker(container, url, apart, markup=markup, pieces=pieces)
    walk = etree.iterwalk(container, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if tag in SKIP or element in skip:
                walk.skip_subtree()
                if tag in BLOCKS or element in apart:
                    walker.flush()
            elif tag == "table" and _is_data(element):
                walker.table(element)
                walk.skip_subtree()
            else:
                walker.open(element, tag)
        else:
            if tag not in SKIP and element is not walker.done_table and element not in skip:
                walker.close(element, tag)
            if element is not container and element.tail:
                walker.add(element.tail, element, tail=True)
    walker.flush()
    return list(zip(walker.blocks, walker.places, strict=True))


class _Frame(NamedTuple):
    """An open block: its element, the kind of what stands in it, and whether it or its parents set it right or center.

    A line is a caption, heading, item or quote by the nearest block that says so; a table cell starts anew.
    """

    element: HtmlElement
    kind: str
    right: int  # how many more blocks inward this holds, 0 where it does not
    center: int


# An alignment is believed for the block that has it and two levels below.
_ALIGNED_LEVELS = 3


class _Walker:
    def __init__(
        self,
        root: HtmlElement,
        url: str,
        apart: Container[HtmlElement],
        *,
        markup: bool,
        pieces: list[list[Slot]] | None,
    ) -> None:
        self.url, self.apart, self.markup, self.pieces = url, apart, markup, pieces
        self.blocks: list[Block] = []
        self.places: list[HtmlElement] = []  # the innermost open block of each block of text
        self.frames: list[_Frame] = [_Frame(root, "paragraph", 0, 0)]
        self.inline: list[tuple[str, str]] = []  # tag, its opening markup
        self.text: list[str] = []
        self.slots: list[Slot] = []  # where the text comes from, if anybody asks
        self.html: list[str] = []
        self.open_inline = {"a": 0, "strong": 0, "em": 0, "u": 0, "sub": 0, "sup": 0}
        self.all = self.linked = self.bold = self.italic = 0  # letters of the text so far
        self.done_table: HtmlElement | None = None
        self.item_open = False

    def open(self, element: HtmlElement, tag: str) -> None:
        if tag in BLOCKS or element in self.apart:
            if self.text:
                self.flush()
            self.frames.append(_frame(element, tag, self.frames[-1]))
            self.item_open = tag == "li" or (self.item_open and tag in ("p", "div"))
        elif tag == "img":
            self.flush()
            self.image(element)
        elif name := _INLINE.get(tag) or _styled(element, tag):
            self.push(element, name)
        elif tag == "time" and self.text:
            self.add(" ", None)  # a name and a date in boxes side by side are two
        if element.text:
            self.add(element.text, element)

    def close(self, element: HtmlElement, tag: str) -> None:
        if tag in BLOCKS or element in self.apart:
            if self.text:
                self.flush()
            self.frames.pop()
        elif (tag in _INLINE or _styled(element, tag)) and self.inline:
            name, _ = self.inline.pop()
            self.open_inline[name] -= 1
            if self.markup:
                self.html.append(f"</{name}>")

    def push(self, element: HtmlElement, name: str) -> None:
        opening = ""
        if self.markup:
            opening = f"<{name}>"
            if name == "a":
                target = address(element.get("href", ""), self.url)
                opening = f'<a href="{escape(target)}">' if target else "<a>"
            self.html.append(opening)
        self.inline.append((name, opening))
        self.open_inline[name] += 1

    def add(self, text: str, element: HtmlElement | None, *, tail: bool = False) -> None:
        if "&" in text:
            text = resolve(text)
        self.text.append(text)
        if self.pieces is not None and element is not None:
            self.slots.append(Slot(element, tail))
        count = len(text.strip())
        if count:
            self.all += count
            if self.inline:
                within = self.open_inline
                self.linked += count if within["a"] else 0
                self.bold += count if within["strong"] else 0
                self.italic += count if within["em"] else 0
        if self.markup:
            self.html.append(escape(text, quote=False))

    def image(self, element: HtmlElement) -> None:
        if not self.markup:
            return
        source = next((a for name in SOURCES if (a := address(element.get(name, ""), self.url))), "")
        if source and not _is_pixel(element) and not _ICON.search(source) and not self.in_file_link():
            self.keep(Block("image", "", image=Image(source)), element, [])

    def in_file_link(self) -> bool:
        """Whether the open link leads to a document: its picture is an icon."""
        return any(name == "a" and FILE_LINK.search(opening) for name, opening in self.inline)

    def table(self, element: HtmlElement) -> None:
        self.flush()
        self.done_table = element
        if _lists_files(element):
            return
        for row in element.iter("tr"):
            cells = [text_of(cell) for cell in row.iterchildren("td", "th")]
            if any(cells):
                tag = "th" if all(cell.tag == "th" for cell in row.iterchildren("td", "th")) else "td"
                html = "".join(f"<{tag}>{escape(cell, quote=False)}</{tag}>" for cell in cells)
                self.keep(Block("row", " | ".join(cells), f"<tr>{html}</tr>"), element, list(self.cells(row)))

    def cells(self, row: HtmlElement) -> Iterator[Slot]:
        if self.pieces is not None:
            for cell in row.iterchildren("td", "th"):
                for inner in cell.iter():
                    yield Slot(inner)
                    if inner is not cell:
                        yield Slot(inner, tail=True)

    def keep(self, block: Block, place: HtmlElement, slots: list[Slot]) -> None:
        self.places.append(place)
        self.blocks.append(block)
        if self.pieces is not None:
            self.pieces.append(slots)

    def flush(self) -> None:
        if not self.all:
            if self.text:
                self.text, self.slots, self.html = [], [], [opening for _, opening in self.inline]
            return
        text = squeeze("".join(self.text))
        markup = ""
        if self.markup:
            markup = "".join([*self.html, *(f"</{name}>" for name, _ in reversed(self.inline))])
            self.html = [opening for _, opening in self.inline]
        links, style = self.linked / self.all, self.style()
        slots, self.text, self.slots = self.slots, [], []
        self.all = self.linked = self.bold = self.italic = 0
        if not text:
            return
        frame = self.frames[-1]
        kind = frame.kind
        if kind == "item" and not self.item_open:
            kind = "paragraph"
        self.item_open = False
        self.keep(Block(kind, text, squeeze(markup), min(1.0, links), style), frame.element, slots)

    def style(self) -> frozenset[str]:
        frame, most = self.frames[-1], 0.97 * self.all
        looks = (
            ("bold", self.bold > most),
            ("italic", self.italic > most),
            ("right", frame.right),
            ("center", frame.center),
        )
        return frozenset(name for name, holds in looks if holds) if any(holds for _, holds in looks) else _PLAIN


_PLAIN: frozenset[str] = frozenset()


def _frame(element: HtmlElement, tag: str, outer: _Frame) -> _Frame:
    get = element.get
    called = tag in ("figcaption", "caption") or _is_caption(get("class", ""), get("id", ""), get("role", ""))
    if called and len(element.text_content()) <= _CAPTION_CHARS:
        kind = "caption"
    elif tag in _HEADINGS:
        kind = "heading"
    elif tag == "li":
        kind = "item"
    elif tag == "blockquote":
        kind = "quote"
    elif tag in ("td", "table"):
        kind = "paragraph"
    else:
        kind = outer.kind
    right, center = max(0, outer.right - 1), max(0, outer.center - 1)
    if tag == "center":
        center = _ALIGNED_LEVELS
    named = f"{get('class', '')} {get('align', '')} {get('style', '')}"
    if named != "  ":
        if "right" in named or "end" in named:
            right = _ALIGNED_LEVELS if _RIGHT.search(named) or get("align", "").lower() == "right" else right
        if "center" in named:
            center = _ALIGNED_LEVELS if _CENTER.search(named) or get("align", "").lower() == "center" else center
    return _Frame(element, kind, right, center)


@lru_cache(maxsize=20_000)
def _is_caption(classes: str, name: str, role: str) -> bool:
    return bool(classes or name or role) and _CAPTION.search(f"{classes} {name} {role}") is not None


def _lists_files(table: HtmlElement) -> bool:
    """Whether each row behind the header links to a file: what is attached is no text."""
    rows = [row for row in table.iter("tr") if next(row.iterchildren("td"), None) is not None]
    return bool(rows) and all(map(_hands_on, rows))


def _hands_on(row: HtmlElement) -> bool:
    links = list(row.iter("a"))
    named = any(FILE_NAME.search(text_of(cell)) for cell in row.iterchildren("td"))
    return bool(links) and (named or any(FILE_ADDRESS.search(link.get("href", "")) for link in links))


def _is_data(table: HtmlElement) -> bool:
    """Whether a table holds data: two rows and columns or more of short cells, no pictures or tables in them."""
    if next(table.iterdescendants("table", "img"), None) is not None:
        return False
    rows = [row for row in table.iter("tr") if any(True for _ in row.iterchildren("td", "th"))]
    if len(rows) < 2:
        return False
    widths = [sum(1 for _ in row.iterchildren("td", "th")) for row in rows]
    if max(widths) < 2:
        return False
    return all(len(text_of(cell)) <= _CELL_CHARS for row in rows for cell in row.iterchildren("td", "th"))


def _styled(element: HtmlElement, tag: str) -> str:
    if tag not in ("span", "font"):
        return ""
    style = element.get("style", "")
    if "bold" in style or re.search(r"font-weight:\s*[6-9]00", style):
        return "strong"
    return "em" if "italic" in style else ""


def _is_pixel(element: HtmlElement) -> bool:
    sizes = [int(v) for name in ("width", "height") if (v := element.get(name, "").removesuffix("px")).isdigit()]
    return any(size <= 24 for size in sizes)


def address(href: str, base: str) -> str:
    """Where a link of the page leads; "" where that is nowhere on the web."""
    href = href.strip()
    if not href or href.startswith(("#", "data:", "javascript:")):
        return ""
    try:
        return canonical(href, base)
    except InvalidValue:
        return ""  # file:///C:/... pasted from Word, half an IPv6 address, a port that is none
