"""Agency marks before a lead: "NDO - ", "(Chinhphu.vn) - ", "BHG - "; and the places that look like them."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from news.clean.text import fold

_CAPITAL = "A-ZĐÀ-ÝĂƠƯẠ-Ỹ"
_DASH = r"\s*[-–—:]+\s*(?=\S)"
_BOXED = re.compile(rf"\s*\((?P<mark>[^()\d]{{2,30}})\)(?:{_DASH}|\.?\s+(?=[{_CAPITAL}“\"]))")
_DASHED = re.compile(rf"\s*\((?P<mark>[^()\d]{{2,30}})\){_DASH}")
_BARE = re.compile(r"\s*(?P<mark>[^\s()-]{2,20}(?: [^\s()-]{2,12}){0,3}?)(?:\s+[-–—:]+\s*|[-–—:]\s+)(?=\S)")
_DOMAIN = re.compile(r"[\w-]{2,30}(?:\.(?:vn|com|net|org|gov))+")
# An abbreviation nobody has listed: capitals alone, as BHG (Báo Hà Giang), BTT, ĐBND.
_ABBREVIATION = re.compile(r"[A-ZĐ]{3,7}")


def take_agency_mark(lead: str) -> tuple[str, str]:
    """The lead without the agency mark at its front, and the agency ("" where there is none). A place before a dash
    ("TP.HCM - ", "(Hà Nội) - ") is a dateline and stays."""
    for pattern in (_BOXED, _BARE):
        found = pattern.match(lead)
        if not found:
            continue
        mark, rest = found["mark"].strip(), lead[found.end() :].strip()
        if is_place(mark):
            return lead, ""
        if is_agency(mark) or (pattern is _BOXED and _DASHED.match(lead)):
            return rest, mark
        if pattern is _BARE and _ABBREVIATION.fullmatch(mark) and _is_new_mark(mark, rest):
            return rest, mark
    return lead, ""


def is_agency(name: str) -> bool:
    """Whether a name is that of an agency or a paper: listed, or the address of a site."""
    return fold(name) in _table()["marks"] or bool(_DOMAIN.fullmatch(name))


def is_place(name: str) -> bool:
    """Whether a name is that of a province or a city, from which reports are dated."""
    return fold(name) in _table()["places"]


def _is_new_mark(mark: str, rest: str) -> bool:
    """Whether an unknown abbreviation stands before the beginning of a sentence ("Sáng 5/3", "Ủy ban nhân dân"); a
    second name behind the dash ("Trung Quốc") makes it a pair of names."""
    opening = rest.lstrip('“"').split(maxsplit=2)[:2]
    if fold(mark) in _table()["subjects"] or len(opening) < 2:
        return False
    first, second = opening
    return first[0].isupper() and not first[1:2].isupper() and (second[0].islower() or second[0].isdigit())


@cache
def _table() -> dict[str, frozenset[str]]:
    rows = tomllib.loads((files("news.clean") / "rules" / "agencies.toml").read_text(encoding="utf-8"))
    return {name: frozenset(map(fold, values)) for name, values in rows.items()}
