"""The story of one address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import ClassVar, NamedTuple

from news.telling import Chapter, Step, tell
from web.contexts.console.frame import ConsoleFrame
from web.contexts.dates import moment_of
from web.contexts.frame import Link


class Line(NamedTuple):
    """A sentence; `is_` is "good", "bad" or "" as it speaks of what is as it should be, or not."""

    said: str
    is_: str


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter with its sentences; `is_` is that of its worst one."""

    name: str
    title: str
    lines: tuple[Line, ...]
    is_: str


@dataclass(frozen=True, slots=True)
class WhyPage:
    """templates/console/why.html. `url` is the address that is told of, "" where none was asked for or it is none, and
    then `problem` and `remedy` say so."""

    template: ClassVar = "console/why.html"

    frame: ConsoleFrame
    asked: str
    url: str
    title: str
    parts: tuple[Part, ...]
    advice: tuple[str, ...]
    links: tuple[Link, ...]
    problem: str = ""
    remedy: str = ""


def parts_of(frame: ConsoleFrame, steps: Iterable[Step]) -> tuple[Part, ...]:
    """The chapters of the way, each once, in their order; what to do is none of them."""
    told = [step for step in steps if step.chapter is not Chapter.DO]
    return tuple(_part(frame, chapter, list(group)) for chapter, group in groupby(told, key=lambda step: step.chapter))


def advice_of(frame: ConsoleFrame, steps: Iterable[Step]) -> tuple[str, ...]:
    """What to do."""
    said = (_told(frame, step) for step in steps if step.chapter is Chapter.DO)
    return tuple(line for line in said if line)


def _part(frame: ConsoleFrame, chapter: Chapter, steps: list[Step]) -> Part:
    lines = tuple(Line(_told(frame, step), _mark(step.good)) for step in steps)
    worst = "bad" if any(line.is_ == "bad" for line in lines) else "good" if any(line.is_ for line in lines) else ""
    return Part(str(chapter), frame.work.chapters[chapter], lines, worst)


def _told(frame: ConsoleFrame, step: Step) -> str:
    def shown(when: datetime) -> str:
        return moment_of(when, frame.texts)

    said = tell(step, frame.language, shown)
    return said[:1].upper() + said[1:]


def _mark(good: bool | None) -> str:
    return "" if good is None else "good" if good else "bad"
