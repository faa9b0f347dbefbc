"""What the routes read: the published articles of a store, under the names that readers know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from http import HTTPStatus

from news.article import Status, StoredArticle
from storage.articles import ArticleFilter, place
from storage.connect import Store
from web.problems import Problem


@dataclass(frozen=True, slots=True)
class Shelf:
    """`names` is site id to site name; `address` the public address of the app, without a slash at its end."""

    store: Store
    names: Mapping[str, str]
    address: str

    def latest(self, site: str, limit: int, after: str = "") -> list[StoredArticle]:
        """Published articles, newest first. Raises Problem for a site or a place that does not exist."""
        self._require(site)
        only = ArticleFilter(site=site or None, status=Status.PUBLISHED)
        return self.store.articles.find(only, limit=limit, after=_parse_place(after) if after else None)

    def article(self, id: str) -> StoredArticle:
        """The article as readers may see it. Raises Problem where they may not."""
        stored = self.store.articles.get(id)
        if stored and stored.status is Status.RETRACTED:
            raise Problem(HTTPStatus.GONE, f"{stored.article.title!r} was taken down.")
        if stored is None or stored.status is not Status.PUBLISHED:
            raise Problem(HTTPStatus.NOT_FOUND, f"There is no article {id!r}.")
        return stored

    def _require(self, site: str) -> None:
        if not site or site in self.names or site in self.store.articles.sites():
            return
        near = get_close_matches(site, self.names, n=3, cutoff=0.5)
        hint = f"Did you mean {' or '.join(near)}?" if near else ""
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"site: there is no site {site!r}.", hint)


def place_of(stored: StoredArticle) -> str:
    """Where a list goes on behind this article, as a query value."""
    when, id = place(stored)
    return f"{when.isoformat()}~{id}"


def _parse_place(text: str) -> tuple[datetime, str]:
    when, _, id = text.partition("~")
    try:
        moment = datetime.fromisoformat(when)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not id:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"after: {text!r} is no place in the list.")
    return moment, id
