"""The sample portals for verbs that show something without the internet."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from news.errors import BantinError

if TYPE_CHECKING:
    import config as settings
    from demo.server import Demo
    from storage.connect import Store


def data_dir(config: settings.Config) -> settings.Config:
    """The settings with the demo's own data directory, unless one was named."""
    if os.environ.get("BANTIN_DATA_DIR") or config.mongodb_uri:
        return config
    return replace(config, data_dir=Path(".demo").absolute())


@contextmanager
def portals() -> Iterator[Demo]:
    """The running portals, at the addresses of their site files, or at free ones where those are taken."""
    from demo.server import Demo

    with ExitStack() as stack:
        try:
            demo = stack.enter_context(Demo())
        except BantinError:
            demo = stack.enter_context(Demo(base_port=0))
        yield demo


def forget(store: Store, config: settings.Config) -> None:
    """Empties the database, if nothing but the demo has written to it. Raises BantinError otherwise."""
    from pymongo import MongoClient

    others = [site for site in store.articles.sites() if not site.startswith("demo-")]
    if others:
        raise BantinError(
            f"The database {config.database} of {store.address} holds articles of {', '.join(others[:3])}.",
            "The demo starts afresh and would drop them: unset BANTIN_DATA_DIR and MONGODB_URI, or give --keep.",
        )
    with MongoClient[dict[str, object]](store.uri) as client:
        client.drop_database(config.database)
