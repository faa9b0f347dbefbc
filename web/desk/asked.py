"""What an editor asks the queue for, in one set of names for its page, its parts and its links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request

from news.errors import InvalidValue
from news.review.review import Concern, Queue
from news.selection import Selection
from storage.places import SHARES
from storage.queues import QueueFilter
from web.shelf import Shelf

ALL = "all"
"""The queue in which everything lies."""
PERCENT = tuple(round(100 * share) for share in SHARES)
"""Per cent of confidence below which one may look."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A queue (None: all of them), and what limits it; the names of `selection` that there are here are site, kind,
    territory, tag, document and q. `sure`: per cent of confidence that it does not reach."""

    queue: Queue | None
    selection: Selection
    concern: Concern | None = None
    sure: int | None = None
    assigned: str = ""

    @classmethod
    def of(cls, request: Request) -> Asked:
        """What a request asks for. Raises InvalidValue with the name."""
        query = request.query_params
        names = ("site", "kind", "territory", "tag", "document", "q")
        queue = query.get("queue") or str(Queue.NEW)
        sure = query.get("sure", "")
        if sure and sure not in map(str, PERCENT):
            raise InvalidValue(f"sure = {sure[:20]!r} is unknown.", f"Use one of {', '.join(map(str, PERCENT))}.")
        return cls(
            queue=None if queue == ALL else _member(Queue, "queue", queue),
            selection=Selection.parse({name: [value for value in query.getlist(name) if value] for name in names}),
            concern=_member(Concern, "concern", given) if (given := query.get("concern", "")) else None,
            sure=int(sure) if sure else None,
            assigned=query.get("assigned", "")[:100],
        )

    def pairs(self, **without: None) -> list[tuple[str, str]]:
        """The pairs of the query that asks for this, less the names that are given."""
        said = {
            "queue": str(self.queue or ALL),
            "concern": str(self.concern or ""),
            "sure": str(self.sure or ""),
            "assigned": self.assigned,
        }
        selected = [pair for pair in self.selection.to_query() if pair[0] != "status"]
        pairs = [*((name, value) for name, value in said.items() if value), *selected]
        return [(name, value) for name, value in pairs if name not in without]

    def all(self) -> Asked:
        """The same of all queues, words aside."""
        return replace(self, queue=None, selection=self.selection.narrowed(q=""))

    def filter(self, shelf: Shelf) -> QueueFilter:
        """As the store reads it, words aside. Raises InvalidValue for a site or a territory that nobody knows."""
        return QueueFilter(
            queue=self.queue,
            sites=self.selection.sites_of(shelf.sites(), shelf.store.articles.sites),
            concern=self.concern,
            tag=self.selection.tag or None,
            document=self.selection.document or None,
            sure=None if self.sure is None else self.sure / 100,
            assigned=self.assigned or None,
        )


def _member(kind: Any, name: str, value: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        known: Mapping[str, Any] = kind.__members__
        ways = ", ".join(str(one) for one in known.values())
        raise InvalidValue(f"{name} = {value[:40]!r} is unknown.", f"Use one of {ways}.") from None
