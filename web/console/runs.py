"""/console/runs: every crawl; /console/runs/{id}: one, its log, and the wish that it ends; and the addresses of a site
that gave nothing for a reason."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from news.control import ControlKind
from news.errors import Reason
from news.report import RunReport, RunState
from news.runlog import LEVELS, LogLine, chosen
from news.telling import of_reason
from storage.urls import UrlRow
from web.console.answers import console_frame, now, operator_of
from web.console.asked_runs import AskedLog, AskedRuns, place_of, place_text
from web.contexts.console.frame import ConsoleFrame
from web.contexts.console.log import Log, LogPart, log_of
from web.contexts.console.runs import (
    BarrenPage,
    RunPage,
    RunPart,
    RunsPage,
    barren_path,
    barren_row,
    listed,
    run_now,
)
from web.contexts.console.site import COUNTS
from web.contexts.console.sites import run_path, site_path
from web.contexts.console.words import moment
from web.contexts.lists import Option
from web.pages import answer_to_user, names_in
from web.problems import Problem
from web.shelf import Shelf

PAGE = 50


def routes(shelf: Shelf) -> APIRouter:
    """The pages over a shelf."""
    router = APIRouter()

    @router.api_route("/console/runs", methods=["GET", "HEAD"])
    def runs(request: Request) -> Response:
        return answer_to_user(_runs(shelf, console_frame(request), AskedRuns.of(request)))

    @router.api_route("/console/runs/{id}", methods=["GET", "HEAD"])
    def run(request: Request, id: str) -> Response:
        frame, found = console_frame(request), _run(shelf, id)
        names, at = names_in(frame.language, shelf.sites()), now()
        return answer_to_user(
            RunPage(
                frame=frame,
                id=found.id,
                site=names.get(found.site, found.site),
                site_link=frame.link(site_path(found.site)) if found.site in names else "",
                all_runs=frame.link("/console/runs", site=found.site),
                when=moment(frame, found.started, at),
                now=run_now(frame, found, at, stopping=_is_stopping(shelf, found)),
                log=_log(shelf, frame, found, AskedLog.of(request))[0],
            )
        )

    @router.api_route("/console/runs/{id}/now", methods=["GET", "HEAD"])
    def moment_of_run(request: Request, id: str) -> Response:
        found = _run(shelf, id)
        frame = console_frame(request)
        return answer_to_user(RunPart(frame, run_now(frame, found, now(), stopping=_is_stopping(shelf, found))))

    @router.post("/console/runs/{id}/stop")
    def stop(request: Request, id: str) -> Response:
        found, frame = _run(shelf, id), console_frame(request)
        if found.state is RunState.RUNNING:
            shelf.store.controls.ask(found.site, ControlKind.STOP, operator_of(request), now(), {"run": found.id})
        if "hx-request" not in request.headers:
            return RedirectResponse(frame.link(run_path(found.id)), HTTPStatus.SEE_OTHER)
        return answer_to_user(RunPart(frame, run_now(frame, found, now(), stopping=True)))

    @router.api_route("/console/runs/{id}/log", methods=["GET", "HEAD"])
    def log(request: Request, id: str) -> Response:
        asked, frame = AskedLog.of(request), console_frame(request)
        return answer_to_user(LogPart(frame, _log(shelf, frame, _run(shelf, id), asked)[0], asked.after >= 0))

    @router.api_route("/console/runs/{id}/log.txt", methods=["GET", "HEAD"])
    def download(request: Request, id: str) -> Response:
        found = _run(shelf, id)
        lines = _log(shelf, console_frame(request), found, AskedLog.of(request))[1]
        told = "".join(f"{line.at.isoformat()} {line.level} {line.logger}: {line.message}\n" for line in lines)
        # Halves of surrogate pairs, which pages hold, have no form in UTF-8.
        body = told.encode(errors="backslashreplace")
        name = "".join(letter for letter in found.id if letter.isascii() and (letter.isalnum() or letter in "-_."))
        headers = {"Content-Disposition": f'attachment; filename="{name}.txt"', "Cache-Control": "no-store"}
        return PlainTextResponse(body, headers=headers)

    @router.api_route("/console/sites/{id}/urls/{reason}", methods=["GET", "HEAD"])
    def barren(request: Request, id: str, reason: str) -> Response:
        if reason not in list(Reason):
            raise Problem(HTTPStatus.NOT_FOUND, f"There is no reason {reason[:40]!r}.")
        place = request.query_params.get("before", "")
        return answer_to_user(_barren(shelf, console_frame(request), id, Reason(reason), place))

    return router


def _run(shelf: Shelf, id: str) -> RunReport:
    found = shelf.store.runs.get(id)
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no run {id[:80]!r}.", "/console/runs lists those that are kept.")
    return found


def _is_stopping(shelf: Shelf, run: RunReport) -> bool:
    """Whether somebody has asked that it ends, and nobody has answered yet or it is being done."""
    if run.state is not RunState.RUNNING:
        return False
    asked = [one for one in shelf.store.controls.of(run.site, 5) if one.kind is ControlKind.STOP and one.run == run.id]
    return bool(asked) and asked[0].state != "refused"


def _runs(shelf: Shelf, frame: ConsoleFrame, asked: AskedRuns) -> RunsPage:
    found = shelf.store.runs.listed(asked.filter(), PAGE + 1, asked.place)
    names, at, say = names_in(frame.language, shelf.sites()), now(), frame.work
    sites = sorted(names.items(), key=lambda pair: pair[1])
    if asked.site and asked.site not in names:
        sites.append((asked.site, asked.site))  # its file is gone, and its runs are kept
    older = place_text(found[PAGE - 1].started, found[PAGE - 1].id) if len(found) > PAGE else ""
    return RunsPage(
        frame=frame,
        sites=tuple(_options(say.any_site, sites, asked.site)),
        states=tuple(_options(say.any_state, _states(frame), asked.state)),
        since=asked.since,
        until=asked.until,
        columns=tuple(frame.console.counts[name] for name in COUNTS),
        rows=tuple(listed(frame, run, names, at) for run in found[:PAGE]),
        older=frame.link("/console/runs", [*asked.pairs(), ("before", older)]) if older else "",
        newest=frame.link("/console/runs", asked.pairs()) if asked.place else "",
    )


def _states(frame: ConsoleFrame) -> list[tuple[str, str]]:
    return [(str(state), frame.console.run_states[state]) for state in RunState]


def _options(any_of_them: str, pairs: list[tuple[str, str]], chosen: str) -> list[Option]:
    return [Option("", any_of_them, not chosen), *(Option(value, name, value == chosen) for value, name in pairs)]


def _log(shelf: Shelf, frame: ConsoleFrame, run: RunReport, asked: AskedLog) -> tuple[Log, list[LogLine]]:
    """The log as the page shows it, and all lines that are asked for."""
    lines = shelf.store.run_logs.of(run.id, asked.after)
    last = lines[-1].number if lines else asked.after
    found = chosen(lines, asked.level, asked.words)
    level = asked.level if asked.level != LEVELS[0] else ""
    running = run.state is RunState.RUNNING
    whole = asked.whole or asked.after >= 0
    return log_of(frame, run.id, found, level, asked.words, last=last, running=running, whole=whole), found


def _barren(shelf: Shelf, frame: ConsoleFrame, site: str, reason: Reason, before: str) -> BarrenPage:
    found: list[UrlRow] = shelf.store.urls.barren(site, reason, PAGE + 1, place_of(before) if before else None)
    names, at, path = names_in(frame.language, shelf.sites()), now(), barren_path(site, str(reason))
    older = place_text(found[PAGE - 1].found, found[PAGE - 1].key) if len(found) > PAGE else ""
    return BarrenPage(
        frame=frame,
        site=names.get(site, site),
        site_link=frame.link(site_path(site)) if site in names else "",
        code=str(reason),
        told=of_reason(reason, frame.language),
        runs=frame.link("/console/runs", site=site),
        rows=tuple(barren_row(frame, row, at) for row in found[:PAGE]),
        older=frame.link(path, before=older) if older else "",
        newest=frame.link(path) if before else "",
    )
