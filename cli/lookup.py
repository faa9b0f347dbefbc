"""What a person names by an id or an address: an article, a story."""

from __future__ import annotations

from typing import TYPE_CHECKING

from news.errors import BantinError, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config import Config
    from news.article import StoredArticle
    from news.story import Story, Telling
    from storage.connect import Store

# Of a story that nobody has added to there is no row; its articles are counted off the articles.
_MOST = 500


def article(store: Store, named: str, config: Config) -> StoredArticle:
    """The article with this id, or with this among its addresses. Raises BantinError where there is none."""
    found = _article(store, named, config)
    if found is None:
        raise BantinError(f"No article {named!r} is stored.", "`bantin articles list` shows what is.")
    return found


def story(store: Store, named: str, config: Config) -> tuple[Story, tuple[Telling, ...]]:
    """The story with this id, or that of the article so named, and its articles, the first publisher first. Raises
    BantinError where there is none."""
    from news.story import told

    kept, articles = _members(store, named)
    if not articles:
        kept, articles = _members(store, _story_of(store, named, config))
    if kept is not None and articles:
        return kept, told(articles)
    raise BantinError(
        f"There is no story {named!r}, and no article of that name.",
        "`bantin stories list` shows the stories of several articles, `bantin articles list` the articles.",
    )


def _article(store: Store, named: str, config: Config) -> StoredArticle | None:
    from cli import session
    from news.urls import canonical
    from storage.biography import keys_of

    found = store.articles.get(named)
    if found is not None or "/" not in named:
        return found
    try:
        keys = keys_of(store, named, session.catalog(config).for_url(canonical(named)))
    except InvalidValue:
        return None
    return next((found for key in keys if (found := store.articles.by_url(key))), None)


def _story_of(store: Store, named: str, config: Config) -> str:
    stored = _article(store, named, config)
    return stored.story if stored else ""


def _members(store: Store, id: str) -> tuple[Story | None, Sequence[StoredArticle]]:
    """What is kept of a story, and its articles; of one that never had two, what would be kept."""
    from news.story import Story
    from storage.articles import ArticleFilter

    kept = store.stories.get(id)
    if kept is not None:
        return kept, store.articles.some(kept.members)
    found = store.articles.find(ArticleFilter(stories=(id,)), limit=_MOST)
    if not found:
        return None, ()
    joined = sorted(found, key=lambda stored: (stored.first_seen, stored.id))
    return Story(id, tuple(stored.id for stored in joined), joined[-1].first_seen), found
