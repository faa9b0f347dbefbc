"""bantin why: everything that is known of one URL."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from cli import output, session
from cli.options import Json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from news.telling import Step
    from storage.biography import Known


def why(
    url: Annotated[str, typer.Argument(help="Any address, met or not, or the id of an article.")],
    as_json: Json = False,
) -> None:
    """Tell what is known of a URL: whose it is, when it was found, fetched and judged, and what came of it."""
    from storage import biography, recounting

    config = session.configure()
    catalog = session.catalog(config)
    with session.opened(config) as store:
        known = biography.known(store, catalog.sites, biography.address_of(store, url))
    if as_json:
        output.line(output.json_line(recounting.to_json(known)))
        return
    for line in _told(known):
        output.line(line)


def _told(known: Known) -> Iterator[str]:
    """Line by line; an empty one stands between what it is, what became of it, and what to do."""
    from news.language import Language
    from news.telling import tell
    from storage.recounting import steps

    yield known.url
    for part, group in groupby(steps(known, datetime.now(UTC)), key=_part):
        if part:
            yield ""
        for step in group:
            if said := tell(step, Language.ENGLISH, output.when):
                yield said


def _part(step: Step) -> int:
    from news.telling import Chapter

    return {Chapter.SITE: 0, Chapter.SOURCE: 1, Chapter.FETCH: 1, Chapter.ARTICLE: 2, Chapter.READER: 2}.get(
        step.chapter, 3
    )
