"""A real MongoDB for every test that stores: one embedded mongod a session, one fresh database a test."""

from __future__ import annotations

import shutil
import socket
import threading
import time
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import pytest
from pymongo import MongoClient

import config as settings
from config import Config
from storage.connect import Store, open_store
from tests.databases import Databases

_IN_MEMORY, _ROOM = Path("/dev/shm"), 4_000_000_000  # bytes that have to be free there for the MongoDB of the session


@pytest.fixture(scope="session")
def mongod_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real mongod that lives as long as the test session, in memory where there is room for it.

    What it acknowledges it has written to its journal, as always. The tests that kill a MongoDB start their own.
    """
    given = settings.load()
    roomy = _IN_MEMORY.is_dir() and shutil.disk_usage(_IN_MEMORY).free > _ROOM
    data = Path(mkdtemp(prefix="bantin-tests-", dir=_IN_MEMORY if roomy else tmp_path_factory.getbasetemp()))
    own = {
        "BANTIN_DATA_DIR": str(data),
        "BANTIN_MONGOD": given.mongod,
        "BANTIN_DATABASE": "session",
    }
    try:
        with open_store(settings.load(own), must_own=True) as store:
            with MongoClient[dict[str, object]](store.uri) as client:
                # Milliseconds. What does not ask for the journal, as dropping a database, waits for its next turn.
                client.admin.command("setParameter", 1, journalCommitInterval=5)
                # Seconds. The files of a dropped database stay open as long as its past may be asked for.
                client.admin.command("setParameter", 1, minSnapshotHistoryWindowInSeconds=5)
            yield store.uri
    finally:
        shutil.rmtree(data)  # pytest would keep its 300 MB for three sessions


@pytest.fixture(scope="session")
def databases(mongod_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """The databases that the tests of the session use in turn."""
    with MongoClient[dict[str, object]](mongod_uri) as client:
        pool = Databases(client)
        first = {"MONGODB_URI": mongod_uri, "BANTIN_DATABASE": pool.take()}
        with open_store(settings.load(first | {"BANTIN_DATA_DIR": str(tmp_path_factory.mktemp("first"))})):
            pool.learn(first["BANTIN_DATABASE"])
        yield pool


@pytest.fixture
def environ(mongod_uri: str, databases: Databases, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment variables of an installation with an empty database; the database goes with the test."""
    name = databases.take()
    yield {
        "MONGODB_URI": mongod_uri,
        "BANTIN_DATABASE": name,
        "BANTIN_DATA_DIR": str(tmp_path / "data"),
        "BANTIN_MONGODB_PATIENCE": "20",
    }
    databases.give_back(name)


@pytest.fixture
def config(environ: dict[str, str]) -> Config:
    """The settings of that installation."""
    return settings.load(environ)


@pytest.fixture
def store(config: Config) -> Iterator[Store]:
    """The opened store of that installation."""
    with open_store(config) as opened:
        yield opened


@dataclass(frozen=True)
class Trap:
    """Listens on all of this machine, and nobody may come."""

    port: int
    seen: list[str]

    @property
    def hits(self) -> list[str]:
        """Who came so far. Callers are let in in turn: when our own knock was heard, all before it were."""
        own = set()
        for host in ("127.0.0.1", "::1"):
            with socket.create_connection((host, self.port)) as knock:
                own.add(str(knock.getsockname()))
                deadline = time.monotonic() + 10
                while str(knock.getsockname()) not in self.seen and time.monotonic() < deadline:
                    time.sleep(0.005)
        assert own <= set(self.seen)
        strangers = [one for one in self.seen if one not in own]
        self.seen[:] = strangers
        return strangers


@pytest.fixture
def trap() -> Iterator[Trap]:
    """A port at which a request that should never have been made is seen, by IPv4 and IPv6."""
    with ExitStack() as stack:
        four = stack.enter_context(socket.create_server(("", 0)))
        port = four.getsockname()[1]
        six = stack.enter_context(socket.create_server(("::", port), family=socket.AF_INET6))
        set_ = Trap(port, [])

        def catch(door: socket.socket) -> None:
            with suppress(OSError):  # the end of the test closes the door
                while True:
                    caller, address = door.accept()
                    set_.seen.append(str(address))
                    caller.close()

        threads = [threading.Thread(target=catch, args=(door,), daemon=True) for door in (four, six)]
        for thread in threads:
            thread.start()
        yield set_
        for door in (four, six):
            door.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()


@dataclass(frozen=True)
class Nasty:
    """An address that must not be reached, and the reasons in which a request to it may end."""

    url: str
    ends: frozenset[str]


@pytest.fixture
def nasty(trap: Trap) -> list[Nasty]:
    """The table of tests/data/nasty_urls.toml, with the trap's port in it."""
    rows = tomllib.loads((Path(__file__).parent / "data" / "nasty_urls.toml").read_text(encoding="utf-8"))["row"]
    return [
        Nasty(row["url"].replace("{port}", str(trap.port)), frozenset(["private-address", *row.get("ends", ())]))
        for row in rows
    ]
