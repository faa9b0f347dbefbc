"""The file of a back-up: a tar of chunks, each some megabytes of BSON documents packed with zstd, and at its end the
manifest that tells their sums. Whoever has tar and zstd can read it without Bantin.

What is read was perhaps cut off, spoilt or made up: nothing is taken from it but documents, and only where each sum and
each count is as the manifest says.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import zstandard

from news.errors import BantinError

FORMAT = 1
_MANIFEST, _SUM = "manifest.json", "manifest.sha256"
_CHUNK = 4_000_000  # bytes of documents, at least, but for the last
# The largest document of MongoDB behind an almost full chunk, and a little more.
_LARGEST_CHUNK = _CHUNK + 17_000_000
_LARGEST_MANIFEST = 64_000_000  # two hundred bytes a chunk: a terabyte of documents
_NAME = re.compile(r"[a-z][a-z_]{0,60}")
_OPTIONS = {"storageEngine"}


@dataclass(frozen=True, slots=True)
class Chunk:
    """`count` documents of `size` bytes; `sha256` is that of the packed bytes."""

    name: str
    count: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class CollectionCopy:
    """A collection: the options that it was made with, and its chunks."""

    name: str
    options: Mapping[str, Any]
    chunks: list[Chunk] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(chunk.count for chunk in self.chunks)


class ArchiveWriter:
    """Writes chunks as they come, with one of them in memory."""

    def __init__(self, file: IO[bytes], about: Mapping[str, Any]) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - `finish` ends it
        self._about = {"format": FORMAT, **about}
        self._packer = zstandard.ZstdCompressor(level=3, write_checksum=True)
        self.collections: list[CollectionCopy] = []

    def collection(self, name: str, options: Mapping[str, Any], batches: Iterable[bytes]) -> CollectionCopy:
        """Writes a collection, `batches` being whole documents one after another."""
        kept = {key: value for key, value in options.items() if key in _OPTIONS}
        made = CollectionCopy(name, kept)
        held: list[bytes] = []
        for batch in batches:
            held.append(batch)
            if sum(map(len, held)) >= _CHUNK:
                self._chunk(made, b"".join(held))
                held = []
        if held:
            self._chunk(made, b"".join(held))
        self.collections.append(made)
        return made

    def finish(self) -> None:
        """Writes the manifest: before that the file is none."""
        manifest = json.dumps({**self._about, "collections": [asdict(each) for each in self.collections]}).encode()
        self._member(_MANIFEST, manifest)
        self._member(_SUM, hashlib.sha256(manifest).hexdigest().encode())
        self._tar.close()

    def _chunk(self, made: CollectionCopy, documents: bytes) -> None:
        packed = self._packer.compress(documents)
        name = f"{made.name}/{len(made.chunks) + 1:06}.bson.zst"
        self._member(name, packed)
        count = sum(1 for _ in split(documents))
        made.chunks.append(Chunk(name, count, len(documents), hashlib.sha256(packed).hexdigest()))

    def _member(self, name: str, data: bytes) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = len(data), 0o600
        self._tar.addfile(info, io.BytesIO(data))


class Archive:
    """A back-up that is read. `open` has looked at its manifest, `verify` at all of it."""

    def __init__(self, path: Path, tar: tarfile.TarFile, manifest: Mapping[str, Any]) -> None:
        self.path = path
        self._tar = tar
        self.at = datetime.fromisoformat(manifest["at"])
        self.database: str = manifest["database"]
        self.collections = [
            CollectionCopy(row["name"], row["options"], [_chunk(**chunk) for chunk in row["chunks"]])
            for row in manifest["collections"]
        ]

    @classmethod
    def open(cls, path: Path) -> Archive:
        """Raises BantinError for what is no back-up, or not a whole one."""
        try:
            tar = tarfile.open(path, "r:")  # noqa: SIM115 - `close` ends it
        except (OSError, tarfile.TarError) as error:
            why = getattr(error, "strerror", None) or error
            raise BantinError(f"{path} is no back-up of Bantin: {why}.", "Give a file of `bantin backup`.") from None
        try:
            text = _member(tar, _MANIFEST, path)
            if hashlib.sha256(text).hexdigest().encode() != _member(tar, _SUM, path).strip():
                raise _spoilt(path, "its manifest is not as it was written")
            manifest = json.loads(text)
            if manifest.get("format") != FORMAT:
                told = f"{path} is of format {manifest.get('format')!r}, and this Bantin reads {FORMAT}."
                raise BantinError(told, "Restore it with the Bantin that wrote it, or a later one.")
            archive = cls(path, tar, manifest)
            archive._check_names()
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            tar.close()
            raise _spoilt(path, f"its manifest cannot be read ({error!r})") from None
        except BaseException:
            tar.close()
            raise
        return archive

    def verify(self, tell: Callable[[str], None] = lambda name: None) -> None:
        """Reads all of it. `tell` hears each collection. Raises BantinError for the first thing that is not as the
        manifest says."""
        members = {member.name for member in self._members()}
        expected = {chunk.name for each in self.collections for chunk in each.chunks} | {_MANIFEST, _SUM}
        if members != expected:
            raise _spoilt(self.path, f"it has {', '.join(sorted(members ^ expected)[:3])}, or lacks it")
        for each in self.collections:
            tell(each.name)
            for chunk in each.chunks:
                self.read(chunk)

    def read(self, chunk: Chunk) -> list[bytes]:
        """The documents of a chunk. Raises BantinError where they are not those that were written."""
        packed = _member(self._tar, chunk.name, self.path)
        if hashlib.sha256(packed).hexdigest() != chunk.sha256:
            raise _spoilt(self.path, f"{chunk.name} is not as it was written")
        try:
            told = zstandard.frame_content_size(packed)
            if not 0 <= told <= _LARGEST_CHUNK:
                raise _spoilt(self.path, f"{chunk.name} would be {told:,} bytes")
            documents = zstandard.ZstdDecompressor().decompress(packed, max_output_size=_LARGEST_CHUNK)
            found = list(split(documents))
        except (zstandard.ZstdError, ValueError) as error:
            raise _spoilt(self.path, f"{chunk.name} cannot be read ({error})") from None
        if len(found) != chunk.count:
            raise _spoilt(self.path, f"{chunk.name} has {len(found):,} documents instead of {chunk.count:,}")
        return found

    def close(self) -> None:
        self._tar.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _members(self) -> list[tarfile.TarInfo]:
        try:
            return self._tar.getmembers()
        except (tarfile.TarError, OSError) as error:
            raise _spoilt(self.path, str(error)) from None

    def _check_names(self) -> None:
        for each in self.collections:
            if not _NAME.fullmatch(each.name) or set(each.options) - _OPTIONS:
                raise _spoilt(self.path, f"no collection of Bantin is {each.name[:60]!r}")
        if len({each.name for each in self.collections}) < len(self.collections):
            raise _spoilt(self.path, "it has a collection twice")


def split(documents: bytes) -> Iterator[bytes]:
    """BSON documents that stand one behind another. Raises ValueError where one is cut off."""
    place, end = 0, len(documents)
    while place < end:
        size = int.from_bytes(documents[place : place + 4], "little", signed=True)
        if size < 5 or place + size > end or documents[place + size - 1]:
            raise ValueError(f"a document is cut off at byte {place:,}")
        yield documents[place : place + size]
        place += size


def _chunk(name: str, count: int, size: int, sha256: str) -> Chunk:
    return Chunk(str(name), int(count), int(size), str(sha256))


def _member(tar: tarfile.TarFile, name: str, path: Path) -> bytes:
    """What stands under a name: of a plain file of a size that we write, no link and none with holes."""
    data = None
    try:
        member = tar.getmember(name)
        if member.isreg() and not member.issparse() and member.size <= max(_LARGEST_CHUNK, _LARGEST_MANIFEST):
            file = tar.extractfile(member)
            data = file.read() if file else None
    except (tarfile.TarError, KeyError, OSError, EOFError):
        pass
    if data is None:
        raise _spoilt(path, f"{name} is missing or cut off")
    return data


def _spoilt(path: Path, why: str) -> BantinError:
    return BantinError(f"{path} is not a whole back-up: {why}.", "Nothing was restored. Take another back-up file.")
