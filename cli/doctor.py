"""bantin doctor: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

import typer

from cli import output
from cli.options import Json

_COLOURS = {"ok": "green", "warning": "yellow", "wrong": "red"}


def doctor(as_json: Json = False) -> None:
    """Look at this installation and say what is wrong with it; 1 if anything is."""
    from cli.checkup import checkup
    from cli.finding import State

    findings = list(checkup())
    if as_json:
        for finding in findings:
            output.line(output.json_line(finding._asdict()))
    else:
        table = output.table("", "what", "found", "what to do")
        for finding in findings:
            colour = _COLOURS[finding.state]
            table.add_row(f"[{colour}]{finding.state}[/]", finding.what, finding.found, finding.remedy)
        output.show(table)
    if any(finding.state is State.WRONG for finding in findings):
        raise typer.Exit(1)
