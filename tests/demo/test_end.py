"""When the demo ends, nothing of it goes on."""

from __future__ import annotations

import gc
import socket
from contextlib import ExitStack, suppress

from demo.server import Demo


def test_connections_that_are_kept_alive_are_cut_at_the_end() -> None:
    with ExitStack() as stack:
        with Demo(0) as running:
            host, port = next(iter(running.portals.values())).netloc.split(":")
            connection = stack.enter_context(socket.create_connection((host, int(port)), timeout=5))
            stream = stack.enter_context(connection.makefile("rwb"))
            stream.write(b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n")
            stream.flush()
            assert stream.readline().startswith(b"HTTP/1.1 200")
        with suppress(ConnectionResetError):
            while stream.read(1000):  # what was under way
                pass
    gc.collect()  # an open transport would be told of now
