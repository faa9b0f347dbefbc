"""What an article of the demo portals truly says: the answer key of the pages which the templates make of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from news.article import Document, Precision


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of an article in reading order.

    `kind`: p (paragraph), h (sub-heading), li (list item), tr (table row, `cells`), q (quotation), fig (picture `src`
    with caption `text` and `credit`, either of which may be empty).
    """

    kind: str
    text: str = ""
    cells: tuple[str, ...] = ()
    src: str = ""
    credit: str = ""

    @property
    def line(self) -> str:
        """The part as a line of the clean body; a picture has none."""
        if self.kind == "fig":
            return ""
        if self.kind == "tr":
            return " | ".join(self.cells)
        return f"- {self.text}" if self.kind == "li" else self.text


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """An article and its truth.

    `published` is what the page tells, to `precision`; `stamp` is the moment the portal published it, which a portal
    may show only in part. `variants` are its other addresses, `print_path` and `other_views` the print, save and mail
    views, which are no addresses of their own. `mark` is an agency mark ("NDO - ") that the page prints at the front of
    the lead.
    `twin_of` ("demo-trieuson/412") names the article of another portal whose text this one repeats.
    """

    portal: str
    number: int
    path: str
    title: str
    lead: str
    parts: tuple[Part, ...]
    stamp: datetime
    published: datetime
    precision: Precision
    variants: tuple[str, ...] = ()
    print_path: str = ""
    other_views: tuple[str, ...] = ()
    modified: datetime | None = None
    author: str = ""
    source: str = ""
    section: str = ""
    mark: str = ""
    tags: tuple[str, ...] = ()
    attachments: tuple[tuple[str, str], ...] = ()
    documents: tuple[Document, ...] = ()
    views: int = 0
    style: str = ""
    twin_of: str = ""

    @property
    def body(self) -> tuple[str, ...]:
        """The lines of the clean body: table rows "a | b", list items "- x"; no title, lead, caption or byline."""
        return tuple(part.line for part in self.parts if part.kind != "fig")

    @property
    def captions(self) -> tuple[str, ...]:
        """Captions in reading order, without credit, each once though the page may print it twice."""
        return tuple(dict.fromkeys(part.text for part in self.parts if part.kind == "fig" and part.text))

    @property
    def images(self) -> tuple[str, ...]:
        return tuple(part.src for part in self.parts if part.kind == "fig")

    @property
    def key(self) -> str:
        return f"{self.portal}/{self.number}"
