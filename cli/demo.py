"""bantin demo: the first run. Sample portals are crawled, counted, and what was found is served."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from cli import output, session
from cli.crawl import failed, run, show

if TYPE_CHECKING:
    import config as settings
    from demo.server import Demo
    from storage.connect import Store


def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the table.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Go on with what the last demo stored.")] = False,
) -> None:
    """Crawl the sample portals, print what came of it, and serve it until Ctrl-C; no internet is needed."""
    from cli.sample import data_dir, portals

    config = data_dir(session.configure())
    with ExitStack() as stack:
        store = _fresh(stack, config, keep)
        running = stack.enter_context(portals())
        output.line(f"Portals   {_addresses(running)}")
        from crawler.job import CrawlOptions

        reports, seconds = run(running.sites, CrawlOptions(), session.joined(config, store))
        show(reports, running.sites, seconds)
        if not once:
            _serve(config, store, running)
    if failed(reports):
        raise typer.Exit(1)


def _fresh(stack: ExitStack, config: settings.Config, keep: bool) -> Store:
    """The demo's store; empty, unless it is to be kept."""
    from cli.sample import forget

    store = stack.enter_context(session.opened(config, must_own=True))
    output.line(f"MongoDB   {store.address}")
    if keep:
        return store
    forget(store, config)
    # Opened anew, for its indexes went with the data; the first one holds MongoDB up.
    return stack.enter_context(session.opened(session.joined(config, store)))


def _addresses(running: Demo) -> str:
    homes = [site.home for site in running.sites]
    return f"{len(homes)} on this machine, {homes[0]} to {homes[-1]}"


def _serve(config: settings.Config, store: Store, running: Demo) -> None:
    from cli.web import listening, serve

    sites = {site.id: site for site in running.sites}
    with listening(config, any_port=True) as door:
        serve(door, session.joined(config, store), lambda: sites)
    output.line("Stopped.")
