"""Which articles a reader asks for: one set of names for feeds, API, exports, webhooks and saved searches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from news.article import VIETNAM, Status
from news.errors import InvalidValue, did_you_mean
from news.site import Site, SiteKind
from news.territory import sites_for

# Longer than any name, number or query that a person gives.
_LONGEST = 200
_LISTED = "/api/v1/sites lists those there are."
_MOST_SITES = 200  # what MongoDB merges in the order of an index (internalQueryMaxScansToExplode)


@dataclass(frozen=True, slots=True)
class Selection:
    """What is asked for; what is empty does not matter, and what is given must all hold.

    `search` is the id of a saved one, in whose place it stands with whatever else is given. `site` ids and `kind`s: any
    of them. `territory` finds the news of its predecessors too, and `section`, `tag` and `document` (the number of a
    legal document) in any case and without accents. `q` are words as news.search reads them. Published at `since` or
    later and before `until`. `each`: every article of a story, not only the one that stands for it. `status` may hold
    more than the published ones.
    """

    search: str = ""
    site: tuple[str, ...] = ()
    kind: tuple[SiteKind, ...] = ()
    territory: str = ""
    section: str = ""
    tag: str = ""
    document: str = ""
    story: str = ""
    q: str = ""
    since: datetime | None = None
    until: datetime | None = None
    status: tuple[Status, ...] = (Status.PUBLISHED,)
    each: bool = False

    def __post_init__(self) -> None:
        for name in _TEXTS:
            value = getattr(self, name)
            if len(value) > _LONGEST or "\0" in value:
                raise InvalidValue(f"{name} is no text of at most {_LONGEST} characters.", "Shorten it.")
        for name in ("since", "until"):
            when = getattr(self, name)
            if when is not None and when.tzinfo is None:
                raise InvalidValue(f"{name} = {when} has no time zone.", "Write 2026-03-01T00:00:00+07:00.")
        if len(self.site) > _MOST_SITES:
            raise InvalidValue(f"{len(self.site)} sites are named.", f"Name {_MOST_SITES} at most, or a kind.")
        if not self.status:
            raise InvalidValue("status is empty.", f"Use one of {', '.join(Status)}.")

    @classmethod
    def parse(cls, given: Mapping[str, Sequence[str]]) -> Selection:
        """The selection of a query (name -> values, several by repetition or with commas); names it does not know are
        left alone. Raises InvalidValue with the name and what it may be."""
        values: dict[str, Any] = {name: _last(given, name) for name in _TEXTS}
        values["site"] = _several(given, "site")
        values["kind"] = tuple(_member(SiteKind, "kind", value) for value in _several(given, "kind"))
        if status := _several(given, "status"):
            values["status"] = tuple(_member(Status, "status", value) for value in status)
        for name in ("since", "until"):
            values[name] = moment_of(name, text) if (text := _last(given, name)) else None
        stories = _last(given, "stories")
        if stories not in ("", "one", "all"):
            raise InvalidValue(f"stories = {stories!r} is unknown.", "Use one, or all for every article of a story.")
        return cls(**values, each=stories == "all")

    def to_query(self) -> list[tuple[str, str]]:
        """The pairs of a query that `parse` reads as this selection: the same pairs for the same selection."""
        pairs = [(name, value) for name in ("site", "kind") for value in sorted(map(str, getattr(self, name)))]
        pairs += [(name, getattr(self, name)) for name in _TEXTS if getattr(self, name)]
        pairs += [(name, when.isoformat()) for name in ("since", "until") if (when := getattr(self, name))]
        if self.status != (Status.PUBLISHED,):
            pairs += [("status", str(status)) for status in sorted(self.status)]
        return pairs + ([("stories", "all")] if self.each else [])

    def over(self, base: Selection) -> Selection:
        """The selection of a saved search with what this one says besides; what both say is as here."""
        plain = Selection()
        said = {field.name: getattr(self, field.name) for field in fields(self)} | {"search": ""}
        return replace(base, **{name: value for name, value in said.items() if value != getattr(plain, name)})

    def narrowed(self, **given: Any) -> Selection:
        """The selection with other values for some names."""
        return replace(self, **given)

    def sites_of(
        self, catalogue: Mapping[str, Site], stored: Callable[[], Iterable[str]] = tuple
    ) -> tuple[str, ...] | None:
        """The ids of the sites that it allows; None for all. `stored` gives the sites of which there are articles, and
        is asked where the catalogue does not know one. Raises InvalidValue for a site or a territory that is unknown.
        """
        unknown = [id for id in self.site if id not in catalogue]
        for id in set(unknown) - set(stored() if unknown else ()):
            raise InvalidValue(f"site: there is no site {id!r}.", did_you_mean(id, catalogue, _LISTED))
        allowed = set(self.site) if self.site else None
        if self.kind:
            of_kind = {id for id, site in catalogue.items() if site.kind in self.kind}
            allowed = of_kind if allowed is None else allowed & of_kind
        if self.territory:
            there = set(sites_for(self.territory, catalogue.values()))
            if not there:
                known = sorted({site.territory for site in catalogue.values() if site.territory})
                raise InvalidValue(
                    f"territory: {self.territory!r} is unknown.", did_you_mean(self.territory, known, _LISTED)
                )
            allowed = there if allowed is None else allowed & there
        return None if allowed is None else tuple(sorted(allowed))


_TEXTS = ("search", "territory", "section", "tag", "document", "story", "q")
NAMES = (*(field.name for field in fields(Selection) if field.name != "each"), "stories")
"""The names that a query may use."""


def moment_of(name: str, text: str) -> datetime:
    """A moment as people write it: a day is its beginning in Vietnam, and so is a time without zone read. Raises
    InvalidValue."""
    try:
        # A plus sign that was not escaped arrives as a space.
        when = datetime.fromisoformat(text.strip().replace(" 0", "+0") if "T" in text else text.strip())
    except ValueError:
        raise InvalidValue(
            f"{name} = {text[:40]!r} is no date.", "Write 2026-03-01 or 2026-03-01T08:30:00+07:00."
        ) from None
    offset = when.utcoffset()
    if offset is not None and offset % timedelta(minutes=1):
        raise InvalidValue(f"{name} = {text[:40]!r} has no usual zone.", "Write +07:00, or Z for UTC.")
    return when if when.tzinfo else when.replace(tzinfo=VIETNAM)


def _several(given: Mapping[str, Sequence[str]], name: str) -> tuple[str, ...]:
    parts = (part.strip() for value in given.get(name, ()) for part in value.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def _last(given: Mapping[str, Sequence[str]], name: str) -> str:
    values = given.get(name, ())
    return values[-1].strip() if values else ""


def _member(kind: Any, name: str, value: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise InvalidValue(f"{name} = {value[:40]!r} is unknown.", f"Use one of {', '.join(kind)}.") from None
