"""The columns of the formats that are tables, as data: name, type, and what readers of docs/api.md are told of it."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple, TypeAlias


class Plain(Enum):
    """A value that is one. The value is how docs/api.md calls it."""

    TEXT = "string"
    NUMBER = "double"
    WHOLE = "int64"
    FLAG = "bool"
    TIME = "timestamp[us, UTC]"
    DAY = "date32"


class ListOf(NamedTuple):
    item: Type


class Struct(NamedTuple):
    fields: tuple[Column, ...]


class MapOf(NamedTuple):
    """Text to text."""

    value: Plain = Plain.TEXT


class Column(NamedTuple):
    """`name` is that of the article's JSON."""

    name: str
    type: Type


Type: TypeAlias = Plain | ListOf | Struct | MapOf


def _texts(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Plain.TEXT) for name in names)


_DOCUMENT = Struct((*_texts("number", "kind"), Column("issued", Plain.DAY), *_texts("issuer")))
_RELATED = Struct((*_texts("article_id", "relation"), Column("contained", Plain.NUMBER)))

ARTICLE: tuple[Column, ...] = (
    *_texts("url", "site", "section", "title", "lead", "body", "html"),
    Column("published", Plain.TIME),
    *_texts("published_precision"),
    Column("modified", Plain.TIME),
    *_texts("author", "source", "language"),
    Column("images", ListOf(Struct(_texts("url", "caption", "credit")))),
    Column("attachments", ListOf(Struct(_texts("url", "title", "media_type")))),
    Column("documents", ListOf(_DOCUMENT)),
    Column("tags", ListOf(Plain.TEXT)),
    Column("evidence", MapOf()),
    Column("removed", ListOf(Struct(_texts("text", "rule")))),
    Column("confidence", Plain.NUMBER),
    *_texts("kind"),
)
_EDIT = Struct(
    (
        *_texts("by"),
        Column("at", Plain.TIME),
        Column("source", Struct(ARTICLE)),
        Column("waiting", Struct(ARTICLE)),
    )
)
COLUMNS: tuple[Column, ...] = (
    *_texts("id"),
    *ARTICLE,
    *_texts("story"),
    Column("aliases", ListOf(Plain.TEXT)),
    *_texts("status"),
    Column("version", Plain.WHOLE),
    Column("first_seen", Plain.TIME),
    Column("fetched", Plain.TIME),
    Column("related", ListOf(_RELATED)),
    Column("edit", _EDIT),
    Column("deleted", Plain.FLAG),
    *_texts("cursor"),
)
"""In the order in which they stand."""
