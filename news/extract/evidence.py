"""What each source says of a page, and the record of who was believed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from news.clean.boilerplate import Box, boilerplate_boxes
from news.clean.text import fold
from news.extract.families import Family
from news.extract.jsonld import linked_data
from news.extract.linear import Placed, address, placed
from news.extract.meta import itemprops, meta_data
from news.extract.own import OwnRules
from news.extract.tree import Names, may_match, select, text_of
from news.site import Selectors

# What others said is kept where it is no longer than a headline.
_SHORT = 120
# A block of so many letters with so few of them in links is running text.
_PROSE, _PROSE_LINKS = 80, 0.3
# Boxes that are none of the text and say when it was published, by whom, and about what.
TELLING = frozenset({"elements:article-meta", "elements:about-author"})


@dataclass
class Evidence:
    """What each source says of a page; `chosen` remembers which source gave each field, and who said what else.
    `crumbs` is the way to the article from the home page as JSON-LD gives it."""

    tree: HtmlElement
    url: str
    family: Family | None
    selectors: Sequence[tuple[str, Selectors]]
    names: Names
    meta: dict[str, str] = field(default_factory=dict)
    json: dict[str, Any] = field(default_factory=dict)
    crumbs: Sequence[str] = ()
    chosen: dict[str, str] = field(default_factory=dict)

    @cached_property
    def root(self) -> HtmlElement:
        """The body element; the whole page where it has none."""
        body = self.tree.find("body")
        return self.tree if body is None else body

    @cached_property
    def base(self) -> str:
        """What relative links are relative to: the page's <base href>, else its URL."""
        declared = next((link.get("href", "") for link in self.tree.iter("base")), "")
        return address(declared, self.url) or self.url

    @cached_property
    def text(self) -> str:
        """All that a reader could see, on one line."""
        return text_of(self.root)

    @cached_property
    def itemprops(self) -> dict[str, list[HtmlElement]]:
        """The elements of each microdata property."""
        return itemprops(self.tree)

    @cached_property
    def boxes(self) -> dict[HtmlElement, Box]:
        """The page's boilerplate boxes: menus, counters, polls, lists of other news."""
        return boilerplate_boxes(self.root)

    @cached_property
    def blocks(self) -> list[Placed]:
        """The blocks outside of boilerplate boxes, but for those that tell of the article: among them is the body."""
        skip = {box for box, known in self.boxes.items() if known.rule not in TELLING}
        return placed(self.root, self.url, skip=skip)

    @property
    def prose(self) -> int:
        """How many letters of running text the page has outside of boilerplate boxes."""
        return sum(len(b.text) for b, _ in self.blocks if len(b.text) >= _PROSE and b.links < _PROSE_LINKS)

    def headline_at(self, headline: str) -> int | None:
        """Which of the blocks says the headline and nothing else; None where none does."""
        key = fold(headline)
        near = range(len(headline) // 2, 2 * len(headline) + 20)
        texts = (block.text for block, _ in self.blocks)
        return next((n for n, text in enumerate(texts) if key and len(text) in near and fold(text) == key), None)

    @classmethod
    def read(
        cls,
        tree: HtmlElement,
        url: str,
        family: Family | None,
        selectors: Sequence[tuple[str, Selectors]],
        names: Names,
    ) -> Evidence:
        """Reads what only machines see, then takes scripts and styles out of the tree: nobody needs them any more."""
        article, crumbs = linked_data(tree)
        evidence = cls(tree, url, family, selectors, names, meta_data(tree), article, crumbs)
        etree.strip_elements(tree, "script", "style", "noscript", "template", "svg", with_tail=False)
        return evidence

    def select(self, selector: str) -> list[HtmlElement]:
        """The page's elements that a selector names, in document order."""
        return select(self.tree, selector) if may_match(selector, self.names) else []

    @cached_property
    def own(self) -> OwnRules:
        """What the selectors say of the text itself."""
        return OwnRules.of(self.selectors, self.select)

    def selected(self, name: str) -> Iterable[tuple[str, HtmlElement]]:
        for how, selectors in self.selectors:
            named = (element for css in selectors.fields.get(name, ()) for element in self.select(css))
            found = next((e for e in named if e.tag in ("img", "meta", "link") or text_of(e)), None)
            if found is not None:
                yield how, found

    def choose(self, name: str, candidates: Iterable[tuple[str, str]]) -> str:
        """The first candidate that is not empty; what others said instead is kept in the evidence."""
        said = [(how, value) for how, value in candidates if value]
        if not said:
            return ""
        how, value = said[0]
        self.record(name, how, [(other, text) for other, text in said[1:] if fold(text) != fold(value)])
        return value

    def record(self, name: str, how: str, others: Iterable[tuple[str, str]]) -> None:
        """Keep that `how` gave a field, and who said what else: `h1 (not opengraph "Tin tức", jsonld)`."""
        words = dict.fromkeys(other + (f' "{text}"' if len(text) <= _SHORT else "") for other, text in others)
        self.chosen[name] = how + (f" (not {', '.join(words)})" if words else "")
