"""Whoever cannot reach MongoDB learns where it was looked for and what to do, and never reads a password."""

from __future__ import annotations

import os
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import bson
import pytest

import config as settings
from config import Config
from news.article import StoredArticle
from news.errors import BantinError
from storage.connect import StorageUnavailable, Store, open_store
from storage.datadir import DataDirectory

Make = Callable[..., StoredArticle]


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address on which nothing answers, and nothing else will while the test runs."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


def test_a_mongodb_that_stays_away_is_named_without_the_password(config: Config, nobody: str) -> None:
    away = replace(
        config, mongodb_uri=f"mongodb://an:s3cret@{nobody}/?serverSelectionTimeoutMS=200", mongodb_patience=0.5
    )
    began = time.monotonic()
    with pytest.raises(StorageUnavailable) as caught:
        open_store(away)
    assert 0.5 <= time.monotonic() - began < 6
    assert f"MongoDB at mongodb://{nobody} has not answered for 0.5 seconds" in caught.value.problem
    assert "Start that MongoDB, correct MONGODB_URI" in caught.value.remedy
    assert "s3cret" not in str(caught.value)


def test_wrong_credentials_are_refused_at_once(config: Config) -> None:
    uri = config.mongodb_uri.replace("mongodb://", "mongodb://an:s3cret@")
    began = time.monotonic()
    with pytest.raises(BantinError, match=r"refuses access \(AuthenticationFailed\).*authSource") as caught:
        open_store(replace(config, mongodb_uri=uri))
    assert time.monotonic() - began < 5
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        ("localhost:27017", r"does not begin with mongodb://"),
        ("mongodb://an:s3/cret@host:27017", r"not the address of a MongoDB\. Write mongodb://user:password@host"),
        ("mongodb://an:p@ss@host:s3cret", r"not the address of a MongoDB\. "),
        ("mongodb://host:99999/", r"not the address of a MongoDB: Port must be"),
    ],
)
def test_an_address_that_is_none_is_refused_at_once(config: Config, uri: str, message: str) -> None:
    with pytest.raises(BantinError, match=message) as caught:
        open_store(replace(config, mongodb_uri=uri))
    assert "cret" not in str(caught.value)


class _OldServer(socketserver.StreamRequestHandler):
    """Answers every command as MongoDB of the wire version in `version` greets."""

    version = 9

    def handle(self) -> None:
        while header := self.rfile.read(16):
            length, request, _, kind = struct.unpack("<iiii", header)
            self.rfile.read(length - 16)
            hello = {"ok": 1.0, "isWritablePrimary": True, "minWireVersion": 0, "maxWireVersion": self.version}
            body = bson.encode({**hello, "maxBsonObjectSize": 16777216, "ismaster": True, "helloOk": True})
            # OP_QUERY (2004), which a driver greets with, is answered by OP_REPLY, OP_MSG by OP_MSG.
            reply = struct.pack("<iqii", 8, 0, 0, 1) + body if kind == 2004 else b"\0\0\0\0\0" + body
            code = 1 if kind == 2004 else 2013
            self.wfile.write(struct.pack("<iiii", 16 + len(reply), 1, request, code) + reply)


@pytest.mark.parametrize("wire_version", [6, 9])  # MongoDB 3.6, which PyMongo refuses, and 4.4, which only we do
def test_a_server_that_is_too_old_is_refused_at_once(
    config: Config, wire_version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_OldServer, "version", wire_version)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _OldServer) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        port = server.server_address[1]
        with pytest.raises(BantinError, match=rf"127\.0\.0\.1:{port}.*(older than 5\.0|wire version)") as caught:
            open_store(replace(config, mongodb_uri=f"mongodb://127.0.0.1:{port}/?directConnection=true"))
        assert not isinstance(caught.value, StorageUnavailable)
        server.shutdown()


def test_an_operation_waits_for_a_mongodb_that_comes_back_and_a_ping_does_not(tmp_path: Path, make: Make) -> None:
    owned = settings.load({"BANTIN_DATA_DIR": str(tmp_path), "BANTIN_MONGOD": os.environ.get("BANTIN_MONGOD", "")})
    first = open_store(owned)
    with open_store(owned) as visitor, ThreadPoolExecutor(1) as elsewhere:
        visitor.ping()
        first.close()
        began = time.monotonic()
        with pytest.raises(StorageUnavailable, match=rf"{tmp_path} has not answered: .*run by process {os.getpid()}"):
            visitor.ping()
        assert time.monotonic() - began < 5
        again = elsewhere.submit(open_store, owned)
        visitor.journal.create(make())
        with again.result() as second:
            assert second.articles.count() == 1


def test_a_directory_whose_owner_never_gets_its_mongod_up_is_not_waited_for_forever(config: Config) -> None:
    home = DataDirectory(config.data_dir)
    assert home.acquire()
    with pytest.raises(StorageUnavailable, match=rf"Process {os.getpid()} runs .* did not get it up for 0\.2 seconds"):
        open_store(replace(config, mongodb_uri="", mongodb_patience=0.2))
    home.release()


def test_what_was_acknowledged_is_on_disk_at_a_majority(store: Store) -> None:
    assert store._database.write_concern.document == {"w": "majority", "j": True}


def test_the_address_in_messages_has_no_secrets_and_can_be_read(store: Store) -> None:
    assert store.address.startswith("mongodb:///")
    assert store.address.endswith("/mongodb-27017.sock")


def test_a_closed_store_can_be_closed_again(config: Config) -> None:
    store = open_store(config)
    assert not store.owns_mongod
    store.close()
    store.close()
