"""How the pages of a list are counted, read from the numbers that a page links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from news.discover.links import Link

_NUMBER = re.compile(r"\d+")
# What stands before the number of a page, where another number of the address has the same value.
_PAGE_WORD = re.compile(r"(?:page|trang|pag|pg|paged|cur|index|start|p|no)[-_/=]?$", re.IGNORECASE)
_DAY = re.compile(r"\{n\}[-/.]\d{1,2}[-/.]\d{4}|\d{4}[-/.]\d{1,2}[-/.]\{n\}|\d{4}[-/.]\{n\}(?!\d)")
# Tried one after the other on a list that links no further pages; the lists that load more by script often answer.
_GUESSES = (
    "{stem}/trang-{n}{ending}", "{url}{sep}page={n}", "{url}{sep}PageIndex={n}", "{stem}/page/{n}/",
    "{stem}/page-{n}/", "{url}{sep}p={n}", "{url}{sep}trang={n}", "{stem}-p{n}{ending}",
)  # fmt: skip


class Paging(NamedTuple):
    """An address with {n} in it, and the number of the first page."""

    template: str
    first: int = 1

    def page(self, place: int) -> str:
        """The address of the page at that place, counted from 1."""
        return self.template.replace("{n}", str(place - 1 + self.first))


def paging_of(links: Iterable[Link], url: str) -> Paging | None:
    """The address of page N of the list at `url`, from its numbered links; None where they show none."""
    numbered: dict[int, str] = {}
    for link in links:
        if re.fullmatch(r"\d{1,4}", link.text) and link.parts.netloc == urlsplit(url).netloc and link.url != url:
            numbered.setdefault(int(link.text), link.url)
    # The first page is often linked without a number in its address; large numbers are years and days of archives.
    further = {number: address for number, address in numbered.items() if 2 <= number <= 1900}
    for number in sorted(further)[:3]:
        for candidate in _candidates(further[number], number):
            agreeing = sum(candidate.page(n) == address for n, address in further.items())
            if agreeing >= min(2, len(further)):
                return candidate
    return None


def guesses(url: str) -> list[Paging]:
    """Addresses under which page N of the list might be, the likeliest first."""
    if "{" in url or "}" in url:
        return []
    stem, dot, ending = url.partition("?")[0].rpartition(".")
    has_ending = bool(dot) and "/" not in ending and "/" in urlsplit(stem).path
    names = {
        "url": url,
        "sep": "&" if "?" in url else "?",
        "stem": (stem if has_ending else url.partition("?")[0]).rstrip("/"),
        "ending": f".{ending}" if has_ending else ".htm",
        "n": "{n}",
    }
    return [Paging(pattern.format(**names)) for pattern in _GUESSES]


def _candidates(address: str, number: int) -> Iterator[Paging]:
    """Where in the address the number of the page may stand: behind a word for page first, then from the end."""
    if "{" in address or "}" in address:
        return
    path = address.find("/", address.index("//") + 2)
    places = [match for match in _NUMBER.finditer(address, path) if int(match[0]) in (number, number - 1)]
    places.sort(key=lambda match: (not _PAGE_WORD.search(address[: match.start()]), -match.start()))
    for match in places:
        template = f"{address[: match.start()]}{{n}}{address[match.end() :]}"
        if match[0] == str(int(match[0])) and not _DAY.search(template):
            yield Paging(template, 1 - (number - int(match[0])))
