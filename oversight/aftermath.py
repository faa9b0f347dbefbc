"""What follows from a crawl that is over: done as soon as MongoDB answers, however long it was away.

Nothing else can begin meanwhile. What was not written down would be told wrongly once it is back: a run that goes on
for ever, or one that was never begun, and a site in trouble that is hurried.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from news.health import outcome
from news.report import RunReport, RunState
from storage.connect import Store
from storage.patience import StorageUnavailable

log = logging.getLogger("bantin.oversight")

_UNDONE = (RunState.FAILED, RunState.KILLED, RunState.LOST)
_PAUSE = 2.0  # seconds, after those of patience


def is_undone(run: RunReport) -> bool:
    """Whether a run came to nothing, and not because the site could not be read."""
    return run.state in _UNDONE and not outcome(run).bad


def carried_out(do: Callable[[], None], ended: threading.Event) -> bool:
    """Whether it was done; not where the wait for MongoDB was `ended`."""
    while not ended.is_set():
        try:
            do()
        except StorageUnavailable as error:
            log.warning("What follows from a crawl waits: %s", error)
            ended.wait(_PAUSE)
        else:
            return True
    return False


def keep(store: Store, report: RunReport) -> None:
    """Stores the report of a crawl that could not do so itself, and gives its site free."""
    stored = store.runs.get(report.id)
    if stored is None or stored.state in (RunState.RUNNING, RunState.LOST):
        store.runs.finish(report)
        store.site_state.release(report.site, report.id)
