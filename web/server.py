"""The HTTP server, which sends home who waits for events before it goes down."""

from __future__ import annotations

import socket

import uvicorn

from web.pulse import Pulse


class Server(uvicorn.Server):
    """uvicorn waits for its answers to end, and streams end only when they are told."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        pulse: Pulse = self.config.app.state.pulse  # type: ignore[union-attr]
        pulse.stop()
        await super().shutdown(sockets)
