"""An editor at the desk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

import httpx
import pytest

import config as settings
from config import Config
from news.users import Role
from storage.connect import Store, open_store
from tests.web.accounts import signed_in

# What the search index follows without a gap.
_KEPT = ("counters", "events", "migrations")


class Office(NamedTuple):
    """One installation."""

    config: Config
    store: Store


@pytest.fixture(scope="module")
def office(mongod_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The installation of a module, which each of its tests finds without articles: a database with all its indexes
    takes longer to make and to drop than most of these tests."""
    name = f"desk_{os.getpid()}"
    data = tmp_path_factory.mktemp("desk")
    config = settings.load({"MONGODB_URI": mongod_uri, "BANTIN_DATABASE": name, "BANTIN_DATA_DIR": str(data)})
    with open_store(config) as store:
        yield Office(config, store)
        store._client.drop_database(name)


@pytest.fixture
def config(office: Office) -> Config:
    """The settings of that installation."""
    return office.config


@pytest.fixture
def store(office: Office) -> Iterator[Store]:
    """The store of that installation."""
    yield office.store
    database = office.store._database
    for name in database.list_collection_names():
        if name not in _KEPT:
            database[name].delete_many({})


@pytest.fixture
def editor(store: Store, client: httpx.Client) -> httpx.Client:
    """A client of the web app in which the editor lan is signed in."""
    return signed_in(client, store, Role.EDITOR, "lan")
