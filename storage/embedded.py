"""The embedded MongoDB: a real mongod on a private unix socket, owned by one process, ended with it.

One thread starts it, watches it, starts it again when it was killed, and ends it. It has to be one thread that lives
as long as mongod: Linux ends mongod with the thread that started it (storage.mongod).
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import signal
import subprocess
import threading
import time
from collections import deque
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from news.errors import BantinError
from storage import mongod
from storage.datadir import DataDirectory, socket_path

log = logging.getLogger("bantin.storage")

_LOOK_EVERY = 0.25  # seconds; a killed mongod is back about a second later
_RESTART_WINDOW = 60.0  # seconds
_ELECTION_LIMIT = 60.0  # seconds, from listening to the first write
_NOT_YET_INITIALIZED, _ALREADY_INITIALIZED = 94, 23


class EmbeddedMongod:
    """The mongod of a data directory that this process owns. `problem` says why it was given up, if it was.

    `restarts` bounds how often within a minute it is started again.
    """

    def __init__(self, home: DataDirectory, *, binary: Path, cache_gb: float, restarts: int = 5) -> None:
        self.home = home
        self.problem: BantinError | None = None
        self._restarts = restarts
        self._plan = mongod.Launch(binary, home.database, socket_path(home.path), home.log, cache_gb)
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()
        self._settled, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._live, name="mongod", daemon=True)

    @property
    def uri(self) -> str:
        return socket_uri(str(self._plan.socket))

    @property
    def pid(self) -> int:
        """The process id of mongod; after a restart another one."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Returns when mongod is a primary that takes writes. Raises BantinError with the reason and the remedy."""
        atexit.register(self.stop)
        self._thread.start()
        try:
            self._settled.wait()
            self.check()
        except BaseException:
            self.stop()
            raise
        self.home.announce(str(self._plan.socket))

    def check(self) -> None:
        """Raises the BantinError for which mongod was given up, if it was."""
        if self.problem:
            raise self.problem

    def stop(self) -> None:
        """Ends mongod cleanly and gives the directory free. Can be called again; a forked child's call does nothing."""
        if os.getpid() != self._owner:
            return
        atexit.unregister(self.stop)
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self.home.release()

    def _live(self) -> None:
        try:
            mongod.end_stray(self.home.database)
            self._bring_up()
            self._settled.set()
            self._watch()
        except Exception as error:
            self.problem = error if isinstance(error, BantinError) else _unforeseen(error, self.home)
            log.error("%s", self.problem)
        finally:
            if self._process:
                mongod.end(self._process)
            self._settled.set()
            with contextlib.suppress(OSError):
                self._plan.socket.unlink(missing_ok=True)
                self._plan.socket.parent.rmdir()

    def _bring_up(self) -> None:
        socket_path(self.home.path)  # makes its directory again if somebody has tidied it away
        self._process = mongod.launch(self._plan)
        make_primary(self.uri, str(self._plan.socket))

    def _watch(self) -> None:
        restarted: deque[float] = deque()
        while not self._stopping.wait(_LOOK_EVERY):
            if self._healthy():
                mongod.trim(self._plan.log)
                continue
            while restarted and time.monotonic() - restarted[0] > _RESTART_WINDOW:
                restarted.popleft()
            if len(restarted) >= self._restarts:
                raise BantinError(
                    f"The embedded MongoDB of {self.home.path} died {len(restarted) + 1} times within a minute.",
                    f"Its log {self.home.log} says why; start Bantin again when that is mended.",
                )
            # The first restart is at once, later ones wait longer and longer.
            self._stopping.wait(0.2 * 2 ** len(restarted) if restarted else 0)
            restarted.append(time.monotonic())
            self._restart()

    def _healthy(self) -> bool:
        assert self._process
        return self._process.poll() is None and self._plan.socket.exists()

    def _how(self) -> str:
        assert self._process
        status = self._process.poll()
        if status is None:
            return f"its socket {self._plan.socket} was taken away"
        if -status == signal.SIGABRT:  # it ended itself, and has written down why
            return f"it gave up: {mongod.last_words(self._plan.log)}"
        return f"killed by signal {-status}" if status < 0 else f"ended with {status}"

    def _restart(self) -> None:
        assert self._process
        log.warning("The embedded MongoDB of %s is gone (%s); starting it again.", self.home.path, self._how())
        mongod.end(self._process)
        try:
            self._bring_up()
        except (BantinError, PyMongoError) as error:
            log.error("%s", error)


def socket_uri(socket: str) -> str:
    """The URI of a mongod that listens on this unix socket."""
    return f"mongodb://{quote(socket, safe='')}/?directConnection=true"


def _unforeseen(error: Exception, home: DataDirectory) -> BantinError:
    return BantinError(f"The embedded MongoDB of {home.path} failed: {error!r}.", f"Its log is {home.log}.")


def make_primary(uri: str, socket: str) -> None:
    """Makes mongod the one member of its replica set, under its present socket, and waits for its election."""
    until = time.monotonic() + _ELECTION_LIMIT
    with _client(uri) as client:
        while not _is_configured(client, socket):
            _pause(until, socket)
    # A client that has seen the set before it was initiated believes that it has no sessions: take a fresh one.
    with _client(uri) as client:
        while not client.admin.command("hello").get("isWritablePrimary"):
            _pause(until, socket)


def _is_configured(client: MongoClient[dict[str, Any]], socket: str) -> bool:
    """Whether the set has its one member; a new set gets it. False while mongod has yet to read its set from disk: it
    listens before, and on a busy machine long before."""
    member = {"_id": 0, "host": socket}
    try:
        config = client.admin.command("replSetGetConfig")["config"]
    except OperationFailure as error:
        if error.code != _NOT_YET_INITIALIZED:
            raise
        return _is_initiated(client, member)
    if [row["host"] for row in config["members"]] != [socket]:
        # The data directory or the runtime directory has moved: the set knows itself by a path that is gone.
        config |= {"members": [member], "version": config["version"] + 1}
        client.admin.command("replSetReconfig", config, force=True)
    return True


def _is_initiated(client: MongoClient[dict[str, Any]], member: dict[str, Any]) -> bool:
    """Whether the set was new and is one now; one that mongod is still reading refuses."""
    try:
        client.admin.command("replSetInitiate", {"_id": "bantin", "members": [member]})
    except OperationFailure as error:
        if error.code not in (_NOT_YET_INITIALIZED, _ALREADY_INITIALIZED):
            raise
        return False
    return True


def _pause(until: float, socket: str) -> None:
    if time.monotonic() > until:
        raise BantinError(f"The MongoDB at {socket} elects no primary.", "Start Bantin again.")
    time.sleep(0.01)


def _client(uri: str) -> MongoClient[dict[str, Any]]:
    return MongoClient(uri, serverSelectionTimeoutMS=3_000)
