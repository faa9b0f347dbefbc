"""Exports: many articles as bytes, to be read by whatever reads NDJSON, CSV, Parquet or WARC.

`FORMATS[name].encoder(options)` makes an encoder, which is given rows in batches and gives bytes: those that begin the
file, those of each batch (it may hold some back), and those that end it. What it gave in order is the file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from news.errors import InvalidValue
from news.export.csv import CsvEncoder
from news.export.ndjson import NdjsonEncoder
from news.export.parquet import ParquetEncoder
from news.export.row import Row
from news.export.warc import WarcEncoder

__all__ = ["FORMATS", "Encoder", "Format", "Options", "Row", "format_of", "named"]


@dataclass(frozen=True, slots=True)
class Options:
    """How an export is written. `cursor` is the one to go on from behind it, `made` when it began, UTC. `bom`: a byte
    order mark, by which Excel knows UTF-8. `formulas`: cells of CSV that a spreadsheet would run stay as they are.
    `packed`: each record of a WARC compressed. `streamed`: it goes where nothing else says that it is whole."""

    cursor: str
    made: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    bom: bool = False
    formulas: bool = False
    packed: bool = True
    streamed: bool = False


class Encoder(Protocol):
    """Rows to bytes. Not to be used again after `end`."""

    def begin(self) -> bytes: ...
    def add(self, rows: Sequence[Row]) -> bytes: ...
    def end(self, count: int) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Format:
    """`endings` of file names, the first one for downloads. `pages`: it is written from the kept pages. `whole`: a
    reader needs the end of what one encoder wrote, so that it cannot be broken off and continued. `packs`: gzip and
    zstd around it are of use."""

    name: str
    endings: tuple[str, ...]
    media_type: str
    encoder: Callable[[Options], Encoder]
    pages: bool = False
    whole: bool = False
    packs: bool = False


def _ndjson(options: Options) -> Encoder:
    return NdjsonEncoder(options.cursor if options.streamed else None)


def _csv(options: Options) -> Encoder:
    return CsvEncoder(bom=options.bom, formulas=options.formulas)


def _parquet(options: Options) -> Encoder:
    return ParquetEncoder(options.cursor)


def _warc(options: Options) -> Encoder:
    return WarcEncoder(options.made, options.cursor, packed=options.packed)


FORMATS = {
    kind.name: kind
    for kind in (
        Format("ndjson", ("ndjson", "jsonl"), "application/x-ndjson", _ndjson, packs=True),
        Format("csv", ("csv",), "text/csv; charset=utf-8; header=present", _csv, packs=True),
        Format("parquet", ("parquet",), "application/vnd.apache.parquet", _parquet, whole=True),
        Format("warc", ("warc.gz", "warc"), "application/warc", _warc, pages=True),
    )
}


def format_of(name: str) -> Format:
    """Raises InvalidValue for what is none."""
    if name not in FORMATS:
        raise InvalidValue(f"format = {name[:40]!r} is unknown.", f"Use one of {', '.join(FORMATS)}.")
    return FORMATS[name]


def named(file: str) -> tuple[Format | None, str]:
    """The format that a file's name ends with, if any, and how it is packed: "gz", "zst" or ""."""
    stem, _, last = file.lower().rpartition(".")
    packing = last if last in ("gz", "zst") else ""
    _, dot, ending = (stem if packing else file.lower()).rpartition(".")
    found = (kind for kind in FORMATS.values() if ending in (*kind.endings, kind.name))
    return next(found, None) if dot else None, packing
