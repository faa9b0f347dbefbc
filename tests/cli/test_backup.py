"""bantin backup and restore, as an operator runs them."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import command

Bantin = Callable[..., Any]


def test_what_was_crawled_is_written_to_a_folder_checked_and_put_back_elsewhere(
    crawled: Bantin, environ: dict[str, str], tmp_path: Path
) -> None:
    (made,) = crawled("backup", tmp_path, "--json").rows
    file = Path(made["file"])
    assert file.parent == tmp_path
    assert made["bytes"] == file.stat().st_size

    elsewhere = command(environ)
    articles = len(crawled("articles", "list", "--limit", "1000", "--json").rows)
    assert f"articles: {articles:,}" in elsewhere("restore", file, "--check").out
    assert elsewhere("articles", "list", "--json").rows == []
    assert f"{articles:,} articles" in elsewhere("restore", file).out
    shown = [run("articles", "list", "--limit", "1000", "--json").rows for run in (crawled, elsewhere)]
    assert shown[0] == shown[1]
    refused = elsewhere("restore", file, expect=1).err
    assert "--replace" in refused
    elsewhere("restore", file, "--replace")


def test_of_a_folder_the_newest_are_kept_and_nothing_of_others(bantin: Bantin, tmp_path: Path) -> None:
    for day in range(1, 6):
        (tmp_path / f"bantin-2026030{day}T023000Z.tar").write_text("old")
    (tmp_path / "mine.tar").write_text("mine")
    said = bantin("backup", tmp_path, "--keep", "3").out
    assert "bantin-20260303T023000Z.tar" in said
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept[:2] == ["bantin-20260304T023000Z.tar", "bantin-20260305T023000Z.tar"]
    assert len(kept) == 4
    assert "mine.tar" in kept
    assert bantin("backup", tmp_path / "one.tar", "--keep", "3", expect=2).err


def test_what_killed_back_ups_left_does_not_fill_the_disk(bantin: Bantin, tmp_path: Path) -> None:
    """Each night's file has a name of its own: nothing else would ever take the place of what a killed one left."""
    left, others, written = (
        tmp_path / f"{name}.tar.part" for name in ("bantin-20260301T023000Z", "mine", "bantin-20260302T023000Z")
    )
    for path in (left, others, written):
        path.write_text("half")
    with written.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert left.name in bantin("backup", tmp_path).err
    assert (left.exists(), others.exists(), written.exists()) == (False, True, True)


def test_what_is_no_back_up_is_told_in_words(bantin: Bantin, tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_text("Đây không phải là bản sao lưu.")
    assert "no back-up of Bantin" in bantin("restore", tmp_path / "x.tar", expect=1).err
    assert "No such file" in bantin("restore", tmp_path / "none.tar", expect=1).err


@pytest.mark.skipif(sys.platform != "linux", reason="the embedded MongoDB of another process is told by its lock here")
def test_the_embedded_mongodb_moves_to_another_by_back_up_and_restore(
    crawled: Bantin, embedded: Callable[[Path], dict[str, str]], tmp_path: Path
) -> None:
    """From a server of one's own into the embedded one; the way back is the same."""
    crawled("backup", tmp_path / "x.tar")
    own = command({**embedded(tmp_path / "data"), "PATH": os.environ["PATH"]})
    own("restore", tmp_path / "x.tar")
    ids = [{row["id"] for row in run("articles", "list", "--limit", "1000", "--json").rows} for run in (crawled, own)]
    assert ids[0] == ids[1]
    assert own("search", "chuyển", "đổi", "số", "--json").rows
