"""Places as readers look for them: the units of today, those of yesterday, and where they lie on the map."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from news.clean.text import unaccented
from news.site import Site
from news.territory import names_of, sites_for

_MAP = Path(__file__).parent / "data" / "provinces.toml"
_PREFIXES = ("thanh-pho-", "tinh-", "tp-")
_COMMON = re.compile(r"(?i)^(thành phố|tỉnh)\s+")


class Square(NamedTuple):
    """Where a province lies on the map, in columns from the west and rows from the north."""

    territory: str
    column: int
    row: int


class Archipelago(NamedTuple):
    """Islands out at sea, with the territory that governs them."""

    name: str
    territory: str
    column: int
    row: int


class Place(NamedTuple):
    """A unit of today: its name in full, the sites that speak for it and for what went into it, and those names."""

    territory: str
    sites: tuple[str, ...]
    former: tuple[str, ...]


# The places of the last catalogue: to find them compares every site with every other.
_KEPT: dict[tuple[Any, ...], tuple[Place, ...]] = {}


def short(territory: str) -> str:
    """The name without what kind of unit it is: "Phú Thọ"."""
    name = _COMMON.sub("", territory)
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=4_000)
def slug(name: str) -> str:
    """A place in an address, however it is written: "phu-tho" for "tỉnh Phú Thọ", "Phú Thọ" and "phu tho"."""
    text = re.sub(r"[^a-z0-9]+", "-", unaccented(name)).strip("-")
    for prefix in _PREFIXES:
        text = text.removeprefix(prefix)
    return text


def places(sites: Iterable[Site]) -> tuple[Place, ...]:
    """The units of today for which sites speak, by name."""
    listed = list(sites)
    catalogue = tuple((site.id, site.name, site.territory, site.replaces) for site in listed)
    found = _KEPT.get(catalogue)
    if found is None:
        found = _places(listed)
        _KEPT.clear()
        _KEPT[catalogue] = found
    return found


def find(name: str, sites: Iterable[Site]) -> tuple[Place | None, str]:
    """The unit of today that is meant by a name or a slug, and the name of the former unit where it was one."""
    listed, wanted = places(sites), slug(name)
    for place in listed:
        if wanted and slug(place.territory) == wanted:
            return place, ""
    for place in listed:
        for former in place.former:
            if wanted and slug(former) == wanted:
                return place, former
    return None, ""


@cache
def squares() -> tuple[Square, ...]:
    """The 34 provinces and cities on the map."""
    return tuple(Square(**row) for row in _rows()["province"])


@cache
def archipelagos() -> tuple[Archipelago, ...]:
    return tuple(Archipelago(**row) for row in _rows()["islands"])


def _places(listed: list[Site]) -> tuple[Place, ...]:
    units = {site.territory for site in listed if site.territory}
    found = (Place(unit, sites_for(unit, listed), names_of(unit, listed)[1:]) for unit in units)
    return tuple(sorted(found, key=lambda place: slug(place.territory)))


def _rows() -> dict[str, Any]:
    return tomllib.loads(_MAP.read_text(encoding="utf-8"))
