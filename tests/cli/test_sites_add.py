"""bantin sites add: from a home page alone to a file with which a crawl finds the site's articles, and only those."""

from __future__ import annotations

import re
import tomllib
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


def test_the_proposal_is_shown_and_nothing_is_written_unasked(bantin: Bantin, portals: Demo, tmp_path: Path) -> None:
    base = portals.portals["demo-mst"].base

    ran = bantin(
        "sites", "add", base, "--id", "moi", "--kind", "press", "--allow-private", BANTIN_SITES_DIR=str(tmp_path)
    )

    text = re.split(r"\n +source +address", ran.out)[0]
    table = tomllib.loads(text)
    assert (table["id"], table["kind"], table["family"], table["verified"]) == ("moi", "press", "vccorp", False)
    assert "tin-tuc-su-kien/trang-{n}.htm" in text
    assert ran.out.count("20/06/2025") >= 1, "the sample has dates"
    assert "--yes writes it" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_never_overwritten(bantin: Bantin, portals: Demo, tmp_path: Path) -> None:
    base, here = portals.portals["demo-mst"].base, {"BANTIN_SITES_DIR": str(tmp_path)}
    site, _ = proposed(bantin, base, tmp_path, "--id", "moi")
    path = tmp_path / "moi.toml"
    mine = path.read_text(encoding="utf-8").replace(site.name, "Tên do người đặt")
    path.write_text(mine, encoding="utf-8")

    again = bantin("sites", "add", base, "--id", "moi", "--yes", "--allow-private", expect=1, **here)
    other = bantin("sites", "add", base, "--id", "khac", "--yes", "--allow-private", expect=1, **here)
    shown = bantin("sites", "add", base, "--id", "moi", "--allow-private", **here)

    assert "is there already; nothing was written" in again.err
    assert "belongs to the site 'moi' already" in other.err
    assert "compare the two" in shown.err
    assert "[[source]]" in shown.out
    assert path.read_text(encoding="utf-8") == mine
    assert [each.name for each in tmp_path.iterdir()] == ["moi.toml"]


def test_a_private_address_is_refused_unless_it_is_meant(bantin: Bantin, portals: Demo, tmp_path: Path) -> None:
    here = {"BANTIN_SITES_DIR": str(tmp_path)}
    portal = portals.portals["demo-mst"]
    before = portal.requests.total()
    port = portal.netloc.partition(":")[2]

    for host in ("127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]"):
        said = bantin("sites", "add", f"http://{host}:{port}/", "--yes", expect=1, **here).err
        assert "public internet" in said or "not an http" in said, host
    assert portal.requests.total() == before, "not one request was made"
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_a_site_is_said_at_once(bantin: Bantin, tmp_path: Path) -> None:
    here = {"BANTIN_SITES_DIR": str(tmp_path)}

    assert "'Ghost'" in bantin("sites", "add", "http://127.0.0.1:1/", "--kind", "Ghost", expect=1, **here).err
    assert "'A b'" in bantin("sites", "add", "http://127.0.0.1:1/", "--id", "A b", expect=1, **here).err
    away = bantin("sites", "add", "http://127.0.0.1:1/", "--allow-private", expect=1, **here)
    assert "does not answer" in away.err
