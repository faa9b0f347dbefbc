"""bantin search-index: how the index of the search is, and building it anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from cli import output, progress, session
from cli.options import Json

if TYPE_CHECKING:
    from storage.search import SearchIndex

app = typer.Typer(help="The index of `bantin search`, which builds itself.", no_args_is_help=True)


@app.command()
def status(as_json: Json = False) -> None:
    """Say what the index holds, how far it is behind, and where it lies."""
    from storage.search import SearchIndex

    config = session.configure()
    with session.opened(config) as store, SearchIndex.of(config, store) as index:
        now = index.status()
    if as_json:
        output.line(output.json_line(now.to_json()))
        return
    output.line(f"state     {'ready' if now.ready else 'being built' if now.articles else 'not built yet'}")
    output.line(f"articles  {now.articles:,}, and {now.dead:,} replaced texts that still take room")
    output.line(f"events    up to {now.cursor}, {now.behind:,} behind")
    output.line(f"file      {now.file}, {now.bytes / 1e6:,.1f} MB")


@app.command()
def rebuild() -> None:
    """Build the index anew. Searches are answered by the present one until that is done."""
    from storage.search import SearchIndex

    config = session.configure()
    with session.opened(config) as store, SearchIndex.of(config, store) as index:
        index.rebuild()
        finish(index)
        output.line(f"{index.status().articles:,} articles are in the index.")


def finish(index: SearchIndex) -> None:
    """Does what the index has to do, with a line that says so."""
    batches = 0
    with progress.working("Building the search index:") as say:
        while index.step():
            batches += 1
            say(f"batch {batches:,}")
