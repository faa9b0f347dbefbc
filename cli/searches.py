"""bantin searches: searches with a name, each of which has its feeds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode

import typer

from cli import output, session
from cli.options import By, Json, query_of
from news.errors import BantinError

app = typer.Typer(help="Searches with a name, each of which has its feeds.", no_args_is_help=True)
Id = Annotated[
    str, typer.Argument(metavar="ID", help="What it is called in addresses: small letters, digits, hyphens.")
]


@app.command()
def save(
    id: Id,
    select: Annotated[str, typer.Option(metavar="QUERY", help="What it asks for, as in an address: kind=press&q=bão.")],
    title: Annotated[str, typer.Option(help="What readers see.")],
    by: By,
) -> None:
    """Save a search, or put it in the place of the one of that name."""
    from news.saved import SavedSearch
    from news.selection import Selection

    given = query_of(select)
    config = session.configure()
    search = SavedSearch(id, title, Selection.parse(given), by, datetime.now(UTC))
    search.selection.sites_of(session.catalog(config).sites)
    with session.opened(config) as store:
        store.searches.save(search)
    output.line(f"/feeds/atom.xml?search={id}")


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the saved searches."""
    with session.opened(session.configure()) as store:
        found = store.searches.all()
    table = output.table("id!", "title", "asks for", "by!", "saved!")
    for search in found:
        query = urlencode(search.selection.to_query())
        if as_json:
            row = {
                "id": search.id,
                "title": search.name,
                "query": query,
                "by": search.by,
                "saved": search.saved.isoformat(),
            }
            output.line(output.json_line(row))
        table.add_row(search.id, output.plain(search.name), query, search.by, output.when(search.saved))
    if not as_json:
        output.show(table)


@app.command()
def remove(id: Id) -> None:
    """Forget a saved search; its feeds end."""
    with session.opened(session.configure()) as store:
        if not store.searches.remove(id):
            raise BantinError(f"There is no search {id!r}.", "`bantin searches list` shows those there are.")
    output.line(f"{id} is forgotten.")
