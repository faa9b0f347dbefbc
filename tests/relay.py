"""A way to a MongoDB that can be cut: to who goes that way it is then away, at none of the cost of stopping one."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

from pymongo.uri_parser import parse_uri

from config import Config


@dataclass
class Relay:
    """Listens on `port` of loopback and carries what comes to the unix socket `target`, until it is cut."""

    target: str
    _door: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    _open: list[socket.socket] = field(default_factory=list)
    port: int = field(init=False)

    def __post_init__(self) -> None:
        self.port = int(self._door.getsockname()[1])

    def live(self) -> None:
        with suppress(OSError):  # it was cut
            while True:
                caller, _ = self._door.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self.target)
                self._open += [caller, server]
                for ends in ((caller, server), (server, caller)):
                    threading.Thread(target=_carry, args=ends, daemon=True).start()

    def mend(self) -> None:
        """Lets through again what comes."""
        self._door = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self.live, daemon=True).start()

    def cut(self) -> None:
        for one in (self._door, *self._open):
            with suppress(OSError):  # it has ended by itself
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def _carry(here: socket.socket, there: socket.socket) -> None:
    with suppress(OSError):
        while part := here.recv(65536):
            there.sendall(part)
    with suppress(OSError):
        there.shutdown(socket.SHUT_WR)


@contextmanager
def relayed(config: Config) -> Iterator[tuple[Config, Relay]]:
    """Settings with which the same database is reached by a way that can be cut, and the way."""
    ((target, _),) = parse_uri(config.mongodb_uri)["nodelist"]
    relay = Relay(target)
    thread = threading.Thread(target=relay.live)
    thread.start()
    uri = f"mongodb://127.0.0.1:{relay.port}/?directConnection=true&serverSelectionTimeoutMS=200"
    try:
        yield replace(config, mongodb_uri=uri), relay
    finally:
        relay.cut()
        thread.join()
