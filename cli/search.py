"""bantin search: the stored articles that have these words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli import output, search_index, session
from cli.options import Json, Since

if TYPE_CHECKING:
    from collections.abc import Iterable

    from news.article import Article
    from news.search import Piece, Query

_WIDTH = 160


def search(
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORDS...", help="Words that must all be there; “...” is a phrase, -word must not be."),
    ],
    site: Annotated[str, typer.Option(metavar="ID", help="Only of this site.")] = "",
    since: Since = None,
    order: Annotated[str, typer.Option(help="relevance, published (newest first) or changed (changed last first).")] = (
        "relevance"
    ),
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20,
    as_json: Json = False,
) -> None:
    """Find published articles by their words, with or without marks: "khoa hoc" finds "khoa học"."""
    from news.search import Query
    from storage.search import Order, SearchIndex

    if order not in list(Order):
        raise typer.BadParameter(f"{order!r} is none of {', '.join(Order)}.", param_hint="--order")
    query = Query.parse(" ".join(words))
    config = session.configure()
    if site:
        session.catalog(config).get(site)
    with session.opened(config) as store, SearchIndex.of(config, store) as index:
        if not index.catch_up():
            search_index.finish(index)
        sites = frozenset({site}) if site else None
        page = index.find(query, sites=sites, since=since, order=Order(order), limit=limit)
        found = store.articles.some(page.ids)
    if as_json:
        for stored in found:
            pieces = [piece._asdict() for piece in _shown(query, stored.article)]
            output.line(output.json_line({**stored.to_json(), "found": pieces}))
        return
    from news.search import highlight

    table = output.table("id!", "published!", "site!", "title, where it was found")
    for stored in found:
        article = stored.article
        told = f"{_marked(highlight(query, article.title))}\n{_marked(_shown(query, article))}"
        table.add_row(stored.id, output.stated(article), article.site, told)
    output.show(table)
    output.note(f"{page.total:,}{'' if page.counted else ' or more'} found.")


def _shown(query: Query, article: Article) -> tuple[Piece, ...]:
    from news.search import snippet

    return snippet(query, "\n".join(filter(None, (article.lead, article.body))), _WIDTH)


def _marked(pieces: Iterable[Piece]) -> str:
    """Pieces as Rich reads them, on one line."""
    return "".join(
        f"[bold]{output.plain(piece.text)}[/bold]" if piece.marked else output.plain(piece.text.replace("\n", " "))
        for piece in pieces
    )
