"""bantin reextract: today's rules over the kept pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from cli import output, session
from cli.options import Json

if TYPE_CHECKING:
    from rich.console import Console

    from news.renewal import Renewal
    from storage.connect import Store

_SAMPLES = 3


def reextract(
    site: Annotated[str, typer.Option(help="Only of this site.")] = "",
    apply: Annotated[bool, typer.Option("--apply", help="Store what changes, and keep the versions before.")] = False,
    as_json: Json = False,
) -> None:
    """Read the kept pages again by today's rules, and say field by field what changes."""
    from crawler.renewal import of_catalog, renewals

    config = session.configure()
    catalog = session.catalog(config)
    with session.opened(config) as store:
        found = renewals(store, of_catalog(catalog.sites.values()), site or None)
        if apply:
            found = _applied(found, store)
        if as_json:
            for renewal in found:
                if renewal.fields or renewal.lost:
                    output.line(output.json_line(renewal.to_json()))
        else:
            _print(found, "changed" if apply else "would change")


def _applied(found: Iterator[Renewal], store: Store) -> Iterator[Renewal]:
    from crawler.renewal import apply

    for renewal in found:
        if renewal.fields and not apply(renewal, store):
            output.note(f"{renewal.old.id} was changed by a crawl meanwhile and is left as that left it.")
        yield renewal


def _print(found: Iterator[Renewal], verb: str) -> None:
    counts: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    samples: dict[str, list[Renewal]] = {}
    read = changed = 0
    for renewal in found:
        read += 1
        changed += bool(renewal.fields)
        lost.update([renewal.lost] if renewal.lost else [])
        counts.update(renewal.fields)
        for field in renewal.fields:
            if len(samples.setdefault(field, [])) < _SAMPLES:
                samples[field].append(renewal)
    console = output.console()
    console.print(f"{read} pages read again; {changed} articles {verb}.")
    if counts:
        table = output.table("field", "articles#")
        for field, count in counts.most_common():
            table.add_row(field, str(count))
        console.print(table)
    for field, renewals in samples.items():
        _show(console, field, renewals)
    for reason, count in lost.most_common():
        console.print(f"{count} pages hold no article by today's rules ({reason}); what is stored stays.", markup=False)


def _show(console: Console, field: str, renewals: list[Renewal]) -> None:
    for renewal in renewals:
        console.print(f"\n[bold]{field}[/] of {renewal.old.id}")
        for line in renewal.told(field).splitlines()[:10]:
            colour = "red" if line.startswith("-") else "green"
            console.print(line[:300], style=colour, markup=False)
