"""bantin why: everything that is known of one URL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from cli import output, session
from cli.options import Json


def why(
    url: Annotated[str, typer.Argument(help="Any address, met or not.")],
    as_json: Json = False,
) -> None:
    """Tell what is known of a URL: whose it is, when it was found, fetched and judged, and what came of it."""
    from cli import biography

    config = session.configure()
    catalog = session.catalog(config)
    with session.opened(config) as store:
        known = biography.known(store, catalog, url)
    if as_json:
        output.line(output.json_line(known.to_json()))
        return
    for line in biography.told(known, datetime.now(UTC)):
        output.line(line)
