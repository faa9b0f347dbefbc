"""bantin crawl: crawl sites now, and say what came of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from cli import output, session
from cli.options import Json, Since
from news.errors import BantinError

if TYPE_CHECKING:
    import config as settings
    from crawler.job import CrawlOptions
    from news.report import RunReport
    from news.site import Site


_WIDE = 130  # columns of a terminal with room for the names of portals beside the numbers


def crawl(
    sites: Annotated[list[str] | None, typer.Argument(metavar="SITE...", help="Ids of the sites.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="All verified sites.")] = False,
    max_pages: Annotated[int | None, typer.Option(min=1, help="Article pages at most, for each site.")] = None,
    since: Since = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Fetch and judge, but store nothing.")] = False,
    revisit: Annotated[bool, typer.Option("--revisit", help="Fetch known articles again if they changed.")] = False,
    as_json: Json = False,
) -> None:
    """Crawl sites now; 1 if any crawl failed."""
    from crawler.job import CrawlOptions

    if bool(sites) == all_:
        raise typer.BadParameter("Name the sites to crawl, or give --all.")
    config = session.configure()
    catalog = session.catalog(config)
    chosen = [catalog.get(name) for name in sites or ()] or session.scheduled(catalog)
    if not chosen:
        raise BantinError("No site of the catalogue is verified.", "Name the sites; `bantin sites list` shows them.")
    options = CrawlOptions(max_pages=max_pages, since=since, dry_run=dry_run, revisit=revisit)
    with session.opened(config) as store:
        try:
            reports, seconds = run(chosen, options, session.joined(config, store))
        except KeyboardInterrupt:
            store.runs.close_lost()  # of a crawl that was stopped before it could sign off
            raise
    if as_json:
        for report in reports:
            output.line(output.json_line(report.to_json()))
    else:
        show(reports, chosen, seconds)
    if failed(reports):
        raise typer.Exit(1)


def run(sites: list[Site], options: CrawlOptions, config: settings.Config) -> tuple[list[RunReport], float]:
    """The reports, and the wall time of all in seconds. Ctrl-C lets each crawl write what it holds, then ends."""
    from cli.progress import CrawlDisplay
    from cli.stopping import stoppable
    from crawler.job import Progress
    from crawler.run import crawl_many

    began = time.monotonic()
    with stoppable() as stop, CrawlDisplay(session.names(sites)) as display:

        def tell(progress: Progress) -> None:
            if not progress.report.finished:  # the last word of a crawl comes while it is being stored
                stop.check()
            display(progress)

        reports = crawl_many(sites, options, config, tell)
    return reports, time.monotonic() - began


def show(reports: list[RunReport], sites: list[Site], seconds: float) -> None:
    """The table, and under it why crawls failed and pages gave nothing."""
    from collections import Counter

    from cli import tables

    wide = output.console().width >= _WIDE
    output.show(tables.crawls(reports, session.names(sites), seconds, wide=wide))
    reasons = sum((Counter(report.reasons) for report in reports), Counter[str]())
    if reasons:
        output.show(tables.reasons(reasons))
    for report in reports:
        if report.error:
            output.line(f"{report.site}: {report.error}")


def failed(reports: list[RunReport]) -> bool:
    from news.report import RunState

    return any(report.state is not RunState.DONE for report in reports)
