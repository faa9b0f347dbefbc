"""bantin extract: pages from disk, from a folder and from a server."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from demo.server import Demo
from news.article import Article

Bantin = Callable[..., Any]
URL = "https://tin.lamha.gov.vn/khai-truong-12.html"
PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>Khai trương trung tâm - Lam Hà</title>
<meta property="article:published_time" content="2025-03-04T09:30:00+07:00"></head><body>
<nav><a href="/">Trang chủ</a></nav><article><h1>Khai trương trung tâm điều hành</h1>
<p>Sáng 4/3, tỉnh Lam Hà khai trương trung tâm điều hành thông minh với sự tham dự của lãnh đạo các sở, ngành.</p>
<p>Trung tâm kết nối dữ liệu của 12 sở, ngành và 9 huyện, giúp lãnh đạo tỉnh theo dõi tình hình theo thời gian thực.</p>
<p>Trong giai đoạn hai, tỉnh sẽ lắp thêm 120 camera giao thông và mở kênh phản ánh hiện trường cho người dân.</p>
</article><footer>Bản quyền thuộc UBND tỉnh</footer></body></html>"""


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A folder with a page, the same packed, and pages that are none."""
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "a.url").write_text(f"\ufeff[InternetShortcut]\nURL={URL}\n", encoding="utf-8")
    (tmp_path / "b.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    (tmp_path / "b.url").write_text(URL + "?b")
    (tmp_path / "c.html.gz").write_bytes(gzip.compress(PAGE.encode())[:200])
    (tmp_path / "c.url").write_text(URL + "?c")
    (tmp_path / "d.html").write_text("kein URL")
    (tmp_path / "e.html").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "e.url").write_text(URL + "?e")
    return tmp_path


def test_json_is_the_article_and_nothing_else(bantin: Bantin, saved: Path) -> None:
    ran = bantin("extract", saved / "a.html", "--url", URL)

    data = json.loads(ran.out)
    assert Article.from_json(data).to_json() == data
    assert data["title"] == "Khai trương trung tâm điều hành"
    assert data["published"] == "2025-03-04T09:30:00+07:00"
    assert data["url"] == URL
    assert ran.err == ""


def test_the_address_stands_beside_the_file(bantin: Bantin, saved: Path) -> None:
    assert json.loads(bantin("extract", saved / "a.html").out)["url"] == URL
    assert json.loads(bantin("extract", saved / "b.html.gz").out)["title"] == "Khai trương trung tâm điều hành"


def test_text_and_markdown_are_for_reading(bantin: Bantin, saved: Path) -> None:
    text = bantin("extract", saved / "a.html", "--format", "text").out
    markdown = bantin("extract", saved / "a.html", "--format", "markdown").out

    assert text.startswith("Khai trương trung tâm điều hành\n\n")
    assert markdown.startswith("# Khai trương trung tâm điều hành\n\n04/03/2025 09:30\n")
    assert markdown.rstrip().endswith(f"<{URL}>")


def test_a_folder_gives_a_line_for_each_page_in_order_and_never_breaks(bantin: Bantin, saved: Path) -> None:
    bantin("extract", saved, "--out", saved / "out.txt")

    rows = [json.loads(line) for line in (saved / "out.txt").read_text(encoding="utf-8").splitlines()]
    assert [row["kind"] for row in rows[:4]] == ["article", "article", "other", "other"]
    assert rows[4]["kind"] != "article"
    assert [row["url"] for row in rows[:3]] == [URL, URL + "?b", URL + "?c"]
    assert "d.url" in rows[3]["evidence"]["kind"]
    assert all(Article.from_json(row).to_json() == row for row in rows)


def test_an_index_says_which_pages_and_in_which_order(bantin: Bantin, saved: Path) -> None:
    lines = [{"file": "b.html.gz", "url": URL}, {"file": "gone.html", "url": URL}, {"file": "a.html", "url": "nix"}]
    text = "\n".join([*map(json.dumps, lines), "{broken", "[1]"])
    (saved / "index.jsonl").write_text(text, encoding="utf-8")

    rows = bantin("extract", saved).rows

    assert [row["kind"] for row in rows] == ["article", "other", "other", "other", "other"]
    assert "gone.html" in rows[1]["evidence"]["kind"]
    assert "index.jsonl:4" in rows[3]["evidence"]["kind"]


def test_a_page_without_an_article_is_said_to_be_none(bantin: Bantin, saved: Path) -> None:
    (saved / "empty.html").write_text("<p></p>")

    assert json.loads(bantin("extract", saved / "empty.html", "--url", URL).out)["kind"] != "article"
    assert "holds no article" in bantin("extract", saved / "empty.html", "--url", URL, "--format", "text", expect=1).err


def test_an_address_is_fetched_and_read_as_a_crawl_reads_it(crawled: Bantin, portals: Demo) -> None:
    stored = crawled("articles", "list", "--site", "demo-mst", "--limit", "1", "--json").rows[0]

    fetched = json.loads(crawled("extract", stored["url"], "--allow-private").out)

    changing = {"images", "html", "removed", "section", "evidence"}  # what a listing tells, and widgets that count
    assert {k: v for k, v in fetched.items() if k not in changing} == {
        k: stored[k] for k in fetched if k not in changing
    }


def test_a_private_address_is_refused_unless_it_is_meant(crawled: Bantin, portals: Demo) -> None:
    home = portals.sites[0].home

    assert "--allow-private" in crawled("extract", home, expect=1).err
    assert "--allow-private" not in crawled("extract", home, "--allow-private").err
