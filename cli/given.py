"""The one page that a person names: a saved file, or an address that is fetched once and politely."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from news.article import Page
from news.urls import canonical

Source = Annotated[str, typer.Argument(metavar="FILE_OR_URL", help="A saved page, or an address.")]
Url = Annotated[str, typer.Option(help="The address a saved page came from.")]
AllowPrivate = Annotated[bool, typer.Option("--allow-private", help="Its host may be in a private network.")]


def page(source: str, url: str, user_agent: str, *, allow_private: bool) -> Page:
    """The page at an address, or in a file that came from `url` or from the address beside it. Raises BantinError where
    it cannot be had."""
    if source.startswith(("http://", "https://")):
        from cli.fetch import Fetcher
        from news.addresses import SHUT, Doors

        doors = Doors.to(canonical(source)) if allow_private else SHUT
        got = Fetcher(user_agent, doors=doors).page(source)
        # Whoever says where it came from means neither the address asked for nor the one it led to.
        requested = "" if url else source
        return _page(url or got.url, got.body, got.content_type, requested)
    from cli.saved import read_bytes, url_beside

    body = read_bytes(Path(source))
    address = url or url_beside(Path(source))
    if not address:
        raise typer.BadParameter(f"Say where {source} came from with --url, or write its address to a .url beside it.")
    return _page(address, body)


def _page(url: str, body: bytes, content_type: str = "", requested: str = "") -> Page:
    canonical(url)  # refuses what is no address, which would break whatever asks whose it is
    return Page(url, body, datetime.now(UTC), content_type=content_type, requested=requested)
