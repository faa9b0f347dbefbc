"""The portals as data: data/portals.toml read into PortalSpec, and the addresses it makes for articles and listings."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent / "data"
TRACKING = frozenset({"utm_source", "utm_medium", "utm_campaign", "fbclid", "redirect"})


@dataclass(frozen=True, slots=True)
class PortalSpec:
    """A row of data/portals.toml; the comment at its head says what the patterns may hold."""

    id: str
    template: str
    name: str
    host: tuple[str, ...]
    area: str
    places: tuple[str, ...]
    units: tuple[str, ...]
    sections: tuple[str, ...]
    articles: int
    first_id: int
    latest: datetime
    hours: tuple[int, int]
    precision: str
    per_page: int
    article: str
    listing: str
    paging: str
    print: str
    variants: tuple[str, ...] = ()
    other_views: tuple[str, ...] = ()
    disallow: tuple[str, ...] = ()
    encoding: str = "utf-8"
    canonical: str = ""
    feed: str = ""
    feed_dates: str = "rfc"
    sitemap: str = ""
    day_archive: str = ""
    mark: str = ""
    source: str = ""
    crawl_delay: float = 0.0
    case_blind: bool = False
    soft_404: bool = False

    def addresses(self, number: int, title: str, section: str, stamp: datetime) -> dict[str, Any]:
        """Every address of an article: `path`, `variants`, `print_path`, `other_views`."""
        slug = slugify(title)
        names = {
            "id": number, "slug": slug, "slug50": slug[:50].rstrip("-"), "d": stamp, **self._section(section),
        }  # fmt: skip
        return {
            "path": self.article.format(**names),
            "variants": tuple(pattern.format(**names) for pattern in self.variants),
            "other_views": tuple(pattern.format(**names) for pattern in self.other_views),
            "print_path": self.print.format(**names),
        }

    def listing_path(self, section: str, page: int = 1) -> str:
        pattern = self.listing if page == 1 else self.paging
        return pattern.format(n=page, **self._section(section))

    def archive_path(self, day: datetime) -> str:
        return self.day_archive.format(d=day)

    def _section(self, section: str) -> dict[str, Any]:
        return {"section": slugify(section), "sno": self.sections.index(section) + 1}

    def route(self, target: str) -> str:
        """The one form of a request target under which a page is known: tracking off, parameters in order."""
        path, _, query = target.partition("?")
        kept = sorted(pair for pair in query.split("&") if pair and pair.partition("=")[0] not in TRACKING)
        key = path + ("?" + "&".join(kept) if kept else "")
        return key.lower() if self.case_blind else key


@cache
def portal_specs() -> tuple[PortalSpec, ...]:
    return tuple(_spec(row) for row in load("portals.toml")["portal"])


@cache
def load(name: str) -> Mapping[str, Any]:
    """A file of demo/data."""
    return tomllib.loads((DATA / name).read_text("utf-8"))


def slugify(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:110].rstrip("-")


def _spec(row: Mapping[str, Any]) -> PortalSpec:
    tuples = {f.name for f in fields(PortalSpec) if str(f.type).startswith("tuple")}
    values: dict[str, Any] = {name: tuple(value) if name in tuples else value for name, value in row.items()}
    return PortalSpec(**values)
