"""A site's file as the catalogue has it, line by line: what stands at its default is left out, as files leave it out.
Lines that do not count, because operators ordered otherwise, and lines that editors taught beside it say so."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from news.review.rules import SiteRule
from news.site import Selectors, Site


class Of(StrEnum):
    FILE = "file"
    OVERRIDDEN = "overridden"
    TAUGHT = "taught"


class Line(NamedTuple):
    """A line: a heading in brackets, or a key with its value as TOML writes it; both "" between two tables."""

    heading: str = ""
    key: str = ""
    value: str = ""
    of: Of = Of.FILE


def lines(site: Site, rules: Sequence[SiteRule], *, overridden: bool) -> tuple[Line, ...]:
    """The file of a site with the rules that it was taught; `overridden`: another schedule is in force."""
    taught = (Line("[[selectors]]", of=Of.TAUGHT), Line())
    told = list(_keys(site))
    for name, value in _values(site):
        if is_dataclass(value):
            told += _table(f"[{name}]", value, Of.OVERRIDDEN if overridden and name == "schedule" else Of.FILE)
    for source in site.sources:
        told += _table("[[source]]", source, Of.FILE)
    for selectors in site.selectors:
        told += [Line(), Line("[[selectors]]"), *_selectors(selectors, Of.FILE)]
    for rule in rules:
        if rule.holds:
            told += [Line(), taught[0], *_selectors(rule.selectors, Of.TAUGHT)]
    return tuple(told)


def _keys(site: Site) -> Iterator[Line]:
    for name, value in _values(site):
        if not is_dataclass(value) and name not in ("sources", "selectors"):
            yield Line(key=name, value=_toml(value))


def _table(heading: str, value: Any, of: Of) -> list[Line]:
    rows = [Line(key=name, value=_toml(each), of=of) for name, each in _values(value)]
    return [Line(), Line(heading, of=of), *rows] if rows or of is not Of.FILE else []


def _selectors(selectors: Selectors, of: Of) -> Iterator[Line]:
    for name, value in _values(selectors):
        if isinstance(value, Mapping):
            yield from (Line(key=key, value=_toml(each), of=of) for key, each in value.items())
        elif name != "taught":
            yield Line(key=name, value=_toml(value), of=of)


def _values(value: Any) -> Iterator[tuple[str, Any]]:
    """The fields that are not at their default, and are no observations."""
    for field in fields(value):
        each = getattr(value, field.name)
        if not field.metadata.get("observed") and each != _default(field):
            yield field.name, each


def _default(field: Field[Any]) -> Any:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default


def _toml(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, frozenset)):
        return f"[{', '.join(_toml(each) for each in value)}]"
    return json.dumps(value, ensure_ascii=False)
