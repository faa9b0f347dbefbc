"""bantin runs live: what is under way, what waits, what comes next, and who does it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from cli import output, session
from cli.options import Json


def live(
    limit: Annotated[int, typer.Option(min=1, help="How many that come next.")] = 10, as_json: Json = False
) -> None:
    """Show the crawls under way, those that wait for a worker, those that are due next, and the scheduler that acts."""
    from storage.now import now_of

    now = datetime.now(UTC)
    with session.opened(session.configure()) as store:
        found = now_of(store, limit)
    if as_json:
        output.line(output.json_line(found.to_json()))
        return
    scheduler = found.scheduler
    if scheduler is None or not scheduler.holds:
        output.line("No scheduler acts.")
    else:
        station = found.station
        busy = f", {station.busy} of {station.workers} workers busy" if station else ""
        output.line(f"Process {scheduler.owner.pid} acts, heard of {scheduler.age:.0f} s ago{busy}.")
    table = output.table("run!", "site!", "since!", "requests#", "pages#", "new#", "seconds left#", "last")
    for run in found.running:
        ago = (now - run.started).total_seconds()
        left = f"{max(0.0, found.station.limit - ago):.0f}" if found.station else ""
        counts = (str(run.requests), str(run.pages), str(run.new))
        table.add_row(run.id, run.site, output.when(run.started), *counts, left, output.plain(run.last_url))
    output.show(table)
    due = output.table("site!", "due!", "")
    for site, since in found.waiting.items():
        due.add_row(site, output.when(since), "waits for a worker")
    for site, when in found.next.items():
        due.add_row(site, output.when(when), "")
    output.show(due)
