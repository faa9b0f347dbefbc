"""bantin why: whatever became of an address, it is told, and what would have to happen where nothing did."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from demo.server import Demo
from news.urls import identity
from storage.connect import Store

Bantin = Callable[..., Any]
PAPER = "demo-nhandan"
MOMENT = r"\d\d/\d\d/\d{4} \d\d:\d\d"


def test_an_article_is_told_from_its_announcement_to_its_events(storied: Bantin, twin: Any) -> None:
    (stored,) = storied("articles", "show", twin.copy_url, "--json").rows

    lines = storied("why", twin.copy_url).out.splitlines()

    assert lines[0] == twin.copy_url
    assert lines[1].startswith(f"It belongs to {PAPER} (")
    assert "Nothing in its site file refuses it." in lines
    told = iter(lines)  # in this order
    for words in (
        rf"The site was crawled last {MOMENT}: done, \d+ pages",
        rf"found {MOMENT} in the sitemap",
        rf"fetched {MOMENT}: stored: \w+",
        rf"to be looked at again {MOMENT}",
        rf"It leads to the article {stored['id']}: ",
        r"this is the article's own address",
        rf"of {PAPER}, .*; published, version 1, story {stored['story']}",
        rf"event \d+ {MOMENT}: created by a crawl",
    ):
        assert any(re.match(words, line) for line in told), words


def test_json_has_the_row_the_article_its_events_and_the_run(storied: Bantin, twin: Any) -> None:
    (stored,) = storied("articles", "show", twin.copy_url, "--json").rows

    (known,) = storied("why", twin.copy_url.replace("http://", "https://") + "?utm_source=x#top", "--json").rows

    assert (known["site"], known["refusal"], known["advice"]) == (PAPER, None, [])
    assert (known["seen"]["state"], known["seen"]["via"], known["seen"]["url"]) == ("stored", "sitemap", twin.copy_url)
    assert known["seen"]["found"] <= known["seen"]["fetched"] < known["seen"]["next_check"]
    assert (known["article"]["id"], known["article"]["own"]) == (stored["id"], True)
    assert {event["article"] for event in known["events"]} == {stored["id"]}
    assert known["run"] == storied("runs", "show", PAPER, "--json").rows[0]


def test_a_spelling_that_the_sites_rules_know_leads_to_the_same_article(
    storied: Bantin, twin: Any, sites_dir: Path, tmp_path: Path
) -> None:
    text = (sites_dir / f"{PAPER}.toml").read_text(encoding="utf-8")
    (tmp_path / f"{PAPER}.toml").write_text(f'{text}\n[urls]\nignore = ["rand"]\n', encoding="utf-8")
    spelt = twin.copy_url + "?rand=12"
    assert storied("why", spelt, "--json").rows[0]["article"] is None

    said = storied("why", spelt, BANTIN_SITES_DIR=str(tmp_path)).out
    shown = storied("articles", "show", spelt, "--json", BANTIN_SITES_DIR=str(tmp_path)).rows

    assert f"It is the same as {twin.copy_url}." in said
    assert f"this is the article's own address, which is spelt {twin.copy_url}" in said
    assert shown == storied("articles", "show", twin.copy_url, "--json").rows


def test_another_address_of_an_article_leads_to_its_own(storied: Bantin) -> None:
    rows = storied("articles", "list", "--limit", "500", "--json").rows
    told = ((stored, storied("why", alias).out) for stored in rows for alias in stored["aliases"])
    # Which of its addresses a crawl comes to first, and takes for the article's own, differs from crawl to crawl.
    stored, said = next((stored, said) for stored, said in told if "this is the article's own address" not in said)

    assert f"this is another address of the article, whose own is {stored['url']}" in said
    assert re.search(rf"^fetched {MOMENT}: duplicate: .*{stored['id']}", said, re.MULTILINE)


def test_a_source_is_told_to_be_none_of_the_articles(storied: Bantin, portals: Demo) -> None:
    said = storied("why", portals.site(PAPER).sources[0].url).out

    assert "It is a source of its site" in said
    assert re.search(rf"^fetched {MOMENT}: source$", said, re.MULTILINE)
    assert "sha256" not in said


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/print-post123.html", "denied-url, '/print-' of deny_urls matches it"),
        ("/gioi-thieu.html", "not-an-article, it has not the form of the site's articles"),
        ("/moi-tinh-post123.html", f"`bantin crawl {PAPER}` asks them now"),
    ],
)
def test_an_address_nobody_met_is_told_what_it_waits_for(storied: Bantin, portals: Demo, path: str, told: str) -> None:
    (known,) = storied("why", portals.portals[PAPER].base + path, "--json").rows

    said = storied("why", portals.portals[PAPER].base + path).out

    assert "Nobody has met it" in said
    assert told in said
    assert (known["seen"], known["article"], known["site"]) == (None, None, PAPER)
    assert known["advice"]
    assert all(line in said for line in known["advice"])


def test_an_address_of_no_site_is_told_how_to_get_one(storied: Bantin) -> None:
    said = storied("why", "https://khong-co.gov.vn/tin-1.html").out

    assert "no site file has the host khong-co.gov.vn" in said
    assert "docs/adding-a-site.md" in said
    assert "bantin import" in said


@pytest.mark.parametrize("url", ["khong co", "ftp://x.vn/a", "http://", "http://[", "javascript:void(0)"])
def test_what_is_no_address_is_refused(storied: Bantin, url: str) -> None:
    refused = storied("why", url, expect=1)

    assert repr(url) in refused.err
    assert refused.out == ""


def test_why_a_page_gave_nothing_is_kept_and_told(changing: tuple[Bantin, Demo]) -> None:
    bantin, demo = changing
    paper = demo.portals[PAPER]
    ill, quiet = paper.articles[0], paper.articles[1]
    paper.fault(re.escape(ill.path), "503")
    paper.fault(re.escape(quiet.path), "blank")
    bantin("crawl", PAPER, "--max-pages", "4", BANTIN_LOG_LEVEL="ERROR")

    failed, empty = (bantin("why", paper.url(article)).out for article in (ill, quiet))

    assert re.search(rf"^fetched {MOMENT}: failed: http-5xx: HTTP 503$", failed, re.MULTILINE)
    assert "gave nothing 1 time in a row" in failed
    assert re.search(rf"^to be looked at again {MOMENT}$", failed, re.MULTILINE)
    (known,) = bantin("why", paper.url(quiet), "--json").rows
    assert known["seen"]["reason"] in empty
    assert known["article"] is None
    assert "It leads to" not in empty
    waiting = bantin("why", paper.url(paper.articles[-1])).out
    assert "not fetched yet" in waiting
    assert re.search(rf"^found {MOMENT} in the sitemap", waiting, re.MULTILINE)


def test_a_page_that_is_missing_is_told_since_when(changing: tuple[Bantin, Demo], store: Store) -> None:
    bantin, demo = changing
    paper = demo.portals[PAPER]
    removed = paper.articles[1]
    bantin("crawl", PAPER, "--max-pages", "5")
    demo.delete(PAPER, removed.number)
    store.urls.look_again([identity(paper.url(removed))], datetime.now(UTC) - timedelta(days=1))
    assert re.search(rf"^to be looked at again since {MOMENT}", bantin("why", paper.url(removed)).out, re.MULTILINE)
    bantin("crawl", PAPER, "--max-pages", "5")

    said = bantin("why", paper.url(removed)).out

    assert re.search(rf"^fetched {MOMENT}: stored: gone: HTTP 410$", said, re.MULTILINE)
    assert re.search(rf"^missing since {MOMENT}$", said, re.MULTILINE)
    assert re.search(rf"^of {PAPER}, {MOMENT}; published, version 1", said, re.MULTILINE), "missing once is not removed"
    assert bantin("why", paper.url(removed), "--json").rows[0]["seen"]["gone"]


def test_a_correction_is_told_with_what_stood_there_before(changing: tuple[Bantin, Demo]) -> None:
    bantin, demo = changing
    paper = demo.portals[PAPER]
    corrected = paper.articles[0]
    bantin("crawl", PAPER, "--max-pages", "3")
    demo.edit(PAPER, corrected.number, title="Đính chính: " + corrected.title)
    bantin("crawl", PAPER, "--revisit", "--max-pages", "3")

    said = bantin("why", paper.url(corrected)).out

    assert re.search(rf"^fetched {MOMENT}: stored: changed: title", said, re.MULTILINE)
    assert re.search(rf"^version 1 stood until {MOMENT}: a crawl changed title", said, re.MULTILINE)
    assert re.search(rf"^event \d+ {MOMENT}: updated by a crawl", said, re.MULTILINE)

    shown = bantin("articles", "show", paper.url(corrected), "--versions").out.splitlines()
    assert shown[0].startswith("version 1, until ")
    assert f"- title: {corrected.title}" in shown
    assert f"+ title: Đính chính: {corrected.title}" in shown
    (version,) = bantin("articles", "show", paper.url(corrected), "--versions", "--json").rows
    assert (version["version"], version["by"], version["changes"]) == (1, "crawl", [])
    assert version["changed"] == ["title"]
    assert version["article"]["title"] == corrected.title


def test_the_paragraphs_of_a_correction_are_shown(changing: tuple[Bantin, Demo]) -> None:
    bantin, demo = changing
    paper = demo.portals[PAPER]
    bantin("crawl", PAPER, "--max-pages", "2")
    corrected = paper.articles[0]
    assert "no earlier version" in bantin("articles", "show", paper.url(corrected), "--versions").out
    assert bantin("articles", "show", paper.url(corrected), "--versions", "--json").rows == []

    now = demo.edit(PAPER, corrected.number)
    bantin("crawl", PAPER, "--revisit", "--max-pages", "2")

    shown = bantin("articles", "show", paper.url(corrected), "--versions").out.splitlines()
    assert f"+ {now.body[-1]}" in shown
    assert not any(corrected.body[0] in line for line in shown), "a paragraph that stayed is no change"


@pytest.mark.parametrize(
    "verb", [("why", "https://x.vn/a"), ("stories", "list"), ("events", "list"), ("events", "follow")], ids=" ".join
)
def test_without_mongodb_a_verb_says_so_and_what_to_do(storied: Bantin, verb: tuple[str, ...]) -> None:
    away = {"MONGODB_URI": "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100", "BANTIN_MONGODB_PATIENCE": "0.1"}

    refused = storied(*verb, expect=1, **away)

    assert "127.0.0.1:1 has not answered" in refused.err
    assert "MONGODB_URI" in refused.err
    assert refused.out == ""
