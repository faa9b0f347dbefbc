"""Addresses of one make -> one regular expression, found by what they have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

_ID_PARAMETER = re.compile(
    r"(?:id|\w*(?:news|article|item|content|post)id|bvid|tinid|idtin|id_?tin|id_?bai\w*|ddocname|aid|nid|p)$",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?:19|20)\d{2}-\d{1,2}-\d{1,2}")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_NUMBERED = re.compile(r"(.*[^\W\d_].*?)([-_.](?:post|art|ar|tin|id|d|c|n|p)?)(\d{2,})", re.IGNORECASE)


class Make(NamedTuple):
    """How an address is made: the kinds of its segments, the ending of the last, the parameters that hold an id."""

    folders: tuple[str, ...]
    last: str
    joint: str
    ending: str
    parameters: tuple[str, ...]

    @property
    def strong(self) -> bool:
        """Whether nothing but an article is numbered like that behind a headline's words."""
        return self.last in ("slug-id", "id-slug") or (bool(self.parameters) and self.last in ("word", "none"))


@dataclass(frozen=True, slots=True)
class Cluster:
    """Addresses of one make, in the order in which they were found."""

    make: Make
    urls: tuple[str, ...]


def make_of(url: str) -> Make:
    """The make of a canonical address."""
    parts = urlsplit(url)
    *folders, last = parts.path.strip("/").split("/")
    name, dot, ending = last.rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z]{2,5}", ending):
        name, ending = last, ""
    pairs = parse_qsl(parts.query)
    parameters = tuple(sorted(key for key, value in pairs if _is_id(key, value)))
    numbered = _NUMBERED.fullmatch(name)
    # A section's name may be as long as a headline; only before a bare number is it one.
    plain = numbered or not name.isdigit()
    kinds = ["word" if plain and kind in ("slug", "mixed") else kind for kind in map(_kind, folders)]
    if numbered and len(re.split(r"[-_+.]", numbered[1])) >= 2:
        # The headline and number say enough; in which section an article stands says nothing.
        marked = tuple(kind for kind in kinds if kind != "word")
        return Make(marked, "slug-id", numbered[2].lower(), ending.lower(), ())
    if re.match(r"\d{2,}-\D", name) and _kind(name) == "slug":
        return Make(tuple(kind for kind in kinds if kind != "word"), "id-slug", "", ending.lower(), ())
    return Make(tuple(kinds), _kind(name) if name else "none", "", ending.lower(), parameters)


def clusters(urls: Iterable[str]) -> list[Cluster]:
    """The addresses by their make, the largest cluster first."""
    found: dict[Make, dict[str, None]] = {}
    for url in urls:
        found.setdefault(make_of(url), {})[url] = None
    made = [Cluster(make, tuple(members)) for make, members in found.items()]
    return sorted(made, key=lambda cluster: -len(cluster.urls))


def expression(cluster: Cluster) -> str:
    """What the addresses of the cluster match, and others of the same make, and little else."""
    make = cluster.make
    blind = "(?i)" if make.ending == "aspx" else ""
    ending = re.escape(f".{make.ending}") if make.ending else "/?"
    if make.last == "slug-id":
        folders = "".join(f"{_KINDS[kind]}/" for kind in make.folders)
        return f"{blind}/{folders}[^/?]+{_joint(make.joint)}{_digits(cluster.urls)}{ending}{_END}"
    if make.last == "id-slug":
        folders = "".join(f"{_KINDS[kind]}/" for kind in make.folders)
        return f"{blind}/{folders}\\d{{2,}}-[^/?]+{ending}{_END}"
    segments = [urlsplit(url).path.strip("/").split("/") for url in cluster.urls]
    places = [_segment([row[n] for row in segments], make) for n in range(len(segments[0]))]
    if make.last == "slug" and "dash" not in make.folders:
        # A headline has words enough to be told from the name of a section, or of page 2.
        places[-1] = _LONG_SLUG + (re.escape(f".{make.ending}") if make.ending else "")
    path = "/".join(places)
    if make.parameters:
        name = make.parameters[0]
        return f"{blind}/{path}\\?(?:[^#]*&)?{re.escape(name)}=[^&#]*\\d"
    return f"{blind}/{path}{'' if make.ending else '/?'}{_END}"


def covers(patterns: Sequence[str], url: str) -> bool:
    """Whether one of the expressions is found in the address."""
    return any(re.search(pattern, url) for pattern in patterns)


def view_expression(url: str) -> str:
    """What denies one view of an article (to print, to mail) and those of all others: its numbers and headline are
    whatever they are."""
    parts = urlsplit(url)
    segments = [_any(segment) for segment in parts.path.strip("/").split("/")]
    if parts.query or all(segment.startswith("[^/]+") for segment in segments):
        return ""
    return f"/{'/'.join(segments)}$"


_END = r"(?:\?|$)"
_LONG_SLUG = "(?:[^/?._+-]+[-_+]){3,}[^/?]+"
_KINDS = {
    "date": r"\d{4}-\d{1,2}-\d{1,2}", "year": r"\d{4}", "id": r"\d+", "dash": "-", "slug": "[^/]+", "slug-id": "[^/]+",
    "word": "[^/]+", "mixed": "[^/]+", "none": "",
}  # fmt: skip


def _kind(segment: str) -> str:
    if segment == "-":
        return "dash"
    if _DATE.fullmatch(segment):
        return "date"
    if segment.isdigit():
        return "year" if _YEAR.fullmatch(segment) else "id"
    words = [word for word in re.split(r"[-_+]|%20", segment) if word]
    if len(words) >= 4:
        return "slug"
    return "mixed" if re.search(r"\d{3,}", segment) else "word"


def _is_id(name: str, value: str) -> bool:
    # Liferay writes parameters of its portlets behind the portlet's name.
    return bool(_ID_PARAMETER.match(name.rpartition("_")[2] or name)) and bool(re.search(r"\d{2,}", value))


def _segment(values: list[str], make: Make) -> str:
    """What one place of the path holds: itself where it is always the same, else its kind."""
    kinds = {_kind(value) for value in values}
    if len({value.lower() for value in values}) == 1 and not kinds & {"id", "date", "year", "mixed"}:
        return _literal(values[0])
    known = _KINDS[kinds.pop()] if len(kinds) == 1 else "[^/?]+"
    ending = f".{make.ending}"
    if make.ending and all(value.lower().endswith(ending) for value in values):
        return f"[^/?]+{re.escape(ending)}"
    return known.replace("[^/]+", "[^/?]+")


def _digits(urls: Sequence[str]) -> str:
    """How many digits a number has at least: short ones grow, and long ones tell an article from a page's number."""
    lengths = [len(match[0]) for url in urls if (match := re.search(r"\d+(?=\.\w+$|/?$)", urlsplit(url).path))]
    least = min(lengths, default=1)
    return r"\d{8,}" if least >= 10 else r"\d{4,}" if least >= 6 else r"\d{2,}" if least >= 3 else r"\d+"


def _literal(text: str) -> str:
    return re.escape(text).replace("\\-", "-")


def _joint(joint: str) -> str:
    return joint.replace(".", r"\.")


def _any(segment: str) -> str:
    """A segment in which headline and numbers may be any."""
    if _kind(segment.rpartition(".")[0] or segment) in ("slug", "mixed", "id", "date"):
        name, dot, ending = segment.rpartition(".")
        stem = re.match(r"[A-Za-z]+(?=[-_]\d+$)", name if dot else segment)
        tail = _literal(dot + ending) if dot and ending.isalpha() else ""
        return f"{_literal(stem[0])}[-_]\\d+{tail}" if stem else f"[^/]+{tail}"
    return _literal(segment)
