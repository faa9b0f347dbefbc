"""Tables that several verbs print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from cli import output
from news.article import Decision
from news.report import RunReport, RunState

if TYPE_CHECKING:
    from rich.table import Table

_COUNTED = tuple(str(decision) for decision in Decision)
_COLOURS = {RunState.DONE: "green", RunState.RUNNING: "cyan"}


def runs(reports: Iterable[RunReport]) -> Table:
    """Crawls as an operator reads them: who, when, how it ended, what came of it."""
    table = output.table(
        "run!", "site!", "started!", "state!", "requests#", "pages#", *(f"{name}#" for name in _COUNTED), "seconds#"
    )
    for run in reports:
        state = f"{run.state} (dry)" if run.dry_run else str(run.state)
        table.add_row(
            run.id, run.site, output.when(run.started), f"[{_COLOURS.get(run.state, 'red')}]{state}[/]",
            str(run.requests), str(run.pages), *_counts(run), f"{run.seconds:.1f}",
        )  # fmt: skip
    return table


def crawls(reports: Iterable[RunReport], names: Mapping[str, str], seconds: float, *, wide: bool) -> Table:
    """What one command crawled: a row for each portal and a total. `seconds` is the wall time of all together; a
    `wide` table has the portals' names beside their ids."""
    heads = ("portal!", "name") if wide else ("portal!",)
    table = output.table(*heads, "pages fetched#", *(f"{name}#" for name in _COUNTED), "seconds#")
    rows = list(reports)
    for run in rows:
        called = (run.site, names.get(run.site, run.site))[: len(heads)]
        table.add_row(*called, str(run.pages), *_counts(run), f"{run.seconds:.1f}")
    table.add_section()
    totals = [str(sum(getattr(run, name) for run in rows)) for name in ("pages", *_COUNTED)]
    table.add_row("total", *[""] * (len(heads) - 1), *totals, f"{seconds:.1f}", style="bold")
    return table


def reasons(counts: Mapping[str, int]) -> Table:
    """Why pages and addresses became no article, the most frequent first."""
    table = output.table("reason", "count#")
    for reason, count in sorted(counts.items(), key=lambda row: (-row[1], row[0])):
        table.add_row(reason, str(count))
    return table


def _counts(run: RunReport) -> list[str]:
    return [str(getattr(run, name)) for name in _COUNTED]
