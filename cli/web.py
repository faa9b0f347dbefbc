"""bantin web: the feed and the article pages, without the scheduler."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from os import strerror
from typing import TYPE_CHECKING

from cli import output, session
from news.errors import BantinError

if TYPE_CHECKING:
    import config as settings
    from storage.connect import Store


def web() -> None:
    """Serve the feed and the article pages, until Ctrl-C."""
    config = session.configure()
    names = session.names(session.catalog(config).sites.values())
    with session.opened(config) as store, listening(config) as door:
        tell(door)
        serve(door, store, config, names)
    output.line("Stopped.")


@contextmanager
def listening(config: settings.Config, *, any_port: bool = False) -> Iterator[socket.socket]:
    """The socket that the web app answers on, taken before anything slow begins. `any_port`: a free one will do."""
    try:
        door = socket.create_server((config.web_host, config.web_port))
    except OSError as error:
        if any_port and config.web_port:
            with listening(replace(config, web_port=0)) as other:
                yield other
            return
        raise BantinError(
            f"The web app cannot listen on {config.web_host}:{config.web_port}: {strerror(error.errno or 0)}.",
            "Stop what uses that port, or set BANTIN_WEB_PORT to another (0 takes a free one).",
        ) from None
    with door:
        yield door


def tell(door: socket.socket) -> None:
    """Prints the addresses."""
    host, port = door.getsockname()[:2]
    shown = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - not bound here, only shown
    output.line(f"Articles  http://{shown}:{port}/")
    output.line(f"Feed      http://{shown}:{port}/feeds/atom.xml")
    output.line("Ctrl-C stops.")


def serve(door: socket.socket, store: Store, config: settings.Config, names: Mapping[str, str]) -> None:
    """Answers until Ctrl-C or SIGTERM, and returns when the answers under way are given."""
    import uvicorn

    from cli.stopping import stoppable
    from web.app import create_app

    app = create_app(store, config, names)
    level = config.log_level.lower()
    server = uvicorn.Server(uvicorn.Config(app, log_level=level, access_log=False, server_header=False))
    # uvicorn ends its answers, then raises the signal anew for whoever waits for it.
    with suppress(KeyboardInterrupt), stoppable():
        server.run(sockets=[door])
