"""bantin articles: the stored articles, one of them, and what an editor decides about them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from cli import lookup, output, session
from cli.extract import Format, rendered
from cli.options import By, Json, Since
from news.article import Status
from news.review.states import Move

app = typer.Typer(help="The stored articles: list them, show one, decide about some.", no_args_is_help=True)
Named = Annotated[list[str], typer.Argument(metavar="ID_OR_URL", help="Ids of articles, or their addresses.")]

Reason = Annotated[str, typer.Option(help="Why, in words; consumers see it.")]
WhyGone = Annotated[str, typer.Option("--reason", help="Why, in words; consumers see it.")]


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
def approve(articles: Named, by: By, reason: Reason = "") -> None:
    """Publish articles that wait for an editor, are held or were rejected; of published ones say that they are seen."""
    _decide(articles, Move.APPROVE, by, reason)


@app.command()
def reject(articles: Named, by: By, reason: WhyGone) -> None:
    """Take articles from their readers, or keep them from ever getting there. `approve` publishes them again."""
    _decide(articles, Move.REJECT, by, reason)


@app.command()
def hold(articles: Named, by: By, reason: Reason = "") -> None:
    """Keep articles from their readers for now."""
    _decide(articles, Move.HOLD, by, reason)


@app.command()
def retract(articles: Named, by: By, reason: WhyGone) -> None:
    """Take articles down that readers have read. `restore` publishes them again; no crawl does."""
    _decide(articles, Move.RETRACT, by, reason)


@app.command()
def restore(articles: Named, by: By, reason: Reason = "") -> None:
    """Publish articles again that were retracted or rejected."""
    _decide(articles, Move.RESTORE, by, reason)


@app.command()
def note(
    article: Annotated[str, typer.Argument(metavar="ID_OR_URL", help="The article's id, or one of its addresses.")],
    text: Annotated[str, typer.Argument(help="What other editors should know. Consumers do not see it.")],
    by: By,
) -> None:
    """Write a note to an article."""
    config = session.configure()
    with session.opened(config) as store:
        stored = lookup.article(store, article, config)
        store.journal.note(stored.id, text, datetime.now(UTC), by=by)
    output.line(f"{stored.id} has one note more: {output.plain(stored.article.title)}")


def _decide(named: list[str], move: Move, by: str, reason: str) -> None:
    config = session.configure()
    with session.opened(config) as store:
        for stored in [lookup.article(store, name, config) for name in named]:
            record = store.journal.decide(stored.id, move, datetime.now(UTC), by=by, reason=reason)
            title = output.plain(stored.article.title)
            if record is None or record.after is None:
                output.line(f"{stored.id} is {stored.status}: {title}")
            else:
                output.line(f"{stored.id} {record.after}: {title}")
