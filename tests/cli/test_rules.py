"""bantin rules: what was taught is listed, checked, and goes into the site's file whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from demo.server import Demo
from news.article import Article
from news.errors import BantinError
from news.reading import read
from news.review.cases import Case, expectation
from news.review.rules import RuleKind, SiteRule
from spiders import taught
from spiders.catalog import load_site
from storage.connect import Store

Bantin = Callable[..., Any]
SITE = "demo-mst"
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def crawled(changing: tuple[Bantin, Demo], store: Store, tmp_path: Path) -> tuple[Bantin, Path, list[str]]:
    """Four crawled articles of one portal, and its site file, which a test may change."""
    bantin, _ = changing
    bantin("crawl", SITE, "--max-pages", "4")
    return bantin, tmp_path / "sites" / f"{SITE}.toml", list(store.articles.ids())


def teach(store: Store, path: Path, article: str, value: str = ".detail-content p.MsoNormal", **more: Any) -> SiteRule:
    rule = SiteRule("r1", SITE, RuleKind.DROP, value, by="lan", at=NOW, article_id=article)
    rule = replace(rule, **more)
    page = store.pages.get(article)
    assert page
    expected = expectation(read(page, load_site(path).with_rules([*store.rules.of(SITE), rule])))
    return store.rules.teach(rule, Case(rule.id, SITE, article, page, expected))


def texts(store: Store, ids: list[str]) -> dict[str, Article]:
    found = {id: store.articles.get(id) for id in ids}
    return {id: stored.article for id, stored in found.items() if stored}


def test_a_rule_is_listed_carried_out_and_withdrawn(crawled: tuple[Bantin, Path, list[str]], store: Store) -> None:
    bantin, path, ids = crawled
    before = texts(store, ids)
    teach(store, path, ids[0])

    (row,) = bantin("rules", "list", "--json").rows
    assert (row["id"], row["by"], row["renewal"]["state"]) == ("r1", "lan", "waiting")

    done = bantin("rules", "renew").out
    after = texts(store, ids)
    shorter = [id for id in ids if len(after[id].body) < len(before[id].body)]
    assert len(shorter) >= 2
    assert done.startswith(f"demo-mst: 4 pages; {len(shorter)} articles changed")
    assert "holds" in bantin("rules", "list", "--site", SITE).out

    bantin("rules", "withdraw", "r1", "--by", "minh")
    bantin("rules", "renew", "--site", SITE)
    assert texts(store, ids) == before
    assert bantin("rules", "renew").err == "Nothing waits to be read again.\n"


def test_a_case_fails_when_its_rule_is_broken(crawled: tuple[Bantin, Path, list[str]], store: Store) -> None:
    bantin, path, ids = crawled
    teach(store, path, ids[0])
    assert bantin("rules", "check").err == "1 cases; 0 are not as they were taught.\n"

    store.rules.teach(SiteRule("r2", SITE, RuleKind.FIELD, ".header__top", "title", by="minh", at=NOW))

    (row,) = bantin("rules", "check", "--json", expect=1).rows
    assert not row["ok"]
    assert set(row["differences"]) == {"title"}
    assert "demo-mst rule r1" in bantin("rules", "check", "--site", SITE, expect=1).out


def test_rules_go_into_the_file_before_what_is_there_and_hold_by_it(
    crawled: tuple[Bantin, Path, list[str]], store: Store
) -> None:
    bantin, path, ids = crawled
    path.write_text(path.read_text() + '\n# Ours.\n[[selectors]]\ntitle = "h1"\n')
    teach(store, path, ids[0])
    teach(store, path, ids[1], id="r2", value='p[title="Nguồn: \\"đây\\""]')
    site = load_site(path).with_rules(store.rules.of(SITE))
    printed = bantin("rules", "export", SITE).out
    assert "# Taught at the desk by lan on 02/03/2026 (rule r1)." in printed

    bantin("rules", "export", SITE, "--write")

    assert printed in path.read_text()
    wanted = [replace(row, taught=False) for row in site.selectors]
    assert list(load_site(path).selectors) == wanted
    assert store.rules.of(SITE) == ()
    assert bantin("rules", "check").err == "2 cases; 0 are not as they were taught.\n"
    said = path.read_text()
    assert "No rule holds" in bantin("rules", "export", SITE, "--write").err
    assert path.read_text() == said


def test_an_export_that_was_killed_before_it_was_marked_writes_nothing_twice(
    crawled: tuple[Bantin, Path, list[str]], store: Store
) -> None:
    bantin, path, ids = crawled
    rule = teach(store, path, ids[0])
    taught.export(path, [rule])
    said = path.read_text()

    bantin("rules", "export", SITE, "--write")

    assert path.read_text() == said
    assert store.rules.of(SITE) == ()


@pytest.mark.parametrize("broken", ["selectors = [{ title = 'h1' }]\n", "id = 3\n"])
def test_a_file_that_cannot_take_them_is_left_as_it_was(
    crawled: tuple[Bantin, Path, list[str]], store: Store, broken: str
) -> None:
    _, path, ids = crawled
    rule = teach(store, path, ids[0])
    text = broken + path.read_text()
    path.write_text(text)

    with pytest.raises(BantinError, match="cannot take the rules"):
        taught.export(path, [rule])
    assert path.read_text() == text
    assert list(path.parent.glob(".*")) == []
