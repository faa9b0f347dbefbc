"""A site as its file declares it, in a form that can be kept, compared and shown."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, NamedTuple

from news.site import Site


@dataclass(frozen=True, slots=True)
class Declared:
    """What was declared when a scheduler or a crawl took the file up: `text` is JSON with sorted keys."""

    text: str
    digest: str


class Change(NamedTuple):
    """A key whose value differs; None where it is not there."""

    key: str
    before: Any
    after: Any


def declared(site: Site) -> Declared:
    """The site in words. What crawls have learnt of it since is no part of that."""
    text = json.dumps(_plain(site), ensure_ascii=False, sort_keys=True)
    return Declared(text, hashlib.sha256(text.encode()).hexdigest()[:32])


def changes(before: Declared | None, after: Declared | None) -> tuple[Change, ...]:
    """The keys that differ, in order; None is a site that is not there, whose keys all are None."""
    if before is not None and after is not None and before.digest == after.digest:
        return ()
    old, new = (dict(_rows(json.loads(side.text))) if side else {} for side in (before, after))
    return tuple(
        Change(key, old.get(key), new.get(key)) for key in sorted({*old, *new}) if old.get(key) != new.get(key)
    )


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        kept = (field.name for field in fields(value) if not field.metadata.get("observed"))
        return {name: _plain(getattr(value, name)) for name in kept}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _rows(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Keys as an operator would say them: politeness.delay, sources[https://x.vn/rss].section."""
    if isinstance(value, dict) and value:
        for name, item in value.items():
            yield from _rows(item, f"{key}.{name}" if key else name)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, item in enumerate(value, 1):
            yield from _rows(item, f"{key}[{item.get('url', number)}]")
    else:
        yield key, value
