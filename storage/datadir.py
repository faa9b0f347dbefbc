"""The data directory of the embedded MongoDB: who owns it, where its parts lie, and where its socket is.

Owning it is a lock of the operating system (flock) on `owner.lock`, which no crash can leave behind. The first line
of that file says which process it is and where its mongod listens.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import stat
import tempfile
import weakref
from dataclasses import dataclass
from pathlib import Path

from news.errors import BantinError

# sockaddr_un holds 108 bytes with its closing NUL on Linux, 104 on macOS.
SOCKET_PATH_LIMIT = 103
_SOCKET_NAME = "mongodb-27017.sock"


@dataclass(frozen=True, slots=True)
class Occupant:
    """The process that owns a data directory; `socket` is empty until its mongod answers."""

    pid: int
    socket: str


class DataDirectory:
    """One data directory; `acquire` makes this process its owner until `release` or death."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = path / "mongodb"
        self.log = path / "mongod.log"
        self._lock = path / "owner.lock"
        self._held: int | None = None

    def acquire(self) -> bool:
        """Whether this process owns the directory now; False when a living process does.

        Raises BantinError where the directory cannot be made or written.
        """
        handle = self._open()
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        except OSError as error:
            os.close(handle)
            raise BantinError(
                f"The file system of {self.path} has no locks ({error.strerror}).",
                "Set BANTIN_DATA_DIR to a directory on a local disk.",
            ) from error
        self._held = handle
        _HELD.add(self)
        self.announce("")
        return True

    def announce(self, socket: str) -> None:
        """Says to others that this process is the owner and where its mongod listens."""
        if self._held is not None:
            # One write, one line: a reader sees the old line or the new one.
            line = json.dumps({"pid": os.getpid(), "socket": socket}).encode() + b"\n"
            os.pwrite(self._held, line, 0)

    def occupant(self) -> Occupant | None:
        """What the owner announced last; None before the first word."""
        try:
            data = json.loads(self._lock.read_bytes().split(b"\n")[0])
            return Occupant(int(data["pid"]), str(data["socket"]))
        except (OSError, ValueError, KeyError):
            return None

    def release(self) -> None:
        """Gives the directory free. Harmless when it is not held."""
        handle, self._held = self._held, None
        if handle is not None:
            os.close(handle)

    def _open(self) -> int:
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.database.mkdir(mode=0o700, exist_ok=True)
            return os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise BantinError(
                f"The data directory {self.path} cannot be used: {error.strerror} ({error.filename}).",
                "Give this user the right to write there, or set BANTIN_DATA_DIR to another directory.",
            ) from error


_HELD: weakref.WeakSet[DataDirectory] = weakref.WeakSet()


def _forget_in_child() -> None:
    # A flock belongs to the open file, which a forked child shares: it would outlive the owner in its children.
    for directory in list(_HELD):
        directory.release()


os.register_at_fork(after_in_child=_forget_in_child)


def socket_path(data: Path) -> Path:
    """Where the mongod of this data directory listens: in a directory that only this user can enter.

    Raises BantinError where there is no such place, or somebody else has put one there.
    """
    name = f"bantin-{os.getuid()}-{hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:12]}"
    tried = []
    for base in dict.fromkeys((os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp")):  # noqa: S108
        if base and os.path.isabs(base) and os.access(base, os.W_OK | os.X_OK):
            path = Path(base) / name / _SOCKET_NAME
            if len(os.fsencode(path)) <= SOCKET_PATH_LIMIT:
                _make_private(path.parent)
                return path
        tried.append(str(base))
    raise BantinError(
        f"No directory for MongoDB's socket: {', '.join(tried)} are not writable or their path is too long.",
        "Set XDG_RUNTIME_DIR to a short path that you can write.",
    )


def _make_private(directory: Path) -> None:
    with contextlib.suppress(FileExistsError):
        directory.mkdir(mode=0o700)
    status = directory.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
        raise BantinError(
            f"{directory} belongs to somebody else.", "Remove it, or set XDG_RUNTIME_DIR to a directory of your own."
        )
    if status.st_mode & 0o077:
        directory.chmod(0o700)
