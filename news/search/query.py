"""What a person asks for, as typed: words that must all be there, phrases in quotes, and what must not, with a "-"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from news.clean.text import squeeze
from news.errors import InvalidValue
from news.search.words import folded, spelt

LONGEST, MOST_WORDS = 200, 16
_QUOTES = str.maketrans("“”„«»", '"""""')
_PART = re.compile(r'(?P<without>-)?(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^\s"]+))')

Term = tuple[str, ...]
"""The exact spellings of words that stand one behind the other: one for a word, several for a phrase."""


class Where(IntEnum):
    """Where in an article a query is found; each holds the ones before it."""

    TITLE = 0
    HEAD = 1  # title and lead
    TEXT = 2  # title, lead and body


class Tier(NamedTuple):
    """How well an article answers: where all terms are, in the very same letters or folded, one behind the other as
    they were typed or anywhere."""

    where: Where
    exact: bool
    together: bool

    def within(self, other: Tier) -> bool:
        """Whether every article of this tier is one of `other` too."""
        return (
            self.where <= other.where
            and self.exact >= other.exact
            and self.together >= other.together
            and self != other
        )


@dataclass(frozen=True, slots=True)
class Query:
    """Articles that have all of `terms` and none of `excluded`. `accented` where a term was typed with marks: then the
    very same letters come first. An excluded term with marks excludes these letters only: `đảng -đang`."""

    terms: tuple[Term, ...]
    excluded: tuple[Term, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Query:
        """The query that was typed. A word with a hyphen or a slash in it ("57-NQ/TW") is a phrase. Raises InvalidValue
        where it names nothing to look for or is too long."""
        # Decomposed letters and what is invisible take room of their own until they are tidied.
        text = squeeze(text[: 8 * LONGEST])
        if len(text) > LONGEST:
            raise InvalidValue(f"The query has more than {LONGEST} letters.", "Look for a few words of it.")
        terms: dict[Term, None] = {}
        excluded: dict[Term, None] = {}
        for part in _PART.finditer(text.translate(_QUOTES)):
            if term := tuple(spelt(part["phrase"] if part["phrase"] is not None else part["word"])):
                (excluded if part["without"] else terms)[term] = None
        if sum(map(len, (*terms, *excluded))) > MOST_WORDS:
            raise InvalidValue(f"The query has more than {MOST_WORDS} words.", "Look for the ones that matter.")
        if not terms:
            raise InvalidValue("The query names no word to look for.", "Write a word that the articles must have.")
        return cls(tuple(terms), tuple(excluded))

    @property
    def accented(self) -> bool:
        return any(map(marked, self.terms))

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """How well an article can answer, the best first. Every article that matches is in the last one."""
        ways = [True, False] if len(self.terms) > 1 else [False]
        return tuple(
            Tier(where, exact, together)
            for exact in ([True, False] if self.accented else [False])
            for where in Where
            for together in ways
        )


def marked(term: Term) -> bool:
    """Whether a term was typed with marks."""
    return any(word != folded(word) for word in term)
