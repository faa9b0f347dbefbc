"""bantin runs: what the crawls did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli import output, session
from cli.options import Json
from news.errors import BantinError

if TYPE_CHECKING:
    from news.report import RunReport

app = typer.Typer(help="The crawls: list them, show one.", no_args_is_help=True)


@app.command("list")
def list_(
    site: Annotated[str, typer.Option(help="Only of this site.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20,
    as_json: Json = False,
) -> None:
    """List crawls, newest first."""
    with session.opened(session.configure()) as store:
        runs = store.runs.find(site or None, limit=limit)
    if as_json:
        for run in runs:
            output.line(output.json_line(run.to_json()))
        return
    from cli import tables

    output.show(tables.runs(runs))


@app.command()
def show(
    run: Annotated[str, typer.Argument(help="The run's id, or a site's: its newest run.")], as_json: Json = False
) -> None:
    """Show one crawl, with the reasons of everything that became no article."""
    with session.opened(session.configure()) as store:
        found = store.runs.get(run) or next(iter(store.runs.find(run, limit=1)), None)
    if found is None:
        raise BantinError(f"There is no run {run!r}.", "`bantin runs list` shows them.")
    if as_json:
        output.line(output.json_line(found.to_json()))
    else:
        _print(found)


def _print(run: RunReport) -> None:
    from cli import tables

    output.show(tables.runs([run]))
    if run.reasons:
        output.show(tables.reasons(run.reasons))
    if run.error:
        output.line(run.error)
