"""A container of the page -> its blocks in reading order.

Walks the tree once, without recursion (pages nest thousands deep), and tells paragraphs, headings, list items, rows of
data tables, quotes, captions and images apart. Layout tables, nested spans, br-separated text and boxes within boxes
come out as the paragraphs a reader sees.
"""

from __future__ import annotations

import re
from html import escape

from lxml import etree
from lxml.html import HtmlElement

from news.article import Block, Image
from news.clean.files import FILE_LINK
from news.clean.text import resolve, squeeze
from news.errors import InvalidValue
from news.extract.tree import classes, text_of
from news.urls import canonical

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_SKIP = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "select",
        "option",
        "button",
        "input",
        "textarea",
        "svg",
        "canvas",
        "audio",
        "video",
        "map",
        "head",
        "link",
        "meta",
        "title",
    ]
)
_INLINE = {"a": "a", "strong": "strong", "b": "strong", "em": "em", "i": "em", "u": "u", "sub": "sub", "sup": "sup"}
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_CAPTION = re.compile(
    r"caption|chu-?thich|image-?desc|photo-?desc|img-?desc|ImageNote|(?:^|\s)(?:Image|pic|anh-mota|note-img)(?:\s|$)",
    re.IGNORECASE,
)
_RIGHT = re.compile(r"text-align:\s*(?:right|end)", re.IGNORECASE)
_CENTER = re.compile(r"text-align:\s*(?:-webkit-)?center", re.IGNORECASE)
_ICON = re.compile(
    r"/(?:[\w-]*(?:icon|bullet|spacer|attach|print|arrow|dot|blank|loading)[\w-]*|logo)\.\w{3,4}$", re.IGNORECASE
)
_SOURCES = ("data-original", "data-src", "data-lazy-src", "data-photo-original-src", "src")
# A cell of a data table holds a figure or a name; a cell of a layout table holds the page.
_CELL_CHARS = 400


def linearise(container: HtmlElement, url: str) -> list[Block]:
    """The blocks below `container`; links and images are made absolute against `url`."""
    return _walked(container, url).blocks


def placed(container: HtmlElement, url: str) -> list[tuple[Block, HtmlElement]]:
    """The blocks below `container`, each with the element that it stands in; without their HTML, which is dear."""
    walker = _walked(container, url, markup=False)
    return list(zip(walker.blocks, walker.places, strict=True))


def _walked(container: HtmlElement, url: str, *, markup: bool = True) -> _Walker:
    walker = _Walker(container, url, markup=markup)
    walk = etree.iterwalk(container, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if tag in _SKIP:
                walk.skip_subtree()
            elif tag == "table" and _is_data(element):
                walker.table(element)
                walk.skip_subtree()
            else:
                walker.open(element, tag)
        else:
            if tag not in _SKIP and element is not walker.done_table:
                walker.close(element, tag)
            if element is not container and element.tail:
                walker.add(element.tail)
    walker.flush()
    return walker


class _Walker:
    def __init__(self, root: HtmlElement, url: str, *, markup: bool) -> None:
        self.root, self.url, self.markup = root, url, markup
        self.blocks: list[Block] = []
        self.places: list[HtmlElement] = []  # the innermost open block of each block of text
        self.frames: list[tuple[str, str, HtmlElement]] = []  # tag, classes and style, element of the open blocks
        self.inline: list[tuple[str, str]] = []  # tag, its opening markup
        self.text: list[str] = []
        self.html: list[str] = []
        self.letters = {"": 0, "a": 0, "strong": 0, "em": 0}  # of the text so far: all, in links, bold, italic
        self.done_table: HtmlElement | None = None
        self.item_open = False

    def open(self, element: HtmlElement, tag: str) -> None:
        if tag in _BLOCKS:
            self.flush()
            self.frames.append((tag, f"{classes(element)}\n{element.get('style', '')};{_align(element)}", element))
            self.item_open = tag == "li" or (self.item_open and tag in ("p", "div"))
        elif tag == "img":
            self.flush()
            self.image(element)
        elif name := _INLINE.get(tag) or _styled(element, tag):
            self.push(element, name)
        if element.text:
            self.add(element.text)

    def close(self, element: HtmlElement, tag: str) -> None:
        if tag in _BLOCKS:
            self.flush()
            self.frames.pop()
        elif (tag in _INLINE or _styled(element, tag)) and self.inline:
            name, _ = self.inline.pop()
            self.html.append(f"</{name}>")

    def push(self, element: HtmlElement, name: str) -> None:
        opening = f"<{name}>"
        if name == "a" and self.markup:
            target = address(element.get("href", ""), self.url)
            opening = f'<a href="{escape(target)}">' if target else "<a>"
        self.inline.append((name, opening))
        self.html.append(opening)

    def add(self, text: str) -> None:
        text = resolve(text)
        self.text.append(text)
        count = len(text.strip())
        self.letters[""] += count
        for name in {name for name, _ in self.inline if name in self.letters}:
            self.letters[name] += count
        if self.markup:
            self.html.append(escape(text, quote=False))

    def image(self, element: HtmlElement) -> None:
        if not self.markup:
            return
        source = next((a for name in _SOURCES if (a := address(element.get(name, ""), self.url))), "")
        if source and not _is_pixel(element) and not _ICON.search(source) and not self.in_file_link():
            self.places.append(element)
            self.blocks.append(Block("image", "", image=Image(source)))

    def in_file_link(self) -> bool:
        """Whether the open link leads to a document: its picture is an icon."""
        return any(name == "a" and FILE_LINK.search(opening) for name, opening in self.inline)

    def table(self, element: HtmlElement) -> None:
        self.flush()
        self.done_table = element
        for row in element.iter("tr"):
            cells = [text_of(cell) for cell in row.iterchildren("td", "th")]
            if any(cells):
                tag = "th" if all(cell.tag == "th" for cell in row.iterchildren("td", "th")) else "td"
                html = "".join(f"<{tag}>{escape(cell, quote=False)}</{tag}>" for cell in cells)
                self.places.append(element)
                self.blocks.append(Block("row", " | ".join(cells), f"<tr>{html}</tr>"))

    def flush(self) -> None:
        if not self.text:
            return
        text = squeeze("".join(self.text))
        markup = "".join([*self.html, *(f"</{name}>" for name, _ in reversed(self.inline))]) if self.markup else ""
        counts = self.letters
        self.text, self.html = [], [opening for _, opening in self.inline]
        self.letters = dict.fromkeys(counts, 0)
        if not text:
            return
        letters = max(1, counts[""])
        block = Block(self.kind(), text, squeeze(markup), min(1.0, counts["a"] / letters), self.style(counts, letters))
        self.item_open = False
        self.places.append(self.frames[-1][2] if self.frames else self.root)
        self.blocks.append(block)

    def style(self, counts: dict[str, int], letters: int) -> frozenset[str]:
        style = set()
        if counts["strong"] > 0.97 * letters:
            style.add("bold")
        if counts["em"] > 0.97 * letters:
            style.add("italic")
        for tag, look, _ in self.frames[-3:]:
            if "right" in look and (_RIGHT.search(look) or "text-right" in look):
                style.add("right")
            if tag == "center" or ("center" in look and (_CENTER.search(look) or "text-center" in look)):
                style.add("center")
        return frozenset(style)

    def kind(self) -> str:
        for tag, look, _ in reversed(self.frames):
            if tag in ("figcaption", "caption") or _CAPTION.search(look.partition("\n")[0]):
                return "caption"
            if tag in _HEADINGS:
                return "heading"
            if tag == "li":
                return "item" if self.item_open else "paragraph"
            if tag == "blockquote":
                return "quote"
            if tag in ("td", "table"):
                break
        return "paragraph"


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


def _align(element: HtmlElement) -> str:
    align = element.get("align", "").lower()
    return f"text-align:{align}" if align in ("right", "center") else ""


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
