"""bantin sites add: from a home page alone to a file with which a crawl finds the site's articles, and only those."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from demo.server import Demo
from demo.specs import portal_specs
from news.site import Site
from news.urls import identity
from spiders.catalog import load_site

Bantin = Callable[..., Any]
# The portals answer at once, and the file of a site of one's own may say so.
SWIFT = "\n\n[politeness]\ndelay = 0\nconcurrency = 8\n"


def proposed(bantin: Bantin, home: str, folder: Path, *more: str) -> tuple[Site, Any]:
    """The site of the file that was written, and what was said of it."""
    options = ("--yes", "--allow-private", "--json", *more)
    (row,) = bantin("sites", "add", home, *options, BANTIN_SITES_DIR=str(folder)).rows
    return load_site(Path(row["path"])), row


def crawled(bantin: Bantin, site: Site, folder: Path) -> list[dict[str, Any]]:
    """The stored articles after a crawl with that file."""
    path = folder / f"{site.id}.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\n\n[[source]]", f"{SWIFT}\n[[source]]", 1), encoding="utf-8")
    bantin("crawl", site.id, BANTIN_SITES_DIR=str(folder))
    stored: list[dict[str, Any]] = bantin("articles", "list", "--limit", "1000", "--json").rows
    return stored


@pytest.mark.parametrize("id", [spec.id for spec in portal_specs()])
def test_the_home_page_of_a_portal_is_enough(bantin: Bantin, portals: Demo, tmp_path: Path, id: str) -> None:
    portal = portals.portals[id]

    site, said = proposed(bantin, f"{portal.base}/", tmp_path, "--id", id)
    rows = crawled(bantin, site, tmp_path)

    found = {identity(url) for row in rows for url in (row["url"], *row["aliases"])}
    truth = {
        article.path: {identity(portal.base + path) for path in (article.path, *article.variants)}
        for article in portal.articles
    }
    missing = [path for path, addresses in truth.items() if not addresses & found]
    assert len(missing) <= 0.05 * len(truth), missing
    known = set().union(*truth.values())
    assert {row["url"] for row in rows if identity(row["url"]) not in known} == set(), "a view, a tag or a list"
    assert len(rows) <= len(truth), "nothing twice"
    assert {row["title"] for row in rows} >= {s["title"] for s in said["samples"] if s["kind"] == "article"}
