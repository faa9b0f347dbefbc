"""bantin runs: what the crawls did, and do."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from cli import output, session
from cli.options import By, From, Json, To
from cli.orders import ask_to_stop
from cli.running import live
from news.errors import BantinError

if TYPE_CHECKING:
    from news.errors import Reason
    from news.report import RunReport, RunState
    from news.runlog import LogLine
    from storage.connect import Store

app = typer.Typer(
    help="The crawls: list them, show one, read what it logged, see which are under way, stop one.",
    no_args_is_help=True,
)
app.command("live")(live)
Named = Annotated[str, typer.Argument(metavar="RUN", help="The run's id, or a site's: its newest run.")]
_LOOK = 1.0  # seconds between two looks for what was logged


@app.command("list")
def list_(
    site: Annotated[str, typer.Option(help="Only of this site.")] = "",
    state: Annotated[str, typer.Option(help="Only those that ended so: done, failed, killed, lost, skipped.")] = "",
    since: From = None,
    until: To = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20,
    as_json: Json = False,
) -> None:
    """List crawls, newest first."""
    from storage.runs import RunFilter

    wanted = RunFilter(site or None, _state(state) if state else None, since, until)
    with session.opened(session.configure()) as store:
        runs = store.runs.listed(wanted, limit)
    if as_json:
        for run in runs:
            output.line(output.json_line(run.to_json()))
        return
    from cli import tables

    output.show(tables.runs(runs))


@app.command()
def show(run: Named, as_json: Json = False) -> None:
    """Show one crawl, with the reasons of everything that became no article, and what became of its sources."""
    with session.opened(session.configure()) as store:
        found = _run(store, run)
    if as_json:
        output.line(output.json_line(found.to_json()))
    else:
        _print(found)


@app.command()
def log(
    run: Named,
    level: Annotated[str, typer.Option(help="At least so grave: INFO, WARNING, ERROR.")] = "INFO",
    words: Annotated[str, typer.Option(help="Only lines with all of these words.")] = "",
    follow: Annotated[bool, typer.Option("--follow", help="Go on until the crawl is over.")] = False,
    as_json: Json = False,
) -> None:
    """Print what a crawl logged, the newest 2,000 lines of it."""
    from news.report import RunState
    from news.runlog import LEVELS, chosen

    if level not in LEVELS:
        raise typer.BadParameter(f"{level!r} is none of {', '.join(LEVELS)}.")
    with session.opened(session.configure()) as store:
        found, last = _run(store, run), -1
        while True:
            is_over = not follow or _run(store, found.id).state is not RunState.RUNNING
            lines = store.run_logs.of(found.id, last)
            for line in chosen(lines, level, words):
                _print_line(line, as_json=as_json)
            last = lines[-1].number if lines else last
            if is_over:
                break
            time.sleep(_LOOK)
    if last < 0:
        output.note(f"Of {found.id} no log is kept.")


@app.command()
def urls(
    site: Annotated[str, typer.Argument(metavar="SITE", help="Id of the site.")],
    reason: Annotated[str, typer.Argument(metavar="REASON", help="As `bantin runs show` counts it: no-text.")],
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    as_json: Json = False,
) -> None:
    """List the URLs of a site that gave nothing for a reason, those found last first."""
    from storage.biography import row_json

    wanted = _reason(reason)
    with session.opened(session.configure()) as store:
        rows = store.urls.barren(site, wanted, limit)
    for row in rows:
        told = f"{output.when(row.fetched or row.found)} {row.url}{f': {row.detail}' if row.detail else ''}"
        output.line(output.json_line(row_json(row)) if as_json else told)


@app.command()
def stop(run: Named, by: By = "operator", as_json: Json = False) -> None:
    """Ask the scheduler to end a crawl that is under way; it does within two seconds."""
    with session.opened(session.configure()) as store:
        ask_to_stop(_run(store, run), store, by, as_json=as_json)


def _run(store: Store, named: str) -> RunReport:
    """The run of an id, or the newest of a site."""
    found = store.runs.get(named) or next(iter(store.runs.find(named, limit=1)), None)
    if found is None:
        raise BantinError(f"There is no run {named!r}.", "`bantin runs list` shows them.")
    return found


def _state(text: str) -> RunState:
    from news.report import RunState

    if text not in list(RunState):
        raise typer.BadParameter(f"{text!r} is none of {', '.join(RunState)}.")
    return RunState(text)


def _reason(text: str) -> Reason:
    from news.errors import Reason, did_you_mean

    if text not in list(Reason):
        hint = did_you_mean(text, list(Reason), "`bantin runs show` counts them.")
        raise BantinError(f"There is no reason {text!r}.", hint)
    return Reason(text)


def _print(run: RunReport) -> None:
    from cli import tables

    output.show(tables.runs([run]))
    if run.reasons:
        output.show(tables.reasons(run.reasons))
    if run.sources:
        output.show(tables.sources(run.sources))
    if run.memory:
        output.line(f"Its process held {run.memory / 1e6:,.0f} MB at most.")
    if run.error:
        output.line(run.error)


def _print_line(line: LogLine, *, as_json: bool) -> None:
    told = f"{output.when(line.at)} {line.level} {line.logger}: {line.message}"
    output.line(output.json_line(line.to_json()) if as_json else told)
