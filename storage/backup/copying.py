"""Database -> file: all collections as they were at one moment, while others go on writing.

MongoDB keeps what was so for some minutes; the sum of all reads is one snapshot (read concern "snapshot", MongoDB 5.0).
The file appears under its name when all of it is on disk, and not before.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import OperationFailure

from news.errors import BantinError
from storage.backup.archive import ArchiveWriter
from storage.backup.turn import WINDOW, turn
from storage.backups import Backup
from storage.patience import Patience

log = logging.getLogger("bantin.storage")

_TOO_OLD, _UNAVAILABLE = 239, 246
_ATTEMPTS = 3

Tell = Callable[[str, int], None]


def write(
    database: Database[dict[str, Any]], patience: Patience, out: Path, tell: Tell = lambda name, count: None
) -> Backup:
    """Writes the back-up to the file `out`, which must not be there, and says what it is. `tell` hears each collection
    that is done. A MongoDB that goes away is waited for, and the copying begins anew.

    Raises BantinError where the file cannot be written, the database could not be read in time, or another back-up of
    it is under way.
    """
    if out.exists():
        raise BantinError(
            f"{out} is there already.", "Give another name, or a folder: then the file is named by its time."
        )
    part = out.with_name(f"{out.name}.part")
    try:
        with _alone(part, out) as file, turn(database, patience):
            at, documents = _copied(database, patience, file, tell)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
            part.replace(out)
            _sync_folder(out.parent)
    except OSError as error:
        raise BantinError(
            f"{out} cannot be written: {error.strerror}.",
            "Mend that (free space, give the right to write), and try again.",
        ) from error
    return Backup(at, str(out), socket.gethostname(), size, documents)


def sweep(folder: Path, pattern: str) -> list[Path]:
    """Deletes what killed back-ups left half written for files in `folder` that are named like `pattern`, and says what
    that was. What another is writing at this moment stays."""
    gone = []
    for part in folder.glob(f"{pattern}.part"):
        with contextlib.suppress(OSError), part.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()
            gone.append(part)
    return gone


def _copied(
    database: Database[dict[str, Any]], patience: Patience, file: IO[bytes], tell: Tell
) -> tuple[datetime, int]:
    """When the copy is of, and how many documents it has."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return patience.carry(lambda: _copy(database, file, tell))
        except OperationFailure as error:
            if error.code == _TOO_OLD:
                raise BantinError(
                    "MongoDB did not keep the state of the beginning for as long as the copying took.",
                    "Give the user of MONGODB_URI the role hostManager, so that a back-up can ask for it, or set "
                    f"{WINDOW} of the server to more seconds than it takes.",
                ) from error
            # A collection or an index was made since: the snapshot is from before it.
            if error.code != _UNAVAILABLE or attempt == _ATTEMPTS:
                raise
            log.info("The back-up begins anew: %s", error)
    raise AssertionError


def _copy(database: Database[dict[str, Any]], file: IO[bytes], tell: Tell) -> tuple[datetime, int]:
    file.seek(0)
    file.truncate()
    rows = sorted(database.list_collections(filter={"type": "collection"}), key=lambda row: str(row["name"]))
    with database.client.start_session(snapshot=True) as session:
        # The first read fixes the moment.
        database.migrations.find_one({}, session=session)
        at = datetime.now(UTC)
        writer = ArchiveWriter(file, {"at": at.isoformat(), "database": database.name})
        for row in rows:
            if row["name"].startswith("system."):
                continue
            made = writer.collection(row["name"], row["options"], _documents(database, row["name"], session))
            tell(made.name, made.count)
        writer.finish()
    return at, sum(made.count for made in writer.collections)


def _documents(database: Database[dict[str, Any]], name: str, session: ClientSession) -> Iterator[bytes]:
    # Whole batches as they come: no document is unpacked, and the order is that of the disk.
    return iter(database[name].find_raw_batches({}, batch_size=1000, session=session))


@contextlib.contextmanager
def _alone(part: Path, out: Path) -> Iterator[IO[bytes]]:
    """The file in the making, which one process writes. What a killed one left is overwritten."""
    handle = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)  # it holds digests of passwords and secrets of webhooks
    with os.fdopen(handle, "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BantinError(f"Another back-up is writing {out}.", "Wait for it, or give another name.") from None
        try:
            yield file
        except BaseException:
            part.unlink(missing_ok=True)
            raise


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
