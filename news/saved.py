"""A search under a name of its own, so that it has a feed and others can be told of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from news.article import Status
from news.errors import InvalidValue
from news.selection import Selection


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """`id` stands in addresses (search=ID), `name` is what readers see, `by` who saved it, at `saved` (UTC)."""

    id: str
    name: str
    selection: Selection
    by: str
    saved: datetime

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", self.id):
            raise InvalidValue(f"{self.id!r} is no name of a search.", "Use small letters, digits and hyphens.")
        if not self.name.strip() or len(self.name) > 200:
            raise InvalidValue("The title of a search has 1 to 200 characters.", "Give it one that says what it finds.")
        if self.selection == Selection():
            raise InvalidValue("The search finds everything.", "Say what it is for, as in q=bão&kind=press.")
        if self.selection.status != (Status.PUBLISHED,):
            raise InvalidValue("A saved search finds published articles only.", "Leave status out.")
        if self.selection.search:
            raise InvalidValue("A saved search cannot rest on another.", "Write out what it asks for.")
