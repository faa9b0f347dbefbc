"""Agencies and places with what is new there, as lists and as a map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from news.site import Site, SiteKind
from web.contexts.dates import counted, machine, moment_of
from web.contexts.directories import Entry, Former, Group, Islands, PlacesPage, Tile
from web.contexts.frame import Frame, Link, article_path
from web.glance import Seen
from web.pages import names_in
from web.places import Place, archipelagos, places, short, slug, squares

_AGENCIES = (SiteKind.MINISTRY, SiteKind.AGENCY, SiteKind.PARTY, SiteKind.PRESS)
# A tile and the gap behind it, in the units of the map.
_WIDE, _HIGH, _GAP = 110, 50, 6
_LEVELS = 4


def agencies(frame: Frame, sites: Mapping[str, Site], seen: Seen) -> tuple[Group, ...]:
    """The sites that speak for no place, by kind and name."""
    names = names_in(frame.language, sites)
    groups = []
    for kind in _AGENCIES:
        ids = sorted((id for id, site in sites.items() if site.kind is kind), key=lambda id: slug(names[id]))
        entries = tuple(_entry(frame, names[id], f"/sites/{id}", (id,), seen) for id in ids)
        groups.append(Group(frame.texts.kinds[kind], str(kind), entries))
    return tuple(group for group in groups if group.entries)


def places_page(frame: Frame, sites: Mapping[str, Site], seen: Seen, unknown: str) -> PlacesPage:
    """The map, the same as a list, and the units of yesterday. `unknown` was looked for and is nowhere."""
    known = {place.territory: place for place in places(sites.values())}
    drawn = {square.territory for square in squares()}
    columns = 1 + max(square.column for square in squares())
    rows = 1 + max(square.row for square in squares())
    return PlacesPage(
        frame=frame,
        unknown=unknown,
        width=columns * (_WIDE + _GAP),
        height=rows * (_HIGH + _GAP),
        tile=(_WIDE, _HIGH),
        tiles=_tiles(frame, known, seen),
        islands=tuple(
            Islands(
                name=islands.name,
                label=f"{islands.name} ({short(islands.territory)})",
                link=_link(frame, islands.territory) if islands.territory in known else "",
                x=islands.column * (_WIDE + _GAP),
                y=islands.row * (_HIGH + _GAP),
            )
            for islands in archipelagos()
        ),
        places=tuple(_place(frame, place, seen) for name, place in known.items() if name in drawn),
        others=tuple(_place(frame, place, seen) for name, place in known.items() if name not in drawn),
        former=_former(frame, known.values()),
    )


def _tiles(frame: Frame, known: Mapping[str, Place], seen: Seen) -> tuple[Tile, ...]:
    counts = {name: _this_week(place.sites, seen) for name, place in known.items()}
    most = max((counts.get(square.territory, 0) for square in squares()), default=0)
    tiles = []
    for square in squares():
        name, place = short(square.territory), known.get(square.territory)
        count = counts.get(square.territory, 0)
        said = _said(frame, count) if place else frame.texts.map_no_site
        tiles.append(
            Tile(
                name=name,
                label=f"{name}: {said}" if said else name,
                link=_link(frame, square.territory) if place else "",
                articles=counted(count, frame.texts.articles, frame.texts) if count else "",
                level=-(-_LEVELS * count // most) if most else 0,
                x=square.column * (_WIDE + _GAP),
                y=square.row * (_HIGH + _GAP),
            )
        )
    return tuple(tiles)


def _place(frame: Frame, place: Place, seen: Seen) -> Entry:
    path = f"/dia-phuong/{slug(place.territory)}"
    former = tuple(Link(short(name), frame.link(f"/dia-phuong/{slug(name)}")) for name in place.former)
    return _entry(frame, short(place.territory), path, place.sites, seen, former)


def _entry(
    frame: Frame, name: str, path: str, sites: tuple[str, ...], seen: Seen, former: tuple[Link, ...] = ()
) -> Entry:
    """One row, with the newest article of its sites."""
    found = [seen.newest[id] for id in sites if id in seen.newest]
    newest = max(found, key=lambda row: (row.published.timestamp() if row.published else 0, row.id), default=None)
    if newest is None:
        return Entry(name, frame.link(path), former=former)
    when, texts = newest.published, frame.texts
    return Entry(
        name=name,
        link=frame.link(path),
        newest=newest.title or newest.id,
        newest_link=frame.link(article_path(newest.id)),
        when=moment_of(when, texts, newest.precision) if when else texts.undated,
        moment=machine(when, newest.precision),
        this_week=_said(frame, _this_week(sites, seen)),
        former=former,
    )


def _former(frame: Frame, known: Iterable[Place]) -> tuple[Former, ...]:
    rows = [
        Former(short(name), frame.link(f"/dia-phuong/{slug(name)}"), short(place.territory))
        for place in known
        for name in place.former
    ]
    return tuple(sorted(rows, key=lambda row: slug(row.name)))


def _this_week(sites: Iterable[str], seen: Seen) -> int:
    return sum(seen.this_week.get(id, 0) for id in sites)


def _said(frame: Frame, count: int) -> str:
    texts = frame.texts
    return texts.this_week.format(count=counted(count, texts.articles, texts)) if count else ""


def _link(frame: Frame, territory: str) -> str:
    return frame.link(f"/dia-phuong/{slug(territory)}")
