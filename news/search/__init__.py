"""Searching articles: what a person asks for, whether a text has it and how well, and what to show of the text.

Words are compared without their marks ("khoa hoc" finds "khoa học"), and a query that was typed with marks puts texts
that have the very same letters first. All of it is pure; `storage.search` holds the index that is asked.
"""

from news.search.highlight import Piece, highlight, snippet
from news.search.index_terms import Entry, index_terms, match, tier_matches
from news.search.query import Query, Term
from news.search.rank import rank
from news.search.words import fold

__all__ = [
    "Entry",
    "Piece",
    "Query",
    "Term",
    "fold",
    "highlight",
    "index_terms",
    "match",
    "rank",
    "snippet",
    "tier_matches",
]
