"""MongoDB stays away for longer than anybody waits, in the middle of a crawl or right behind it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from config import Config
from crawler.job import CrawlOptions
from news.report import RunReport, RunState
from news.site import Site
from scheduler import Scheduler
from storage.connect import Store, open_store
from tests.oversight.test_scheduler import dead, near, site, wait_for  # noqa: F401
from tests.relay import Relay, relayed

AWAY = 4.0  # seconds, of which a process waits one


@pytest.fixture
def way(config: Config) -> Iterator[tuple[Config, Relay]]:
    with relayed(config) as (through, relay):
        yield replace(through, mongodb_patience=1.0), relay


class Behind(Scheduler):
    """Does something after each crawl."""

    behind: Callable[[], None] = staticmethod(lambda: None)

    def _begin(self, site: Site, options: CrawlOptions) -> RunReport:  # noqa: F811
        report = super()._begin(site, options)
        self.behind()
        return report


def vanish(relay: Relay) -> None:
    """MongoDB is away, and comes back."""
    relay.cut()
    threading.Timer(AWAY, relay.mend).start()


def test_a_site_that_failed_is_left_alone_though_mongodb_was_away_behind_the_crawl(
    dead: Site,  # noqa: F811
    store: Store,
    way: tuple[Config, Relay],
) -> None:
    config, relay = way

    with open_store(config) as through, Behind(lambda: [dead], config, through) as scheduler:
        scheduler.behind = lambda: vanish(relay)
        row = wait_for(lambda: store.health.get(dead.id))
        wait_for(lambda: near(store.jobs.next_runs().get(dead.id), row.retry))
        assert row.memory.bad.runs == 1
        assert round((row.retry - row.judged) / timedelta(minutes=1)) == 15
        wait_for(scheduler.acts)
    assert [run.state for run in store.runs.find(dead.id)] == [RunState.FAILED]


def test_a_crawl_that_lost_mongodb_is_recorded_as_what_it_was(
    site: Site,  # noqa: F811
    store: Store,
    way: tuple[Config, Relay],
) -> None:
    config, relay = way

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/robots.txt" and relay.port not in gone:
                gone.add(relay.port)
                vanish(relay)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    gone: set[int] = set()
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        host = f"127.0.0.1:{server.server_address[1]}"
        there = replace(site, hosts=(host,), home=f"http://{host}/", sources=())
        with open_store(config) as through, Scheduler(lambda: [there], config, through):
            run = wait_for(lambda: next((one for one in store.runs.find(site.id) if one.finished), None))
            assert store.site_state.is_free(site.id, run.finished)
        server.shutdown()
    assert run.state is RunState.FAILED
    assert "has not answered for 1 seconds" in run.error
    assert RunState.SKIPPED not in {one.state for one in store.runs.find(site.id)}
