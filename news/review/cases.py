"""What a page is to give by the rules of its site: a regression case, and how today's reading differs from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from news.article import Article, Kind, Page
from news.reading import read
from news.site import Site

JUDGED = (
    "kind", "title", "section", "lead", "body", "published", "published_precision", "modified", "author", "source",
    "language", "tags", "images", "attachments", "documents",
)  # fmt: skip
"""What a person can judge by looking at a page; how it was found is no expectation."""


class Difference(NamedTuple):
    """A field that reads otherwise than expected, in the public shape of both."""

    field: str
    expected: Any
    found: Any


@dataclass(frozen=True, slots=True)
class Case:
    """The page of an article on which the rule `rule` was taught, and what it gave then."""

    rule: str
    site: str
    article_id: str
    page: Page
    expected: Mapping[str, Any]

    def differences(self, site: Site | None) -> tuple[Difference, ...]:
        """Field by field, what the page gives by the rules of `site` and should not."""
        found = read(self.page, site).to_json()
        return tuple(
            Difference(name, wanted, found[name]) for name, wanted in self.expected.items() if found[name] != wanted
        )


def expectation(article: Article) -> dict[str, Any]:
    """What a person is to confirm or correct; of a page without an article only that."""
    found = article.to_json()
    return {name: found[name] for name in (JUDGED if article.kind is Kind.ARTICLE else ("kind",))}
