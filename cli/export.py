"""bantin export: all articles, or what changed behind a cursor, into one file."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import output, progress, session
from cli.options import Json, query_of
from news.errors import BantinError

if TYPE_CHECKING:
    from cli.partial import Partial, Reached
    from news.export import Format, Options, Row
    from web.stream import Stream

Tell = Callable[[float, int], None]


def export(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write there, and go on there if that was begun.")
    ] = None,
    format_: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="ndjson, csv, parquet or warc; else by the file's name.")
    ] = "",
    select: Annotated[
        str, typer.Option(metavar="QUERY", help="Only these, as in an address: kind=press&tag=y tế.")
    ] = "",
    since_cursor: Annotated[
        str,
        typer.Option("--since-cursor", metavar="CURSOR", help="Only what changed since an export gave this cursor."),
    ] = "",
    bom: Annotated[bool, typer.Option("--bom", help="CSV: begin with a byte order mark, for Excel.")] = False,
    formulas: Annotated[
        bool, typer.Option("--formulas", help="CSV: leave texts that a spreadsheet would run as they are.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write all articles, or what changed since a cursor, as NDJSON, CSV, Parquet or WARC."""
    from storage.search import SearchIndex
    from web.shelf import Shelf
    from web.stream import Stream, asked, begin_after

    way = way_to(out, format_)
    config = session.configure()
    sites = session.catalog(config).sites
    selection, place = asked(query_of(select)), begin_after(since_cursor)
    with session.opened(config) as store, SearchIndex.of(config, store) as index:
        stream = Stream.begin(Shelf(store, index, lambda: sites, ""), selection, place, pages=way.format.pages)
        request = {
            "store": f"{store.address} {config.database}",
            "format": way.format.name,
            "packing": way.packing,
            "select": [list(pair) for pair in selection.to_query()],
            "since-cursor": since_cursor,
            "bom": bom,
            "formulas": formulas,
        }
        with progress.exported("Exporting") as tell:
            if out is None:
                reached = _to_stdout(stream, way, bom=bom, formulas=formulas, tell=tell)
            else:
                reached = to_file(stream, way, out, request, tell)
    _say(reached, out, way.format, as_json)


@dataclass(frozen=True, slots=True)
class Way:
    """How it is written: the format, and what is packed around each piece of it."""

    format: Format
    packing: str
    pack: Callable[[bytes], bytes]


def way_to(out: Path | None, name: str) -> Way:
    """How a file of that name is written, or stdout; `name` is the format, "" that of the file. Raises BantinError."""
    from news.export import FORMATS, format_of, named

    by_name, packing = named(out.name) if out else (None, "gz" if name == "warc" else "")
    kind = format_of(name) if name else by_name or (None if out else FORMATS["ndjson"])
    if kind is None:
        raise BantinError(f"{out} does not say in what format.", f"Give --format {', '.join(FORMATS)}, or name it so.")
    if packing and not kind.packs and (kind.name, packing) != ("warc", "gz"):
        packs = ", ".join(each.name for each in FORMATS.values() if each.packs)
        raise BantinError(f"{kind.name} cannot be packed as .{packing}.", f"Leave it out; {packs} can.")
    return Way(kind, packing, _packer(packing if kind.packs else ""))


def _packer(packing: str) -> Callable[[bytes], bytes]:
    """Makes a piece that stands for itself: gzip and zstd read several of them in a row as one."""
    if packing == "gz":
        import gzip

        return lambda data: gzip.compress(data, 6, mtime=0) if data else b""
    if packing == "zst":
        try:
            import zstandard
        except ImportError:
            raise BantinError(".zst needs zstandard, which is not installed.", "pip install 'bantin[zstd]'") from None
        return lambda data: zstandard.ZstdCompressor().compress(data) if data else b""
    return lambda data: data


def _to_stdout(stream: Stream, way: Way, *, bom: bool, formulas: bool, tell: Tell) -> Reached:
    from cli.partial import Reached
    from news.export import Options

    made = datetime.now(UTC)
    encoder = way.format.encoder(Options(stream.cursor, made, bom=bom, formulas=formulas, streamed=True))
    reached = Reached(stream.horizon, made.isoformat(), *stream.position)
    sys.stdout.flush()
    write = sys.stdout.buffer.write
    write(encoder.begin())
    for rows in stream.batches():
        write(encoder.add(rows))
        reached = _counted(reached, rows, stream)
        tell(stream.share, reached.rows)
    write(encoder.end(reached.rows))
    sys.stdout.buffer.flush()
    return reached


def to_file(stream: Stream, way: Way, out: Path, request: dict[str, Any], tell: Tell) -> Reached:
    """Writes the file, or what is left of it where the same `request` was broken off."""
    from cli.partial import Reached, making
    from news.export import Options
    from web.shelf import Mark

    with making(out, request) as partial:
        reached = partial.reached
        if reached is None:
            reached = Reached(stream.horizon, datetime.now(UTC).isoformat(), *stream.position)
        else:
            output.note(f"{out} was begun; going on behind {reached.rows:,} rows.")
            stream.resume(reached.horizon, Mark(reached.event, reached.id), partial.given())
        made, packed = datetime.fromisoformat(reached.made), way.packing == "gz"
        options = Options(stream.cursor, made, bom=request["bom"], formulas=request["formulas"], packed=packed)
        write = _in_parts if way.format.whole else _in_pieces
        reached = write(stream, way, options, partial, reached, tell)
        partial.finish()
    return reached


def _in_pieces(stream: Stream, way: Way, options: Options, partial: Partial, reached: Reached, tell: Tell) -> Reached:
    """Each batch is a piece of the file, and noted."""
    encoder = way.format.encoder(options)
    if partial.reached is None:
        reached = replace(reached, size=partial.append(way.pack(encoder.begin())))
        partial.note(reached, stream.given)
    for rows in stream.batches():
        size = partial.append(way.pack(encoder.add(rows)))
        reached = replace(_counted(reached, rows, stream), size=size)
        partial.note(reached, stream.given[len(stream.given) - len(rows) :])
        tell(stream.share, reached.rows)
    return reached


def _in_parts(stream: Stream, way: Way, options: Options, partial: Partial, reached: Reached, tell: Tell) -> Reached:
    """Several batches are a part, a whole file by itself; the parts are put together at the end."""
    from news.export.parquet import GROUP, merge

    waiting: list[Row] = []

    def part() -> Reached:
        encoder = way.format.encoder(options)
        number = partial.part(encoder.begin() + encoder.add(waiting) + encoder.end(len(waiting)))
        partial.note(replace(reached, parts=number), stream.given[len(stream.given) - len(waiting) :])
        waiting.clear()
        return replace(reached, parts=number)

    for rows in stream.batches():
        waiting += rows
        reached = _counted(reached, rows, stream)
        if len(waiting) >= GROUP:
            reached = part()
        tell(stream.share, reached.rows)
    reached = part()
    with partial.data.open("wb") as file:
        merge((path.read_bytes() for path in partial.parts()), file, options.cursor)
    tell(stream.share, reached.rows)
    return reached


def _counted(reached: Reached, rows: list[Row], stream: Stream) -> Reached:
    articles = sum(row.stored is not None for row in rows)
    missing = sum(row.stored is not None and row.page is None for row in rows) if stream.pages else 0
    return replace(
        reached,
        event=stream.position.event,
        id=stream.position.id,
        articles=reached.articles + articles,
        removals=reached.removals + len(rows) - articles,
        without_page=reached.without_page + missing,
    )


def _say(reached: Reached, out: Path | None, kind: Format, as_json: bool) -> None:
    speak = output.line if out else output.note
    if as_json:
        row = {"out": str(out) if out else None, "format": kind.name, "articles": reached.articles}
        row |= {"removals": reached.removals, "without_page": reached.without_page, "cursor": str(reached.horizon)}
        speak(output.json_line(row))
        return
    lost = f", {reached.without_page:,} without a kept page" if reached.without_page else ""
    where = f" in {out}" if out else ""
    speak(f"{reached.articles:,} articles{lost} and {reached.removals:,} removals{where}.")
    speak(f"What changes from now on: --since-cursor {reached.horizon}")
