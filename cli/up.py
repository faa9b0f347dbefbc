"""bantin up: everything on one machine, until Ctrl-C: MongoDB, the scheduler, the web app, who tells consumers."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Annotated

import typer

from cli import output, session


def up(
    demo: Annotated[
        bool, typer.Option("--demo", help="With the sample portals, in the demo's data directory.")
    ] = False,
) -> None:
    """Run it all on this machine: MongoDB, the scheduler, the web app, the pusher of webhooks."""
    from cli.push import pusher
    from cli.sample import data_dir, portals
    from cli.web import listening, serve
    from scheduler import Scheduler

    with ExitStack() as stack:
        config = data_dir(session.configure()) if demo else session.configure()
        catalog = session.catalog(config)
        sites, known = session.scheduled(catalog), session.Known(config)
        store = stack.enter_context(session.opened(config, must_own=True))
        door = stack.enter_context(listening(config))
        if demo:
            # Their addresses are of this run, and stand in no file.
            sites = stack.enter_context(portals()).sites
            served = {site.id: site for site in sites}
        follow = (lambda: sites) if demo else session.Following(config, store)
        stack.enter_context(Scheduler(follow, session.joined(config, store), store))
        names = (lambda: served) if demo else known
        stack.enter_context(pusher(store, config, names))
        output.line(f"MongoDB   {store.address}")
        output.line(f"Sites     {len(sites)} on schedule")
        serve(door, session.joined(config, store), names)
    output.line("Stopped.")
