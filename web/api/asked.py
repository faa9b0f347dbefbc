"""The names that queries may use: what each means, as the OpenAPI document tells it and as a request is read by it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.requests import Request

from news.article import Status
from news.errors import InvalidValue, did_you_mean
from news.selection import Selection
from news.site import SiteKind
from web.asking import known_names, selection_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Name:
    """A name, what it means, and what its value is: one of `choices`, a whole number within `bounds`, or text. Several
    values are given by repetition or with commas."""

    name: str
    says: str
    example: str | int | None = None
    choices: tuple[str, ...] = ()
    bounds: tuple[int, int] | None = None
    usual: str | int | None = None
    several: bool = False
    needed: bool = False

    def parameter(self) -> dict[str, Any]:
        """As OpenAPI 3.1 writes it."""
        schema: dict[str, Any] = {"type": "string"}
        if self.choices:
            schema["enum"] = list(self.choices)
        if self.bounds:
            schema = {"type": "integer", "minimum": self.bounds[0], "maximum": self.bounds[1]}
        if self.several:
            schema = {"type": "array", "items": schema}
        if self.usual is not None:
            schema["default"] = [self.usual] if self.several else self.usual
        told: dict[str, Any] = {"name": self.name, "in": "query", "description": self.says, "schema": schema}
        if self.needed:
            told["required"] = True
        if self.example is not None:
            told["example"] = [self.example] if self.several else self.example
        return told


SELECTION = (
    Name("search", "Id of a saved search, in whose place it stands with whatever else is given.", "bao-so-3"),
    Name("site", "Ids of sites; any of them.", "mst", several=True),
    Name("kind", "Kinds of sites; any of them.", "ministry", tuple(SiteKind), several=True),
    Name("territory", "A province, city or district; the news of its predecessors is found too.", "Đà Nẵng"),
    Name("section", "A site's own section, in any case, with or without accents.", "kinh te"),
    Name("tag", "A keyword of the page, in any case, with or without accents.", "chuyển đổi số"),
    Name("document", "The number of a legal document named in the text.", "57-NQ/TW"),
    Name("story", "Id of a story."),
    Name(
        "q",
        'Words, all of which stand in title, lead or text; "in quotes" one behind the other, -without. Without accents '
        "all spellings are found, with accents the very same come first.",
        "cải cách hành chính",
    ),
    Name("since", "Published then or later: a day of Vietnam, or a time with its offset.", "2026-03-01"),
    Name("until", "Published before.", "2026-04-01T00:00:00+07:00"),
    Name("status", "What is not published needs a token with the scope review.", "published", tuple(Status),
         usual="published", several=True),
    Name("stories", "all: every article of a story, not only the one that stands for it.", "one", ("one", "all"),
         usual="one"),
)  # fmt: skip
CURSOR = Name("cursor", "Where to go on: `next` of the page before.")


def limit(usual: int, most: int) -> Name:
    return Name("limit", "How many at most.", usual, bounds=(1, most), usual=usual)


def some(*names: str) -> tuple[Name, ...]:
    """These names of a selection."""
    return tuple(row for row in SELECTION if row.name in names)


class Asked:
    """A request, read by the names it may use. Raises InvalidValue for others, and for values that they cannot have."""

    def __init__(self, request: Request, names: Sequence[Name] = ()) -> None:
        known_names(request, *(row.name for row in names))
        self.request = request
        self._values: Mapping[str, list[str]] = {row.name: _values(request, row) for row in names}
        self._rows = {row.name: row for row in names}

    def text(self, name: str) -> str:
        """Its value, the usual one where it is not given, "" where there is none."""
        values, usual = self._values[name], self._rows[name].usual
        if values:
            return values[-1]
        return "" if usual is None else str(usual)

    def number(self, name: str) -> int:
        return int(self.text(name))

    def several(self, name: str) -> tuple[str, ...]:
        return tuple(self._values[name])

    def selection(self) -> Selection:
        """The articles that are asked for. Raises Problem where who asks may not see them."""
        return selection_of(self.request)

    def place(self, kind: str, parse: Callable[[str], T]) -> T | None:
        """Where the page before ended; None for the first page. `kind` tells cursors of one order from all others."""
        given = self.text("cursor")
        if not given:
            return None
        try:
            kept, _, place = (
                base64.b64decode(given + "=" * (-len(given) % 4), b"-_", validate=True).decode().partition(":")
            )
            if kept == kind:
                return parse(place)
        except ValueError:  # not base64, not UTF-8, no place
            pass
        raise InvalidValue("cursor: it is none of this list.", "Give `next` of the page before, with the same names.")


def cursor(kind: str, place: object) -> str:
    """What `Asked.place` reads."""
    return base64.urlsafe_b64encode(f"{kind}:{place}".encode()).decode().rstrip("=")


def _values(request: Request, row: Name) -> list[str]:
    given = request.query_params.getlist(row.name)
    if row.several:
        given = [part.strip() for value in given for part in value.split(",")]
    elif len(given) > 1:
        raise InvalidValue(f"{row.name} is given {len(given)} times.", "Give it once.")
    if row.needed and not given:
        raise InvalidValue(f"{row.name} is missing.", f"Give one of {', '.join(row.choices)}.")
    for value in given:
        _check(row, value)
    return given


def _check(row: Name, value: str) -> None:
    if row.choices and value not in row.choices:
        hint = did_you_mean(value, row.choices, f"Use one of {', '.join(row.choices)}.")
        raise InvalidValue(f"{row.name} = {value[:40]!r} is unknown.", hint)
    if row.bounds:
        low, high = row.bounds
        if not (value.isascii() and value.isdecimal() and len(value) < 10 and low <= int(value) <= high):
            raise InvalidValue(f"{row.name} = {value[:40]!r} is no number.", f"Give {low} to {high}.")
