"""bantin push: tell the consumers of webhooks, without the scheduler and the web app."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cli import output, session

if TYPE_CHECKING:
    import config as settings
    from news.site import Site
    from storage.connect import Store
    from web.shelf import Shelf


def push() -> None:
    """Tell the consumers of webhooks what happens, until Ctrl-C."""
    from cli.stopping import stoppable

    config = session.configure()
    known = session.Known(config)
    with stoppable() as stop, session.opened(config) as store:
        try:
            with pusher(store, config, known):
                count = len(store.webhooks.all())
                output.line(f"{count} webhooks of {store.address} are told what happens. Ctrl-C stops.")
                stop.asked.wait()
        except KeyboardInterrupt:
            output.line("Stopped.")


@contextmanager
def pusher(store: Store, config: settings.Config, sites: Callable[[], Mapping[str, Site]]) -> Iterator[None]:
    """Tells the consumers of an opened store, for as long as the block lasts."""
    from web.push.channel import Pace
    from web.push.pusher import Pusher
    from web.push.sender import Sender

    with shelf(store, config, sites) as read:
        read.search.start()
        with Pusher(read, Sender(config.user_agent), Pace(), config.websub_hubs):
            yield


@contextmanager
def shelf(store: Store, config: settings.Config, sites: Callable[[], Mapping[str, Site]]) -> Iterator[Shelf]:
    """What a pusher reads, with the public address of the web app."""
    from storage.search import SearchIndex
    from web.shelf import Shelf

    address = config.base_url or f"http://{config.web_host}:{config.web_port}"
    with SearchIndex.of(config, store) as index:
        yield Shelf(store, index, sites, address.rstrip("/"))
