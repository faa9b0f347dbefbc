"""A data directory has one owner, and its socket lies where nobody else can reach it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from news.errors import BantinError
from storage.datadir import SOCKET_PATH_LIMIT, DataDirectory, Occupant, socket_path


def test_a_directory_has_one_owner_who_says_who_he_is(tmp_path: Path) -> None:
    first, second = DataDirectory(tmp_path / "new"), DataDirectory(tmp_path / "new")
    assert second.occupant() is None
    assert first.acquire()
    assert not second.acquire()
    assert second.occupant() == Occupant(os.getpid(), "")
    first.announce("/run/a-rather-long-name.sock")
    first.announce("/run/short.sock")
    second.announce("/run/not-mine.sock")
    assert second.occupant() == Occupant(os.getpid(), "/run/short.sock")
    first.release()
    first.release()
    assert second.acquire()
    assert second.occupant() == Occupant(os.getpid(), "")
    second.release()


def test_a_damaged_lock_file_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "owner.lock").write_bytes(b"\xff{half a li")
    home = DataDirectory(tmp_path)
    assert home.occupant() is None
    assert home.acquire()
    assert home.occupant() == Occupant(os.getpid(), "")
    home.release()


def test_every_data_directory_has_its_own_short_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    paths = [socket_path(tmp_path / name) for name in ("a", "b", "x" * 200)]
    assert len(set(paths)) == 3
    assert all(len(os.fsencode(path)) <= SOCKET_PATH_LIMIT for path in paths)
    assert socket_path(tmp_path / "a") == paths[0]
    for path in paths:
        path.parent.rmdir()


def test_the_runtime_directory_is_used_unless_its_path_is_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory(prefix="run", dir="/tmp") as short:
        (long := Path(short) / ("r" * 100)).mkdir()
        for runtime, used in ((Path(short), True), (long, False)):
            monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
            path = socket_path(tmp_path / "data")
            assert path.is_relative_to(runtime) == used
            path.parent.rmdir()


def test_a_socket_directory_that_others_can_enter_is_closed_and_a_planted_one_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    directory = socket_path(tmp_path).parent
    directory.chmod(0o777)
    assert socket_path(tmp_path).parent.stat().st_mode & 0o777 == 0o700
    directory.rmdir()
    directory.symlink_to(tmp_path)
    with pytest.raises(BantinError, match=f"{directory} belongs to somebody else"):
        socket_path(tmp_path)
    directory.unlink()
