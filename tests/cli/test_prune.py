"""bantin prune shows what it would delete, deletes that, and a full disk stops crawls before they begin."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from storage.connect import Store

Bantin = Callable[..., Any]
TINY = {"BANTIN_KEEP_PAGES_GB": "0.000001"}


def test_what_is_shown_is_deleted_and_only_when_told(bantin: Bantin, store: Store) -> None:
    bantin("crawl", "demo-mst", "--max-pages", "3")
    pages = store._database.pages.count_documents({})
    assert pages > 0
    (shown,) = bantin("prune", "--json", **TINY).rows
    assert (shown["collection"], shown["count"], shown["deleted"]) == ("pages", pages, False)
    assert shown["bytes"] == sum(page["size"] for page in store._database.pages.find())
    assert "would be deleted" in bantin("prune", "--dry-run", **TINY).out
    assert store._database.pages.count_documents({}) == pages
    (done,) = bantin("prune", "--apply", "--json", **TINY).rows
    assert {**done, "deleted": False} == shown
    assert store._database.pages.count_documents({}) == 0
    assert store.articles.count() > 0
    assert bantin("prune", **TINY).out == "Nothing would be deleted.\n"


def test_below_the_floor_a_crawl_is_not_begun_and_its_report_says_why(bantin: Bantin, store: Store) -> None:
    ran = bantin("crawl", "demo-mst", expect=1, BANTIN_DISK_FLOOR_GB="1000000")
    assert "BANTIN_DISK_FLOOR_GB" in ran.out
    (run,) = store.runs.find("demo-mst")
    assert run.requests == 0
    assert "must stay free" in run.error
    assert store.articles.count() == 0
    bantin("crawl", "demo-mst", "--max-pages", "1", BANTIN_DISK_FLOOR_GB="0")
    assert store.articles.count() > 0


def test_below_the_floor_an_import_is_not_begun(bantin: Bantin, store: Store, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<html><body><h1>Tin</h1></body></html>")
    (tmp_path / "a.url").write_text("https://a.vn/tin")
    assert "must stay free" in bantin("import", tmp_path, expect=1, BANTIN_DISK_FLOOR_GB="1000000").err


def test_doctor_sees_a_disk_that_is_full_and_one_that_will_be(bantin: Bantin, store: Store) -> None:
    def space(**more: str) -> dict[str, str]:
        rows = bantin("doctor", "--json", expect=None if more else 0, BANTIN_WEB_PORT="0", **more).rows
        return next(row for row in rows if row["what"] == "space")

    assert space()["state"] == "ok"
    full = space(BANTIN_DISK_FLOOR_GB="1000000")
    assert full["state"] == "wrong"
    assert "bantin prune" in full["remedy"]
    room = store.disk.room()
    assert room is not None
    from datetime import UTC, datetime, timedelta

    store.disk.note(0, datetime.now(UTC) - timedelta(days=1))
    store.disk.note(room.free // 9, datetime.now(UTC))
    soon = space()
    assert soon["state"] == "warning"
    assert "full in 9 days" in soon["found"]
