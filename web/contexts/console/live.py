"""What goes on at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from web.contexts.console.frame import ConsoleFrame
from web.contexts.console.runs import Listed
from web.contexts.console.site import Asked
from web.contexts.console.words import Moment


@dataclass(frozen=True, slots=True)
class RunningRow:
    """A crawl under way. `spent` is the share of its time that is over, in percent; "" stands for what is unknown."""

    id: str
    link: str
    site: str
    site_link: str
    since: Moment | None
    lasting: str
    counts: tuple[tuple[str, str], ...]
    rate: str
    left: str
    spent: int
    last_url: str
    stop: str
    stopping: bool


class Due(NamedTuple):
    """A site that waits for a worker, or is due later."""

    site: str
    link: str
    when: Moment | None


@dataclass(frozen=True, slots=True)
class LiveNow:
    """All of it; `summary` is what is said of it to who cannot see it."""

    summary: str
    acting: str
    workers: str
    busy: int
    of: int
    running: tuple[RunningRow, ...]
    waiting: tuple[Due, ...]
    next: tuple[Due, ...]
    asked: tuple[tuple[str, Asked], ...]
    lately: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class LivePage:
    """templates/console/live.html."""

    template: ClassVar = "console/live.html"

    frame: ConsoleFrame
    live: LiveNow


@dataclass(frozen=True, slots=True)
class LivePart:
    """templates/console/live_now.html: what goes on, alone."""

    template: ClassVar = "console/live_now.html"

    frame: ConsoleFrame
    live: LiveNow
