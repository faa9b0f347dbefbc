"""The HTTP server, which sends home who waits for events before it goes down."""

from __future__ import annotations

import gc
import socket

import uvicorn

from web.pulse import Pulse


class Server(uvicorn.Server):
    """uvicorn waits for its answers to end, and streams end only when they are told; and answers go out at once."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        for door in sockets or ():
            send_at_once(door)
        await super().startup(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        pulse: Pulse = self.config.app.state.pulse  # type: ignore[union-attr]
        pulse.stop()
        await super().shutdown(sockets)


def settle() -> None:
    """What is there by now stays: the collector of garbage need not look through it again and again, which holds up an
    answer for 80 ms each time. To be called once, by a process that is there to answer, before it begins."""
    gc.collect()
    gc.freeze()


def send_at_once(door: socket.socket) -> None:
    """Has connections to a listening socket send what they are given without waiting. asyncio sees to that for sockets
    that say they are of TCP, which those of socket.create_server do not: the body of each answer but the first would
    wait 40 ms for the client to acknowledge its head."""
    if door.family in (socket.AF_INET, socket.AF_INET6):
        door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
