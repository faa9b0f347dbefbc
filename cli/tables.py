"""Tables that several verbs print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from cli import output
from news.article import Decision
from news.errors import Reason
from news.language import Language
from news.report import Fate, RunReport, RunState
from news.telling import of_fate, of_reason

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
    """Why pages and addresses became no article, the most frequent first, and what that means."""
    table = output.table("reason!", "count#", "what it means, what to do")
    for reason, count in sorted(counts.items(), key=lambda row: (-row[1], row[0])):
        told = of_reason(Reason(reason), Language.ENGLISH) if reason in list(Reason) else None
        table.add_row(reason, str(count), f"{told.says} {told.do}".strip() if told else "")
    return table


def sources(fates: Mapping[str, Fate]) -> Table:
    """What became of each source of a crawl, those that could not be read first."""
    table = output.table("source!", "became!", "what to do")
    for url, fate in sorted(fates.items(), key=lambda row: (row[1].good, row[0])):
        table.add_row(output.plain(url), str(fate), of_fate(fate, Language.ENGLISH).do)
    return table


def _counts(run: RunReport) -> list[str]:
    return [str(getattr(run, name)) for name in _COUNTED]
