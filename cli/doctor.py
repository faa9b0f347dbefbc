"""bantin doctor: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import output
from cli.options import Json
from news.errors import BantinError

_COLOURS = {"ok": "green", "warning": "yellow", "wrong": "red"}


def doctor(
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="WHAT", help="Only this row, by its name, and 1 unless it is well; may be given again."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Look at this installation and say what is wrong with it; 1 if anything is."""
    from cli.checkup import checkup
    from cli.finding import State

    findings = list(checkup())
    if only:
        findings = [finding for finding in findings if finding.what in only]
        if missing := set(only) - {finding.what for finding in findings}:
            raise BantinError(f"Nothing was found of {', '.join(sorted(missing))}.", "`bantin doctor` names its rows.")
    if as_json:
        for finding in findings:
            output.line(output.json_line(finding._asdict()))
    else:
        table = output.table("", "what", "found", "what to do")
        for finding in findings:
            colour = _COLOURS[finding.state]
            table.add_row(f"[{colour}]{finding.state}[/]", finding.what, finding.found, finding.remedy)
        output.show(table)
    bad = (State.WRONG, State.WARNING) if only else (State.WRONG,)
    if any(finding.state in bad for finding in findings):
        raise typer.Exit(1)
