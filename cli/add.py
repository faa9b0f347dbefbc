"""bantin sites add: a site file proposed from a home page."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import output, session
from cli.options import Json
from news.errors import BantinError

if TYPE_CHECKING:
    from cli.survey import Proposal

# Seconds between two requests to a host of the internet.
_DELAY = 1.0


def add(
    url: Annotated[str, typer.Argument(help="The address of the home page.")],
    id: Annotated[str, typer.Option(help="The site's id; by its host if not said.")] = "",
    kind: Annotated[str, typer.Option(help="What it is: ministry, province, press ...; guessed by its name.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Write the file without asking.")] = False,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="The site may be in a private network.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Propose a site file from a home page: name, family, feeds, sitemaps, listings, and a sample of articles."""
    from cli.fetch import Fetcher
    from cli.progress import working
    from cli.survey import survey
    from news.addresses import SHUT, Doors
    from spiders.propose.sitefile import toml_of

    config = session.configure()
    catalog = session.catalog(config)
    address = url if "://" in url else f"https://{url}"
    fetcher = Fetcher(config.user_agent, timeout=20, doors=Doors.to(address) if allow_private else SHUT)
    _check(id, kind)
    with working("Looking at") as told:
        proposal = survey(address, fetcher, 0 if allow_private else _DELAY, id, told)
    proposal = _with_kind(proposal, kind)
    path = config.sites_dir / f"{proposal.site.id}.toml"
    owner = next((site.id for site in catalog.sites.values() if site.owns(proposal.site.home)), "")
    text = toml_of(proposal.site, proposal.notes)
    if as_json:
        _print_json(proposal, text, path)
    else:
        _print(proposal, text)
    taken = f"{path} is there already" if path.exists() else owner and f"Its host belongs to the site {owner!r} already"
    if taken:
        if yes:
            raise BantinError(f"{taken}; nothing was written.", "Compare the two, and change that file by hand.")
        output.note(f"{taken}: compare the two.")
        return
    if yes or (not as_json and sys.stdin.isatty() and typer.confirm(f"Write {path}?")):
        _write(path, text)
        output.note(f"{path} is written. Next: bantin crawl {proposal.site.id} --max-pages 5 --dry-run")
    elif not sys.stdin.isatty():
        output.note("Nothing was written; --yes writes it.")


def _check(id: str, kind: str) -> None:
    """Refuses what no site file could have, before anybody is asked anything."""
    from news.site import SiteKind

    if kind and kind not in list(SiteKind):
        raise BantinError(f"kind = {kind!r} is unknown.", f"Use one of {', '.join(SiteKind)}.")
    if id and not all(letter.isdigit() or letter == "-" or "a" <= letter <= "z" for letter in id):
        raise BantinError(f"id = {id!r} is not a site id.", "Use small letters, digits and hyphens.")


def _with_kind(proposal: Proposal, kind: str) -> Proposal:
    from dataclasses import replace

    from news.site import SiteKind

    return replace(proposal, site=replace(proposal.site, kind=SiteKind(kind))) if kind else proposal


def _print(proposal: Proposal, text: str) -> None:
    from rich.markup import escape

    output.line(text)
    sources = output.table("source", "address", "articles#")
    for source in proposal.site.sources:
        sources.add_row(source.kind, source.url, str(proposal.announced.get(source.url, 0)))
    output.show(sources)
    table = output.table("article", "published!", "words#", "confidence#", "address")
    for sample in proposal.samples:
        title = escape(sample.article.title) if sample.good else f"({sample.article.reason or sample.article.kind})"
        table.add_row(
            title,
            output.when(sample.article.published),
            str(sample.words),
            f"{sample.article.confidence:.2f}",
            sample.url,
        )
    output.show(table)
    for note in proposal.notes:
        output.note(note)
    output.note(f"{proposal.requests} requests were made.")


def _print_json(proposal: Proposal, text: str, path: Path) -> None:
    samples: list[dict[str, Any]] = [
        {
            "url": sample.url, "kind": str(sample.article.kind), "title": sample.article.title,
            "published": sample.article.published.isoformat() if sample.article.published else None,
            "words": sample.words, "confidence": sample.article.confidence,
        }
        for sample in proposal.samples
    ]  # fmt: skip
    rows = [
        {"kind": str(source.kind), "url": source.url, "articles": proposal.announced.get(source.url, 0)}
        for source in proposal.site.sources
    ]
    output.line(
        output.json_line(
            {"id": proposal.site.id, "path": str(path), "toml": text, "site": asdict(proposal.site), "sources": rows,
             "samples": samples, "notes": list(proposal.notes), "requests": proposal.requests}
        )
    )  # fmt: skip


def _write(path: Path, text: str) -> None:
    """Writes the file, which must not be there: two operators may add one site at the same time."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise BantinError(f"{path} is there already; nothing was written.", "Compare the two.") from None
    except OSError as error:
        raise BantinError(
            f"{path} cannot be written: {error.strerror}.", "Set BANTIN_SITES_DIR to a folder of yours."
        ) from None
