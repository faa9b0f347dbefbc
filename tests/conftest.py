"""A real MongoDB for every test that stores: one embedded mongod a session, one fresh database a test."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pymongo import MongoClient

import config as settings
from config import Config
from storage.connect import Store, open_store

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def mongod_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real mongod that lives as long as the test session."""
    given = settings.load()
    data = tmp_path_factory.mktemp("mongodb")
    own = {
        "BANTIN_DATA_DIR": str(data),
        "BANTIN_MONGOD": given.mongod,
        "BANTIN_DATABASE": "session",
    }
    with open_store(settings.load(own), must_own=True) as store:
        yield store.uri
    shutil.rmtree(data)  # pytest would keep its 300 MB for three sessions


@pytest.fixture
def environ(mongod_uri: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment variables of an installation with an empty database; the database goes with the test."""
    name = f"test_{os.getpid()}_{next(_NUMBERS)}"
    yield {
        "MONGODB_URI": mongod_uri,
        "BANTIN_DATABASE": name,
        "BANTIN_DATA_DIR": str(tmp_path / "data"),
        "BANTIN_MONGODB_PATIENCE": "20",
    }
    with MongoClient[dict[str, object]](mongod_uri) as client:
        client.drop_database(name)


@pytest.fixture
def config(environ: dict[str, str]) -> Config:
    """The settings of that installation."""
    return settings.load(environ)


@pytest.fixture
def store(config: Config) -> Iterator[Store]:
    """The opened store of that installation."""
    with open_store(config) as opened:
        yield opened
