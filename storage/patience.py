"""Waiting for a MongoDB that is away: one retry loop for every operation, bounded, with a message that helps."""

from __future__ import annotations

import functools
import logging
import random
import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import pymongo
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ConfigurationError,
    DocumentTooLarge,
    OperationFailure,
    PyMongoError,
)

from news.errors import BantinError

log = logging.getLogger("bantin.storage")

# Server codes of a member that stops, steps down or comes up, and of a majority or cursor that was lost meanwhile.
# https://github.com/mongodb/specifications, server-discovery-and-monitoring, "not writable primary" and "recovering"
_AWAY_CODES = frozenset({6, 7, 43, 64, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13388, 13435, 13436})
_REFUSED_CODES = frozenset({13, 18, 8000})  # Unauthorized, AuthenticationFailed, AtlasError
_DISK_FULL = 14031
_TOO_LARGE = frozenset({10334, 17419, 17420})

# DocumentTooLarge, which the driver raises before it sends anything, is no PyMongoError.
_ERRORS = (PyMongoError, DocumentTooLarge)

_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0  # seconds
_LATELY = 2.0  # seconds: a MongoDB that has answered anybody since then is not silent

P = ParamSpec("P")
T = TypeVar("T")


class StorageUnavailable(BantinError):
    """MongoDB did not answer for as long as the settings allow; the message names its address and the remedy."""


class Patience:
    """Runs operations against one MongoDB and repeats them while it is away, for at most `seconds`.

    `address` stands in messages and holds no password. `check` is called between attempts and may raise when waiting
    is of no use (an embedded mongod that was given up). Who comes within `rest` seconds after one gave up is told at
    once what that one found, unless MongoDB has answered others meanwhile: then it was the question.
    """

    def __init__(
        self, seconds: float, address: str, remedy: str, check: Callable[[], None] | None = None, rest: float = 0.0
    ) -> None:
        self.seconds = seconds
        self.address = address
        self.remedy = remedy
        self._check = check
        self._rest = rest
        self._given_up: tuple[float, StorageUnavailable] | None = None
        self._answered = float("-inf")

    def carry(self, operation: Callable[[], T]) -> T:
        """What `operation` returns. It must be idempotent: an attempt whose answer was lost is made again.

        Raises StorageUnavailable after `seconds`, and BantinError at once where waiting would not help.
        """
        self._heed()
        deadline = time.monotonic() + self.seconds
        pause = _FIRST_PAUSE
        waited = False
        while True:
            try:
                result = operation()
            except _ERRORS as error:
                if not _away(error):
                    self._refuse(error)
                    raise
                self._wait(error, pause, deadline, first=not waited)
                waited = True
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                self._answered = time.monotonic()
                if waited:
                    log.warning("MongoDB at %s is back.", self.address)
                return result

    def once(self, operation: Callable[[], T], within: float | None = None) -> T:
        """What `operation` returns, without waiting for a MongoDB that is away; one that is there and silent is waited
        for `within` so many seconds, else as long as the driver would."""
        self._heed()
        began = time.monotonic()
        try:
            with pymongo.timeout(within) if within else nullcontext():
                return operation()
        except _ERRORS as error:
            if _away(error):
                unavailable = self._unavailable(error, "")
                if time.monotonic() - began >= self.seconds:
                    self._note(unavailable)
                raise unavailable from error
            self._refuse(error)
            raise

    def _heed(self) -> None:
        """Raises what another has found just now."""
        if (given_up := self._given_up) and time.monotonic() - given_up[0] < self._rest:
            raise StorageUnavailable(given_up[1].problem, given_up[1].remedy)

    def _note(self, given_up: StorageUnavailable) -> None:
        if time.monotonic() - self._answered > _LATELY:
            self._given_up = time.monotonic(), given_up

    def _wait(self, error: Exception, pause: float, deadline: float, *, first: bool) -> None:
        if self._check:
            self._check()
        left = deadline - time.monotonic()
        if left <= 0:
            given_up = self._unavailable(error, f" for {self.seconds:g} seconds")
            self._note(given_up)
            raise given_up from error
        if first:
            log.warning("MongoDB at %s does not answer; waiting up to %g s for it.", self.address, self.seconds)
        # Jitter, so that all the crawls that lost the same server do not come back to it in step.
        time.sleep(min(left, pause * random.uniform(0.5, 1.0)))  # noqa: S311

    def _unavailable(self, error: Exception, how_long: str) -> StorageUnavailable:
        detail = str(error).split(", Timeout:")[0].split(" (configured timeouts")[0]
        return StorageUnavailable(f"MongoDB at {self.address} has not answered{how_long}: {detail}.", self.remedy)

    def _refuse(self, error: Exception) -> None:
        """Raises the BantinError of an error that a person has to mend; returns for all others."""
        if isinstance(error, DocumentTooLarge) or getattr(error, "code", 0) in _TOO_LARGE:
            raise BantinError("A document is over the 16 MB of MongoDB.", "Lower the site's max_bytes.") from error
        if isinstance(error, ConfigurationError):
            raise BantinError(f"MongoDB at {self.address} cannot be used: {error}.", self.remedy) from error
        if not isinstance(error, OperationFailure):
            return
        if error.code in _REFUSED_CODES:
            raise BantinError(
                f"MongoDB at {self.address} refuses access ({_code_name(error)}).",
                "Correct the user and password in MONGODB_URI (percent-encoded, with authSource where it is not "
                "admin), and give the user the role readWrite on the database.",
            ) from error
        if error.code == _DISK_FULL:
            raise BantinError(
                f"The disk of MongoDB at {self.address} is full.", "Free space on it; what was stored is safe."
            ) from error


class _HasPatience(Protocol):
    _patience: Patience


S = TypeVar("S", bound=_HasPatience)


def patient(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """A public operation of a collection: repeated while MongoDB is away. Patient methods must not call each other."""

    @functools.wraps(method)
    def run(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self._patience.carry(lambda: method(self, *args, **kwargs))

    return run


def _away(error: Exception) -> bool:
    if isinstance(error, AutoReconnect):  # NetworkTimeout, NotPrimaryError and ServerSelectionTimeoutError are some
        return True
    if isinstance(error, PyMongoError) and error.timeout:  # the time was up, and the driver or the server saw it first
        return True
    if isinstance(error, BulkWriteError):
        codes = {row.get("code") for kind in ("writeErrors", "writeConcernErrors") for row in error.details[kind]}
        return codes <= _AWAY_CODES
    return isinstance(error, OperationFailure) and (
        error.code in _AWAY_CODES or error.has_error_label("RetryableWriteError")
    )


def _code_name(error: OperationFailure) -> str:
    details: Any = error.details or {}
    return str(details.get("codeName") or f"code {error.code}")
