"""NDJSON: one JSON object a line, UTF-8, each line ended by a line feed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from news.export.row import Row, encodable

# What Unicode calls the end of a line and JSON does not: a reader that splits lines by Unicode would cut there.
_BREAKS = re.compile("[\x85\u2028\u2029]")


class NdjsonEncoder:
    """With `cursor` the last line is {"end": true, "count": ..., "cursor": ...}, by which a reader of a stream knows
    that nothing is missing."""

    def __init__(self, cursor: str | None = None) -> None:
        self._cursor = cursor

    def begin(self) -> bytes:
        return b""

    def add(self, rows: Sequence[Row]) -> bytes:
        return b"".join(line(row.to_json()) for row in rows)

    def end(self, count: int) -> bytes:
        return b"" if self._cursor is None else line({"end": True, "count": count, "cursor": self._cursor})


def line(data: Mapping[str, Any]) -> bytes:
    """One object on one line, whatever its texts hold."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    if not text.isascii():
        text = _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", encodable(text))
    return text.encode() + b"\n"
