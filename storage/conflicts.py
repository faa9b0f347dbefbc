"""What ends a write because of what another one did."""

from __future__ import annotations

from news.article import StoredArticle
from news.errors import BantinError


class AlreadyStored(Exception):
    """Somebody else was first: another article has a key or the fingerprint, the article was changed meanwhile, or one
    that is alike was stored since the neighbours were looked for. Look again and decide anew."""


class NothingToDo(Exception):
    """Ends a transaction that found its work done."""


class Stale(BantinError):
    """An editor decided about an article that is no more as that editor saw it: `current` is how it is now, `why` in
    words what became of it."""

    def __init__(self, current: StoredArticle, why: str) -> None:
        self.current, self.why = current, why
        super().__init__(f"{current.id} is not as it was: {why}.", "Look at it as it is now, and decide again.")

    def __reduce__(self) -> tuple[type[BantinError], tuple[StoredArticle, str]]:  # type: ignore[override]
        return type(self), (self.current, self.why)
