"""bantin import: saved pages and web archives, through the very pipeline of a crawl."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import output, session
from cli.options import Json
from news.errors import BantinError

if TYPE_CHECKING:
    from cli.archives import Found
    from crawler.intake import Intake
    from spiders.catalog import Catalog


def import_(
    source: Annotated[Path, typer.Argument(metavar="DIR|FILE.warc[.gz]", help="A folder of pages, or a web archive.")],
    as_json: Json = False,
) -> None:
    """Store the articles of saved pages or of a web archive, as a crawl would have."""
    from crawler.intake import Intake

    config = session.configure()
    catalog = session.catalog(config)
    counts: Counter[tuple[str, str]] = Counter()
    with session.opened(config) as store:
        store.disk.require(config.disk_floor_gb, datetime.now(UTC))
        intake = Intake(store)
        try:
            for found in _found(source):
                counts[_take(found, intake, catalog)] += 1
        finally:
            intake.flush()
            if counts:
                _tell(counts, as_json)


def _found(source: Path) -> Iterator[Found]:
    from cli import archives

    if source.is_dir():
        return archives.folder(source)
    if source.is_file():
        return archives.archive(source)
    raise BantinError(f"There is no {source}.", "Give a folder of saved pages, or a .warc or .warc.gz file.")


def _take(found: Found, intake: Intake, catalog: Catalog) -> tuple[str, str]:
    """What became of it: a decision and a reason."""
    from news.refusals import refused

    if found.page is None:
        return "skipped", found.skipped
    site = catalog.for_url(found.page.url)
    refusal = refused(found.page.url, site)
    outcome = intake.refuse(found.page, site, refusal.reason) if refusal else intake.take(found.page, site)
    return str(outcome.decision), str(outcome.reason or "")


def _tell(counts: Counter[tuple[str, str]], as_json: bool) -> None:
    rows = sorted(counts.items(), key=lambda row: (row[0][0], -row[1], row[0][1]))
    if as_json:
        for (decision, reason), count in rows:
            output.line(output.json_line({"decision": decision, "reason": reason, "count": count}))
        return
    table = output.table("decision", "reason", "count#")
    for (decision, reason), count in rows:
        table.add_row(decision, reason, str(count))
    table.add_section()
    table.add_row("total", "", str(counts.total()), style="bold")
    output.show(table)
