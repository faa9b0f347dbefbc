"""bantin health: how the sites are, and why that is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli import output, session
from cli.options import Json
from news.errors import BantinError

if TYPE_CHECKING:
    from datetime import datetime

    from news.health import Fact, Health, Value
    from storage.connect import Store
    from storage.health import HealthChange, SiteHealth

_COLOURS = {"healthy": "green", "silent": "cyan", "paused": "dim", "late": "yellow"}


def health(
    site: Annotated[str, typer.Argument(help="Id of a site; without, all of them.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="Changes of one site at most.")] = 20,
    as_json: Json = False,
) -> None:
    """Say how the sites are, the worst first; of one, with all figures and the changes before."""
    with session.opened(session.configure()) as store:
        if site:
            _show(store, site, limit, as_json=as_json)
        else:
            _list(store, as_json=as_json)


def _list(store: Store, *, as_json: bool) -> None:
    from news.health import HealthState

    order = list(HealthState)
    rows = sorted(store.health.all().values(), key=lambda row: (-order.index(row.health.state), row.site))
    if as_json:
        for row in rows:
            output.line(output.json_line(row.to_json()))
        return
    if not rows:
        output.note("No site has been judged yet: `bantin up` or `bantin scheduler` does.")
        return
    due = store.jobs.next_runs()
    table = output.table("site!", "state!", "since!", "last read!", "newest article!", "next crawl!", "why")
    for row in rows:
        facts = {fact.name: fact.value for fact in row.health.evidence}
        times = (row.health.since, facts.get("last_success"), facts.get("last_new"), due.get(row.site))
        shown = (_shown(moment, share=False) if moment else "-" for moment in times)
        table.add_row(row.site, _coloured(row.health), *shown, output.plain(_why(row.health)))
    output.show(table)


def _show(store: Store, site: str, limit: int, *, as_json: bool) -> None:
    row = store.health.get(site)
    if row is None:
        raise BantinError(f"{site!r} has not been judged.", "`bantin health` shows the sites that have.")
    history = store.health.history(site, limit)
    if as_json:
        output.line(output.json_line({**row.to_json(), "history": [change.to_json() for change in history]}))
        return
    _print(row, store.jobs.next_runs().get(site), history)


def _print(row: SiteHealth, due: datetime | None, history: list[HealthChange]) -> None:
    output.line(f"{row.site} is {row.health.state} since {output.when(row.health.since)}.")
    output.line(f"It is crawled next at {output.when(due)}." if due else "No crawl of it is planned.")
    table = output.table("", "figure!", "value", "usual, or its limit")
    for fact in row.health.evidence:
        value, usual = _told(fact)
        table.add_row("→" if fact.decisive else "", *map(output.plain, (fact.name, value, usual)))
    output.show(table)
    table = output.table("noticed!", "was!", "became!", "why")
    for change in history:
        was = str(change.before) if change.before else "-"
        table.add_row(output.when(change.at), was, _coloured(change.health), output.plain(_why(change.health)))
    output.show(table)


def _coloured(health: Health) -> str:
    return f"[{_COLOURS.get(str(health.state), 'red')}]{health.state}[/]"


def _why(health: Health) -> str:
    from news.alerts.words import WORDS
    from news.language import Language

    words, said = WORDS[Language.ENGLISH], []
    for fact in health.evidence:
        if fact.decisive:
            value, usual = _told(fact)
            beside = f" ({words.beside(fact.name, usual)})" if fact.usual not in (None, 0) else ""
            said.append(f"{fact.name} {value}{beside}")
    return "; ".join(said)


def _told(fact: Fact) -> tuple[str, str]:
    """The value and what is usual; codes stand behind what they mean."""
    from news.alerts.words import WORDS, named
    from news.language import Language

    share = WORDS[Language.ENGLISH].is_share(fact.name)
    usual = "" if fact.usual is None else _shown(fact.usual, share=share)
    return _shown(named(fact.name, fact.value, Language.ENGLISH), share=share), usual


def _shown(value: Value, *, share: bool) -> str:
    if value is None or isinstance(value, str):
        return value or "-"
    if isinstance(value, (int, float)):
        return f"{100 * value:.0f} %" if share else f"{value:g}"
    return output.when(value)
