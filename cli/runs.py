"""bantin runs: what the crawls did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli import output, session
from cli.options import Json
from news.errors import BantinError

if TYPE_CHECKING:
    from news.report import RunReport
    from storage.connect import Store

app = typer.Typer(help="The crawls: list them, show one, read what it logged.", no_args_is_help=True)


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
        found = _run(store, run)
    if as_json:
        output.line(output.json_line(found.to_json()))
    else:
        _print(found)


@app.command()
def log(
    run: Annotated[str, typer.Argument(help="The run's id, or a site's: its newest run.")], as_json: Json = False
) -> None:
    """Print what a crawl logged, the newest 2,000 lines of it."""
    with session.opened(session.configure()) as store:
        found = _run(store, run)
        lines = store.run_logs.of(found.id)
    for line in lines:
        told = f"{output.when(line.at)} {line.level} {line.logger}: {line.message}"
        output.line(output.json_line(line.to_json()) if as_json else told)
    if not lines:
        output.note(f"Of {found.id} no log is kept.")


def _run(store: Store, named: str) -> RunReport:
    """The run of an id, or the newest of a site."""
    found = store.runs.get(named) or next(iter(store.runs.find(named, limit=1)), None)
    if found is None:
        raise BantinError(f"There is no run {named!r}.", "`bantin runs list` shows them.")
    return found


def _print(run: RunReport) -> None:
    from cli import tables

    output.show(tables.runs([run]))
    if run.reasons:
        output.show(tables.reasons(run.reasons))
    if run.error:
        output.line(run.error)
