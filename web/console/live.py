"""/console/live: what goes on at this moment; /console/live/now is it alone, asked for every second."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from news.control import ControlKind, ControlState
from news.report import RunReport, RunState
from storage.now import Now, now_of
from web.console.answers import console_frame, now
from web.console.pace import Paces
from web.contexts.console.frame import ConsoleFrame
from web.contexts.console.live import Due, LiveNow, LivePage, LivePart, RunningRow
from web.contexts.console.runs import lasting, listed
from web.contexts.console.site import asked_of
from web.contexts.console.sites import run_path, site_path
from web.contexts.console.words import moment, number
from web.contexts.dates import counted
from web.pages import answer_to_user, names_in
from web.shelf import Shelf

_NEXT, _LATELY = 10, 5
_COUNTS = ("requests", "pages", "new")


def routes(shelf: Shelf) -> APIRouter:
    """The view over a shelf."""
    router, paces = APIRouter(), Paces()

    @router.api_route("/console/live", methods=["GET", "HEAD"])
    def whole(request: Request) -> Response:
        frame = console_frame(request)
        return answer_to_user(LivePage(frame, _live(shelf, paces, frame, now())))

    @router.api_route("/console/live/now", methods=["GET", "HEAD"])
    def alone(request: Request) -> Response:
        frame = console_frame(request)
        return answer_to_user(LivePart(frame, _live(shelf, paces, frame, now())))

    return router


def _live(shelf: Shelf, paces: Paces, frame: ConsoleFrame, at: datetime) -> LiveNow:
    found, store = now_of(shelf.store, _NEXT), shelf.store
    names, pace = names_in(frame.language, shelf.sites()), paces.look(found.running, at)
    say, texts = frame.work, frame.texts
    lately = [run for run in store.runs.find(limit=_LATELY + len(found.running)) if run.state is not RunState.RUNNING]
    running, waiting = len(found.running), len(found.waiting)
    counts = counted(running, say.running, texts), counted(waiting, say.waiting, texts)
    stopping = {one.run for one in found.asked if one.kind is ControlKind.STOP}
    return LiveNow(
        summary=say.summary.format(running=counts[0], waiting=counts[1]) if running or waiting else say.idle,
        acting=_acting(frame, found),
        workers=_workers(frame, found),
        busy=found.station.busy if found.station else 0,
        of=found.station.workers if found.station else 0,
        running=tuple(_row(frame, found, run, names, pace, at, stopping) for run in found.running),
        waiting=tuple(_due(frame, names, site, since, at) for site, since in found.waiting.items()),
        next=tuple(_due(frame, names, site, when, at) for site, when in found.next.items()),
        asked=tuple(
            (names.get(one.site, one.site), asked_of(frame, one, at))
            for one in found.asked
            if one.state in (ControlState.ASKED, ControlState.TAKEN)
        ),
        lately=tuple(listed(frame, run, names, at) for run in lately[:_LATELY]),
    )


def _acting(frame: ConsoleFrame, found: Now) -> str:
    """Who acts, "" where nobody does."""
    holder = found.scheduler
    if holder is None or not holder.holds or holder.owner.gone:
        return ""
    host = holder.owner.host.partition("/")[0]
    return frame.work.acts.format(pid=holder.owner.pid, host=host, age=number(frame, round(holder.age)))


def _workers(frame: ConsoleFrame, found: Now) -> str:
    station = found.station
    return frame.work.workers.format(busy=station.busy, workers=station.workers) if station else ""


def _row(
    frame: ConsoleFrame, found: Now, run: RunReport, names: dict[str, str], pace: dict[str, float], at: datetime,
    stopping: set[str],
) -> RunningRow:  # fmt: skip
    say, spent = frame.work, max(0.0, (at - run.started).total_seconds())
    limit = found.station.limit if found.station else 0.0
    left = say.left_of.format(left=lasting(frame, max(0.0, limit - spent)), limit=lasting(frame, limit))
    return RunningRow(
        id=run.id,
        link=frame.link(run_path(run.id)),
        site=names.get(run.site, run.site),
        site_link=frame.link(site_path(run.site)) if run.site in names else "",
        since=moment(frame, run.started, at),
        lasting=say.since_begin.format(time=lasting(frame, spent)),
        counts=tuple((frame.console.counts[name], number(frame, getattr(run, name))) for name in _COUNTS),
        rate=number(frame, pace[run.id]) if run.id in pace else "",
        left=left if limit else "",
        spent=min(100, round(100 * spent / limit)) if limit else 0,
        last_url=run.last_url,
        stop=f"{run_path(run.id)}/stop",
        stopping=run.id in stopping,
    )


def _due(frame: ConsoleFrame, names: dict[str, str], site: str, when: datetime, at: datetime) -> Due:
    return Due(names.get(site, site), frame.link(site_path(site)) if site in names else "", moment(frame, when, at))
