"""The checks of `bantin doctor`, in the order in which one would mend things."""

from __future__ import annotations

import shutil
import socket
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import metadata
from os import strerror
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement

import config as settings
from cli.finding import Finding, State
from cli.oversight import oversight, readiness
from news.errors import BantinError

if TYPE_CHECKING:
    from storage.connect import Store

_EXAMPLE_HOST = "example.org"
_MB = 1_000_000
# What mongod needs to start (storage.mongod), and what a month of a few dozen sites takes.
_DISK_NEEDED, _DISK_ADVISED = 300 * _MB, 2_000 * _MB
_DAYS_ADVISED = 30
# An operator who asks what is wrong does not want to wait for the two minutes a crawl would.
_PATIENCE = 2.0


def checkup() -> Iterator[Finding]:
    """All findings. Starts the embedded MongoDB for a moment, if nothing runs it already."""
    yield _python()
    yield _packages()
    try:
        config = settings.load()
    except BantinError as error:
        yield Finding(State.WRONG, "settings", error.problem, error.remedy)
        return
    yield Finding(State.OK, "settings", f"{len(settings.SETTINGS)} read")
    yield _contact(config)
    yield _sites(config)
    if not config.mongodb_uri:
        yield _disk(config)
        yield _mongod(config)
    yield from _mongodb(config)
    yield from _port(config)


def _python() -> Finding:
    # An older one than pyproject.toml asks for does not get as far as this line.
    return Finding(State.OK, "Python", ".".join(map(str, sys.version_info[:3])))


def _packages() -> Finding:
    """The dependencies against the ranges that the tests ran with."""
    wrong = []
    required = [Requirement(text) for text in _requirements()]
    for requirement in required:
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{requirement.name} is missing")
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            wrong.append(f"{requirement.name} {version} is not {requirement.specifier}")
    if wrong:
        return Finding(State.WRONG, "packages", "; ".join(wrong), "pip install --upgrade --force-reinstall bantin")
    return Finding(State.OK, "packages", f"{len(required)} in their tested ranges")


def _requirements() -> list[str]:
    """What this installation says it needs; a checkout that is run in place says it in its pyproject.toml."""
    project = Path(settings.__file__).with_name("pyproject.toml")
    if project.is_file():
        listed: list[str] = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"]
        return listed
    return [text for text in metadata.requires("bantin") or [] if "extra ==" not in text]


def _contact(config: settings.Config) -> Finding:
    if _EXAMPLE_HOST in config.contact_url:
        return Finding(
            State.WARNING, "contact", config.contact_url,
            "Set BANTIN_CONTACT_URL to a page of yours before you crawl sites of others.",
        )  # fmt: skip
    return Finding(State.OK, "contact", config.contact_url)


def _sites(config: settings.Config) -> Finding:
    from spiders.catalog import load_catalog

    try:
        sites = load_catalog(config.sites_dir).sites.values()
    except BantinError as error:
        return Finding(State.WRONG, "site files", error.problem, error.remedy)
    verified = sum(site.verified for site in sites)
    return Finding(State.OK, "site files", f"{len(sites)} in {config.sites_dir}, {verified} verified")


def _disk(config: settings.Config) -> Finding:
    place = next(folder for folder in (config.data_dir, *config.data_dir.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    found = f"{free // _MB:,} MB free at {config.data_dir}"
    if free < _DISK_NEEDED:
        return Finding(State.WRONG, "disk", found, f"MongoDB needs {_DISK_NEEDED // _MB} MB: free some.")
    if free < _DISK_ADVISED:
        return Finding(State.WARNING, "disk", found, "Free some, or set BANTIN_DATA_DIR to a larger disk.")
    return Finding(State.OK, "disk", found)


def _mongod(config: settings.Config) -> Finding:
    from storage.mongod import find_mongod

    try:
        return Finding(State.OK, "mongod", str(find_mongod(config.mongod)))
    except BantinError as error:
        return Finding(State.WRONG, "mongod", error.problem, error.remedy)


def _mongodb(config: settings.Config) -> Iterator[Finding]:
    from pymongo import MongoClient
    from pymongo.errors import PyMongoError

    from storage.connect import open_store

    try:
        with open_store(replace(config, mongodb_patience=_PATIENCE)) as store:
            store.ping()
            with MongoClient[dict[str, object]](store.uri, serverSelectionTimeoutMS=5000) as client:
                version = str(client.admin.command("buildInfo")["version"])
                member = client.admin.command("hello").get("setName")
            started = [run.started for run in store.runs.find(limit=1)]
            space = _space(store, config.disk_floor_gb)
            running = list(oversight(config, store))
    except BantinError as error:
        yield Finding(State.WRONG, "MongoDB", error.problem, error.remedy)
        return
    except PyMongoError as error:
        yield Finding(State.WRONG, "MongoDB", str(error), "Give the user of MONGODB_URI the right to read and write.")
        return
    yield Finding(State.OK, "MongoDB", f"{version} at {store.address}")
    if not member:
        yield Finding(
            State.WARNING,
            "replica set",
            "none",
            "Make the server a replica set of one: mongod --replSet, rs.initiate().",
        )
    if space:
        yield space
    yield _clock(max(started, default=None))
    yield from running


def _space(store: Store, floor_gb: float) -> Finding | None:
    """The disk that MongoDB writes to, here or elsewhere, and how long it will do."""
    from storage.disk import GB, days_left

    room = store.disk.room()
    if room is None:
        return None
    left = days_left(room, store.disk.sizes(datetime.now(UTC)))
    found = f"{room.free / GB:,.1f} of {room.total / GB:,.1f} GB free, {room.used / GB:,.2f} GB used by Bantin"
    if left is not None:
        found += f", full in {left:,.0f} days as it grows"
    remedy = "`bantin prune` shows what may go; or give MongoDB a larger disk."
    if room.free < floor_gb * GB:
        return Finding(State.WRONG, "space", f"{found}; no crawl begins below {floor_gb:g} GB", remedy)
    if room.free < 2 * floor_gb * GB or (left is not None and left < _DAYS_ADVISED):
        return Finding(State.WARNING, "space", found, remedy)
    return Finding(State.OK, "space", found)


def _clock(last: datetime | None) -> Finding:
    """The clock against what was made before now. The zone of the machine is of no matter: pages are read in +07:00."""
    now = datetime.now(UTC)
    made = datetime.fromtimestamp(Path(settings.__file__).stat().st_mtime, UTC)
    newest = max(moment for moment in (made, last) if moment)
    if newest > now + timedelta(hours=1):
        return Finding(
            State.WRONG, "clock", f"{now:%Y-%m-%d %H:%M} UTC, before {newest:%Y-%m-%d %H:%M}, which is over",
            "Set the clock of this machine; timedatectl set-ntp true keeps it right.",
        )  # fmt: skip
    return Finding(State.OK, "clock", f"{now:%Y-%m-%d %H:%M} UTC")


def _port(config: settings.Config) -> Iterator[Finding]:
    host, port = config.web_host, config.web_port
    try:
        with socket.create_server((host, port)):
            yield Finding(State.OK, "web port", f"{host}:{port} is free")
    except OSError as error:
        if _is_ours(host, port):
            yield Finding(State.OK, "web port", f"Bantin answers on {host}:{port}")
            yield readiness(host, port)
            return
        yield Finding(
            State.WRONG,
            "web port",
            f"{host}:{port}: {strerror(error.errno or 0)}",
            "Set BANTIN_WEB_PORT to another; 0 takes any.",
        )


def _is_ours(host: str, port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{host}:{port}/healthz", timeout=3) as answer:
            return bool(answer.read(100) == b'{"status":"ok"}')
    except OSError:
        return False
