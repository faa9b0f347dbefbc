"""bantin cadence: when a site publishes, when it is therefore crawled, and what other policies would cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from cli import output, session
from cli.options import From, Json, To
from news.errors import BantinError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from news.cron import Cron
    from news.rhythm import Rhythm
    from news.simulate import Outcome, Policy

app = typer.Typer(help="When sites publish, and when they are crawled for it.", no_args_is_help=True)

# What is older weighs next to nothing in a rhythm.
_LEARNED = timedelta(days=365)
_CRAWLS = 10
_SHADES = " .:-=+*#%@"
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MINUTE = timedelta(minutes=1)


@app.command()
def simulate(
    site: Annotated[str, typer.Option(help="The history of this site's stored articles.")] = "",
    history: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A file of ISO 8601 times, one a line.")
    ] = None,
    begin: From = None,
    end: To = None,
    every: Annotated[list[int] | None, typer.Option(min=1, help="Minutes; may be repeated. [15, 30, 60]")] = None,
    cron: Annotated[list[str] | None, typer.Option(help="A crontab line in Vietnam's time; may be repeated.")] = None,
    as_json: Json = False,
) -> None:
    """Replay a history of publication under fixed intervals, crontab lines and the adaptive policy, and compare."""
    if bool(site) == bool(history):
        raise typer.BadParameter("Give --site or --history, one of them.")
    moments = _read(history) if history else _stored(site)
    chosen = [moment for moment in moments if (not begin or moment > begin) and (not end or moment <= end)]
    if len(chosen) < 2:
        raise BantinError("There are no two moments in this history to compare.", "Give another site, file or time.")
    span = begin or min(chosen) - _MINUTE, end or max(chosen)
    minutes = every or [15, 30, 60]
    policies = dict(_policies(dict.fromkeys([15, *minutes]), cron or []))
    if as_json:
        for name, outcome in _outcomes(moments, policies, span):
            output.line(output.json_line({"policy": name, "items": len(outcome.delays), **outcome.to_json()}))
        return
    output.note(f"{len(chosen)} items, {output.when(span[0])} to {output.when(span[1])}.")
    _compare(list(_outcomes(moments, policies, span)))


@app.command()
def show(site: Annotated[str, typer.Argument(help="The site's id.")], as_json: Json = False) -> None:
    """Show a site's learned week and when it would be crawled next, were it crawled as its rhythm says."""
    from news.cadence import cost_of
    from news.rhythm import Rhythm

    config = session.configure()
    every = timedelta(minutes=session.catalog(config).get(site).schedule.every_minutes)
    now = datetime.now(UTC)
    with session.opened(config) as store:
        published = store.articles.published_dates(site, now - _LEARNED)
        run = next(iter(store.runs.find(site, limit=1)), None)
    rhythm = Rhythm.learn(published, now)
    crawls = list(islice(_crawls(rhythm, run.started if run else now, now, every), _CRAWLS))
    if as_json:
        output.line(output.json_line(_described(site, len(published), rhythm, every, crawls)))
        return
    vague = sum(not precise for _, precise in published)
    output.line(f"{site}: {len(published)} items of the last year, {vague} of them with a day only.")
    output.line(f"Expected: {sum(rhythm.week):.1f} items a week; each calls forth {rhythm.kindling:.2f} others.")
    worth = cost_of(rhythm, every / 2) / _MINUTE
    output.line(f"As fresh as every {every // _MINUTE} minutes; a crawl is worth {worth:.1f} minutes of waiting.")
    output.line("")
    for row in heat_map(rhythm.week):
        output.line(row)
    output.line("\nThe next crawls, if they find nothing unusual:")
    for crawl in crawls:
        output.line(f"  {output.when(crawl)}")


def heat_map(week: Sequence[float]) -> Iterator[str]:
    """The 168 hours of a week as rows of shades, from no news to the most."""
    highest = max(week)
    yield "     " + "".join(f"{hour:<6}" for hour in range(0, 24, 3)).rstrip() + "   Vietnam's time"
    for day, name in enumerate(_WEEKDAYS):
        rates = week[day * 24 : day * 24 + 24]
        shades = (_SHADES[round((len(_SHADES) - 1) * rate / highest)] * 2 for rate in rates)
        yield f"{name}  {''.join(shades)}| {sum(rates):.1f}"
    yield f"     an hour: '{_SHADES[1]}' {highest / (len(_SHADES) - 1):.2g} items to '{_SHADES[-1]}' {highest:.2g}"


def _crawls(rhythm: Rhythm, last: datetime, now: datetime, every: timedelta) -> Iterator[datetime]:
    from news.cadence import bounds_of, cost_of, next_crawl

    cost, bounds = cost_of(rhythm, every / 2), bounds_of(every)
    while True:
        last = now = next_crawl(rhythm, last, now, cost=cost, shortest=bounds.shortest, longest=bounds.longest)
        yield last


def _described(site: str, items: int, rhythm: Rhythm, every: timedelta, crawls: Sequence[datetime]) -> dict[str, Any]:
    from news.cadence import cost_of

    return {
        "site": site,
        "items": items,
        "week": [round(rate, 4) for rate in rhythm.week],
        "kindling": round(rhythm.kindling, 3),
        "cost_minutes": round(cost_of(rhythm, every / 2) / _MINUTE, 3),
        "next": [crawl.isoformat() for crawl in crawls],
    }


def _stored(site: str) -> list[datetime]:
    with session.opened(session.configure()) as store:
        published = store.articles.published_dates(site, datetime(1, 1, 2, tzinfo=UTC))
    vague = sum(not precise for _, precise in published)
    if vague:
        output.note(f"{vague} of {len(published)} articles state only a day and are left out.")
    return [moment for moment, precise in published if precise]


def _read(path: Path) -> list[datetime]:
    from news.article import VIETNAM

    moments = []
    for number, text in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not text.strip():
            continue
        try:
            moment = datetime.fromisoformat(text.strip())
        except ValueError:
            raise BantinError(
                f"Line {number} of {path} is no time: {text.strip()[:60]!r}.", "Write 2026-03-01T08:00:00+07:00."
            ) from None
        moments.append(moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM))
    return sorted(moments)


@dataclass(frozen=True)
class _Cron:
    """A crontab line in Vietnam's time, as in a site file."""

    times: Cron

    def next(self, last: datetime, found: Sequence[datetime]) -> datetime:
        return self.times.after(last, ZoneInfo("Asia/Ho_Chi_Minh"))


def _policies(minutes: Sequence[int] | dict[int, None], lines: Sequence[str]) -> Iterator[tuple[str, Policy]]:
    from news.cron import parse_cron
    from news.simulate import Adaptive, Fixed

    for number in minutes:
        yield f"every {number} min", Fixed(number * _MINUTE)
    for line in lines:
        yield f"cron {line}", _Cron(parse_cron(line))
    for number in minutes:
        yield f"adaptive, as fresh as {number} min", Adaptive.as_fresh_as(number * _MINUTE)


def _outcomes(
    moments: Sequence[datetime], policies: dict[str, Policy], span: tuple[datetime, datetime]
) -> Iterator[tuple[str, Outcome]]:
    from news.simulate import replay

    for name, policy in policies.items():
        yield name, replay(moments, policy, *span)


def _compare(outcomes: Sequence[tuple[str, Outcome]]) -> None:
    """A table of the policies, beside the first of them."""
    table = output.table(
        "policy!", "requests#", "a day#", "mean min#", "median min#", "p95 min#", "max min#", "requests x#", "mean x#"
    )
    beside = outcomes[0][1]
    for name, outcome in outcomes:
        delays = (outcome.mean, outcome.quantile(0.5), outcome.quantile(0.95), outcome.longest)
        table.add_row(
            name, str(outcome.requests), f"{outcome.requests_a_day:.1f}", *(f"{d / _MINUTE:.1f}" for d in delays),
            f"{outcome.requests / beside.requests:.2f}", f"{outcome.mean / beside.mean:.2f}" if beside.mean else "-",
        )  # fmt: skip
    output.show(table)
