"""bantin backfill: what a site published before Bantin knew it, and how complete what is stored is."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from cli import output, session
from cli.options import Json, day
from news.errors import BantinError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    import config as settings
    from news.completeness import Day as DayCount
    from news.completeness import Named
    from news.site import Site
    from storage.connect import Store
    from storage.urls import UrlRow

# How often it is looked whether the crawl that a back-fill gave way to has ended.
_PATIENCE = 2.0  # seconds


def backfill(
    site: Annotated[str, typer.Argument(help="Id of the site.")],
    since: Annotated[datetime | None, typer.Option("--from", parser=day, metavar="DATE", help="First day.")] = None,
    until: Annotated[datetime | None, typer.Option("--to", parser=day, metavar="DATE", help="Last day.")] = None,
    max_pages: Annotated[int | None, typer.Option(min=1, help="Article pages at most, this time.")] = None,
    report: Annotated[bool, typer.Option("--report", help="Only say how complete it is.")] = False,
    as_json: Json = False,
) -> None:
    """Read a site's sources back to a day, behind its ordinary crawls, and say how complete it is; 1 if it failed."""
    if not report and (since is None or until is None):
        raise typer.BadParameter("Say which days: --from DATE --to DATE.")
    if since and until and since > until:
        raise typer.BadParameter("--from lies behind --to.")
    config = session.configure()
    chosen = session.catalog(config).get(site)
    failed = False
    with session.opened(config) as store:
        if not report:
            assert since is not None
            assert until is not None
            failed = _fill(chosen, since, until + timedelta(days=1), max_pages, session.joined(config, store), store)
        days = list(_days(store, chosen.id, since, until))
    if as_json:
        for counted in days:
            output.line(output.json_line(counted.to_json()))
    else:
        _show(days)
    if failed:
        raise typer.Exit(1)


def _fill(
    site: Site, since: datetime, until: datetime, max_pages: int | None, config: settings.Config, store: Store
) -> bool:
    """Crawl after crawl until all is read; whether one of them failed. Between two the site is free for others."""
    from cli import crawl
    from crawler.job import CrawlOptions, stands_still

    left = max_pages
    while True:
        _wait(store, site)
        pages = min(left, site.politeness.max_pages) if left else None
        options = CrawlOptions(max_pages=pages, since=since, until=until, backfill=True)
        try:
            (run,), _ = crawl.run([site], options, config)
        except KeyboardInterrupt:
            store.runs.close_lost()
            raise
        if crawl.failed([run]):
            output.note(f"{site.id}: {run.error}")
            return True
        if left is not None:
            left -= run.pages
        if run.complete or (left is not None and left <= 0) or stands_still(run):
            return False


def _wait(store: Store, site: Site) -> None:
    told = False
    while not store.site_state.is_free(site.id, datetime.now(UTC)):
        if not told:
            output.note(f"{site.id} is being crawled; the back-fill goes on after that.")
            told = True
        time.sleep(_PATIENCE)


def _days(store: Store, site: str, since: datetime | None, until: datetime | None) -> list[DayCount]:
    from news.completeness import completeness

    first, last = (moment.date() if moment else None for moment in (since, until))
    return completeness((one for row in store.urls.each(site) for one in _named(row)), first, last)


def _named(row: UrlRow) -> Iterator[Named]:
    """What the row of an address says of an article; nothing for a source's own, or one that no source names."""
    from news.article import ANNOUNCING
    from news.completeness import Fate, Named
    from storage.urls import UrlState

    sources = {via for via in (*row.named, row.via) if via in ANNOUNCING}
    if not sources or row.state is UrlState.SOURCE:
        return
    fates = {UrlState.STORED: Fate.STORED, UrlState.DUPLICATE: Fate.STORED, UrlState.REJECTED: Fate.REJECTED}
    fate = fates.get(row.state, Fate.MISSING)
    reason = row.reason if fate is not Fate.STORED else None
    yield Named(row.article_id or row.key, _day(row), frozenset(sources), fate, reason)


def _day(row: UrlRow) -> date | None:
    from news.article import VIETNAM
    from news.dates import date_in_url

    if row.published:
        return row.published.astimezone(VIETNAM).date()
    stamp = date_in_url(row.url)
    return stamp.when.date() if stamp else None


def _show(days: list[DayCount]) -> None:
    from collections import Counter

    from cli import tables

    if not days:
        raise BantinError(
            "Nothing that was published on these days is known.", "Crawl the site first, or name other days."
        )
    kinds = sorted({kind for row in days for kind in row.named})
    table = output.table("day!", *(f"{kind}#" for kind in kinds), "named#", "stored#", "missing#", "rejected#")
    total: Counter[str] = Counter()
    for row in days:
        fates = {name: row.fates[name] for name in ("stored", "missing", "rejected")}
        counts = {**{f"by {kind}": row.named[kind] for kind in kinds}, "named": row.total, **fates}
        total.update(counts)
        table.add_row(f"{row.day:%d/%m/%Y}" if row.day else "no date", *map(str, counts.values()))
    table.add_section()
    table.add_row("total", *map(str, total.values()), style="bold")
    output.show(table)
    reasons = sum((row.reasons for row in days), Counter[str]())
    if reasons:
        output.show(tables.reasons(reasons))
