"""bantin prune: what is kept longer than the settings say, and its deletion."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli import output, session
from cli.options import Json

if TYPE_CHECKING:
    from storage.retention import Plan


def prune(
    apply: Annotated[
        bool, typer.Option("--apply/--dry-run", help="Delete it; otherwise only say what would be deleted.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Say what is kept longer than the settings say, and delete it if told to."""
    config = session.configure()
    with session.opened(config) as store:
        plan = store.retention.plan(config, datetime.now(UTC))
        if apply:
            plan = store.retention.apply(plan)
    if as_json:
        for portion in plan:
            output.line(output.json_line({**portion.to_json(), "deleted": apply}))
    else:
        _print(plan, "deleted" if apply else "would be deleted")


def _print(plan: Plan, verb: str) -> None:
    if not plan:
        output.line(f"Nothing {verb}.")
        return
    table = output.table("collection", f"{verb}#", "MB#", "why")
    for portion in plan:
        size = f"{portion.size / 1e6:,.1f}" if portion.size else ""
        table.add_row(portion.collection, f"{portion.count:,}", size, portion.why)
    output.show(table)
    if verb != "deleted":
        output.note("`bantin prune --apply` deletes it.")
