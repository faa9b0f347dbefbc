"""A file in the making: FILE.part, a folder beside it, from which a killed export goes on and which becomes the file.

In it lie the bytes of the file (`data`, or numbered parts of a format that cannot be continued), a hash of each article
in them (`given`), and how far they reach (`state.json`), which is written last: what lies behind it is cut off.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from array import array
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from news.errors import BantinError

_WIDTH = array("Q").itemsize


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a file is made: `horizon`, `event` and `id` as of web.stream.Stream, what was counted, when it began
    (ISO 8601), and the bytes or parts that belong to it."""

    horizon: int
    made: str
    event: int
    id: str
    articles: int = 0
    removals: int = 0
    without_page: int = 0
    size: int = 0
    parts: int = 0

    @property
    def rows(self) -> int:
        return self.articles + self.removals


class Partial:
    """Made by `making`. `reached` is None where nothing was begun."""

    def __init__(self, out: Path, folder: Path, request: Mapping[str, Any]) -> None:
        self._out = out
        self._folder = folder
        self._request = dict(request)
        self.reached = self._found()
        if self.reached is None:
            self._clear()

    def given(self) -> array[int]:
        """The hashes of what the file has."""
        found = array("Q")
        if self.reached is not None:
            with (self._folder / "given").open("rb") as file:
                found.fromfile(file, self.reached.rows)
        return found

    def append(self, data: bytes) -> int:
        """Adds to the bytes of the file, and gives how many there are then."""
        begin = self.reached.size if self.reached else 0
        self._write("data", data, begin)
        return begin + len(data)

    def part(self, data: bytes) -> int:
        """Adds a part, and gives how many there are then."""
        number = (self.reached.parts if self.reached else 0) + 1
        self._write(f"{number:06}", data, 0)
        return number

    def parts(self) -> list[Path]:
        """In their order."""
        return [self._folder / f"{number + 1:06}" for number in range(self.reached.parts if self.reached else 0)]

    def note(self, reached: Reached, fresh: array[int]) -> None:
        """Says how far the file is made now, `fresh` being the hashes of what was added."""
        begin = self.reached.rows * _WIDTH if self.reached else 0
        self._write("given", fresh.tobytes(), begin)
        state = json.dumps({"request": self._request, "reached": asdict(reached)}).encode()
        self._write("state.new", state, 0)
        (self._folder / "state.new").replace(self._folder / "state.json")
        self.reached = reached

    @property
    def data(self) -> Path:
        """Where the bytes of the file lie."""
        return self._folder / "data"

    def finish(self) -> None:
        """Puts the file where it belongs, at once and whole."""
        with self.data.open("rb+") as file:
            os.fsync(file.fileno())
        self.data.replace(self._out)
        shutil.rmtree(self._folder)

    def _found(self) -> Reached | None:
        """What an export before this one reached. Raises BantinError where it was another one."""
        try:
            state = json.loads((self._folder / "state.json").read_bytes())
            reached = Reached(**state["reached"])
            request = state["request"]
        except (OSError, ValueError, TypeError, KeyError):
            return None
        if request != self._request:
            differing = sorted(name for name in self._request if request.get(name) != self._request[name])
            raise BantinError(
                f"{self._folder} is another export, begun and not ended (its {', '.join(differing)} differ).",
                "Give the same options to go on with it, delete that folder, or write to another file.",
            )
        sizes = {"data": reached.size, "given": reached.rows * _WIDTH}
        lost = any(self._size(name) < size for name, size in sizes.items() if size)
        return None if lost or any(not self._size(f"{n + 1:06}") for n in range(reached.parts)) else reached

    def _size(self, name: str) -> int:
        path = self._folder / name
        return path.stat().st_size if path.is_file() else 0

    def _clear(self) -> None:
        for path in self._folder.iterdir():
            if path.name != "lock":
                path.unlink()

    def _write(self, name: str, data: bytes, begin: int) -> None:
        """Writes behind the first `begin` bytes, and what stood there is no more."""
        path = self._folder / name
        with path.open("r+b" if path.exists() else "wb") as file:
            file.truncate(begin)
            file.seek(begin)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def making(out: Path, request: Mapping[str, Any]) -> Iterator[Partial]:
    """The making of a file, by one process at a time; `request` tells one export from another. Raises BantinError where
    another process or another export is at it, or where nothing can be written."""
    folder = out.with_name(out.name + ".part")
    try:
        folder.mkdir(exist_ok=True)
        lock = (folder / "lock").open("wb")
    except OSError as error:
        raise BantinError(f"{folder} cannot be made: {error.strerror}.", "Give a file in a folder of yours.") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BantinError(f"Another export is writing {out}.", "Wait for it, or give another file.") from None
        try:
            yield Partial(out, folder, request)
        except OSError as error:  # the disk is full, or has gone
            raise BantinError(
                f"{out} cannot be written to its end: {error.strerror}.",
                "Mend that (free space on its disk) and run the same again: it goes on where it stood.",
            ) from error
