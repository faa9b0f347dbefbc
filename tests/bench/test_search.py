"""What bench.search concludes, and that the articles it makes up are found by what it asks."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from bench.search import Asked, Beside, Built, Library, _judged, _outcome
from news.search import Query, rank

OURS = Beside(1.0, 1_000, [1.0] * 40, 0.0, 0.0, 0.0)


def outcome(alone: float, own: Beside = OURS) -> list[str]:
    asked = [Asked("rare word", "ma1", {})] * 40
    made = _outcome(1_000_000, Built(9.0, 10**9, 90.0), asked, [alone] * 40, [1.0] * 40, 90.0, 1_000, OURS, own)
    return [figure.name for figure in made.figures if not figure.ok]


def test_a_slow_search_or_a_wrong_one_misses_its_target() -> None:
    assert outcome(1.0) == []
    assert outcome(101.0) == ["search among 1,000,000, one client, p95"]
    assert outcome(1.0, replace(OURS, wrong=2.0)) == ["the first for đảng that have no đảng"]


def test_who_folds_no_d_and_joins_with_or_is_wrong() -> None:
    texts = {row.id: row.entry for row in Library().rows(30)}

    def right(text: str, limit: int) -> list[str]:
        ranks = {id: rank(Query.parse(text), entry) for id, entry in texts.items()}
        found = [id for id, place in ranks.items() if place is not None]
        return sorted(found, key=lambda id: ranks[id] or 0)[:limit]

    def one_of(text: str, limit: int) -> list[str]:
        return list(dict.fromkeys(id for word in text.split() for id in right(word, limit)))[:limit]

    assert _judged(right, texts) == (0.0, 0.0, 0.0)
    assert _judged(one_of, texts)[2] > 0


def test_what_is_asked_is_there_to_be_found() -> None:
    library = Library()
    entries = [row.entry for row in library.rows(50)]
    asked = [one for one in islice(library.asked(50, 3), 60) if one.kind in ("rare word", "common word")]
    assert any(rank(Query.parse(one.text), entry) is not None for one in asked for entry in entries)
