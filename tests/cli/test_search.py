"""`bantin search` finds what is stored, and its index is built when it is needed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from news.article import VIETNAM, Article, Status, StoredArticle
from storage.connect import Store
from tests.cli.conftest import Bantin

NOW = datetime(2025, 3, 5, 9, 30, tzinfo=VIETNAM)


def put(store: Store, n: int, title: str, body: str = "") -> None:
    article = Article(f"https://x.vn/{n}", "x", title=title, body=body, published=NOW.replace(day=n))
    stored = StoredArticle(f"a{n}", article, (f"x.vn/{n}",), (), f"f{n}", f"s{n}", Status.PUBLISHED, 1, NOW, NOW)
    store.journal.create(stored)


def test_words_find_articles_with_and_without_marks(bantin: Bantin, store: Store) -> None:
    put(store, 1, "Đảng bộ tỉnh họp", "Chiều nay [video] Đảng bộ họp.")
    put(store, 2, "Đang họp", "Tỉnh đang họp.")
    assert [row["id"] for row in bantin("search", "dang", "--json").rows] == ["a2", "a1"]
    first, second = bantin("search", "đảng", "--json").rows
    assert [first["id"], second["id"]] == ["a1", "a2"]
    assert {"text": "Đảng", "marked": True} in first["found"]
    assert [row["id"] for row in bantin("search", "họp", "-đang", "--json").rows] == ["a1"]
    assert bantin("search", "dang", "--json", "--order", "changed", "--limit", 1).rows[0]["id"] == "a2"
    shown = bantin("search", "đảng bộ")
    assert "[video]" in shown.out
    assert "1 found." in shown.err
    status = bantin("search-index", "status", "--json").rows[0]
    assert (status["ready"], status["articles"], status["behind"]) == (True, 2, 0)
    Path(str(status["file"])).unlink()
    assert "not built yet" in bantin("search-index", "status").out
    assert bantin("search-index", "rebuild").out == "2 articles are in the index.\n"


def test_what_is_no_query_is_said_so(bantin: Bantin) -> None:
    assert "names no word" in bantin("search", "!", expect=1).err
    assert "none of relevance, published, changed" in bantin("search", "a", "--order", "x", expect=2).err
