"""What an article is in the index, and what the index is asked: words with a sign before them, in SQLite's FTS5.

All is in one column, so that one expression can join a word of the text, a site and what is not wanted:
`khoa` stands in the text, `~khoa` in title or lead, `^khoa` in the title; `=học`, `~=học`, `^=học` are the same with
their marks; `@...` is the site. `|` parts title, lead and body, over which no phrase reaches. Signs make lists of their
own: to look for a title one need not go through all texts.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from news.search.query import Query, Term, Tier, Where, marked
from news.search.words import folded, spelt

TOKENIZER = "ascii tokenchars '~^=@|'"
"""For FTS5, which only splits at spaces: words are cut and folded here, so that queries are read as texts are."""

_SIGN = {Where.TITLE: "^", Where.HEAD: "~", Where.TEXT: ""}
_EXACT, _SITE, _PART = "=", "@", "|"


@dataclass(frozen=True, slots=True)
class Entry:
    """What of an article is searched."""

    site: str
    title: str
    lead: str
    body: str


def index_terms(entry: Entry) -> str:
    """An article as the index takes it."""
    title, lead, body = spelt(entry.title), spelt(entry.lead), spelt(entry.body)
    head = [*title, _PART, *lead]
    places = ((Where.TEXT, [*head, _PART, *body]), (Where.HEAD, head), (Where.TITLE, title))
    lists = [_signed(words, where, exact=exact) for where, words in places for exact in (False, True)]
    return " ".join((*lists, _site(entry.site)))


def match(query: Query, sites: Collection[str] | None = None) -> str:
    """The expression of all articles that match, of these sites."""
    return _limited(query, _all(query, query.tiers[-1]), [], sites)


def tier_matches(query: Query, sites: Collection[str] | None = None) -> list[str]:
    """The expressions of the query's tiers: of each the articles that are in none before it."""
    tiers = query.tiers
    made = []
    for number, tier in enumerate(tiers):
        earlier = tiers[:number]
        widest = [one for one in earlier if not any(one.within(other) for other in earlier)]
        made.append(_limited(query, _all(query, tier), [_all(query, one) for one in widest], sites))
    return made


def _limited(query: Query, wanted: str, without: list[str], sites: Collection[str] | None) -> str:
    unwanted = [*without, *(_phrase(term, Where.TEXT, exact=marked(term)) for term in query.excluded)]
    expression = f"({wanted})"
    if unwanted:
        expression = f"({expression} NOT ({' OR '.join(unwanted)}))"
    if sites is not None:
        expression += f" AND ({' OR '.join(_quoted(_site(site)) for site in sorted(sites))})"
    return expression


def _all(query: Query, tier: Tier) -> str:
    if tier.together:
        return _phrase(tuple(word for term in query.terms for word in term), tier.where, exact=tier.exact)
    return f"({' AND '.join(_phrase(term, tier.where, exact=tier.exact) for term in query.terms)})"


def _phrase(term: Term, where: Where, *, exact: bool) -> str:
    return _quoted(_signed(term, where, exact=exact))


def _signed(words: Collection[str], where: Where, *, exact: bool) -> str:
    sign = _SIGN[where] + (_EXACT if exact else "")
    return " ".join(sign + (word if exact else folded(word)) for word in words)


def _site(site: str) -> str:
    return _SITE + site.encode().hex()  # a hyphen would part it


def _quoted(text: str) -> str:
    return f'"{text}"'  # words and signs hold no quote
