"""Progress on stderr: a moving bar on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cli import output
from news.article import Decision

if TYPE_CHECKING:
    from rich.progress import TaskID

    import crawler.job

Item = TypeVar("Item")


def counted(items: Iterable[Item], label: str, total: int | None = None) -> Iterator[Item]:
    """The items, with a bar that says how many of them (of `total`, where they have no length) are done."""
    from rich.progress import track

    return iter(track(items, label, total, console=output.console(stderr=True), disable=not sys.stderr.isatty()))


@contextmanager
def working(label: str) -> Iterator[Callable[[str], None]]:
    """A line that says what is being done: call what this gives with the words that follow the label."""
    console = output.console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    with console.status(label) as status:
        yield lambda words: status.update(f"{label} {words[: console.width - len(label) - 6]}")


class CrawlDisplay:
    """How several crawls stand, told by their Progress: bars on a terminal, else a line when one has ended."""

    def __init__(self, names: Mapping[str, str]) -> None:
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._names = names
        self._console = output.console(stderr=True)
        self._bars = Progress(
            SpinnerColumn(finished_text=" "), TextColumn("{task.description}"), BarColumn(bar_width=24),
            TextColumn("{task.fields[pages]} pages", justify="right"), TextColumn("{task.fields[told]}"),
            TimeElapsedColumn(),
            console=self._console, disable=not self._console.is_terminal,
        )  # fmt: skip
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> CrawlDisplay:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def __call__(self, progress: crawler.job.Progress) -> None:
        report = progress.report
        name = self._names.get(report.site, report.site)
        told = ", ".join(f"{getattr(report, str(each))} {each}" for each in Decision if getattr(report, str(each)))
        if report.finished and not self._console.is_terminal:
            outcome = told or "nothing new"
            line = f"{name}: {report.state}, {report.pages} pages, {outcome}, {report.seconds:.1f} s {report.error}"
            self._console.print(line.rstrip(), markup=False)
        if report.site not in self._tasks:
            self._tasks[report.site] = self._bars.add_task(name, total=None, pages=0, told="")
        total = None if not report.finished and not progress.queued else report.pages + progress.queued
        self._bars.update(self._tasks[report.site], completed=report.pages, total=total, pages=report.pages, told=told)
        if report.finished:
            self._bars.update(self._tasks[report.site], total=max(1, report.pages), completed=max(1, report.pages))


@contextmanager
def read_so_far(path: Path, label: str) -> Iterator[Callable[[int], None]]:
    """A bar of how far a file was read: call what this gives with the position in bytes."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    console = output.console(stderr=True)
    columns = (TextColumn(label), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        task = bars.add_task(label, total=path.stat().st_size)
        yield lambda position: bars.update(task, completed=position)


@contextmanager
def exported(label: str) -> Iterator[Callable[[float, int], None]]:
    """A bar of how far an export is: call what this gives with the share that is done and the rows written."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = output.console(stderr=True)
    rows = TextColumn("{task.fields[rows]:,} rows", justify="right")
    columns = (TextColumn(label), BarColumn(), TaskProgressColumn(), rows, TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        task = bars.add_task(label, total=1.0, rows=0)
        yield lambda share, count: bars.update(task, completed=share, rows=count)
