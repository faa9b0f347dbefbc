"""Pages saved on disk: a file with its address, or a folder of them."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from news.errors import BantinError

# Three times what a site file lets a crawl download; a gzip bomb ends here.
MAX_BYTES = 32_000_000
_PAGE_ENDINGS = (".html", ".htm", ".html.gz", ".htm.gz")


class SavedPage(NamedTuple):
    """A page and where it came from. With a `problem` there is no body: it says why."""

    name: str
    url: str
    body: bytes = b""
    problem: str = ""


class Place(NamedTuple):
    """A page that a folder promises: its file and its address, or what is wrong with the promise."""

    path: Path
    url: str
    problem: str = ""

    def read(self) -> SavedPage:
        if self.problem:
            return SavedPage(self.path.name, self.url, problem=self.problem)
        try:
            return SavedPage(self.path.name, self.url, read_bytes(self.path))
        except BantinError as error:
            return SavedPage(self.path.name, self.url, problem=error.problem)


def read_bytes(path: Path) -> bytes:
    """The bytes of a saved page, unpacked where they are gzip. Raises BantinError where they cannot be had."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            body = gzip.GzipFile(fileobj=file).read(MAX_BYTES + 1) if packed else file.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise BantinError(f"{path} cannot be read: {reason}.", "Give a saved HTML page.") from None
    if len(body) > MAX_BYTES:
        raise BantinError(f"{path} is larger than {MAX_BYTES:,} bytes.", "Give a saved HTML page.")
    return body


def url_beside(path: Path) -> str:
    """The address in the FILE.url beside FILE.html, empty where there is none."""
    stem = next((path.name.removesuffix(end) for end in reversed(_PAGE_ENDINGS) if path.name.endswith(end)), path.stem)
    for name in (stem + ".url", path.name + ".url"):
        beside = path.with_name(name)
        if beside.is_file():
            return _address(beside.read_text(encoding="utf-8", errors="replace"))
    return ""


def places(folder: Path) -> list[Place]:
    """The pages of a folder in order: those of index.jsonl, else of every *.jsonl, else FILE.html with FILE.url."""
    index = folder / "index.jsonl"
    lists = [index] if index.is_file() else sorted(folder.glob("*.jsonl"))
    found = [place for path in lists for place in _listed(path)] or [
        Place(
            path, url_beside(path), "" if url_beside(path) else f"There is no {path.name.split('.')[0]}.url beside it."
        )
        for path in sorted(folder.iterdir())
        if path.name.endswith(_PAGE_ENDINGS)
    ]
    if not found:
        remedy = 'Give a folder with FILE.html beside FILE.url, or an index.jsonl with {"file", "url"} a line.'
        raise BantinError(f"{folder} holds no saved page.", remedy)
    return found


def _listed(path: Path) -> Iterator[Place]:
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                yield Place(path.parent / row["file"], str(row["url"]))
            except (ValueError, TypeError, KeyError) as error:
                yield Place(path, "", f'{path.name}:{number} is no {{"file", "url"}}: {error}.')


def _address(text: str) -> str:
    """The first line with an address; a Windows or KDE shortcut writes "URL=" before it."""
    lines = (line.strip().removeprefix("URL=") for line in text.lstrip("\ufeff").splitlines())
    return next((line for line in lines if line.startswith(("http://", "https://"))), "")
