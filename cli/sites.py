"""bantin sites: the catalogue, one site of it, what a site answers today, and pages of it recorded as tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import output, session
from cli.options import Json
from cli.record import record

if TYPE_CHECKING:
    import config as settings
    from cli.probe import Finding
    from news.site import Site

app = typer.Typer(help="The sites: list them, show one, check what they answer.", no_args_is_help=True)
app.command("record")(record)


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


@app.command()
def check(
    sites: Annotated[list[str] | None, typer.Argument(metavar="[SITE]...", help="Ids; all sites if none.")] = None,
    as_json: Json = False,
) -> None:
    """Ask each site for robots.txt, its home page and its sources, and say what came; 1 if anything is amiss."""
    config = session.configure()
    catalog = session.catalog(config)
    chosen = [catalog.get(name) for name in sites] if sites else list(catalog.sites.values())
    findings = list(_probed(chosen, config))
    if as_json:
        for finding in findings:
            output.line(output.json_line(finding.to_json()))
    else:
        _print(findings)
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)


def _probed(sites: list[Site], config: settings.Config) -> Iterator[Finding]:
    from cli.probe import probe
    from cli.progress import counted

    for site in counted(sites, "Asking"):
        agent = site.politeness.user_agent or config.user_agent
        yield from probe(replace(site, politeness=replace(site.politeness, user_agent=agent)))


def _print(findings: list[Finding]) -> None:
    table = output.table("site!", "what", "address", "status#", "type", "robots", "leads#", "seconds#", "problem")
    for row in findings:
        table.add_row(
            row.site, row.what, row.url, str(row.status or "-"), row.content_type, row.robots,
            "" if row.leads is None else str(row.leads), f"{row.seconds:.2f}", row.problem,
        )  # fmt: skip
    output.show(table)


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
