"""What a trace of a page consists of: its runs of text, each with what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from lxml.html import HtmlElement

from news.article import Article
from news.extract.linear import Slot
from news.site import Site


class Mark(StrEnum):
    """What became of a run. The value is the published name."""

    KEPT = "kept"  # it is in the body
    REMOVED = "removed"  # it stands where the body does, and a rule took it out
    OUTSIDE = "outside"  # it stands elsewhere
    CAPTION = "caption"
    TITLE = "title"
    LEAD = "lead"
    PUBLISHED = "published"
    AUTHOR = "author"
    SOURCE = "source"


UNREAD = "body:other"
"""The rule of what stands in the body's place and is never read: the words on buttons, a table that lists files."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text that belongs together: a line of the page, or what a box leaves of one on either side of it.

    `rule` says what took it out, or, outside, which boilerplate box it stands in. `line` numbers the lines that were
    read: runs with the same one are parts of it. It is -1 where nobody read. `path` leads a human to its element.
    """

    index: int
    text: str
    mark: Mark
    rule: str
    line: int
    path: str
    slots: tuple[Slot, ...] = field(repr=False, compare=False)

    @property
    def element(self) -> HtmlElement:
        """The innermost element that holds all of it."""
        return common([holder(slot) for slot in self.slots])


@dataclass(frozen=True, slots=True)
class Trace:
    """An article, the runs of its page, and what they were read from. `root` is the page's body element, None where the
    page is no HTML; relative links are relative to `base`."""

    article: Article
    runs: tuple[Run, ...]
    html: bytes | str = field(repr=False, compare=False)
    site: Site | None = field(repr=False, compare=False)
    content_type: str = ""
    root: HtmlElement | None = field(default=None, repr=False, compare=False)
    base: str = ""


def holder(slot: Slot) -> HtmlElement:
    """The element that a piece of text stands in."""
    parent = slot.element.getparent() if slot.tail else None
    return slot.element if parent is None else parent


def common(elements: list[HtmlElement]) -> HtmlElement:
    """The innermost element that is or holds all of these. Raises IndexError for none."""
    found = elements[0]
    for element in elements[1:]:
        around = {element, *element.iterancestors()}
        while found not in around and (parent := found.getparent()) is not None:
            found = parent
    return found
