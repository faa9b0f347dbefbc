"""Where an article lies at the desk, as one list that an index can hold: each of its queues, and each queue with each
thing that the desk filters by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from news.article import StoredArticle

EVERYTHING = "all"
"""The queue in which everything lies. Of it only what is open about articles is listed here, who is to see to them and
how sure extraction was: all else is found by indexes of its own."""
SHARES = (0.5, 0.7, 0.9)
"""The confidences below which articles can be looked for."""


def place(queue: str, name: str = "", value: str = "") -> str:
    """The words for a queue, and for what in it has such a value."""
    return f"{queue}/{name}={value}" if name else queue


def review_fields(stored: StoredArticle, labels: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What is open about an article as it is stored; `labels` are its tags and documents as they are looked for."""
    review = stored.review
    of_all = [
        *(("concern", str(concern)) for concern in review.concerns),
        *([("to", review.assigned)] if review.assigned else []),
        *(("below", f"{share:g}") for share in SHARES if stored.article.confidence < share),
    ]
    facets = [*of_all, *((name, value) for name in ("tags", "documents") for value in labels[name])]
    places = [place(str(queue), *facet) for queue in review.queues for facet in [(), *facets]]
    places += [place(EVERYTHING, *facet) for facet in of_all]
    return {**review.to_json(), "weight": review.weight, "places": places}
