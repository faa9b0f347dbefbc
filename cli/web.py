"""bantin web: the feed and the article pages, without the scheduler."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from os import strerror
from typing import TYPE_CHECKING

from cli import output, session
from news.errors import BantinError

if TYPE_CHECKING:
    import config as settings
    from news.site import Site

# A reader who waits longer has gone; crawls have the patience of the settings.
_READERS_PATIENCE = 5.0


def web() -> None:
    """Serve the feed and the article pages, until Ctrl-C."""
    config = session.configure()
    sites = session.Known(config)
    with session.opened(config) as store, listening(config) as door:
        serve(door, session.joined(config, store), sites)
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


def serve(door: socket.socket, config: settings.Config, sites: Callable[[], Mapping[str, Site]]) -> None:
    """Prints the addresses and answers until Ctrl-C or SIGTERM; returns when the answers under way are given.

    `config.mongodb_uri` names the store that the caller keeps open, `sites` gives the catalogue as it is now.
    """
    import uvicorn

    from cli.stopping import stoppable
    from web.app import create_app
    from web.server import Server, settle

    address = _address(door)
    own = replace(
        config,
        base_url=config.base_url or address,
        mongodb_patience=min(config.mongodb_patience, _READERS_PATIENCE),
    )
    output.line(f"Articles  {address}/")
    output.line(f"Feed      {address}/feeds/atom.xml")
    output.line("Ctrl-C stops.")
    with session.opened(own, answering=True) as store:
        app = create_app(store, own, sites)
        level = config.log_level.lower()
        # X-Forwarded-For is ours to judge (web.peers).
        server = Server(
            uvicorn.Config(
                app, log_config=None, log_level=level, access_log=False, server_header=False, proxy_headers=False
            )
        )
        settle()
        # uvicorn ends its answers, then raises the signal anew for whoever waits for it.
        with suppress(KeyboardInterrupt), stoppable():
            server.run(sockets=[door])


def _address(door: socket.socket) -> str:
    host, port = door.getsockname()[:2]
    shown = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - not bound here, only shown
    return f"http://{shown}:{port}"
