"""bantin scheduler: crawl the verified sites on time, without the web app."""

from __future__ import annotations

from cli import output, session


def scheduler() -> None:
    """Crawl the verified sites on time, until Ctrl-C."""
    from cli.stopping import stoppable
    from scheduler import Scheduler

    config = session.configure()
    with stoppable() as stop, session.opened(config) as store:
        follow = session.Following(config, store)
        try:
            with Scheduler(follow, session.joined(config, store), store):
                output.line(f"{len(follow())} sites are crawled on time, stored in {store.address}. Ctrl-C stops.")
                stop.asked.wait()
        except KeyboardInterrupt:
            output.line("Stopped.")
