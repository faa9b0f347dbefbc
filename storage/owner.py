"""Which process holds something, and whether it still lives: for runs, claims on sites and the migration lease."""

from __future__ import annotations

import os
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Owner:
    """The process that does the run `run_id`. `host` tells machines and containers apart; `boot` is the boot of the
    host and, after a slash, the process's start, so that a pid that was given away again is not taken for it."""

    run_id: str
    host: str
    pid: int
    boot: str

    @classmethod
    def here(cls, run_id: str) -> Owner:
        """This process."""
        return cls(run_id, _host(), os.getpid(), _birth(os.getpid()))

    @property
    def gone(self) -> bool:
        """Whether the process is certainly dead. Of another host's processes nothing is known: False."""
        if self.host != _host():
            return False
        # Without /proc, or where whoever wrote the owner knew the boot only, what both know decides.
        known = zip(self.boot.split("/"), _birth(self.pid).split("/"), strict=False)
        return not _exists(self.pid) or any(then and now and then != now for then, now in known)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Owner:
        return cls(data["run_id"], data["host"], data["pid"], data["boot"])


def _host() -> str:
    """Host name and, on Linux, process namespace: the same pid in another container is another process."""
    try:
        return f"{socket.gethostname()}/{os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return socket.gethostname()


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    # A killed child that nobody has waited for yet still has its pid, but will never do anything again.
    return _stat(pid)[:1] not in ("Z", "X")


def _birth(pid: int) -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
    fields = _stat(pid).split()
    return f"{boot}/{fields[19]}" if len(fields) > 19 else boot


def _stat(pid: int) -> str:
    """/proc/<pid>/stat from the state on: the name before it may hold spaces and parentheses. Empty without /proc."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2]
    except OSError:
        return ""
