"""bantin sites record: a page as it is today and what it should give, as a test of its site."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from cli import output, session
from news.errors import BantinError, did_you_mean

if TYPE_CHECKING:
    from cli.fetch import Fetched
    from news.article import Article
    from spiders.catalog import Catalog

# A page larger than this is stored as gzip.
_LARGE = 60_000
_CASE = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def record(
    url: Annotated[str, typer.Argument(help="The address of a page.")],
    site: Annotated[str, typer.Option(help="Site or family whose test it is; by its host, else by its marks.")] = "",
    case: Annotated[str, typer.Option(help="What to call it; the last part of the address if not said.")] = "",
    to: Annotated[Path, typer.Option(help="The folder of recorded pages.")] = Path("tests/sites"),
    force: Annotated[bool, typer.Option("--force", help="Replace a page that is recorded already.")] = False,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Its host may be in a private network.")
    ] = False,
) -> None:
    """Record a live page as a test: the page, its address, and today's extraction for you to correct."""
    from cli.fetch import Fetcher
    from cli.trust import strict, trust_of
    from news.addresses import SHUT, Doors
    from news.extract import extract
    from news.extract.decode import decode
    from news.extract.families import recognise
    from news.extract.tree import names_of, parse
    from news.urls import canonical

    config = session.configure()
    catalog = session.catalog(config)
    if not to.is_dir():
        raise BantinError(f"There is no folder {to}.", "Run it from a checkout of the project, or give --to.")
    _known(site, catalog)
    name = case or _slug(url)
    if not _CASE.fullmatch(name):
        raise BantinError(f"{name!r} is no name for a case.", "Give --case small letters, digits and hyphens.")
    owner = catalog.sites.get(site) or catalog.for_url(url)
    doors = Doors.to(canonical(url)) if allow_private else Doors.of(owner) if owner else SHUT
    trust = trust_of(owner, config.sites_dir) if owner else strict
    page = Fetcher(config.user_agent, doors=doors, trust=trust).page(url)
    article = extract(page.body, page.url, site=owner, content_type=page.content_type)
    text = decode(page.body, page.content_type).text
    tree = parse(text).tree if text else None
    family = recognise(text, names_of(tree)) if tree is not None else None
    id = site or (owner.id if owner else family.name if family else "")
    if not id:
        raise BantinError(f"{url} is of no site and of no known family.", "Give --site with the id of its site file.")
    place = to / id / name
    if place.exists() and not force:
        raise BantinError(f"{place} is there already.", "Give another --case, or --force to replace it.")
    _write(place, page, article)
    output.line(str(place))
    output.note(
        f"Recorded as {article.reason or article.kind}. Look at the page, correct {place / 'expected.json'}, take out "
        f"what cannot be judged; then: python -m pytest {to} -k {name}"
    )


def _known(site: str, catalog: Catalog) -> None:
    from news.extract.families import families

    names = [*catalog.sites, *families()]
    if site and site not in names:
        hint = did_you_mean(site, names, "`bantin sites list` shows all sites.")
        raise BantinError(f"There is no site and no family {site!r}.", hint)


def _slug(url: str) -> str:
    parts = urlsplit(url)
    last = parts.path.rstrip("/").rpartition("/")[2].rpartition(".")[0] or parts.path.rstrip("/").rpartition("/")[2]
    words = re.sub(r"[^a-z0-9]+", "-", (f"{last}-{parts.query}" if parts.query else last).lower()).strip("-")
    return words[:50].strip("-") or "home"


def _write(place: Path, page: Fetched, article: Article) -> None:
    from news.review.cases import expectation

    try:
        place.mkdir(parents=True, exist_ok=True)
        for old in ("page.html", "page.html.gz"):
            (place / old).unlink(missing_ok=True)
        if len(page.body) > _LARGE:
            (place / "page.html.gz").write_bytes(gzip.compress(page.body, mtime=0))
        else:
            (place / "page.html").write_bytes(page.body)
        # The charset that the server declared belongs to the page; a saved page has no headers.
        declared = f"Content-Type: {page.content_type}\n" if "charset" in page.content_type else ""
        (place / "page.url").write_text(f"{page.url}\n{declared}", encoding="utf-8")
        expected = json.dumps(expectation(article), ensure_ascii=False, indent=2)
        (place / "expected.json").write_text(expected + "\n", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise BantinError(f"{place} cannot be written: {error.strerror}.", "Give another --to.") from None
