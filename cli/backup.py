"""bantin backup and bantin restore: the whole database as one file, and back."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import output, session
from cli.options import Json
from news.errors import BantinError

if TYPE_CHECKING:
    from storage.backup import Archive

_NAME, _ENDING = "bantin-", ".tar"


def backup(
    out: Annotated[Path, typer.Argument(help="The file to write, or a folder, in which it is named by its time.")],
    keep: Annotated[
        int, typer.Option(min=0, help="Of a folder: delete older back-ups beyond so many; 0 deletes none.")
    ] = 0,
    as_json: Json = False,
) -> None:
    """Write the whole database, as it is at this moment, to one file. Everything may go on meanwhile."""
    folder = out if out.is_dir() else None
    if keep and folder is None:
        raise typer.BadParameter("--keep is for a folder; give one that exists.")
    if folder is not None:
        from storage.backup import sweep

        for part in sweep(folder, f"{_NAME}*{_ENDING}"):
            output.note(f"Deleted {part.name}, which a back-up that was killed left.")
        out = folder / f"{_NAME}{datetime.now(UTC):%Y%m%dT%H%M%SZ}{_ENDING}"
    config = session.configure()

    def tell(name: str, count: int) -> None:
        output.note(f"{name}: {count:,}")

    with session.opened(config) as store:
        made = store.back_up(out.absolute(), tell)
    gone = _thin(folder, keep) if folder is not None and keep else []
    if as_json:
        output.line(output.json_line({**made._asdict(), "at": made.at.isoformat(), "deleted": gone}))
        return
    output.line(f"{made.file}: {made.documents:,} documents, {made.bytes / 1e6:,.1f} MB, as of {output.when(made.at)}.")
    for name in gone:
        output.line(f"Deleted {name}.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file of `bantin backup`.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Also into a database that holds something, which is lost.")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="Only see whether the file is whole.")] = False,
) -> None:
    """Put a back-up in the place of the database, which must hold nothing. The file is read whole first."""
    from storage.backup import Archive

    with Archive.open(file) as archive:
        archive.verify()
        output.note(f"{file} is whole: {archive.database} as of {output.when(archive.at)}.")
        if check:
            for each in archive.collections:
                output.line(f"{each.name}: {each.count:,}")
            return
        _restore(archive, replace)


def _restore(archive: Archive, replace: bool) -> None:
    from storage.connect import open_store

    def tell(name: str, count: int) -> None:
        output.note(f"{name}: {count:,}")

    config = session.configure()
    # The embedded MongoDB has to be ours: a scheduler that is started meanwhile would write into what is half there.
    with open_store(config, must_own=not config.mongodb_uri, as_is=True) as store:
        store.restore(archive, replace=replace, tell=tell)
        articles = store.articles.count()
    output.line(f"{config.database} of {store.address} is as of {output.when(archive.at)}: {articles:,} articles.")
    output.note("The search index builds itself again when the web app starts.")


def _thin(folder: Path, keep: int) -> list[str]:
    """Deletes all but the newest back-ups, and gives their names."""
    found = sorted(path for path in folder.glob(f"{_NAME}*{_ENDING}") if path.is_file())
    gone = []
    for path in found[:-keep]:
        with suppress(FileNotFoundError):
            try:
                path.unlink()
            except PermissionError as error:
                raise BantinError(f"{path} cannot be deleted: {error.strerror}.", "Give the right to.") from None
            gone.append(path.name)
    return gone
