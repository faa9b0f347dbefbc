"""Every recorded page gives what a person wrote down for it: tests/sites/<site or family>/<case>/."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import config
from cli.saved import read_bytes, url_beside
from news.extract import extract
from news.extract.families import families
from spiders.catalog import load_catalog

HERE = Path(__file__).resolve().parent
CASES = sorted(path.parent for path in HERE.glob("*/*/expected.json"))
CATALOG = load_catalog(config.load({}).sites_dir)


def name_of(case: Path) -> str:
    return str(case.relative_to(HERE))


def page_of(case: Path) -> Path:
    return next(path for path in (case / "page.html", case / "page.html.gz") if path.is_file())


def extracted(case: Path) -> dict[str, Any]:
    page = page_of(case)
    header = (case / "page.url").read_text(encoding="utf-8").partition("Content-Type:")[2].strip()
    site = CATALOG.sites.get(case.parent.name)
    return extract(read_bytes(page), url_beside(page), site=site, content_type=header).to_json()


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_recorded_page_is_read_as_it_was_judged(case: Path) -> None:
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    found = extracted(case)
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_page_of_a_family_is_recognised_without_being_told(case: Path) -> None:
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    if case.parent.name in families() and expected["kind"] == "article":
        assert extracted(case)["evidence"]["body"] == case.parent.name


def test_every_family_of_portals_has_a_recorded_page() -> None:
    recorded = {case.parent.name for case in CASES}
    assert recorded >= set(families())
