"""A webhook: whom to tell, of which articles, of what happens to them, and how far that has been done."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from news.article import Status
from news.errors import InvalidValue
from news.push.notices import CHOICE, Notice
from news.selection import NAMES, Selection

_SECRET = re.compile(r"[0-9a-f]{64}")
_LONGEST_URL, _LONGEST_NAME = 2000, 80


@dataclass(frozen=True, slots=True)
class Pause:
    """Since when and why nothing is sent. `automatic`: because the consumer does not take it, so that it goes on when a
    test shows that it does again."""

    at: datetime
    reason: str
    automatic: bool = False

    def to_json(self) -> dict[str, Any]:
        return {"at": self.at.isoformat(), "reason": self.reason, "automatic": self.automatic}


@dataclass(frozen=True, slots=True)
class Webhook:
    """`query` is the selection as a query string, `secret` 256 random bits in hex, by which a consumer knows us.
    `owner` is the id of the token that made it, "" where the operator did. `allow_private`: its address may be in a
    private network.

    `cursor` is the number of the last event that was looked at, `planned` how many deliveries came of them. Up to event
    `replayed_to` the consumer is told everything anew. `failing_since`: since then no delivery was taken. All times are
    UTC. Raises InvalidValue for what could never be sent.
    """

    id: str
    name: str
    url: str
    secret: str = field(repr=False)
    created: datetime
    query: str = ""
    notices: frozenset[Notice] = frozenset(CHOICE)
    owner: str = ""
    allow_private: bool = False
    cursor: int = 0
    planned: int = 0
    replayed_to: int = 0
    paused: Pause | None = None
    failing_since: datetime | None = None

    def __post_init__(self) -> None:
        _check_url(self.url)
        if not self.name.strip() or len(self.name) > _LONGEST_NAME or not self.name.isprintable():
            raise InvalidValue(f"name = {self.name[:40]!r} is no name.", f"Give 1 to {_LONGEST_NAME} characters.")
        if not _SECRET.fullmatch(self.secret):
            raise InvalidValue("The secret is not 256 bits in hex.", "Let Bantin make it.")
        if not self.notices or not self.notices <= set(CHOICE):
            raise InvalidValue("events: nothing that can be sent is asked for.", f"Use some of {', '.join(CHOICE)}.")
        selection_of(self.query)

    @property
    def selection(self) -> Selection:
        """The articles that it is for."""
        return selection_of(self.query)

    def delivery_id(self, number: int) -> str:
        """The id of the delivery that is planned as `number`, counted from 1."""
        return f"{self.id}-{number}"

    def to_json(self) -> dict[str, Any]:
        """What may be shown of it: the names of docs/api.md, without the secret."""
        return {
            "id": self.id,
            "name": self.name,
            "url": self.url,
            "select": self.query,
            "events": [str(notice) for notice in CHOICE if notice in self.notices],
            "created": self.created.isoformat(),
            "cursor": str(self.cursor),
            "deliveries": self.planned,
            "paused": self.paused and self.paused.to_json(),
            "failing_since": self.failing_since and self.failing_since.isoformat(),
        }


def selection_of(query: str) -> Selection:
    """The selection of a query string. Raises InvalidValue where it says what no selection knows: a slip of the pen
    would send everything. Only published articles are ever pushed."""
    try:
        given = parse_qs(
            query.removeprefix("?"), keep_blank_values=True, strict_parsing=bool(query), max_num_fields=200
        )
    except ValueError:
        raise InvalidValue(f"select = {query[:60]!r} is no query.", "Write site=moh&kind=press.") from None
    unknown = sorted(set(given) - set(NAMES))
    if unknown:
        raise InvalidValue(f"select: {unknown[0][:40]!r} selects nothing.", f"Use some of {', '.join(NAMES)}.")
    selection = Selection.parse(given)
    if selection.status != (Status.PUBLISHED,):
        raise InvalidValue("select: only published articles are pushed.", "Leave status out.")
    return selection


def query_of(selection: Selection) -> str:
    """The query string of a selection, the same for the same."""
    return urlencode(selection.to_query())


def notices_of(names: Iterable[str]) -> frozenset[Notice]:
    """The notices of these names. Raises InvalidValue for one that nobody knows."""
    wanted = [name.strip() for name in names if name.strip()]
    for name in wanted:
        if name not in CHOICE:
            raise InvalidValue(f"events: {name[:40]!r} is unknown.", f"Use some of {', '.join(CHOICE)}.")
    return frozenset(map(Notice, wanted))


def _check_url(url: str) -> None:
    example = "Write https://host/path."
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise InvalidValue(f"url = {url[:60]!r} is no address.", example) from None
    if parts.scheme not in ("http", "https") or not host or len(url) > _LONGEST_URL:
        raise InvalidValue(f"url = {url[:60]!r} is no http or https address.", example)
    if not url.isascii() or not url.isprintable() or " " in url:
        raise InvalidValue(f"url = {url[:60]!r} has characters that must be escaped.", example)
    if parts.username is not None or parts.fragment:
        raise InvalidValue("url has a password or a fragment.", "Put a key into its query; deliveries are signed.")
