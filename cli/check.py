"""bantin sites check: what sites answer today, many asked side by side, none of them waited for without end."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import output, session
from cli.options import Json

if TYPE_CHECKING:
    import config as settings
    from cli.probe import Finding
    from news.site import Site

# Sites asked side by side. Each is asked one thing at a time, with its own delay between.
AT_ONCE = 16
LIMIT = 120.0


def check(
    sites: Annotated[list[str] | None, typer.Argument(metavar="[SITE]...", help="Ids; all sites if none.")] = None,
    limit: Annotated[float, typer.Option(min=1, help="Seconds after which a site is left alone.")] = LIMIT,
    as_json: Json = False,
) -> None:
    """Ask each site for robots.txt, its home page and its sources, and say what came; 1 if anything is amiss."""
    from cli.progress import counted

    config = session.configure()
    catalog = session.catalog(config)
    chosen = [_asking(catalog.get(name), config) for name in sites or catalog.sites]
    found = dict(counted(probe_all(chosen, config.sites_dir, limit), "Asking", len(chosen)))
    findings = [finding for site in chosen for finding in found[site.id]]
    if as_json:
        for finding in findings:
            output.line(output.json_line(finding.to_json()))
    else:
        _print(findings)
    for site in chosen:
        if site.tls.warning:
            output.note(f"{site.id}: {site.tls.warning}")
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)


def probe_all(
    sites: Sequence[Site], folder: Path, limit: float = LIMIT, at_once: int = AT_ONCE
) -> Iterator[tuple[str, list[Finding]]]:
    """The findings of each site, as they come in. A site that has not answered `limit` seconds after it was asked
    first gives what came so far and the problem, and its place to the next one. `folder` is that of the site files."""
    waiting = list(reversed(sites))
    done: queue.Queue[str] = queue.Queue()
    running: dict[str, tuple[float, list[Finding]]] = {}
    while waiting or running:
        while waiting and len(running) < at_once:
            site = waiting.pop()
            came: list[Finding] = []
            running[site.id] = (time.monotonic() + limit, came)
            # Not a pool: its threads are waited for when the program ends, and a look-up of a name cannot be stopped.
            threading.Thread(target=_ask, args=(site, folder, came, done), name=f"check {site.id}", daemon=True).start()
        try:
            ended = done.get(timeout=max(0.01, min(until for until, _ in running.values()) - time.monotonic()))
            ready = [ended] if ended in running else []
        except queue.Empty:
            ready = []
        yield from ((id, running.pop(id)[1]) for id in ready)
        late = [id for id, (until, _) in running.items() if until <= time.monotonic()]
        yield from ((id, [*running.pop(id)[1], _late(id, limit)]) for id in late)


def _ask(site: Site, folder: Path, came: list[Finding], done: queue.Queue[str]) -> None:
    from cli.probe import Finding, probe

    try:
        came.extend(probe(site, folder))  # one by one, as they come
    except Exception as error:  # one site's surprise must not cost the others their table
        came.append(Finding(site.id, "check", site.home, problem=f"{type(error).__name__}: {error}"))
    finally:
        done.put(site.id)


def _late(site: str, limit: float) -> Finding:
    from cli.probe import Finding

    return Finding(site, "check", "", problem=f"was left alone after {limit:g} seconds")


def _asking(site: Site, config: settings.Config) -> Site:
    """The site with the user agent that a crawl would have."""
    agent = site.politeness.user_agent or config.user_agent
    return replace(site, politeness=replace(site.politeness, user_agent=agent))


def _print(findings: list[Finding]) -> None:
    table = output.table("site!", "what", "address", "status#", "type", "robots", "leads#", "seconds#", "problem")
    for row in findings:
        table.add_row(
            row.site, row.what, row.url, str(row.status or "-"), row.content_type, row.robots,
            "" if row.leads is None else str(row.leads), f"{row.seconds:.2f}", row.problem,
        )  # fmt: skip
    output.show(table)
