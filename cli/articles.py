"""bantin articles: the stored articles, one of them, and what an editor decides of those that wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli import lookup, output, session
from cli.extract import Format, rendered
from cli.options import By, Json, Since
from news.article import Status

if TYPE_CHECKING:
    from storage.connect import Store

app = typer.Typer(help="The stored articles: list them, show one, publish or reject.", no_args_is_help=True)
Named = Annotated[list[str], typer.Argument(metavar="ID_OR_URL", help="Ids of articles, or their addresses.")]


@app.command("list")
def list_(
    site: Annotated[str, typer.Option(help="Only of this site.")] = "",
    since: Since = None,
    status: Annotated[Status | None, typer.Option(help="Only those that stand so with their readers.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    as_json: Json = False,
) -> None:
    """List stored articles, newest first."""
    from storage.articles import ArticleFilter

    config = session.configure()
    if site:
        session.catalog(config).get(site)
    with session.opened(config) as store:
        only = ArticleFilter((site,) if site else None, since, statuses=(status,) if status else None)
        found = store.articles.find(only, limit=limit)
    if as_json:
        for stored in found:
            output.line(output.json_line(stored.to_json()))
        return
    table = output.table("id!", "published!", "site!", "title", "status!", "version#")
    for stored in found:
        article = stored.article
        published, title = output.when(article.published), output.plain(article.title)
        table.add_row(stored.id, published, article.site, title, str(stored.status), str(stored.version))
    output.show(table)


@app.command()
def show(
    article: Annotated[str, typer.Argument(metavar="ID_OR_URL", help="The article's id, or one of its addresses.")],
    format_: Annotated[Format, typer.Option("--format", help="What to print.")] = Format.MARKDOWN,
    versions: Annotated[
        bool, typer.Option("--versions", help="Its earlier versions and what was changed, instead.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
) -> None:
    """Show a stored article, or what it said before."""
    config = session.configure()
    with session.opened(config) as store:
        stored = lookup.article(store, article, config)
        earlier = store.versions.of(stored.id) if versions else []
    as_json = as_json or format_ is Format.JSON
    if versions:
        from cli import history

        history.show(stored, earlier, as_json=as_json)
    elif as_json:
        output.line(output.json_line(stored.to_json()))
    else:
        output.line(rendered(stored.article, format_))


@app.command()
def approve(articles: Named, by: By) -> None:
    """Publish articles that wait for an editor, or were rejected."""
    _decide(articles, "published", lambda store, id: store.journal.approve(id, datetime.now(UTC), by=by))


@app.command()
def reject(
    articles: Named,
    by: By,
    reason: Annotated[str, typer.Option(help="Why, in words; consumers see it.")],
) -> None:
    """Take articles from their readers, or keep them from ever getting there. `approve` undoes it."""
    _decide(articles, "rejected", lambda store, id: store.journal.reject(id, datetime.now(UTC), reason, by=by))


def _decide(named: list[str], done: str, act: Callable[[Store, str], bool]) -> None:
    config = session.configure()
    with session.opened(config) as store:
        for stored in [lookup.article(store, name, config) for name in named]:
            happened = act(store, stored.id)
            title = output.plain(stored.article.title)
            output.line(f"{stored.id} {done}: {title}" if happened else f"{stored.id} is {stored.status}: {title}")
