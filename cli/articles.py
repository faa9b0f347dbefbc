"""bantin articles: the stored articles, and one of them."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import lookup, output, session
from cli.extract import Format, rendered
from cli.options import Json, Since

app = typer.Typer(help="The stored articles: list them, show one.", no_args_is_help=True)


@app.command("list")
def list_(
    site: Annotated[str, typer.Option(help="Only of this site.")] = "",
    since: Since = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    as_json: Json = False,
) -> None:
    """List stored articles, newest first."""
    from storage.articles import ArticleFilter

    config = session.configure()
    if site:
        session.catalog(config).get(site)
    with session.opened(config) as store:
        found = store.articles.find(ArticleFilter(sites=(site,) if site else None, since=since), limit=limit)
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
