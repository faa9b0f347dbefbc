"""Parquet, through pyarrow: real lists and structs, times in UTC, compressed with zstd, the cursor in its metadata."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from news.errors import BantinError
from news.export.columns import COLUMNS, ListOf, MapOf, Plain, Struct, Type
from news.export.row import Row, encodable

if TYPE_CHECKING:
    import pyarrow

# Rows of a row group: what a reader reads at once, and what is held here until then.
GROUP = 2_000


class ParquetMissing(BantinError):
    """pyarrow is not installed."""

    def __init__(self) -> None:
        super().__init__("Parquet needs pyarrow, which is not installed.", "pip install 'bantin[parquet]'")

    def __reduce__(self) -> tuple[type[BantinError], tuple[Any, ...]]:
        return type(self), ()


class ParquetEncoder:
    """Raises ParquetMissing where there is no pyarrow."""

    def __init__(self, cursor: str) -> None:
        try:
            import pyarrow
            import pyarrow.parquet
        except ImportError:
            raise ParquetMissing from None
        self._arrow = pyarrow
        self._schema = schema().with_metadata({"bantin.cursor": cursor})
        self._file = _Outlet()
        self._writer = pyarrow.parquet.ParquetWriter(self._file, self._schema, compression="zstd")
        self._held: list[dict[str, Any]] = []

    def begin(self) -> bytes:
        return self._file.taken()

    def add(self, rows: Sequence[Row]) -> bytes:
        self._held += [_fitted(COLUMNS, row.to_json()) for row in rows]
        while len(self._held) >= GROUP:
            self._write(GROUP)
        return self._file.taken()

    def end(self, count: int) -> bytes:
        if self._held:
            self._write(len(self._held))
        self._writer.close()
        return self._file.taken()

    def _write(self, count: int) -> None:
        group, self._held = self._held[:count], self._held[count:]
        self._writer.write_table(self._arrow.Table.from_pylist(group, self._schema))


def merge(parts: Iterable[bytes], out: BinaryIO, cursor: str) -> None:
    """One Parquet file of several that were encoded so; each fits into memory."""
    import pyarrow
    import pyarrow.parquet

    whole = schema().with_metadata({"bantin.cursor": cursor})
    with pyarrow.parquet.ParquetWriter(out, whole, compression="zstd") as writer:
        for part in parts:
            table = pyarrow.parquet.read_table(pyarrow.BufferReader(part), schema=whole, use_threads=False)
            writer.write_table(table.replace_schema_metadata(whole.metadata))
            del table
            pyarrow.default_memory_pool().release_unused()  # which would keep 60 MB


class _Outlet:
    """Where pyarrow writes: gives what was written since, and forgets it."""

    closed = False

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._written = 0

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        self._written += len(data)
        return len(data)

    def tell(self) -> int:
        """What the places in the footer are counted by: all that was ever written."""
        return self._written

    def flush(self) -> None:
        """There is nothing behind it."""

    def close(self) -> None:
        self.closed = True

    def taken(self) -> bytes:
        data, self._parts = b"".join(self._parts), []
        return data


def schema() -> pyarrow.Schema:
    """The columns as pyarrow knows them; any may be null."""
    import pyarrow

    return pyarrow.schema([(column.name, _arrow_type(column.type)) for column in COLUMNS])


def _arrow_type(kind: Type) -> pyarrow.DataType:
    import pyarrow as pa

    if isinstance(kind, ListOf):
        return pa.list_(_arrow_type(kind.item))
    if isinstance(kind, Struct):
        return pa.struct([(column.name, _arrow_type(column.type)) for column in kind.fields])
    if isinstance(kind, MapOf):
        return pa.map_(pa.string(), _arrow_type(kind.value))
    return {
        Plain.TEXT: pa.string(),
        Plain.NUMBER: pa.float64(),
        Plain.WHOLE: pa.int64(),
        Plain.FLAG: pa.bool_(),
        Plain.TIME: pa.timestamp("us", tz="UTC"),
        Plain.DAY: pa.date32(),
    }[kind]


def _fitted(columns: Sequence[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    return {column.name: _value(column.type, values.get(column.name)) for column in columns}


def _value(kind: Type, value: Any) -> Any:
    """A value of the article's JSON as pyarrow takes it."""
    if value is None:
        return None
    if isinstance(kind, ListOf):
        return [_value(kind.item, item) for item in value]
    if isinstance(kind, Struct):
        return _fitted(kind.fields, value)
    if isinstance(kind, MapOf):
        return [(encodable(key), encodable(item)) for key, item in value.items()]
    if kind is Plain.TEXT:
        return encodable(value)
    if kind is Plain.TIME:
        return _utc(datetime.fromisoformat(value))
    return date.fromisoformat(value) if kind is Plain.DAY else value


def _utc(when: datetime) -> datetime:
    try:
        return when.astimezone(UTC)
    except OverflowError:  # at the very ends of time the zone is let go
        return when.replace(tzinfo=UTC)
