"""When mongod does not start, the line that decides is found in its log, and the remedy with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from news.errors import BantinError
from storage.mongod import diagnose, find_mongod, trim


def entry(severity: str, said: str, **attributes: Any) -> str:
    component = "WT" if said.startswith("WiredTiger") else "CONTROL"
    return json.dumps({"s": severity, "c": component, "msg": said, "attr": attributes})


# Lines of MongoDB 6.0.5, shortened.
_DISK_FULL = {"msg": "pwrite: failed to write 16384 bytes", "error_str": "No space left on device"}
_NO_FILES = {"msg": "directory-sync: open", "error_str": "Too many open files"}
_READ_ONLY = "IllegalOperation: Attempted to create a lock file on a read-only directory: /data"
_NEWER = "Location4926900: Found an invalid featureCompatibilityVersion document: Invalid feature compatibility version"


@pytest.mark.parametrize(
    ("lines", "decisive", "remedy"),
    [
        (
            [entry("E", "WiredTiger error message", error=28, message=_DISK_FULL), entry("F", "***aborting")],
            "pwrite: failed to write 16384 bytes: No space left on device",
            "Free space",
        ),
        (
            [entry("E", "WiredTiger error message", error=24, message=_NO_FILES), entry("F", "***aborting")],
            "directory-sync: open: Too many open files",
            "ulimit",
        ),
        ([entry("E", "DBException in initAndListen", error=_READ_ONLY)], _READ_ONLY, "BANTIN_DATA_DIR"),
        (
            [entry("E", "WiredTiger error message", message={}), entry("E", "DBException in initAndListen", error="X")],
            "DBException in initAndListen: X",
            "",
        ),
        ([entry("F", "UPGRADE PROBLEM", error=_NEWER)], "Invalid feature compatibility", "BANTIN_MONGOD"),
        (
            [entry("E", "Error setting up listener", error={"code": 9001, "errmsg": "Permission denied"})],
            "Error setting up listener: Permission denied",
            "right to write",
        ),
        (
            ["mongod: error while loading shared libraries: libcurl.so.4: cannot open shared object file"],
            "libcurl.so.4",
            "does not run on this system",
        ),
        (["Error parsing command line: unrecognised option '--x'", "try --help"], "unrecognised option '--x'", ""),
        (["[1, 2]", "null", entry("I", "fine")], "[1, 2]", ""),
        ([], "it said nothing", ""),
    ],
)
def test_the_decisive_line_and_its_remedy(lines: list[str], decisive: str, remedy: str) -> None:
    found, advice = diagnose("\n".join(lines))
    assert decisive in found
    assert remedy in advice
    assert bool(remedy) == bool(advice)


def test_the_mongod_asked_for_comes_before_the_one_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_path, wanted = tmp_path / "mongod", tmp_path / "my-mongod"
    for program in (on_path, wanted):
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert find_mongod(str(wanted)) == wanted
    assert find_mongod("") == on_path
    wanted.chmod(0o644)
    with pytest.raises(BantinError, match="is not a program"):
        find_mongod(str(wanted))


def test_without_one_on_the_path_the_packages_have_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_mongod("").parts[-4:] == ("fiftyone", "db", "bin", "mongod")


def test_without_any_the_message_says_how_to_get_one() -> None:
    script = "from storage.mongod import find_mongod\nfind_mongod('')"
    bare = [sys.executable, "-S", "-c", script]  # -S: without the packages that are installed
    shown = subprocess.run(bare, env={"PATH": ""}, capture_output=True, text=True)
    assert "Run pip install 'bantin[embedded]', or set MONGODB_URI" in shown.stderr


def test_the_log_stays_bounded_and_the_last_part_before_is_kept(tmp_path: Path) -> None:
    log = tmp_path / "mongod.log"
    trim(log)
    log.write_bytes(b"x" * 9_000_000)
    trim(log)
    assert log.stat().st_size == 0
    assert (tmp_path / "mongod.log.1").stat().st_size == 9_000_000
    log.write_bytes(b"y")
    trim(log)
    assert log.read_bytes() == b"y"
