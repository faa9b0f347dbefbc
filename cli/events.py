"""bantin events: what happened to articles, in its one order."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cli import output, session
from cli.options import Json
from news.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from news.event import Event
    from storage.connect import Store

app = typer.Typer(help="What happened to articles: list it, follow it.", no_args_is_help=True)

After = Annotated[
    str | None,
    typer.Option("--after", metavar="CURSOR", help="Go on behind this event; 0: from the first that is kept."),
]
# How many are asked for at a time, and for how many seconds an answer is waited for.
_BATCH, _WAIT = 500, 60.0


@app.command("list")
def list_(
    after: After = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    as_json: Json = False,
) -> None:
    """List what happened, in order: behind a cursor, or the newest."""
    with session.opened(session.configure()) as store:
        last = store.events.last()
        found = store.events.after(_cursor(after, last, max(store.events.first() - 1, last - limit)), limit)
        titles = {} if as_json else _titles(store, found)
    if as_json:
        _write(found, titles, as_json=True)
        return
    table = output.table("cursor#", "at!", "kind!", "site!", "article!", "what")
    for event in found:
        what = "\n".join(output.plain(text) for text in (titles.get(event.article_id, ""), _detail(event)) if text)
        table.add_row(event.cursor, output.when(event.at), str(event.kind), event.site, event.article_id, what)
    output.show(table)


@app.command()
def follow(after: After = None, as_json: Json = False) -> None:
    """Print each event as it comes, until Ctrl-C: behind a cursor, or from now on."""
    from cli.stopping import stoppable

    try:
        with stoppable(), session.opened(session.configure()) as store:
            last = store.events.last()
            cursor = _cursor(after, last, last)
            output.note(f"What comes behind {cursor}, until Ctrl-C.")
            while True:
                found = store.events.wait(cursor, _BATCH, _WAIT)
                _write(found, {} if as_json else _titles(store, found), as_json=as_json)
                cursor = found[-1].cursor if found else cursor
    except KeyboardInterrupt:
        return


def _cursor(given: str | None, last: int, otherwise: int) -> str:
    """The cursor to go on from. Raises InvalidValue for what is none of this database, which would wait for ever."""
    from news.event import number_of

    if given is None:
        return str(otherwise)
    if number_of(given) > last:
        raise InvalidValue(
            f"The cursor {given} is ahead of the newest event, which is {last}: it is of another database.",
            "Give the cursor of the last event you have of this one, or 0 to begin with the first.",
        )
    return given


def _write(found: Sequence[Event], titles: Mapping[str, str], *, as_json: bool) -> None:
    """Each event on a line, at once: who reads them in a pipe waits for them."""
    for event in found:
        output.line(output.json_line(event.to_json()) if as_json else _told(event, titles))
    sys.stdout.flush()


def _told(event: Event, titles: Mapping[str, str]) -> str:
    what = "; ".join(text for text in (titles.get(event.article_id, ""), _detail(event)) if text)
    return (
        f"{event.cursor:>6}  {output.when(event.at)}  {event.kind:<9}  {event.site:<14}  {event.article_id}  {what}"
    ).rstrip()


def _detail(event: Event) -> str:
    from news.event import CRAWL

    parts = (
        f"changed: {', '.join(event.changed)}" if event.changed else "",
        f"by {event.by}" if event.by != CRAWL else "",
        event.detail,
    )
    return "; ".join(part for part in parts if part)


def _titles(store: Store, found: Sequence[Event]) -> dict[str, str]:
    stored = store.articles.some([event.article_id for event in found])
    return {one.id: one.article.title for one in stored}
