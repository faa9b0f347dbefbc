"""Pages out of folders and web archives (WARC 1.0 and 1.1), for the import."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from cli.progress import counted, read_so_far
from cli.saved import MAX_BYTES, places
from news.article import Page
from news.errors import BantinError, InvalidValue
from news.export.warc import LEAD, REQUESTED, announced
from news.urls import canonical

_HTML = ("text/html", "application/xhtml+xml")
# What a damaged or cut archive raises, from gzip, from warcio, and from a length or a date that is none.
_BROKEN = (ArchiveLoadFailed, EOFError, OSError, zlib.error, ValueError)


class Found(NamedTuple):
    """A page, or why what stands there is none."""

    page: Page | None
    skipped: str = ""


def folder(path: Path) -> Iterator[Found]:
    """The saved pages of a folder, in the order of `bantin extract DIR`."""
    for place in counted(places(path), "Importing"):
        saved = place.read()
        if saved.problem:
            yield Found(None, saved.problem)
            continue
        fetched = datetime.fromtimestamp(place.path.stat().st_mtime, UTC)
        yield _page(saved.url, saved.body, fetched, "text/html")


def archive(path: Path) -> Iterator[Found]:
    """The pages of a web archive. Raises BantinError where it breaks off, after what stands before that."""
    earlier: dict[str, int] = {}
    number = 0
    with path.open("rb") as file, read_so_far(path, "Importing") as tell:
        records = ArchiveIterator(file)
        try:
            for record in records:
                number += 1
                tell(file.tell())
                digest = record.rec_headers.get_header("WARC-Payload-Digest") or ""
                if record.rec_type == "response":
                    earlier.setdefault(digest, records.offset)
                found = _found(record, path, earlier.get(digest) if digest else None)
                if not _whole(record):
                    raise EOFError("it ends within that record")
                if found is not None:
                    yield found
        except _BROKEN as error:
            raise BantinError(
                f"{path} breaks off at record {number}: {str(error).strip()}.",
                "What stands before that was imported. Give the whole archive to import the rest.",
            ) from None
    if not number:
        raise BantinError(f"{path} holds no WARC record.", "Give a .warc or .warc.gz file.")


def _found(record: Any, path: Path, earlier: int | None) -> Found | None:
    """What a record holds; None for those that tell of the archive and not of the web."""
    if record.rec_type not in ("response", "revisit", "resource"):
        return None
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    fetched = _date(record.rec_headers.get_header("WARC-Date"))
    if record.rec_type == "revisit":
        # The bytes of an earlier response came again, here perhaps under another address.
        if earlier is None:
            return Found(None, "revisit of a page that is not in this archive")
        with path.open("rb") as file:
            file.seek(earlier)
            return _response(next(iter(ArchiveIterator(file))), url, fetched, {})
    # What an export of ours knows beside the page; it was said of this record.
    told = {name: value for name in (LEAD, REQUESTED) if (value := record.rec_headers.get_header(name))}
    return _response(record, url, fetched, told)


def _response(record: Any, url: str, fetched: datetime, told: Mapping[str, str]) -> Found:
    headers = record.http_headers
    status = headers.get_statuscode() if headers else "200"
    if status != "200":
        return Found(None, f"HTTP {status}")
    content_type = (headers.get_header("Content-Type") if headers else record.content_type) or ""
    if not content_type.lower().startswith(_HTML):
        return Found(None, content_type.partition(";")[0].strip().lower() or "no content type")
    body = record.content_stream().read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        return Found(None, f"larger than {MAX_BYTES:,} bytes")
    etag, changed = (headers.get_header(name) or "" if headers else "" for name in ("ETag", "Last-Modified"))
    return _page(url.strip("<>"), body, fetched, content_type, etag, changed, told)


def _page(
    url: str,
    body: bytes,
    fetched: datetime,
    content_type: str,
    etag: str = "",
    last_modified: str = "",
    told: Mapping[str, str] = MappingProxyType({}),
) -> Found:
    try:
        address = canonical(url)
        requested = canonical(told.get(REQUESTED, url))
    except InvalidValue as error:
        return Found(None, error.problem)
    lead = announced(told, requested)
    page = Page(
        address, body, fetched, content_type=content_type, requested=requested, etag=etag, last_modified=last_modified,
        lead=lead,
    )  # fmt: skip
    return Found(page)


def _whole(record: Any) -> bool:
    """Whether the record has all the bytes it promised: of a cut archive warcio gives what there is, in silence."""
    while record.raw_stream.read(65_536):
        pass
    return getattr(record.raw_stream, "limit", 0) == 0


def _date(text: str | None) -> datetime:
    return datetime.fromisoformat(text or "").astimezone(UTC)
