"""What operators ask of the scheduler: run, pause, resume, accept, schedule."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import output, session
from cli.options import By, Json, moment
from news.errors import BantinError

if TYPE_CHECKING:
    from news.control import Control, ControlKind
    from news.report import RunReport
    from storage.connect import Store

SiteId = Annotated[str, typer.Argument(metavar="SITE", help="Id of the site.")]
Until = Annotated[
    datetime | None, typer.Option("--until", parser=moment, metavar="DATE", help="Until then; for ever without.")
]
# A scheduler looks twice a second; the rest is for a MongoDB that is slow.
_PATIENCE = 5.0  # seconds


def run(site: SiteId, by: By = "operator", as_json: Json = False) -> None:
    """Let the scheduler crawl a site next, whatever its schedule says."""
    from news.control import ControlKind

    _ask(site, ControlKind.RUN, by, {}, as_json=as_json)


def pause(
    site: SiteId,
    until: Until = None,
    reason: Annotated[str, typer.Option(help="Why, in words.")] = "",
    by: By = "operator",
    as_json: Json = False,
) -> None:
    """Crawl a site no more until it is resumed, or until a day."""
    from news.control import ControlKind

    given = {"until": until and until.isoformat(), "reason": reason}
    _ask(site, ControlKind.PAUSE, by, {name: value for name, value in given.items() if value}, as_json=as_json)


def resume(site: SiteId, by: By = "operator", as_json: Json = False) -> None:
    """Crawl a paused site on its schedule again."""
    from news.control import ControlKind

    _ask(site, ControlKind.RESUME, by, {}, as_json=as_json)


def accept(site: SiteId, by: By = "operator", as_json: Json = False) -> None:
    """Take what the newest pages of a redesigned site are for what they should be."""
    from news.control import ControlKind

    _ask(site, ControlKind.ACCEPT, by, {}, as_json=as_json)


def schedule(
    site: SiteId,
    mode: Annotated[str, typer.Option(help="adaptive, interval or cron; without, what the other options mean.")] = "",
    every: Annotated[int | None, typer.Option(min=1, help="Minutes between two crawls.")] = None,
    cron: Annotated[str, typer.Option(help='A crontab line, such as "0 6,11,17 * * *".')] = "",
    window: Annotated[list[str] | None, typer.Option(help='Hours of crawls: "Mon-Fri 06:00-22:00".')] = None,
    reset: Annotated[bool, typer.Option("--reset", help="Back to the schedule of the site's file.")] = False,
    by: By = "operator",
    as_json: Json = False,
) -> None:
    """Give a site a schedule in the place of that of its file, from now on."""
    from news.control import ControlKind
    from news.site import schedule_of

    if reset == any((mode, every, cron, window)):
        raise typer.BadParameter("Say what the schedule is to be, or --reset.")
    args: dict[str, Any] = {}
    if not reset:
        mode = mode or ("cron" if cron else "interval" if every else "adaptive")
        given = {"mode": mode, "every_minutes": every, "cron": cron, "windows": window}
        args = {name: value for name, value in given.items() if value}
        schedule_of(args)  # says what is wrong with it here, not in an answer
    _ask(site, ControlKind.SCHEDULE, by, args, as_json=as_json)


def _ask(site: str, kind: ControlKind, by: str, args: dict[str, Any], *, as_json: bool) -> None:
    config = session.configure()
    session.catalog(config).get(site)  # says which ids come near
    with session.opened(config) as store:
        done = _carried(store, site, kind, by, args)
    _tell(site, done, "`bantin health` shows the sites on schedule.", as_json=as_json)


def ask_to_stop(run: RunReport, store: Store, by: str, *, as_json: bool) -> None:
    """Asks the scheduler to end a crawl, and says what came of it."""
    from news.control import ControlKind

    done = _carried(store, run.site, ControlKind.STOP, by, {"run": run.id})
    _tell(run.id, done, "`bantin runs live` shows what is under way.", as_json=as_json)


def _carried(store: Store, site: str, kind: ControlKind, by: str, args: dict[str, Any]) -> Control:
    """What was asked, once it is over or has waited long enough."""
    return store.controls.wait(store.controls.ask(site, kind, by, datetime.now(UTC), args).id, _PATIENCE)


def _tell(name: str, done: Control, remedy: str, *, as_json: bool) -> None:
    """Says what came of it. Raises BantinError with `remedy` for what was refused."""
    from news.control import ControlState

    if as_json:
        output.line(output.json_line(done.to_json()))
    elif done.state is ControlState.DONE:
        output.line(f"{name}: {done.answer}")
    elif not done.state.over:
        output.note(f"{name}: no scheduler has answered. It is done as soon as one runs (`bantin up`).")
    if done.state is ControlState.REFUSED:
        raise BantinError(f"{name}: {done.answer}", remedy)
