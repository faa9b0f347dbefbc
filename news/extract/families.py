"""Families of portals: what the pages of one CMS have in common, as data in families/*.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from news.extract.tree import Names
from news.site import Selectors

# Characters of a page's source in which a CMS shows itself, apart from the names of its boxes.
_HEAD, _TAIL = 20_000, 8_000


@dataclass(frozen=True, slots=True)
class Family:
    """One CMS. `marks` are pieces of its boxes' classes and ids (`class="..."`), `signs` pieces of the beginning or end
    of its pages' source, where a CMS names itself and loads its scripts; one of them is enough. `distrust` names date
    sources that are wrong on every page of it; `minutes_lie`: its clock prints seconds where minutes should stand.
    `rank`: 0 for templates of portals, 1 for a CMS that many build upon, 2 for a framework; lower ones are tried first.
    """

    name: str
    marks: tuple[str, ...]
    signs: tuple[str, ...]
    selectors: tuple[Selectors, ...]
    article_urls: tuple[str, ...] = ()
    distrust: tuple[str, ...] = ()
    minutes_lie: bool = False
    rank: int = 0


@cache
def families() -> Mapping[str, Family]:
    """All families by name, in the order in which they are tried (rank, then file name)."""
    folder = files("news.extract") / "families"
    paths = sorted((p for p in folder.iterdir() if p.name.endswith(".toml")), key=lambda p: p.name)
    tables = [tomllib.loads(path.read_text(encoding="utf-8")) for path in paths]
    return {family.name: family for family in sorted(map(_family, tables), key=lambda family: family.rank)}


def recognise(html: str, names: Names, declared: str = "") -> Family | None:
    """The family a site file declares, else the first whose marks the page shows: in its classes and ids, or in the
    beginning or end of its source, where a CMS signs and loads its scripts. Looking for fifty marks in all of a source
    would cost more than parsing it."""
    if declared in families():
        return families()[declared]
    edges = html if len(html) <= _HEAD + _TAIL else f"{html[:_HEAD]}\n{html[-_TAIL:]}"
    return next((family for family in families().values() if _shows(family, names.source, edges)), None)


def _shows(family: Family, named: str, edges: str) -> bool:
    return any(mark in named for mark in family.marks) or any(sign in edges for sign in family.signs)


def _family(table: Mapping[str, object]) -> Family:
    rows = table.get("selectors", [])
    assert isinstance(rows, list)
    return Family(
        name=str(table["name"]),
        marks=_texts(table.get("marks")),
        signs=_texts(table.get("signs")),
        selectors=tuple(Selectors.parse(row) for row in rows),
        article_urls=_texts(table.get("article_urls")),
        distrust=_texts(table.get("distrust")),
        minutes_lie=bool(table.get("minutes_lie")),
        rank=int(str(table.get("rank", 0))),
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()
