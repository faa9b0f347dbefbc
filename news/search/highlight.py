"""What to show of a text that was found: pieces, of which the marked ones are what was looked for. Whoever renders them
escapes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from news.search.query import Query, Term
from news.search.words import Word, folded, words

_CUT = "…"


class Piece(NamedTuple):
    text: str
    marked: bool


class _Span(NamedTuple):
    start: int
    end: int
    term: Term


def highlight(query: Query, text: str) -> tuple[Piece, ...]:
    """The whole text in pieces: joined they are the text. Of a query with marks only the very same letters are marked,
    where the text has them."""
    return _cut(text, 0, len(text), _spans(query, text))


def snippet(query: Query, text: str, width: int = 240) -> tuple[Piece, ...]:
    """About `width` letters of the text where most of the query stands, "…" where something is left out."""
    if len(text) <= width:
        return highlight(query, text)
    spans = _spans(query, text)
    start, end = _window(text, spans, width)
    before = (Piece(_CUT, False),) if start else ()
    after = (Piece(_CUT, False),) if end < len(text) else ()
    return (*before, *_cut(text, start, end, spans), *after)


def _spans(query: Query, text: str) -> list[_Span]:
    """Where the terms stand, in order, none over another."""
    found = list(words(text))
    exact = _places(query, found, [word.exact for word in found]) if query.accented else []
    spans = exact or _places(query, found, [folded(word.exact) for word in found], fold=True)
    return list(_apart(sorted(spans, key=lambda span: (span.start, -span.end))))


def _places(query: Query, found: Sequence[Word], spellings: Sequence[str], *, fold: bool = False) -> list[_Span]:
    starts: dict[str, list[tuple[Term, list[str]]]] = {}
    for term in query.terms:
        spelling = [folded(word) if fold else word for word in term]
        starts.setdefault(spelling[0], []).append((term, spelling))
    return [
        _Span(found[number].start, found[number + len(spelling) - 1].end, term)
        for number, word in enumerate(spellings)
        for term, spelling in starts.get(word, ())
        if list(spellings[number : number + len(spelling)]) == spelling
    ]


def _apart(spans: Sequence[_Span]) -> Iterator[_Span]:
    end = 0
    for span in spans:
        if span.start >= end:
            yield span
            end = span.end


def _window(text: str, spans: Sequence[_Span], width: int) -> tuple[int, int]:
    """Start and end of the first stretch with the most terms in it, from word to word, with some room before them."""
    best, most = 0, -1
    first = 0
    for number, span in enumerate(spans):
        while spans[first].start < span.end - width * 3 // 4:
            if first == number:
                break
            first += 1
        different = len({one.term for one in spans[first : number + 1]})
        if different > most:
            best, most = spans[first].start, different
    start = max(0, min(best - width // 4, len(text) - width))
    if start:
        space = text.find(" ", start, best)
        start = space + 1 if space >= 0 else best
    end = min(len(text), start + width)
    if end < len(text):
        space = text.rfind(" ", start + width // 2, end)
        end = space if space >= 0 else end
    return start, end


def _cut(text: str, start: int, end: int, spans: Sequence[_Span]) -> tuple[Piece, ...]:
    pieces = []
    at = start
    for span in spans:
        if span.start < start or span.end > end:
            continue
        pieces += [Piece(text[at : span.start], False), Piece(text[span.start : span.end], True)]
        at = span.end
    pieces.append(Piece(text[at:end], False))
    return tuple(piece for piece in pieces if piece.text)
