"""bantin crawl, and what articles, runs and sites say of it afterwards."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from news.article import Article

Bantin = Callable[..., Any]


def test_a_crawl_is_counted_and_a_second_one_stores_nothing(bantin: Bantin) -> None:
    (first,) = bantin("crawl", "demo-mst", "--json").rows
    (second,) = bantin("crawl", "demo-mst", "--json").rows

    assert first["state"] == second["state"] == "done"
    assert first["new"] >= 30
    assert first["pages"] == sum(first[name] for name in ("new", "updated", "unchanged", "duplicate", "rejected"))
    assert (second["new"], second["updated"], second["duplicate"]) == (0, 0, 0)
    assert len(bantin("articles", "list", "--limit", "500", "--json").rows) == first["new"]


def test_a_dry_run_stores_nothing(bantin: Bantin) -> None:
    (run,) = bantin("crawl", "demo-mst", "--dry-run", "--max-pages", "4", "--json").rows

    assert (run["dry_run"], run["pages"]) == (True, 4)
    assert bantin("articles", "list", "--json").rows == []


def test_the_table_is_plain_in_a_pipe_and_whole(bantin: Bantin) -> None:
    ran = bantin("crawl", "demo-mst", "demo-noivu", "--max-pages", "3")

    lines = [line.split() for line in ran.out.splitlines() if line.strip()]
    heads = ["portal", "name", "pages", "fetched", "new", "updated", "unchanged", "duplicate", "rejected", "seconds"]
    assert lines[0] == heads
    assert [line[0] for line in lines[2:5]] == ["demo-mst", "demo-noivu", "total"]
    assert lines[4][1:3] == ["6", "6"]
    assert "\x1b" not in ran.out + ran.err
    assert ran.err.count(": done, 3 pages") == 2


def test_a_crawl_that_fails_is_1_with_the_error_in_table_and_run(
    bantin: Bantin, sites_dir: Path, tmp_path: Path
) -> None:
    text = (sites_dir / "demo-mst.toml").read_text(encoding="utf-8")
    (tmp_path / "demo-mst.toml").write_text(text, encoding="utf-8")

    ran = bantin("crawl", "demo-mst", expect=1, BANTIN_SITES_DIR=str(tmp_path), BANTIN_CRAWL_TIME_LIMIT="0.01")

    assert "demo-mst: The crawl was killed" in ran.out
    assert bantin("runs", "show", "demo-mst", "--json").rows[0]["state"] == "killed"


def test_ctrl_c_ends_a_crawl_which_keeps_what_it_has(bantin: Bantin, environ: dict[str, str], sites_dir: Path) -> None:
    import os

    environ = {**os.environ, **environ, "BANTIN_SITES_DIR": str(sites_dir), "BANTIN_WORKERS": "1"}
    arguments = [sys.executable, "-m", "cli.main", "crawl", *sorted(path.stem for path in sites_dir.glob("*.toml"))]
    process = subprocess.Popen(arguments, env=environ, cwd=Path(__file__).parents[2], stderr=subprocess.PIPE, text=True)
    while not bantin("articles", "list", "--limit", "1", "--json").rows:
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)

    assert process.returncode not in (0, 2)
    assert "Traceback" not in said
    runs = bantin("runs", "list", "--json").rows
    assert 1 <= len(runs) < 9, "what had not begun was not begun"
    assert "running" not in [run["state"] for run in runs]


def test_stored_articles_are_listed_newest_first_with_the_names_of_the_api(crawled: Bantin) -> None:
    rows = crawled("articles", "list", "--limit", "20", "--json").rows

    assert len(rows) == 20
    dates = [row["published"] for row in rows if row["published"]]
    assert dates == sorted(dates, reverse=True)
    store = {"id", "story", "aliases", "status", "version", "first_seen", "fetched", "related", "edit"}
    assert set(rows[0]) == set(Article(url="http://x.vn/", site="x").to_json()) | store


def test_articles_are_found_by_site_date_id_and_any_address(crawled: Bantin) -> None:
    rows = crawled("articles", "list", "--limit", "500", "--json").rows
    date = sorted(row["published"] for row in rows if row["published"])[-10][:10]
    alias = next(row for row in rows if row["aliases"])

    of_site = crawled("articles", "list", "--site", "demo-mst", "--limit", "500", "--json").rows
    since = crawled("articles", "list", "--since", date, "--limit", "500", "--json").rows

    assert {row["site"] for row in of_site} == {"demo-mst"}
    assert 10 <= len(since) < len(rows)
    assert all((row["published"] or row["fetched"]) >= date for row in since)
    assert crawled("articles", "show", alias["id"], "--json").rows == [alias]
    assert crawled("articles", "show", alias["aliases"][0], "--json").rows == [alias]
    assert crawled("articles", "show", alias["id"]).out.startswith(f"# {alias['title']}\n")


def test_runs_are_shown_with_their_reasons(crawled: Bantin) -> None:
    runs = crawled("runs", "list", "--json").rows

    assert {run["site"] for run in runs} == {"demo-mst", "demo-noivu"}
    assert crawled("runs", "show", runs[0]["id"], "--json").rows == [runs[0]]
    shown = crawled("runs", "show", runs[0]["id"]).out
    assert all(reason in shown for reason in runs[0]["reasons"])
    assert runs[0]["id"] in crawled("runs", "list", "--site", runs[0]["site"]).out


def test_the_catalogue_is_listed_and_shown(crawled: Bantin) -> None:
    assert len(crawled("sites", "list", "--json").rows) == 9
    assert "Sở Nội vụ" in crawled("sites", "list").out
    (site,) = crawled("sites", "show", "demo-noivu", "--json").rows
    assert {source["kind"] for source in site["sources"]} == {"feed", "listing"}
    assert "every_minutes" in crawled("sites", "show", "demo-noivu").out


def test_a_check_says_what_a_site_answers(crawled: Bantin) -> None:
    rows = crawled("sites", "check", "demo-noivu", "demo-nhandan", "--json").rows

    asked = {(row["site"], row["what"]): row for row in rows}
    assert asked["demo-noivu", "robots.txt"]["status"] == 200
    assert asked["demo-noivu", "home"]["robots"] == "allowed"
    assert asked["demo-noivu", "feed"]["leads"] >= 10
    assert asked["demo-nhandan", "sitemap"]["leads"] >= 10, "a sitemap of sitemaps is followed to articles"
    assert not any(row["problem"] for row in rows)


def test_a_check_of_a_site_that_is_away_or_empty_is_1_and_says_so(
    crawled: Bantin, sites_dir: Path, tmp_path: Path
) -> None:
    text = (sites_dir / "demo-mst.toml").read_text(encoding="utf-8")
    (tmp_path / "demo-mst.toml").write_text(text.replace("/tin-tuc-su-kien.htm", "/khong-co.htm"), encoding="utf-8")
    away = 'id = "away"\nname = "Đi vắng"\nkind = "press"\nhosts = ["127.0.0.1:1"]\nhome = "http://127.0.0.1:1/"\n'
    (tmp_path / "away.toml").write_text(away + "allow_private_network = true\n", encoding="utf-8")

    rows = crawled("sites", "check", "--json", expect=1, BANTIN_SITES_DIR=str(tmp_path)).rows

    problems = {(row["site"], row["what"]): row["problem"] for row in rows}
    assert "does not answer" in problems["away", "robots.txt"]
    assert problems["demo-mst", "listing"] == "answers 404"
    assert json.dumps(rows)
