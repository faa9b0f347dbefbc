"""What this process logs: as text or as JSON lines, with the run, the site and the URL that a record is about.

A crawl's process is about one run and says so once; threads of other processes say it for as long as they are at it
(`about`).
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol, TextIO

from news.runlog import CHUNK, KEPT, LogLine

_TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_LONGEST = 8_000  # characters of a message; the end of a traceback says most
# They say the same at the beginning of every crawl.
_DULL = ("scrapy.utils.log", "scrapy.addons", "scrapy.middleware", "scrapy.crawler", "scrapy.core.engine")


class LogSettings(Protocol):
    """config.Config satisfies it. `log_format` is text or json."""

    @property
    def log_level(self) -> str: ...
    @property
    def log_format(self) -> str: ...


class Subject(NamedTuple):
    """What records are about: a run and its site."""

    run: str = ""
    site: str = ""


_NOBODY = Subject()
_SUBJECT: ContextVar[Subject] = ContextVar("subject", default=_NOBODY)


@contextmanager
def about(run: str, site: str) -> Iterator[None]:
    """What this thread logs meanwhile is about a run."""
    token = _SUBJECT.set(Subject(run, site))
    try:
        yield
    finally:
        _SUBJECT.reset(token)


def configure(settings: LogSettings, subject: Subject = _NOBODY) -> None:
    """Makes this process log to stderr as the settings say; called again, as they say then. Of a process with a
    `subject` every record is about that, and what it logs for information is left to whoever else listens."""
    root = logging.getLogger()
    for handler in root.handlers[:]:
        if isinstance(handler, _Stderr):
            root.removeHandler(handler)
    handler = _Stderr(settings.log_level)
    handler.addFilter(_Naming(subject))
    handler.setFormatter(_JsonLine() if settings.log_format == "json" else _TextLine(_TEXT))
    root.addHandler(handler)
    root.setLevel(min(handler.level, logging.INFO) if subject.run else handler.level)
    # It warns of every page that holds no article; here the reason is counted and kept instead.
    logging.getLogger("trafilatura").setLevel(logging.ERROR)
    # pymongo's DEBUG prints every command with every page in it, the others' the addresses of alerts with their tokens.
    for name in ("pymongo", "apprise", "urllib3"):
        logging.getLogger(name).setLevel(logging.INFO)


class RunLog(logging.Handler):
    """Holds what a crawl logs, from INFO up, until it is stored (`unstored`, `stored`). Of what cannot be stored
    meanwhile the newest lines are held."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(logging.Formatter("%(message)s"))
        self._chunks: dict[int, list[LogLine]] = {}
        self._sizes: dict[int, int] = {}  # of the chunks as they are stored
        self._number = 0

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno < logging.WARNING and record.name.startswith(_DULL):
            return
        at = datetime.fromtimestamp(record.created, UTC)
        line = LogLine(self._number, at, record.levelname, record.name, _cut(self.format(record)), _url(record))
        self._chunks.setdefault(self._number // CHUNK, []).append(line)
        self._number += 1
        if len(self._chunks) > KEPT // CHUNK + 1:
            del self._chunks[min(self._chunks)]

    def unstored(self) -> list[list[LogLine]]:
        """The chunks in which something is new, whole."""
        self.acquire()
        try:
            new = (number for number in self._chunks if len(self._chunks[number]) != self._sizes.get(number))
            return [list(self._chunks[number]) for number in sorted(new)]
        finally:
            self.release()

    def stored(self, chunk: Sequence[LogLine]) -> None:
        """Says that a chunk is stored as it was given."""
        number = chunk[0].number // CHUNK
        self.acquire()
        try:
            self._sizes[number] = len(chunk)
            if len(chunk) == CHUNK:
                self._chunks.pop(number, None)
        finally:
            self.release()


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes to what stderr is at that moment."""

    def __init__(self, level: str) -> None:
        logging.Handler.__init__(self, level)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


class _Naming(logging.Filter):
    """Writes into each record what it is about."""

    def __init__(self, subject: Subject) -> None:
        super().__init__()
        self._subject = subject

    def filter(self, record: logging.LogRecord) -> bool:
        subject = _SUBJECT.get() if _SUBJECT.get().run else self._subject
        record.run, record.site = subject
        return True


class _TextLine(logging.Formatter):
    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        run = getattr(record, "run", "")
        return super().formatMessage(record) + (f" [{run}]" if run else "")


class _JsonLine(logging.Formatter):
    """One object a line; what is not known is left out."""

    def format(self, record: logging.LogRecord) -> str:
        about = {name: getattr(record, name, "") for name in ("run", "site")} | {"url": _url(record)}
        row: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **{name: value for name, value in about.items() if value},
            "pid": record.process,
        }
        if record.exc_info:
            row["traceback"] = self.formatException(record.exc_info)
        # ASCII: halves of surrogate pairs, which pages hold, end no line and no encoder.
        return json.dumps(row, default=str)


def _url(record: logging.LogRecord) -> str:
    return str(getattr(record, "url", ""))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:500]} ... {text[500 - _LONGEST :]}"
