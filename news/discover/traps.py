"""Addresses that lead a crawler round in circles: paths that repeat themselves, calendars, filters, sessions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, parse_qsl, urlsplit

# Longer ones are made by machines that append; the longest honest address of the corpus has 420 characters.
MAX_LENGTH, MAX_DEPTH = 1500, 20
# So many links to one path that differ in parameters of which none is an id are a form's.
_FORM = 12
# Calendars count on for ever; nothing is published in the next century.
_LAST_YEAR = 2100
_YEAR_IN_PATH = re.compile(r"/(\d{4})(?=[/-]\d{1,2}(?:[/-]|$))")
_TIME = re.compile(
    r"(?:.*_)?(?:month|thang|year|nam|day|ngay|date|week|tuan|cal\w*|tu_?ngay|den_?ngay|from|to)", re.IGNORECASE
)
_YEAR = re.compile(r"(?:.*_)?(?:year|nam)", re.IGNORECASE)
# Names by which systems count pages, Liferay's with the portlet in front ("_101_INSTANCE_x_cur").
_PAGE = re.compile(
    r"(?:.*_)?(?:cur|pages?|page_?(?:index|no|num(?:ber)?|id)|p|pg|pn|trang|start|limitstart|offset|paged|so_?trang|idx)",
    re.IGNORECASE,
)
_ID = re.compile(r"(?:id|.*(?:newsid|articleid|itemid|contentid|postid)|bvid|tinid|ddocname|aid|nid)", re.IGNORECASE)
# A run of letters and digits that nobody has chosen: sessions, tokens, hashes.
_TOKEN = re.compile(r"(?<=[/=(-])(?=[0-9a-z]*\d)(?=[0-9a-z]*[a-z])[0-9a-z]{16,}(?=[/&;)?]|$)", re.IGNORECASE)


def trap(url: str) -> str:
    """How an address shows, by itself, that it leads round in circles; "" where it does not."""
    if len(url) > MAX_LENGTH:
        return f"an address of more than {MAX_LENGTH} characters"
    parts = urlsplit(url)
    if parts.path.count("/") > MAX_DEPTH:
        return f"a path of more than {MAX_DEPTH} folders"
    if _repeats(parts.path):
        return "a path that repeats itself"
    years = [value for name, value in parse_qsl(parts.query) if _YEAR.fullmatch(name)]
    years += _YEAR_IN_PATH.findall(parts.path)
    if any(len(year) == 4 and year.isdigit() and int(year) > _LAST_YEAR for year in years):
        return f"a calendar behind the year {_LAST_YEAR}"
    return ""


def _repeats(path: str) -> bool:
    """Whether up to four folders, each with a letter in its name, stand three times in a row."""
    folders = path.strip("/").split("/")
    for size in range(1, min(4, len(folders) // 3) + 1):
        for start in range(len(folders) - 3 * size + 1):
            group = folders[start : start + size]
            again, third = folders[start + size : start + 2 * size], folders[start + 2 * size : start + 3 * size]
            if group == again == third and all(re.search(r"[^\W\d_]", folder) for folder in group):
                return True
    return False


def is_calendar(parts: SplitResult) -> bool:
    """Whether the address shows a month, week or day of a calendar, not something that has an id of its own."""
    names = [name for name, _ in parse_qsl(parts.query)]
    if any(_ID.fullmatch(name) for name in names):
        return False
    return sum(bool(_TIME.fullmatch(name)) for name in names) > 1


def turns_page(url: str, start: str) -> bool:
    """Whether an address differs from the first page of a list only as pages of one list do: by a parameter that counts
    pages, or by a single one that is no filter in time. Filters and calendars lead to other lists."""
    here, there = dict(parse_qsl(urlsplit(start).query)), dict(parse_qsl(urlsplit(url).query))
    changed = [name for name in there if here.get(name) != there[name]]
    if any(_PAGE.fullmatch(name) for name in changed):
        return not any(_TIME.fullmatch(name) for name in changed)
    if any(name in here and name not in there and not _PAGE.fullmatch(name) for name in here):
        return False
    return not changed or (len(changed) == 1 and not _TIME.fullmatch(changed[0]))


def filters(url: str) -> str:
    """The kind of an address that filters lead to (its path and the names of its parameters); "" where an id or nothing
    is in its query, so that it is one page and not a product of choices."""
    parts = urlsplit(url)
    names = sorted(name.lower() for name, _ in parse_qsl(parts.query))
    if not names or any(_ID.fullmatch(name) for name in names):
        return ""
    return f"{parts.netloc}{parts.path}?{'&'.join(dict.fromkeys(names))}"


def choices(urls: Iterable[str]) -> frozenset[str]:
    """The kinds of addresses (`filters`) of which one page names many, without a parameter that has a value of its
    own in each: they are the choices of a form, and not so many articles."""
    queries: dict[str, dict[str, dict[str, str]]] = {}
    for url in urls:
        if kind := filters(url):
            query = urlsplit(url).query
            queries.setdefault(kind, {})[query] = dict(parse_qsl(query))
    return frozenset(
        kind for kind, named in queries.items() if len(named) >= _FORM and not _has_id(list(named.values()))
    )


def _has_id(queries: list[dict[str, str]]) -> bool:
    names = set.intersection(*(set(query) for query in queries))
    return any(len({query[name] for query in queries}) == len(queries) for name in names)


def without_tokens(url: str) -> str:
    """The address with its sessions and tokens taken out; two addresses that are then one are one page."""
    return _TOKEN.sub("*", url)
