"""A live page becomes a test of its site: the page, its address, and an expectation for a person to correct."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.saved import read_bytes, url_beside
from demo.server import Demo
from news.extract import extract
from news.review.cases import JUDGED
from tests.cli.conftest import Bantin


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "sites"
    made.mkdir()
    return made


def test_a_live_page_is_recorded_with_its_address_and_todays_extraction(
    bantin: Bantin, portals: Demo, folder: Path
) -> None:
    portal = portals.portals["demo-noivu"]
    truth = next(article for article in portal.articles if article.attachments and article.author)

    ran = bantin("sites", "record", portal.url(truth), "--to", folder)

    case = Path(ran.out.strip())
    assert case.parent == folder / "demo-noivu"
    page = next(case.glob("page.html*"))
    assert url_beside(page) == portal.url(truth)
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    assert set(expected) == set(JUDGED)
    assert (expected["title"], expected["author"]) == (truth.title, truth.author)
    again = extract(read_bytes(page), url_beside(page), site=portals.site("demo-noivu")).to_json()
    assert {name: again[name] for name in expected} == expected
    assert "expected.json" in ran.err


def test_a_recorded_page_is_replaced_only_when_told(bantin: Bantin, portals: Demo, folder: Path) -> None:
    portal = portals.portals["demo-mst"]
    first, second = portal.articles[:2]
    record = ("sites", "record", "--case", "mot-bai", "--to", folder)
    bantin(*record, portal.url(first))
    expected = folder / "demo-mst" / "mot-bai" / "expected.json"
    expected.write_text('{"title": "Do người sửa"}', encoding="utf-8")

    refused = bantin(*record, portal.url(second), expect=1)

    assert "--force" in refused.err
    assert json.loads(expected.read_text(encoding="utf-8")) == {"title": "Do người sửa"}
    bantin(*record, portal.url(second), "--force")
    assert json.loads(expected.read_text(encoding="utf-8"))["title"] == second.title


def test_a_page_of_no_site_stands_under_its_family(portals: Demo, folder: Path, bantin: Bantin, tmp_path: Path) -> None:
    portal = portals.portals["demo-noivu"]
    empty = tmp_path / "none"
    empty.mkdir()

    ran = bantin(
        "sites", "record", portal.url(portal.articles[0]), "--to", folder, "--case", "x", "--allow-private",
        BANTIN_SITES_DIR=str(empty),
    )  # fmt: skip

    assert Path(ran.out.strip()) == folder / "nukeviet" / "x"


def test_a_listing_is_recorded_as_no_article(bantin: Bantin, portals: Demo, folder: Path) -> None:
    listing = next(s.url for s in portals.site("demo-noivu").sources if s.kind == "listing")

    ran = bantin("sites", "record", listing, "--case", "muc", "--to", folder)

    expected = json.loads((Path(ran.out.strip()) / "expected.json").read_text(encoding="utf-8"))
    assert expected == {"kind": "listing"}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--site", "demo-noivuu"), "Did you mean demo-noivu"),
        (("--case", "Có dấu"), "small letters"),
        (("--to", "/nowhere/at/all"), "There is no folder"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_fetched(
    bantin: Bantin, folder: Path, more: tuple[str, ...], words: str
) -> None:
    ran = bantin("sites", "record", "http://127.0.0.1:9/x.html", "--to", folder, *more, expect=1)
    assert words in ran.err
    assert not list(folder.iterdir())


def test_a_private_address_of_no_site_is_refused(bantin: Bantin, folder: Path) -> None:
    ran = bantin("sites", "record", "http://127.0.0.1:9/x.html", "--to", folder, expect=1)
    assert "--allow-private" in ran.err
