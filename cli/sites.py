"""bantin sites: the catalogue, one site of it, and the verbs that keep it (check, diff, record, add)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import orders, output, session
from cli.add import add
from cli.check import check
from cli.diff import diff
from cli.options import Json
from cli.record import record

if TYPE_CHECKING:
    from news.site import Site

app = typer.Typer(help="The sites: list, show, check, compare, record, add and steer them.", no_args_is_help=True)
app.command("check")(check)
app.command("diff")(diff)
app.command("record")(record)
app.command("add")(add)
app.command("run")(orders.run)
app.command("pause")(orders.pause)
app.command("resume")(orders.resume)
app.command("accept")(orders.accept)
app.command("schedule")(orders.schedule)


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the sites of the catalogue."""
    sites = session.catalog(session.configure()).sites.values()
    if as_json:
        for site in sites:
            output.line(output.json_line(asdict(site)))
        return
    table = output.table("site!", "name", "kind", "territory", "sources", "every", "verified")
    for site in sites:
        sources = ", ".join(f"{n} {kind}" for kind, n in Counter(source.kind for source in site.sources).items())
        checked = "yes" if site.verified else "no"
        every = f"{site.schedule.every_minutes} min"
        table.add_row(site.id, site.name, site.kind, site.territory, sources, every, checked)
    output.show(table)
    _warn(sites)


@app.command()
def show(site: Annotated[str, typer.Argument(help="The site's id.")], as_json: Json = False) -> None:
    """Show what a site's file declares."""
    found = session.catalog(session.configure()).get(site)
    if as_json:
        output.line(output.json_line(asdict(found)))
        return
    table = output.table("key", "value")
    for key, value in _rows(found):
        table.add_row(key, value)
    output.show(table)
    _warn([found])


def _warn(sites: Iterable[Site]) -> None:
    """What stands in a file and should not stand there for long."""
    for site in sites:
        if site.tls.warning:
            output.note(f"{site.id}: {site.tls.warning}")


def _rows(site: Site) -> Iterator[tuple[str, str]]:
    for key, value in asdict(site).items():
        if isinstance(value, (list, tuple)):
            yield from ((f"{key} {n}" if len(value) > 1 else key, _words(item)) for n, item in enumerate(value, 1))
        else:
            yield key, _words(value)


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_words(item)}" for key, item in value.items() if item not in ("", (), None, {}))
    if isinstance(value, (list, tuple)):
        return " | ".join(_words(item) for item in value)
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
