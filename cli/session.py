"""What most verbs need first: the settings, the sites, the store."""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import config as settings
from crawler import logs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from news.site import Site
    from spiders.catalog import Catalog
    from storage.connect import Store

log = logging.getLogger("bantin.cli")

_LOOK_EVERY = 2.0  # seconds


def configure() -> settings.Config:
    """The settings of the environment; from here on the process logs as they say."""
    loaded = settings.load()
    logs.configure(loaded)
    return loaded


def catalog(config: settings.Config) -> Catalog:
    from spiders.catalog import load_catalog

    return load_catalog(config.sites_dir)


def take_up(store: Store, catalog: Catalog) -> None:
    """Writes down what the verified sites declare now, and forgets sites whose files are gone (`bantin sites diff`)."""
    from news.declared import declared

    store.site_state.declare({site.id: declared(site) for site in scheduled(catalog)})
    store.site_state.undeclare(set(store.site_state.declared()) - set(catalog.sites))


@contextmanager
def opened(config: settings.Config, *, must_own: bool = False, answering: bool = False) -> Iterator[Store]:
    """The store, for as long as the verb needs it; `answering` as open_store has it."""
    from storage.connect import open_store

    with open_store(config, must_own=must_own, answering=answering) as store:
        yield store


def joined(config: settings.Config, store: Store) -> settings.Config:
    """The settings for crawls: their processes connect to the store that this process has opened."""
    return replace(config, mongodb_uri=store.uri)


def scheduled(catalog: Catalog) -> list[Site]:
    """The sites that are crawled unasked: verified, and not the demo's, whose portals are not always there."""
    return [site for site in catalog.sites.values() if site.verified and not site.id.startswith("demo-")]


class Known:
    """All sites by id as their files are now, for who names them; looked at again every two seconds at most."""

    def __init__(self, config: settings.Config) -> None:
        from spiders.watch import Watch

        self._watch = Watch.of(config.sites_dir)
        self._looked = time.monotonic()

    def __call__(self) -> Mapping[str, Site]:
        if time.monotonic() - self._looked > _LOOK_EVERY:
            self._looked = time.monotonic()
            self._watch.look()  # whoever schedules them says what is wrong with a file
        return self._watch.catalog.sites


class Following:
    """The scheduled sites as their files are now: called again and again, it gives the very same list until a file
    changes. A file that breaks is logged once, and its site stays as it was."""

    def __init__(self, config: settings.Config, store: Store) -> None:
        from spiders.watch import Watch

        self._store = store
        self._watch = Watch.of(config.sites_dir)
        self._sites = scheduled(self._watch.catalog)
        take_up(store, self._watch.catalog)

    def __call__(self) -> list[Site]:
        change = self._watch.look()
        for problem in change.problems:
            log.error("%s %s", problem.problem, problem.remedy)
        if change.taken or change.removed:
            log.warning("Site files taken up: %s", ", ".join((*change.taken, *change.removed)))
            self._sites = scheduled(self._watch.catalog)
            take_up(self._store, self._watch.catalog)
        return self._sites


def names(sites: Iterable[Site]) -> dict[str, str]:
    """Site id to the name that readers see."""
    return {site.id: site.name for site in sites}
