"""What BSON can hold and Python can not, and the other way round: text, moments and the size of a document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

# MongoDB refuses documents over 16 MiB; what is kept free is for the fields beside the largest one.
DOCUMENT_LIMIT = 16 * 1024 * 1024 - 64 * 1024

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def storable(value: Any) -> Any:
    """`value` with what BSON refuses replaced: lone surrogates by U+FFFD, NUL in keys by U+FFFD, tuples by lists."""
    if isinstance(value, str):
        # isascii is a flag of the string, so the common case costs nothing.
        return value if value.isascii() else _LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {storable(str(key)).replace("\0", "\ufffd"): storable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [storable(item) for item in value]
    return value


def moment(when: datetime) -> datetime:
    """`when` in UTC, cut to the millisecond that a BSON date holds; at the very ends of time the zone is let go."""
    try:
        utc = when.astimezone(UTC)
    except OverflowError:
        utc = when.replace(tzinfo=UTC)
    return utc - timedelta(microseconds=utc.microsecond % 1000)


def optional_moment(when: datetime | None) -> datetime | None:
    """`moment`, or None for None."""
    return None if when is None else moment(when)


def exact(when: datetime | None) -> str | None:
    """`when` as ISO 8601 text with its own offset and microseconds, which a BSON date cannot hold."""
    return None if when is None else when.isoformat()


def parse_exact(text: str | None) -> datetime | None:
    """What `exact` wrote."""
    return None if text is None else datetime.fromisoformat(text)
