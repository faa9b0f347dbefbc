"""Whether the process lives and whether all that it takes is there, for whoever watches it. Neither question starts
anything: it is answered by looking.

Nobody is refused these answers (web.access), so they name no machine and no address, and however many ask, the store is
asked once a second.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response

from news.errors import BantinError
from storage.connect import Store
from storage.leases import SCHEDULER
from web.problems import Problem

_FRESH = 1.0  # seconds
_WAIT = 2.5  # seconds: of a database that says nothing for so long it is said that it does not answer
_NEVER = {"Cache-Control": "no-store"}


class Check(NamedTuple):
    """What was found: `reason` says what is not well, `more` what is known besides."""

    reason: str = ""
    more: Mapping[str, Any] = {}

    def to_json(self) -> dict[str, Any]:
        return {"ok": not self.reason, "reason": self.reason, **self.more}


def _database(store: Store) -> Check:
    store.ping()
    return Check()


def _migrations(store: Store) -> Check:
    missing = store.missing_migrations()
    told = ", ".join(map(str, missing))
    return Check(f"Migrations {told} are missing: start this Bantin again." if missing else "")


def _scheduler(store: Store) -> Check:
    holder = store.leases.holder(SCHEDULER)
    if holder is None:
        return Check("No scheduler ever ran.")
    more = {"holder": holder.owner.run_id, "turn": holder.token, "age": round(holder.age, 1)}
    return Check("" if holder.holds else f"No scheduler has worked for {holder.age:.0f} seconds.", more)


CHECKS: Mapping[str, Callable[[Store], Check]] = {
    "database": _database,
    "migrations": _migrations,
    "scheduler": _scheduler,
}
_NO_ANSWER, _UNKNOWN = Check("The database does not answer."), Check("It cannot be known without the database.")
_SILENT = {name: _NO_ANSWER if name == "database" else _UNKNOWN for name in CHECKS}


class Readiness:
    """What the checks say, at most a second old."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._asked = -_FRESH
        self._found: dict[str, Check] = {}
        self._lock = asyncio.Lock()
        # A thread of its own: those that requests share may all be waiting for the database.
        self._thread = ThreadPoolExecutor(1, "ready")
        self._looking: asyncio.Future[dict[str, Check]] | None = None

    async def look(self) -> dict[str, Check]:
        async with self._lock:
            if time.monotonic() - self._asked >= _FRESH:
                if self._looking is None or self._looking.done():
                    self._looking = asyncio.get_running_loop().run_in_executor(self._thread, self._look)
                done, _ = await asyncio.wait({self._looking}, timeout=_WAIT)
                self._found = self._looking.result() if done else _SILENT
                self._asked = time.monotonic()
        return self._found

    def _look(self) -> dict[str, Check]:
        found: dict[str, Check] = {}
        for name, check in CHECKS.items():
            if found and found["database"].reason:
                found[name] = _UNKNOWN
                continue
            try:
                found[name] = check(self._store)
            except BantinError:
                found[name] = _NO_ANSWER if name == "database" else Check("It cannot be asked for.")
        return found


def routes(store: Store) -> APIRouter:
    """GET /healthz: 200 while the process answers, whatever else is away. GET /readyz: 200 where every check is well,
    else 503; `exclude` leaves checks out, and may be given again."""
    router = APIRouter(include_in_schema=False)
    readiness = Readiness(store)

    @router.api_route("/healthz", methods=["GET", "HEAD"])
    async def healthz() -> Response:
        return JSONResponse({"status": "ok"}, headers=_NEVER)

    @router.api_route("/readyz", methods=["GET", "HEAD"])
    async def readyz(exclude: Annotated[list[str] | None, Query()] = None) -> Response:
        left_out = set(exclude or ())
        if unknown := sorted(left_out - set(CHECKS)):
            told = f"exclude: there is no check {unknown[0][:40]!r}."
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, told, f"There are {', '.join(CHECKS)}.")
        found = {name: check for name, check in (await readiness.look()).items() if name not in left_out}
        well = not any(check.reason for check in found.values())
        answer = {
            "status": "ok" if well else "failing",
            "checks": {name: check.to_json() for name, check in found.items()},
        }
        return JSONResponse(answer, HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE, _NEVER)

    return router
