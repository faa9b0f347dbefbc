"""Sites whose rules have changed, read again in a process of their own: a page that hangs or breaks it costs that page.

Whoever acts as scheduler looks every two seconds; `bantin rules renew` does it by hand.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from uuid import uuid4

from config import Config
from crawler.forks import end_with_parent, forked
from crawler.renewal import SiteRenewal
from news.errors import BantinError
from news.review.renewals import RenewalRequest, RenewalState
from news.site import Site
from storage.connect import Store, open_store
from storage.owner import Owner
from storage.patience import StorageUnavailable

log = logging.getLogger("bantin.crawler")

# Most pages take some hundredths of a second, the worst that extraction lets through a few.
_PAGE_LIMIT = 60.0  # seconds
_LOOK = 0.5  # seconds between two looks whether to stop
_MOST_BLAMED = 20


@dataclass(frozen=True, slots=True)
class _Ended:
    """How the process ended: `done`, or with an `error` that a person has to mend, or at the page of `article_id`."""

    done: bool = False
    error: str = ""
    article_id: str = ""


class Renewer:
    """Carries out open requests in a thread of its own, one site at a time, until it is stopped.

    `sites` gives a site by its id, and raises BantinError where there is none. `config.mongodb_uri` names the open
    `store`.
    """

    def __init__(self, store: Store, config: Config, sites: Callable[[str], Site]) -> None:
        self._store = store
        self._config = config
        self._sites = sites
        self._owner = Owner.here(f"renewer-{uuid4().hex[:8]}")
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def look(self) -> None:
        """Begins with what is to be done, if it is not at something. Returns at once."""
        if self._thread is None or not self._thread.is_alive():
            waiting = self._store.renewals.open(self._owner.run_id)
            if waiting and not self._stopping.is_set():
                self._thread = threading.Thread(target=self._renew, args=(waiting[0],), name=f"renewal {waiting[0]}")
                self._thread.start()

    def stop(self) -> None:
        """Ends at once; whoever looks next goes on where it was."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def renew(self, site_id: str) -> list[RenewalRequest]:
        """Carries out the open requests of a site, and returns them as they were. What goes wrong with the pages is
        stored with them; raises StorageUnavailable when MongoDB stays away, and whoever looks next goes on."""
        requests = self._store.renewals.begin(site_id, self._owner)
        if requests:
            ids = [request.id for request in requests]
            log.info("%s is read again by its rules: %s", site_id, ", ".join(ids))
            error, skipped = self._error_of(site_id, requests)
            if not self._stopping.is_set():
                state = RenewalState.FAILED if error and not skipped else RenewalState.DONE
                self._store.renewals.finish(ids, state, datetime.now(UTC), error)
        return requests

    def _renew(self, site_id: str) -> None:
        try:
            self.renew(site_id)
        except BantinError as error:
            log.warning("%s could not be read again yet: %s", site_id, error)

    def _error_of(self, site_id: str, requests: list[RenewalRequest]) -> tuple[str, int]:
        """What went wrong ("" for nothing), and how many pages were left out for it."""
        try:
            site = self._sites(site_id)
        except BantinError as error:
            return f"{error.problem} {error.remedy}", 0
        blamed: list[str] = []
        skipped: frozenset[str] = frozenset()
        while not self._stopping.is_set():
            ended = self._in_process(site, [request.id for request in requests], skipped)
            if ended.done:
                break
            blamed.append(ended.article_id)
            if ended.error or len(blamed) == _MOST_BLAMED:
                return ended.error or "Its process ended again and again; the log has its last words.", 0
            # Once it may have been something else, as somebody who killed the process.
            skipped = frozenset(id for id in blamed if id and blamed.count(id) > 1)
            log.error("The reading of %s ended at the page of %s.", site_id, ended.article_id or "no article")
        left = f"{len(skipped)} pages could not be read: {', '.join(sorted(skipped))}." if skipped else ""
        return left, len(skipped)

    def _in_process(self, site: Site, ids: list[str], skipped: frozenset[str]) -> _Ended:
        arguments = (site, ids, self._config, skipped)
        with forked(f"renewal {site.id}", _in_child, arguments) as (_, reports):
            return self._watch(reports)

    def _watch(self, reports: Connection) -> _Ended:
        last, silent = _Ended(), 0.0
        while not self._stopping.is_set():
            if not reports.poll(_LOOK):
                silent += _LOOK
                if silent >= _PAGE_LIMIT and last.article_id:
                    return last
                continue
            silent = 0.0
            try:
                last = _heard(reports)
            except (EOFError, OSError):
                return last
            if last.done or last.error:
                return last
        return last


def _heard(reports: Connection) -> _Ended:
    """What the process says next. Raises StorageUnavailable where it ended for that: no page is to blame, and nobody
    has to mend anything."""
    said: _Ended | StorageUnavailable = reports.recv()
    if isinstance(said, StorageUnavailable):
        raise said
    return said


def _in_child(
    site: Site, ids: list[str], config: Config, skipped: frozenset[str], reports: Connection, lifeline: Connection
) -> None:
    end_with_parent(lifeline)
    try:
        with open_store(config) as store:
            wanted = store.renewals.some(ids)
            SiteRenewal(store, site, wanted, lambda id: reports.send(_Ended(article_id=id)), skipped).carry_out()
    except StorageUnavailable as error:
        reports.send(error)
    except BantinError as error:
        reports.send(_Ended(error=f"{error.problem} {error.remedy}"))
    else:
        reports.send(_Ended(done=True))
