"""Renders a portal's pages once, leaving holes for what changes at each request (counters, clocks, tickers)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from demo import dirt
from demo.specs import PortalSpec, load, slugify
from demo.truth import DemoArticle, Part

_HOLE = re.compile(rb"\x01(\w+)\x01")
_WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page in its encoding: fixed pieces with the name of a changing figure between each two."""

    pieces: tuple[bytes, ...]

    def fill(self, figures: Mapping[str, bytes]) -> bytes:
        return b"".join(piece if n % 2 == 0 else figures[piece.decode()] for n, piece in enumerate(self.pieces))


@dataclass(frozen=True, slots=True)
class Item:
    """A link to an article in a list."""

    title: str
    url: str
    when: datetime
    lead: str
    views: int


def render(spec: PortalSpec, **context: Any) -> Rendered:
    """A page of the portal. `kind` is article, print, listing, other or missing; see Portal for the rest."""
    text = _environment().get_template(f"{spec.template}.html").render(spec=spec, **load("site.toml"), **context)
    return Rendered(tuple(_HOLE.split(dirt.encode(text, spec.encoding))))


def item(article: DemoArticle, url: str = "") -> Item:
    lead = article.lead or article.body[0]
    return Item(article.title, url or article.path, article.stamp, lead, article.views)


def weekday(day: datetime) -> str:
    return _WEEKDAYS[day.weekday()]


def egov_weekday(day: datetime) -> str:
    """As the portal-egov plugins spell it: capital day, and Saturday with the wrong tone (PORTALS 3c)."""
    return ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bẩy", "Chủ Nhật")[day.weekday()]


def groups(parts: Sequence[Part]) -> Iterator[tuple[str, list[Part]]]:
    """Parts in runs of one kind, so that a template can open one list or table around each run."""
    for kind, run in groupby(parts, key=lambda part: part.kind):
        yield kind, list(run)


def caption(part: Part) -> str:
    """A caption as portals print it, the credit run on."""
    joint = " " if part.text.endswith((".", "!", "?")) else ". "
    return f"{part.text}{joint if part.credit else ''}{part.credit}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).resolve().parent / "templates"),
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined,
    )  # fmt: skip
    environment.filters |= {
        "dirty": dirt.dirty, "spaced": dirt.spaced, "twice": dirt.twice_escaped, "slug": slugify,
        "fmt": lambda day, form: day.strftime(form), "groups": groups, "caption": caption,
        "file": lambda path: path.rpartition("/")[2],
    }  # fmt: skip
    environment.globals |= {
        "live": lambda name: f"\x01{name}\x01", "weekday": weekday, "egov_weekday": egov_weekday,
        "view_state": dirt.view_state, "utc_iso": lambda day: day.isoformat(),
    }  # fmt: skip
    return environment
