"""A browser that cannot outlive its crawl: started through a wrapper that dies with its parent, one of so many on the
machine, and measured while it runs. Light to import: no Playwright behind it."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import shlex
import shutil
import signal
import tempfile
from pathlib import Path

from news.errors import BantinError

# Debian's package, then what other systems call theirs.
_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# Measured on portals made by scripts: 250 to 400 MB for all of a browser's processes with one page.
MEMORY_LIMIT = 1_200_000_000
_REMEDY = "apt-get install chromium, or set BANTIN_CHROMIUM to the path of a Chromium."
_PREFIX = "bantin-browser-"
_WAIT = 0.3


def find_chromium(configured: str) -> Path:
    """The system's Chromium. Raises BantinError that says how to get one."""
    for name in (configured,) if configured else _NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    if configured:
        raise BantinError(f"BANTIN_CHROMIUM={configured!r} is no program.", _REMEDY)
    raise BantinError("A browser is needed, and there is no Chromium on this machine.", _REMEDY)


class Leash:
    """The folder of one browser, with wrappers for the programs that it starts."""

    def __init__(self) -> None:
        _sweep()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))

    def wrapped(self, name: str, program: str | Path) -> Path:
        """A program that runs `program` and is killed by the kernel when its parent dies, however that happens."""
        wrapper = self.folder / name
        leash = shutil.which("setpriv")
        start = f"{leash} --pdeathsig KILL -- " if leash else ""
        place = shlex.quote(str(self.folder))
        pid = shlex.quote(str(self._pid_file(name)))
        wrapper.write_text(
            f'#!/bin/sh\nexport TMPDIR={place}\necho $$ > {pid}\nexec {start}{shlex.quote(str(program))} "$@"\n'
        )
        wrapper.chmod(0o700)
        return wrapper

    def memory(self, name: str) -> int:
        """What the program started last and all that it started take, in bytes."""
        pid = self._pid(name)
        return sum(_resident(one) for one in _family(pid)) if pid else 0

    def kill(self, name: str) -> None:
        """Ends the program started last, and what it started."""
        pid = self._pid(name)
        for one in reversed(_family(pid)) if pid else ():
            with contextlib.suppress(OSError):
                os.kill(one, signal.SIGKILL)

    def remove(self) -> None:
        """Takes the folder away."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _pid_file(self, name: str) -> Path:
        return self.folder / f"{name}.pid"

    def _pid(self, name: str) -> int:
        """The process, if it is still the one that the wrapper was started as."""
        try:
            pid = int(self._pid_file(name).read_text())
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            return 0
        return pid if command else 0


class Slot:
    """One of the `count` browsers that may run on this machine at once, whoever's crawl they serve. The kernel gives it
    back when the process dies."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._held: int | None = None

    async def take(self) -> None:
        """Waits for a free one."""
        folder = Path(tempfile.gettempdir()) / f"bantin-browsers-{os.getuid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        while self._held is None:
            for number in range(self._count):
                held = os.open(folder / f"{number}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                try:
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    os.close(held)
                    continue
                self._held = held
                return
            await asyncio.sleep(_WAIT)

    def give_back(self) -> None:
        if self._held is not None:
            os.close(self._held)
            self._held = None


def _sweep() -> None:
    """Takes away what browsers have left whose crawl was killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _family(pid: int) -> list[int]:
    """A process and its descendants, as the kernel lists them."""
    family = [pid]
    for one in family:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                family += [int(child) for child in task.read_text().split()]
    return family


def _resident(pid: int) -> int:
    """What a process holds of its own, in bytes: pages shared with others of its family would count many times."""
    try:
        _, resident, shared = map(int, Path(f"/proc/{pid}/statm").read_text().split()[:3])
    except (OSError, ValueError):
        return 0
    return (resident - shared) * os.sysconf("SC_PAGE_SIZE")
