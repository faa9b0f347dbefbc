"""WARC 1.1 (ISO 28500): the kept pages as they came, which any archive's tools and `bantin import` read.

Of a page's HTTP headers those are kept that say how it is read; its body is kept without the coding of its transfer.
What its announcement said of it (`Page.lead`) goes along in fields of our own, which other readers pass over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha1
from io import BytesIO
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from news.article import Lead, Page, Via
from news.errors import InvalidValue
from news.export.row import Row

LEAD, REQUESTED, ARTICLE = "Bantin-Lead", "Bantin-Requested", "Bantin-Article"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


class WarcEncoder:
    """Rows without a page are passed over: those of removals, and of articles whose page is kept no longer. `made` is
    when the export began, UTC; `packed` compresses each record by itself."""

    def __init__(self, made: datetime, cursor: str, *, packed: bool) -> None:
        self._made = made
        self._cursor = cursor
        self._out = BytesIO()
        self._writer = WARCWriter(self._out, gzip=packed, warc_version="1.1")

    def begin(self) -> bytes:
        about = {
            "software": "Bantin",
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "description": "Pages of articles; bodies without transfer coding, HTTP headers as far as they are kept",
            "bantin-cursor": self._cursor,
        }
        block = "".join(f"{name}: {value}\r\n" for name, value in about.items()).encode()
        headers = _identified(f"warcinfo {self._cursor}", self._made, block)
        self._write("", "warcinfo", block, headers, None)
        return self._taken()

    def add(self, rows: Sequence[Row]) -> bytes:
        for row in rows:
            if row.page is not None:
                self._page(row.id, row.page)
        return self._taken()

    def end(self, count: int) -> bytes:
        return b""

    def _page(self, id: str, page: Page) -> None:
        kept = {
            "Content-Type": page.content_type or "text/html",
            "ETag": page.etag,
            "Last-Modified": page.last_modified,
        }
        fields = [(name, _header(value)) for name, value in kept.items() if value]
        http = StatusAndHeaders(
            f"{page.status} OK" if page.status == 200 else str(page.status),
            [*fields, ("Content-Length", str(len(page.body)))],
            protocol="HTTP/1.1",
        )
        headers = _identified(page.url, page.fetched, page.body) | {ARTICLE: _header(id)}
        if page.requested and page.requested != page.url:
            headers[REQUESTED] = _header(page.requested)
        if page.lead is not None:
            headers[LEAD] = json.dumps(_lead(page.lead))
        self._write(_header(page.url).replace(" ", "%20"), "response", page.body, headers, http)

    def _write(self, url: str, kind: str, block: bytes, headers: dict[str, str], http: Any) -> None:
        record = self._writer.create_warc_record(
            url, kind, payload=BytesIO(block), length=len(block), warc_headers_dict=headers, http_headers=http
        )
        self._writer.write_record(record)

    def _taken(self) -> bytes:
        data = self._out.getvalue()
        self._out.seek(0)
        self._out.truncate()
        return data


def announced(fields: Mapping[str, str], url: str) -> Lead:
    """What the fields of a record say of the announcement of its page, whoever wrote them; where they say nothing that
    can be used, only its address."""
    plain = Lead(url, Via.IMPORT)
    try:
        said = json.loads(fields.get(LEAD) or "{}")
        return Lead(
            url, Via(said["via"]), str(said["title"]), _moment(said["published"]), _moment(said["modified"]),
            str(said["section"]),
        )  # fmt: skip
    except (ValueError, TypeError, KeyError, InvalidValue, RecursionError):
        return plain


def _lead(lead: Lead) -> dict[str, str | None]:
    return {
        "via": str(lead.via),
        "title": lead.title,
        "published": lead.published.isoformat() if lead.published else None,
        "modified": lead.modified.isoformat() if lead.modified else None,
        "section": lead.section,
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _identified(about: str, when: datetime, block: bytes) -> dict[str, str]:
    """The same record has the same id in every archive."""
    utc = when.astimezone(UTC)
    digest = sha1(block, usedforsecurity=False).hexdigest()
    id = uuid5(NAMESPACE_URL, f"{about.encode('utf-8', 'replace')!r} {utc.isoformat()} {digest}")
    date = utc.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    return {"WARC-Date": date, "WARC-Record-ID": f"<urn:uuid:{id}>"}


def _header(value: str) -> str:
    """A value that stays in its line and is ASCII, whatever a server sent."""
    return quote(_CONTROL.sub(" ", value).strip(), safe="".join(map(chr, range(32, 127))), errors="replace")
