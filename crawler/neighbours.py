"""The stored articles that are alike: found by their signatures, looked at again by their texts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from news.article import Article, StoredArticle
from news.dedupe import (
    ONE_STORY,
    Likeness,
    Neighbour,
    Placement,
    Relation,
    Sketch,
    Text,
    compare,
    place,
    shortlist,
    tail,
)
from storage.connect import Store

# The most promising stand first, and a copy of one issue of a notice is more like that than like any other issue: where
# so many turn out to be others of one form, the rest are more of them.
_ENOUGH_ALIKE = 2


def neighbours(
    store: Store, article: Article, sketch: Sketch | None, fetched: datetime, copies: Sequence[StoredArticle], own: str
) -> list[Neighbour]:
    """What is stored that `article`, whose id is `own`, has to do with. `copies` are the articles of other sites that
    read word for word the same; their number is no matter of signatures, which a short text has not."""
    same = Likeness(Relation.SAME, 1.0, 1.0, "word for word the same")
    found = {other.id: _neighbour(other, same) for other in copies if other.id != own}
    if sketch is not None:
        text = Text.of(article)
        near = store.signatures.near(sketch, article.published or fetched, apart_from=own)
        alike = 0
        for other in store.articles.some([id for id in shortlist(sketch, near) if id not in found]):
            likeness = compare(text, Text.of(other.article))
            if likeness.relation is not Relation.OTHER:
                found[other.id] = _neighbour(other, likeness)
            alike += likeness.relation is Relation.ALIKE
            if alike == _ENOUGH_ALIKE:
                break
    return list(found.values())


def placed(store: Store, own: str, near: Sequence[Neighbour]) -> Placement:
    """Where an article belongs whose story would be `own` if it stood alone."""
    told = {neighbour.story for neighbour in near if neighbour.likeness.relation in ONE_STORY}
    return place(own, near, store.stories.some([own, *told]) if told else {})


def _neighbour(other: StoredArticle, likeness: Likeness) -> Neighbour:
    names = frozenset(name for url in (other.article.url, *other.aliases) if (name := tail(url)))
    return Neighbour(other.id, other.article.site, other.story, likeness, names)
