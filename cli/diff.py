"""bantin sites diff: what the site files say now, and what the running scheduler or the last crawl took from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import output, session
from cli.options import Json

if TYPE_CHECKING:
    from news.declared import Change, Declared
    from spiders.catalog import Catalog


def diff(
    sites: Annotated[list[str] | None, typer.Argument(metavar="[SITE]...", help="Ids; all sites if none.")] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="1 if anything differs.")] = False,
    as_json: Json = False,
) -> None:
    """Show what would change when the site files are taken up: keys added, removed and changed, before and after."""
    config = session.configure()
    catalog = session.catalog(config)
    with session.opened(config) as store:
        known = store.site_state.declared()
    found = {name: _changes(name, known, catalog) for name in _chosen(sites, known, catalog)}
    for name, changed in found.items():
        _tell(name, _state(name, known, catalog), changed, as_json)
    if not any(found.values()):
        output.note("Nothing differs.")
    elif exit_code:
        raise typer.Exit(1)


def _chosen(names: list[str] | None, known: dict[str, Declared], catalog: Catalog) -> list[str]:
    """The sites to compare. A site that is new and unverified was never taken up, and nobody would crawl it unasked."""
    for name in names or ():
        if name not in known:
            catalog.get(name)
    scheduled = {site.id for site in session.scheduled(catalog)}
    return sorted(names or {*known, *scheduled})


def _state(name: str, known: dict[str, Declared], catalog: Catalog) -> str:
    if name not in known:
        return "added"
    return "changed" if name in catalog.sites else "removed"


def _changes(name: str, known: dict[str, Declared], catalog: Catalog) -> tuple[Change, ...]:
    from news.declared import changes, declared

    site = catalog.sites.get(name)
    return changes(known.get(name), declared(site) if site else None)


def _tell(name: str, state: str, changed: tuple[Change, ...], as_json: bool) -> None:
    if as_json:
        for key, before, after in changed:
            row = {"site": name, "state": state, "key": key, "before": before, "after": after}
            output.line(output.json_line(row))
        return
    if not changed:
        return
    output.line(f"{name}: {state}")
    if state == "removed":  # its file is gone; what stood in it is no news
        return
    for key, before, after in changed:
        if before is not None:
            output.line(f"  - {key} = {_words(before)}")
        if after is not None and (state != "added" or after not in ("", [], {})):
            output.line(f"  + {key} = {_words(after)}")


def _words(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)
