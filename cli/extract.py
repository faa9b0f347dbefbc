"""bantin extract: the clean article of a saved page, of an address, or of a folder of saved pages."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from cli.given import AllowPrivate, Url
from news.errors import BantinError

if TYPE_CHECKING:
    from cli.saved import Place, SavedPage
    from news.article import Article
    from spiders.catalog import Catalog


class Format(StrEnum):
    JSON = "json"
    TEXT = "text"
    MARKDOWN = "markdown"


def extract(
    source: Annotated[str, typer.Argument(metavar="FILE_OR_URL|DIR", help="A saved page, an address, or a folder.")],
    url: Url = "",
    format_: Annotated[Format, typer.Option("--format", help="What to print.")] = Format.JSON,
    out: Annotated[Path | None, typer.Option(help="Write to this file instead of stdout.")] = None,
    allow_private: AllowPrivate = False,
) -> None:
    """Print the clean article of a page; of a folder, one JSON object a line."""
    if Path(source).is_dir():
        if url or format_ is not Format.JSON:
            raise typer.BadParameter("A folder gives JSON lines, and its pages name their own addresses.")
        with _opened(out) as target:
            _folder(Path(source), target)
        return
    article = _single(source, url, allow_private)
    with _opened(out) as target:
        target.write(rendered(article, format_) + "\n")


def _single(source: str, url: str, allow_private: bool) -> Article:
    from cli import given, session
    from news.extract import extract as extract_page

    config = session.configure()
    catalog = session.catalog(config)
    page = given.page(source, url, config.user_agent, allow_private=allow_private)
    return extract_page(page.body, page.url, site=catalog.for_url(page.url), content_type=page.content_type)


def _folder(folder: Path, target: TextIO) -> None:
    from cli import output, session
    from cli.progress import counted
    from cli.saved import places

    catalog = session.catalog(session.configure())
    for place in counted(places(folder), "Extracting"):
        target.write(output.json_line(_article(place, catalog).to_json()) + "\n")


def _article(place: Place, catalog: Catalog) -> Article:
    """The article of one page of a folder; a page that cannot be read is one that holds no article, and says why."""
    from news.extract import extract as extract_page

    page = place.read()
    if page.problem:
        return _nothing(page, page.problem)
    try:
        return extract_page(page.body, page.url, site=catalog.for_url(page.url))
    except BantinError as error:
        return _nothing(page, error.problem)


def _nothing(page: SavedPage, problem: str) -> Article:
    from news.article import Article, Kind

    # The address of an Article is never empty; .invalid is the name that no page can have (RFC 2606).
    known = page.url.startswith(("http://", "https://"))
    url = page.url if known else f"http://unknown.invalid/{page.name}"
    return Article(url=url, site="", kind=Kind.OTHER, evidence={"kind": problem})


def rendered(article: Article, format_: Format) -> str:
    from cli import output
    from news.article import Kind

    if format_ is Format.JSON:
        return output.json_line(article.to_json())
    if article.kind is not Kind.ARTICLE:
        why = article.reason or article.kind
        raise BantinError(f"{article.url} holds no article: {why}.", "--format json shows what was found.")
    from cli import plain

    return plain.text(article) if format_ is Format.TEXT else plain.markdown(article)


@contextmanager
def _opened(out: Path | None) -> Iterator[TextIO]:
    if out is None:
        sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # half a surrogate pair is no reason to stop
        yield sys.stdout
        return
    try:
        file = out.open("w", encoding="utf-8", errors="replace")
    except OSError as error:
        raise BantinError(f"{out} cannot be written: {error.strerror}.", "Give another --out.") from None
    with file:
        yield file
