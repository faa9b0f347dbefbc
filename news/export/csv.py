"""CSV: RFC 4180, UTF-8, one header row, lines ended by CR LF; lists and objects as JSON in their cell."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from news.export.columns import COLUMNS, Plain
from news.export.row import Row, encodable

# A spreadsheet takes a cell that begins so for a formula, and runs it (OWASP, "CSV Injection"); the wide forms are
# those that a spreadsheet with an East Asian keyboard takes for the same. The apostrophe is among them so that who
# takes one apostrophe off has every text back.
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
_NAMES = tuple(column.name for column in COLUMNS)
_TEXTS = frozenset(column.name for column in COLUMNS if column.type is Plain.TEXT)
_BOM = b"\xef\xbb\xbf"


class CsvEncoder:
    """Unless `formulas`, texts that a spreadsheet could run get an apostrophe before them."""

    def __init__(self, *, bom: bool = False, formulas: bool = False) -> None:
        self._bom = bom
        self._guard = not formulas

    def begin(self) -> bytes:
        return (_BOM if self._bom else b"") + _lines([_NAMES])

    def add(self, rows: Sequence[Row]) -> bytes:
        return _lines(self._cells(row.to_json()) for row in rows)

    def end(self, count: int) -> bytes:
        return b""

    def _cells(self, values: dict[str, Any]) -> list[str]:
        return [cell(values.get(name), guard=self._guard and name in _TEXTS) for name in _NAMES]


def cell(value: Any, *, guard: bool = False) -> str:
    """A value as it stands in its cell: nothing for what is null, true and false in words. No NUL, at which many
    readers stop."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        text = value.replace("\0", "\ufffd")
        return "'" + text if guard and text.startswith(_RISKY) else text
    return str(value) if isinstance(value, (int, float)) else json.dumps(value, ensure_ascii=False)


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return encodable(text.getvalue()).encode()
