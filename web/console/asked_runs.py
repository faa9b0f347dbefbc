"""What of the runs and of a log is asked for, as texts of a query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from fastapi import Request

from news.article import VIETNAM
from news.errors import InvalidValue
from news.report import RunState
from news.runlog import LEVELS
from storage.runs import RunFilter

_LONGEST = 100


@dataclass(frozen=True, slots=True)
class AskedRuns:
    """Which runs; `since` and `until` are days in Vietnam, both among them."""

    site: str = ""
    state: str = ""
    since: str = ""
    until: str = ""
    place: tuple[datetime, str] | None = None

    @classmethod
    def of(cls, request: Request) -> AskedRuns:
        """Raises InvalidValue for what nobody can ask for."""
        query = request.query_params
        given = {name: query.get(name, "").strip()[:_LONGEST] for name in ("site", "state", "since", "until")}
        asked = cls(**given, place=place_of(before) if (before := query.get("before", "")) else None)
        if asked.state and asked.state not in list(RunState):
            raise InvalidValue(f"state = {asked.state!r} is unknown.", f"Use one of {', '.join(RunState)}.")
        asked.filter()
        return asked

    def pairs(self) -> list[tuple[str, str]]:
        """As a query, but for the place in the list."""
        names = ("site", "state", "since", "until")
        return [(name, getattr(self, name)) for name in names if getattr(self, name)]

    def filter(self) -> RunFilter:
        """As the store reads it. Raises InvalidValue for what is no day."""
        return RunFilter(
            site=self.site or None,
            state=RunState(self.state) if self.state else None,
            since=_begin("since", self.since) if self.since else None,
            until=_begin("until", self.until) + timedelta(days=1) if self.until else None,
        )


@dataclass(frozen=True, slots=True)
class AskedLog:
    """Which lines of a log: at least so grave, with these words, behind number `after`; `whole` asks for all."""

    level: str = ""
    words: str = ""
    after: int = -1
    whole: bool = False

    @classmethod
    def of(cls, request: Request) -> AskedLog:
        """Raises InvalidValue for what nobody can ask for."""
        query = request.query_params
        level, after = query.get("level", ""), query.get("after", "")
        if level and level not in LEVELS:
            raise InvalidValue(f"level = {level[:20]!r} is unknown.", f"Use one of {', '.join(LEVELS)}.")
        number = int(after) if after.isascii() and after.isdecimal() and len(after) < 10 else -1
        return cls(level, query.get("words", "").strip()[:_LONGEST], number, query.get("all", "") == "1")


def place_text(when: datetime, id: str) -> str:
    """A place in a list, for its link to what is older."""
    return f"{when.isoformat()}~{id}"


def place_of(text: str) -> tuple[datetime, str]:
    """The place that a link named. Raises InvalidValue for what is none."""
    when, _, id = text.partition("~")
    try:
        moment = datetime.fromisoformat(when.replace(" ", "+"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not id:
        raise InvalidValue(f"{text[:60]!r} is no place in the list.", "Begin at its newest.")
    return moment, id


def _begin(name: str, text: str) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InvalidValue(f"{name} = {text[:30]!r} is no day.", "Give a day, such as 2026-03-01.") from None
    return datetime.combine(day, time(), VIETNAM)
