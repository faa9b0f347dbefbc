"""A changed site file is taken up while everything runs; a broken one is told once and its site goes on."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from news.errors import BantinError
from spiders.watch import Change, Watch

FILE = """id = "{id}"
name = "Tỉnh {id}"
kind = "province"
hosts = ["{host}"]
home = "https://{host}/"
"""


def write(folder: Path, id: str, more: str = "", host: str = "") -> Path:
    path = folder / f"{id}.toml"
    path.write_text(FILE.format(id=id, host=host or f"{id}.gov.vn") + more, encoding="utf-8")
    # Two writes in one tick of the file system's clock, of one size, cannot be told apart; editors are slower.
    os.utime(path, ns=(time.time_ns(), time.time_ns()))
    return path


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    write(tmp_path, "a")
    write(tmp_path, "b")
    return Watch.of(tmp_path)


def test_a_folder_that_did_not_change_is_not_read(watch: Watch, tmp_path: Path) -> None:
    assert not watch.changed
    assert watch.look() == Change()
    before = watch.catalog
    watch.look()
    assert watch.catalog is before


def test_new_changed_and_removed_files_are_taken_up(watch: Watch, tmp_path: Path) -> None:
    write(tmp_path, "a", "[politeness]\ndelay = 3\n")
    write(tmp_path, "c")
    (tmp_path / "b.toml").unlink()

    assert watch.changed
    change = watch.look()

    assert (change.taken, change.removed, change.problems) == (("a", "c"), ("b",), ())
    assert watch.catalog.get("a").politeness.delay == 3
    assert list(watch.catalog.sites) == ["a", "c"]
    assert not watch.changed


def test_a_broken_file_keeps_its_old_site_and_is_told_once(watch: Watch, tmp_path: Path) -> None:
    path = write(tmp_path, "a", "colour = 3\n")
    first = watch.look()
    write(tmp_path, "b", "[politeness]\ndelay = 3\n")
    second = watch.look()

    assert [str(path) in problem.problem for problem in first.problems] == [True]
    assert first.taken == ()
    assert "a" in watch.catalog.sites
    assert (second.taken, second.problems) == (("b",), ()), "others go on, and the error is not told again"

    write(tmp_path, "a", "[politeness]\ndelay = 4\n")
    assert watch.look().taken == ("a",)
    write(tmp_path, "a", "colour = 3\n")
    assert len(watch.look().problems) == 1, "it broke anew"


def test_a_new_file_cannot_take_a_host_away(watch: Watch, tmp_path: Path) -> None:
    write(tmp_path, "0-thief", host="a.gov.vn")

    change = watch.look()

    assert (change.taken, len(change.problems)) == ((), 1)
    assert "belongs to the site 'a'" in change.problems[0].problem
    assert list(watch.catalog.sites) == ["a", "b"]


def test_a_host_may_move_from_one_site_to_another_in_one_change(watch: Watch, tmp_path: Path) -> None:
    write(tmp_path, "a", host="x.gov.vn")
    write(tmp_path, "b", host="a.gov.vn")

    change = watch.look()

    assert (change.taken, change.problems) == (("a", "b"), ())
    assert watch.catalog.get("b").hosts == ("a.gov.vn",)


def test_a_file_in_two_minds_is_left_for_the_next_look(watch: Watch, tmp_path: Path) -> None:
    """Editors write a file in pieces, or beside the old one and move it."""
    (tmp_path / "a.toml").write_text('id = "a"\nna', encoding="utf-8")
    assert len(watch.look().problems) == 1
    (tmp_path / "new").write_text(FILE.format(id="a", host="neu.gov.vn"), encoding="utf-8")
    os.replace(tmp_path / "new", tmp_path / "a.toml")

    assert watch.look().taken == ("a",)
    assert watch.catalog.get("a").hosts == ("neu.gov.vn",)


def test_a_folder_that_is_away_removes_nothing(watch: Watch, tmp_path: Path) -> None:
    tmp_path.rename(tmp_path.with_name("away"))
    try:
        first, second = watch.look(), watch.look()
    finally:
        tmp_path.with_name("away").rename(tmp_path)

    assert ([len(first.problems), len(second.problems)], first.removed) == ([1, 0], ())
    assert len(watch.catalog.sites) == 2


def test_a_watch_begins_with_a_catalogue_without_faults(tmp_path: Path) -> None:
    write(tmp_path, "a", "colour = 3\n")
    with pytest.raises(BantinError, match="colour"):
        Watch.of(tmp_path)
