"""Which parameters of a site's addresses are noise, learnt from addresses and the articles that they led to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from news.dedupe.addresses import is_id_name
from news.errors import InvalidValue
from news.urls import identity
from news.urls.views import pairs_of

# In how many articles a parameter must have changed without changing the article. Two may be chance: a portal that
# published the same notice twice under two ids.
ENOUGH = 3


class _Seen(NamedTuple):
    place: str  # host and path
    values: tuple[tuple[str, str], ...]  # parameters by name in small letters, sorted
    article: str

    def value(self, name: str) -> str | None:
        return next((value for key, value in self.values if key == name), None)

    def rest(self, names: Collection[str]) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The address without the parameters of these names."""
        return self.place, tuple(pair for pair in self.values if pair[0] not in names)


def noise(known: Iterable[tuple[str, str]], enough: int = ENOUGH) -> frozenset[str]:
    """The parameters, in small letters, that never change which article a URL of the site leads to.

    `known` holds (URL, id of the article it led to), of one site, in any order. A parameter is noise when URLs that
    differ in nothing but it and other noise (another value, or without it) led to one article, in at least `enough`
    articles, and leaving the noise out makes no two articles one. A single pair of URLs that differ in it alone and
    led to two articles keeps it. Where one of several names must tell articles apart, those are noise that changed
    nothing in the most articles, alone if possible; among equals none is. The id of an article is noise only beside
    another id that stays (Joomla's Itemid beside id). What is no URL is passed over.
    """
    seen = _read_all(known)
    suspects = _names(seen) - _deciding(seen)
    suspects -= _lone_ids(seen, _often(seen, suspects, enough))
    while True:
        suspects = _often(seen, suspects, enough)
        blamed = _blamed(seen, suspects)
        if not blamed:
            return frozenset(suspects)
        # What changed alone proves more than what changed together with another.
        proved = {name: (_changed(seen, {name})[name], _changed(seen, suspects)[name]) for name in blamed}
        suspects -= {name for name in blamed if proved[name] == min(proved.values())}


def deciding(known: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The parameters, in small letters, that two of these URLs prove to tell articles apart: they differ in that one
    alone and led to two articles. No later observation makes noise of them."""
    return frozenset(_deciding(_read_all(known)))


def _read_all(known: Iterable[tuple[str, str]]) -> set[_Seen]:
    return {one for url, article in known if (one := _read(url, article))}


def _names(seen: Iterable[_Seen]) -> set[str]:
    return {name for one in seen for name, _ in one.values}


def _read(url: str, article: str) -> _Seen | None:
    try:
        key = identity(url)
    except InvalidValue:
        return None
    place, _, query = key.partition("?")
    values: dict[str, str] = {}
    for name, value in pairs_of(urlsplit(f"//{key}").query if "#" in query else query):
        name = name.lower()
        values[name] = f"{values[name]}&{value}" if name in values else value
    return _Seen(place, tuple(sorted(values.items())), article)


def _deciding(seen: set[_Seen]) -> set[str]:
    return {name for name in _names(seen) if _blamed(seen, {name})}


def _often(seen: Collection[_Seen], suspects: set[str], enough: int) -> set[str]:
    """The suspects that changed without changing the article in enough articles, as long as nothing but suspects
    changed beside them."""
    while True:
        changed = _changed(seen, suspects)
        left = {name for name in suspects if changed[name] >= enough}
        if left == suspects:
            return left
        suspects = left


def _changed(seen: Iterable[_Seen], suspects: set[str]) -> Counter[str]:
    """In how many articles each suspect had two values under one address that is otherwise the same."""
    articles: defaultdict[str, set[str]] = defaultdict(set)
    for group in _grouped(seen, suspects):
        values: defaultdict[tuple[str, str], set[str | None]] = defaultdict(set)
        for one in group:
            for name in suspects:
                values[name, one.article].add(one.value(name))
        for (name, article), different in values.items():
            if len(different) > 1:
                articles[name].add(article)
    return Counter({name: len(found) for name, found in articles.items()})


def _blamed(seen: Iterable[_Seen], suspects: set[str]) -> set[str]:
    """The suspects one of which must tell two articles apart: without all of them the two have one address."""
    return {
        name
        for group in _grouped(seen, suspects)
        if _articles(group) > 1
        for name in suspects
        if len({one.value(name) for one in group}) > 1
    }


def _lone_ids(seen: Iterable[_Seen], suspects: set[str]) -> set[str]:
    """The suspects that are named like an article's id and stood somewhere without another such that stays."""
    ids = {name for name in suspects if is_id_name(name)}
    lone: set[str] = set()
    for one in seen:
        named = {name for name, _ in one.values}
        if ids & named and not any(is_id_name(name) for name in named - suspects):
            lone |= ids & named
    return lone


def _grouped(seen: Iterable[_Seen], without: Collection[str]) -> list[list[_Seen]]:
    groups: defaultdict[object, list[_Seen]] = defaultdict(list)
    for one in seen:
        groups[one.rest(without)].append(one)
    return list(groups.values())


def _articles(group: Iterable[_Seen]) -> int:
    return len({one.article for one in group})
