"""The sample portals, of which only the front page is known."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from demo.server import Demo
from news.urls import identity
from spiders.frontier import Terms
from spiders.ledger import Fetched
from spiders.sources import Sources
from tests.discovery.conftest import Notebook


async def _fetch(url: str, headers: Mapping[str, str]) -> Fetched:
    def get() -> Fetched:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return Fetched(url, answer.status, answer.read(), "", "")
        except urllib.error.HTTPError as error:
            return Fetched(url, error.code, error.read(), "", "")

    return await asyncio.to_thread(get)


async def _read(sources: Sources) -> list[str]:
    return [lead.url async for batch in sources.wanted() for lead, _ in batch]


def test_every_article_of_every_portal_is_found_from_its_front_page_alone() -> None:
    with Demo(base_port=0) as demo:
        for site in demo.sites:
            portal = demo.portals[site.id]
            articles = {identity(portal.url(article)) for article in portal.articles}
            bare = replace(site, sources=(), article_urls=(), deny_urls=())
            terms = Terms(started=datetime.now(UTC), budget=10_000)
            found = asyncio.run(_read(Sources(bare, terms, Notebook(), _fetch, lambda: True)))  # type: ignore[arg-type]
            keys = {identity(url) for url in found}
            assert articles <= keys, site.id
            # Beside them: the same articles under the addresses of another section, and a list or two.
            assert len(keys - articles) <= 8, site.id
            assert not [url for url in found if "/print" in url or "/tags/" in url], site.id
