"""Today's administrative units and yesterday's: a reader who asks for one finds the news of the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from news.clean.text import unaccented
from news.site import Site


def unit_of(site: Site) -> str:
    """Whom a site speaks for: its territory, or itself where it has none (a ministry, a newspaper)."""
    return site.territory or site.name


def names_of(unit: str, sites: Iterable[Site]) -> tuple[str, ...]:
    """A unit and all that went into it, near and far: a predecessor may have had predecessors of its own."""
    replaced = _replaced(sites)
    found: dict[str, None] = {unit: None}
    waiting = [unit]
    while waiting:
        for name in replaced.get(_key(waiting.pop()), ()):
            if name not in found:
                found[name] = None
                waiting.append(name)
    return tuple(found)


def successor_of(unit: str, sites: Iterable[Site]) -> str:
    """The unit of today into which one of yesterday went; "" for one that stands, or that nobody knows."""
    listed = list(sites)
    if any(_key(unit_of(site)) == _key(unit) for site in listed):
        return ""
    return next((unit_of(site) for site in listed if _key(unit) in map(_key, site.replaces)), "")


def sites_for(unit: str, sites: Iterable[Site]) -> tuple[str, ...]:
    """The ids of the sites whose news a filter for `unit` finds: its own, those of its predecessors, and for a unit of
    yesterday that has no site any more that of its successor. Case and accents of `unit` do not matter."""
    listed = list(sites)
    wanted = {_key(name) for name in names_of(unit, listed)}
    found = tuple(site.id for site in listed if _key(unit_of(site)) in wanted)
    if found:
        return found
    successor = successor_of(unit, listed)
    return tuple(site.id for site in listed if successor and unit_of(site) == successor)


def _replaced(sites: Iterable[Site]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for site in sites:
        key = _key(unit_of(site))
        found[key] = (*found.get(key, ()), *site.replaces)
    return found


def _key(name: str) -> str:
    """A unit's name as people write it: with or without accents and "tỉnh", "TP" for "thành phố"."""
    text = unaccented(name)
    for prefix in ("tinh ", "thanh pho ", "tp "):
        text = text.removeprefix(prefix)
    return text
