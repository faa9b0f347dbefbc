"""One at a time through here, of the processes of this machine and user: waiting costs them nothing, and who holds it
when killed lets go."""

from __future__ import annotations

import contextlib
import fcntl
import os
import random
import tempfile
import time
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

# Seconds. Who is stopped while inside must not keep the others out for ever: they go past, for a while at once.
_LONGEST_WAIT, _PAST_FOR = 5.0, 60.0
_LOOK_EVERY = 0.008


class Gate:
    """The gate of this name. It saves work and promises nothing: whoever cannot have it in time goes past it."""

    def __init__(self, name: str) -> None:
        digest = blake2b(name.encode(), digest_size=8).hexdigest()
        self._path = Path(tempfile.gettempdir()) / f"bantin-{os.getuid()}-{digest}.gate"
        self._past_until = 0.0

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Inside as long as the context; at the end it is given back."""
        try:
            file = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError:  # a file of another user under this name, or a directory that takes none: then there is no gate
            yield
            return
        try:
            self._await(file)
            yield
        finally:
            os.close(file)

    def _await(self, file: int) -> None:
        until = time.monotonic() + _LONGEST_WAIT
        while not _locked(file):
            now = time.monotonic()
            if now < self._past_until:
                return
            if now > until:
                self._past_until = now + _PAST_FOR
                return
            time.sleep(_LOOK_EVERY * random.random())  # noqa: S311


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
