"""What of the table of sites is asked for: of which state and kind, and with which words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from fastapi import Request

from news.clean.text import unaccented
from news.errors import InvalidValue
from news.health import WORST, HealthState
from news.site import SiteKind
from web.console.overview import SiteNow
from web.contexts.console.sites import UNKNOWN

_LONGEST = 100
# A site of which nothing is known is behind those that need somebody, and before those that need nobody.
_RANK = {state: rank for rank, state in enumerate(WORST)} | {None: len(WORST) - 1.5}


@dataclass(frozen=True, slots=True)
class Asked:
    """Texts of a query, as they are written there."""

    state: str = ""
    kind: str = ""
    words: str = ""

    @classmethod
    def of(cls, request: Request) -> Asked:
        """Raises InvalidValue for what nobody can ask for."""
        query = request.query_params
        asked = cls(*(query.get(name, "").strip()[:_LONGEST] for name in ("state", "kind", "q")))
        states = (*HealthState, UNKNOWN)
        if asked.state and asked.state not in states:
            raise InvalidValue(f"state = {asked.state!r} is unknown.", f"Use one of {', '.join(states)}.")
        if asked.kind and asked.kind not in list(SiteKind):
            raise InvalidValue(f"kind = {asked.kind!r} is unknown.", f"Use one of {', '.join(SiteKind)}.")
        return asked

    def pairs(self, *, state: str | None = None) -> list[tuple[str, str]]:
        """As a query; with another state where one is given."""
        rows = (("state", self.state if state is None else state), ("kind", self.kind), ("q", self.words))
        return [row for row in rows if row[1]]

    def but_for_the_state(self, one: SiteNow) -> bool:
        """Whether a site is asked for, in whatever state."""
        site = one.site
        if self.kind and site.kind != self.kind:
            return False
        told = _plain(" ".join((site.id, site.name, site.name_en, *site.hosts)))
        return all(word in told for word in _plain(self.words).split())

    def holds(self, one: SiteNow) -> bool:
        """Whether a site is asked for."""
        return (not self.state or state_name(one) == self.state) and self.but_for_the_state(one)


def state_name(one: SiteNow) -> str:
    """The state of a site, as a query has it."""
    return str(one.state) if one.state else UNKNOWN


def urgency(one: SiteNow) -> tuple[float, float, str]:
    """The worst first, and of equals those that lose us most."""
    return _RANK[one.state], -one.per_day if one.state is not HealthState.HEALTHY else 0.0, _plain(one.site.name)


@lru_cache(10_000)
def _plain(text: str) -> str:
    """As people type it in a hurry; of five hundred sites at each look the same."""
    return unaccented(text)
