"""The log of a run, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, NamedTuple

from news.article import VIETNAM
from news.runlog import LEVELS, LogLine
from web.contexts.console.frame import ConsoleFrame
from web.contexts.console.sites import run_path
from web.contexts.dates import counted
from web.contexts.lists import Option

_SHOWN = 400  # lines of a page, unless all are asked for


class LogRow(NamedTuple):
    """A line: its clock in Vietnam to the second, and how grave it is."""

    number: int
    clock: str
    machine: str
    level: str
    logger: str
    message: str


@dataclass(frozen=True, slots=True)
class Log:
    """Lines of a log. `more` is where the next ones are asked for while the run goes on, "" when it is over; `all` is
    where the older ones are shown too, "" where all are; `kept` whether anything of the log is kept."""

    rows: tuple[LogRow, ...]
    kept: bool
    counted: str
    more: str
    all: str
    download: str
    levels: tuple[Option, ...]
    words: str
    action: str


@dataclass(frozen=True, slots=True)
class LogPart:
    """templates/console/log.html: the log alone; `added`: only what came since, to be put behind the rest."""

    template: ClassVar = "console/log.html"

    frame: ConsoleFrame
    log: Log
    added: bool


def log_of(
    frame: ConsoleFrame, run: str, lines: list[LogLine], level: str, words: str, *,
    last: int, running: bool, whole: bool,
) -> Log:  # fmt: skip
    """The chosen `lines` of the log of a run, of which the last that was read is `last` (-1: none)."""
    path, pairs = f"{run_path(run)}/log", [("level", level), ("words", words)]
    shown = lines if whole else lines[-_SHOWN:]
    return Log(
        rows=tuple(map(_row, shown)),
        kept=last >= 0,
        counted=counted(len(lines), frame.work.lines, frame.texts),
        more=frame.link(path, [*pairs, ("after", str(last))]) if running else "",
        all=frame.link(path, [*pairs, ("all", "1")]) if len(shown) < len(lines) else "",
        download=frame.link(f"{path}.txt", pairs),
        levels=tuple(Option(name, frame.work.levels[name], name == (level or LEVELS[0])) for name in LEVELS),
        words=words,
        action=path,
    )


def _row(line: LogLine) -> LogRow:
    local = line.at.astimezone(VIETNAM)
    # A day is said where it is not plain from the run's: crawls end within it.
    machine = (local - timedelta(microseconds=local.microsecond % 1000)).isoformat(timespec="milliseconds")
    return LogRow(line.number, f"{local:%H:%M:%S}", machine, line.level, line.logger, line.message)
