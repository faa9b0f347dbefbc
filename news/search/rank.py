"""How well a text answers a query, read from the text itself: what the index says of it too."""

from __future__ import annotations

from collections.abc import Mapping

from news.search.index_terms import Entry
from news.search.query import Query, Term, Tier, Where, marked
from news.search.words import folded, spelt


def rank(query: Query, entry: Entry) -> int | None:
    """The place of an article's tier in `query.tiers`, 0 for the best; None where it does not match."""
    title, lead, body = (spelt(text) for text in (entry.title, entry.lead, entry.body))
    head = [*title, "|", *lead]
    words = {Where.TITLE: title, Where.HEAD: head, Where.TEXT: [*head, "|", *body]}
    lines = {(where, exact): _line(words[where], exact=exact) for where in Where for exact in (True, False)}
    if any(_said(lines[Where.TEXT, marked(term)], term, exact=marked(term)) for term in query.excluded):
        return None
    return next((number for number, tier in enumerate(query.tiers) if _answers(lines, query, tier)), None)


def _answers(lines: Mapping[tuple[Where, bool], str], query: Query, tier: Tier) -> bool:
    line = lines[tier.where, tier.exact]
    if tier.together:
        return _said(line, tuple(word for term in query.terms for word in term), exact=tier.exact)
    return all(_said(line, term, exact=tier.exact) for term in query.terms)


def _said(line: str, term: Term, *, exact: bool) -> bool:
    return _line(term, exact=exact) in line


def _line(words: list[str] | Term, *, exact: bool) -> str:
    return f" {' '.join(word if exact else folded(word) for word in words)} "
