"""Opening the store: one's own MongoDB by URI, the embedded one of this process, or that of another process."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from bson.codec_options import CodecOptions
from pymongo import MongoClient, WriteConcern
from pymongo.errors import PyMongoError

from news.errors import BantinError
from storage import backup, migrations
from storage.alerts import Alerts
from storage.articles import Articles
from storage.audit import Audit
from storage.backups import Backup, Backups
from storage.cases import Cases
from storage.controls import Controls
from storage.datadir import DataDirectory
from storage.deliveries import Deliveries
from storage.disk import Disk
from storage.drafts import Drafts
from storage.embedded import EmbeddedMongod, socket_uri
from storage.engine import Engine
from storage.errands import Errands
from storage.events import Events
from storage.figures import Figures
from storage.health import Healths
from storage.holdings import Holdings
from storage.hubs import Hubs
from storage.indexes import ensure_indexes
from storage.jobs import Jobs
from storage.journal import Journal
from storage.leases import Leases
from storage.mongod import find_mongod
from storage.pages import Pages
from storage.patience import Patience, StorageUnavailable
from storage.presence import Presence
from storage.queues import Queues
from storage.renewals import Renewals
from storage.retention import Retention
from storage.robots import RobotsTxts
from storage.rules import Rules
from storage.run_logs import RunLogs
from storage.runs import Runs
from storage.searches import Searches
from storage.sessions import Sessions
from storage.signatures import Signatures
from storage.site_state import SiteStates
from storage.standing import Standings
from storage.stories import Stories
from storage.tallies import Tallies
from storage.tokens import Tokens
from storage.urls import Urls
from storage.usage import Usages
from storage.users import Users
from storage.versions import Versions
from storage.webhooks import Webhooks

__all__ = ["StorageUnavailable", "Store", "StoreSettings", "open_store"]

_MONGODB_5 = 13  # maxWireVersion of MongoDB 5.0
_OPTIONS = {
    # Short, because the waiting is done by Patience, for as long as the settings say.
    "serverSelectionTimeoutMS": 2_000,
    "connectTimeoutMS": 5_000,
    "socketTimeoutMS": 60_000,
    # A connection made while a member was still reading its set believes for good that there are no transactions
    # (PyMongo asks once). Shorter than the longest pause of Patience, in which it is therefore given up.
    "maxIdleTimeMS": 500,
    "appName": "bantin",
}
# Seconds, for a process that answers people: a question that takes longer is given up, by MongoDB too, and who asks so
# soon after that is told at once, so that nobody waits in a line of those who wait.
_ANSWER, _REST = 8.0, 1.0
_PING = 2.0  # seconds


class StoreSettings(Protocol):
    """What the store has to be told; config.Config satisfies it. `mongodb_patience` in seconds."""

    @property
    def mongodb_uri(self) -> str: ...
    @property
    def database(self) -> str: ...
    @property
    def data_dir(self) -> Path: ...
    @property
    def mongod(self) -> str: ...
    @property
    def mongodb_cache_gb(self) -> float: ...
    @property
    def mongodb_patience(self) -> float: ...


class Store:
    """The collections of one database. Close it, or use it as a context manager.

    Safe to use from several threads, not across a fork: a child process opens its own.
    """

    def __init__(
        self,
        uri: str,
        database: str,
        patience: Patience,
        embedded: EmbeddedMongod | None = None,
        *,
        as_is: bool = False,
        answering: bool = False,
    ) -> None:
        self.uri = uri
        self.address = patience.address
        self._patience = patience
        self._embedded = embedded
        self._client = client_of(uri, **({"timeoutMS": int(1000 * _ANSWER)} if answering else {}))
        try:
            self._database = self._client.get_database(
                database,
                codec_options=CodecOptions(tz_aware=True),
                # What was acknowledged survives kill -9 of mongod, and the loss of any one server of a set.
                write_concern=WriteConcern("majority", j=True),
            )
            patience.carry(self._check if as_is else self._prepare)
        except BaseException:
            self._client.close()
            raise
        self.articles = Articles(self._database.articles, patience)
        self.journal = Journal(self._database, patience)
        self.audit = Audit(self._database.audit, patience)
        self.events = Events(self._database, patience)
        self.signatures = Signatures(self._database.signatures, patience)
        self.stories = Stories(self._database.stories, patience)
        self.tallies = Tallies(self._database.articles, patience)
        self.queues = Queues(self._database.articles, patience)
        self.searches = Searches(self._database.searches, patience)
        self.leases = Leases(self._database.leases, patience)
        self.jobs = Jobs(self._database, patience)
        self.versions = Versions(self._database.versions, patience)
        self.pages = Pages(self._database.pages, patience)
        self.rules = Rules(self._database, patience)
        self.cases = Cases(self._database.cases, patience)
        self.renewals = Renewals(self._database.renewals, patience)
        self.urls = Urls(self._database.urls, patience)
        self.robots = RobotsTxts(self._database.robots, patience)
        self.runs = Runs(self._database.runs, patience)
        self.health = Healths(self._database, patience)
        self.alerts = Alerts(self._database.alerts, patience)
        self.controls = Controls(self._database.controls, patience)
        self.standing = Standings(self._database.standing, patience)
        self.engine = Engine(self._database.engine, patience)
        self.run_logs = RunLogs(self._database.run_logs, patience)
        self.backups = Backups(self._database.backups, patience)
        self.figures = Figures(self._database, patience)
        self.retention = Retention(self._database, patience, self.figures.gather)
        self.disk = Disk(self._database, patience)
        self.site_state = SiteStates(self._database.site_state, patience)
        self.tokens = Tokens(self._database.tokens, patience)
        self.users = Users(self._database.users, patience)
        self.errands = Errands(self._database.errands, patience)
        self.sessions = Sessions(self._database.sessions, patience)
        self.usage = Usages(self._database.usage, patience)
        self.webhooks = Webhooks(self._database, patience)
        self.deliveries = Deliveries(self._database.deliveries, patience)
        self.holdings = Holdings(self._database.holdings, patience)
        self.hubs = Hubs(self._database.hubs, patience)
        self.drafts = Drafts(self._database.drafts, patience)
        self.presence = Presence(self._database.presence, patience)

    @property
    def owns_mongod(self) -> bool:
        """Whether this store's process runs the embedded MongoDB, which then ends when the store is closed."""
        return self._embedded is not None

    def ping(self) -> None:
        """Asks MongoDB once, without waiting for one that is away. Raises StorageUnavailable within about 2 seconds."""
        if self._embedded:
            self._embedded.check()
        self._patience.once(lambda: self._database.command("ping"), _PING)

    def missing_migrations(self) -> list[int]:
        """The numbers of those that the database lacks by now: it was put back to what an older Bantin left. Asks once,
        as `ping`."""
        return self._patience.once(lambda: migrations.missing(self._database), _PING)

    def close(self) -> None:
        """Ends the connection, and the embedded MongoDB if it is this store's. Can be called again."""
        self._client.close()
        if self._embedded:
            self._embedded.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def back_up(self, out: Path, tell: Callable[[str, int], None] = lambda name, count: None) -> Backup:
        """Writes all of it to the file `out`, as it is at this moment, and notes that (storage.backup)."""
        made = backup.write(self._database, self._patience, out, tell)
        self.backups.note(made)
        return made

    def restore(
        self, archive: backup.Archive, *, replace: bool, tell: Callable[[str, int], None] = lambda name, count: None
    ) -> None:
        """Puts a verified archive in the place of all that is here, and brings that up to date (storage.backup)."""
        backup.restore(self._database, archive, replace=replace, tell=tell)
        self._patience.carry(self._prepare)

    def _prepare(self) -> None:
        self._check()
        migrations.migrate(self._database)
        ensure_indexes(self._database)

    def _check(self) -> None:
        hello = self._database.command("hello")
        if hello["maxWireVersion"] < _MONGODB_5:
            raise BantinError(
                f"The MongoDB at {self.address} is older than 5.0.", "Upgrade it, or set MONGODB_URI to a newer one."
            )
        if "setName" not in hello and hello.get("msg") != "isdbgrid":
            raise BantinError(
                f"The MongoDB at {self.address} stands alone, and transactions need a replica set.",
                "Start it with --replSet bantin and run rs.initiate() once; one member is enough.",
            )


def open_store(
    settings: StoreSettings, *, must_own: bool = False, as_is: bool = False, answering: bool = False
) -> Store:
    """The store of these settings, with its collections, migrations and indexes in place; or `as_is`, for who is to
    restore it. `answering`: for who answers people, and must say within seconds that MongoDB is there and silent; it
    has to be given an address.

    With `mongodb_uri` it connects there. Else it starts the embedded MongoDB of the data directory, which ends with
    this store, or uses the one that another process runs there; `must_own` refuses the latter.

    Raises BantinError for what a person has to mend, StorageUnavailable when MongoDB stays away.
    """
    if not settings.mongodb_uri:
        assert not answering
        return _open_embedded(settings, must_own, as_is)
    address = _address(settings.mongodb_uri)
    remedy = "Start that MongoDB, correct MONGODB_URI, or unset it to use the embedded one."
    patience = Patience(settings.mongodb_patience, address, remedy, rest=_REST if answering else 0.0)
    return Store(settings.mongodb_uri, settings.database, patience, as_is=as_is, answering=answering)


def _open_embedded(settings: StoreSettings, must_own: bool, as_is: bool) -> Store:
    until = time.monotonic() + settings.mongodb_patience
    while True:
        home = DataDirectory(settings.data_dir)
        if home.acquire():
            return _own(home, settings, as_is)
        occupant = home.occupant()
        pid = occupant.pid if occupant else "unknown"
        if must_own:
            raise BantinError(
                f"The MongoDB of {home.path} is already run by another process (pid {pid}).",
                f"End that process (kill {pid}), or set BANTIN_DATA_DIR to another directory.",
            )
        if occupant and occupant.socket:
            remedy = (
                f"It is run by process {pid}; if that has ended, run the command again or keep `bantin up` running."
            )
            patience = Patience(settings.mongodb_patience, str(home.path), remedy)
            return Store(socket_uri(occupant.socket), settings.database, patience, as_is=as_is)
        if time.monotonic() > until:
            raise StorageUnavailable(
                f"Process {pid} runs the MongoDB of {home.path}, but did not get it up for "
                f"{settings.mongodb_patience:g} seconds.",
                f"See {home.log}, end that process and try again.",
            )
        time.sleep(0.05)


def _own(home: DataDirectory, settings: StoreSettings, as_is: bool) -> Store:
    try:
        binary = find_mongod(settings.mongod)
        embedded = EmbeddedMongod(home, binary=binary, cache_gb=settings.mongodb_cache_gb)
    except BaseException:
        home.release()
        raise
    embedded.start()
    remedy = f"Its log is {home.log}."
    patience = Patience(settings.mongodb_patience, str(home.path), remedy, check=embedded.check)
    try:
        return Store(embedded.uri, settings.database, patience, embedded, as_is=as_is)
    except BaseException:
        embedded.stop()
        raise


def client_of(uri: str, **more: int) -> MongoClient[dict[str, Any]]:
    """A client with the options that the store relies on, and `more` of them. Raises BantinError for what is no address
    of a MongoDB."""
    example = "Write mongodb://user:password@host:27017/ with special characters of user and password percent-encoded."
    if not uri.startswith(("mongodb://", "mongodb+srv://")):
        raise BantinError("MONGODB_URI does not begin with mongodb:// or mongodb+srv://.", example)
    # What the URI says comes first; PyMongo would let the keyword win.
    given = {name.lower() for name, _ in parse_qsl(uri.partition("?")[2], keep_blank_values=True)}
    options: dict[str, Any] = {name: value for name, value in {**_OPTIONS, **more}.items() if name.lower() not in given}
    try:
        return MongoClient(uri, **options)
    except (PyMongoError, ValueError) as error:
        # PyMongo's messages quote pieces of the address: of one with a password none is shown.
        detail = "" if "@" in uri else f": {str(error).rstrip('.')}"
        raise BantinError(f"MONGODB_URI is not the address of a MongoDB{detail}.", example) from None


def _address(uri: str) -> str:
    """The URI as it may be shown: without user, password and options."""
    parts = urlsplit(uri.partition("?")[0])
    return f"{parts.scheme}://{unquote(parts.netloc.rpartition('@')[2])}"
