"""What another way of reading a page changes of its article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from news.article import Article, Kind

FIELDS = ("title", "lead", "published", "modified", "author", "source", "section", "tags")
"""The fields that are compared as they are, beside the body, the images and the attachments."""


@dataclass(frozen=True, slots=True)
class Effect:
    """The difference of two readings of one page. `lines_gone` are lines of the body that only the first has,
    `lines_come` those that only the second has, in their order; `fields` has each other field that reads otherwise, as
    it was and as it is (images and attachments as their addresses). `lost` says why the page counts as no article any
    more, "" where it does; one that was none before has `kind` among the fields."""

    lines_gone: tuple[str, ...] = ()
    lines_come: tuple[str, ...] = ()
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    lost: str = ""

    @property
    def is_nothing(self) -> bool:
        return not (self.lines_gone or self.lines_come or self.fields or self.lost)


def effect(before: Article, after: Article) -> Effect:
    """What turns the first reading into the second."""
    old, new = _lines(before), _lines(after)
    lost = before.kind is Kind.ARTICLE and after.kind is not Kind.ARTICLE
    said, says = dict(_said(before)), dict(_said(after))
    return Effect(
        tuple(_beyond(old, new)),
        tuple(_beyond(new, old)),
        {name: (was, says[name]) for name, was in said.items() if was != says[name]},
        str(after.reason or after.kind) if lost else "",
    )


def _lines(article: Article) -> list[str]:
    return article.body.split("\n") if article.body else []


def _beyond(lines: Sequence[str], others: Sequence[str]) -> Iterator[str]:
    """The lines that the others do not have, or not so often."""
    left = Counter(others)
    for line in lines:
        left[line] -= 1
        if left[line] < 0:
            yield line


def _said(article: Article) -> Iterator[tuple[str, Any]]:
    yield from ((name, getattr(article, name)) for name in FIELDS)
    yield "images", tuple(image.url for image in article.images)
    yield "attachments", tuple(file.url for file in article.attachments)
    yield "kind", str(article.kind)
