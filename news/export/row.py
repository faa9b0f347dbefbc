"""What stands for an article in an export: the article, or that it is gone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from news.article import Page, Status, StoredArticle

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Row:
    """`cursor` is where an export goes on behind this row. Without `stored` the article is not to be shown any more:
    it was taken down, or is none that was asked for. `page` where a format wants it and it is kept."""

    id: str
    status: Status
    cursor: str
    stored: StoredArticle | None
    page: Page | None = None

    def to_json(self) -> dict[str, Any]:
        """The public shape: the names of docs/api.md. A removal has only these four of them."""
        if self.stored is None:
            return {"id": self.id, "status": str(self.status), "deleted": True, "cursor": self.cursor}
        return {**self.stored.to_public_json(), "deleted": False, "cursor": self.cursor}


def encodable(text: str) -> str:
    """The text with halves of surrogate pairs, which no UTF-8 can hold, replaced by U+FFFD."""
    # isascii is a flag of the string, so the common case costs nothing.
    return text if text.isascii() else _LONE_SURROGATE.sub("\ufffd", text)
