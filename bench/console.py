"""How fast the operators' console is with five hundred sites and months of their runs: the table, whole and limited,
what became of it, and the page of a site; and what the store takes for it where nothing is remembered."""

from __future__ import annotations

import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from apscheduler.schedulers.background import BackgroundScheduler
from pymongo import MongoClient
from pymongo.database import Database

from bench.desk import Editor, Took, await_index, took
from bench.endurance import processor
from bench.figures import Figure, Outcome, Sheet, finish, options, refuse
from bench.serve import serving
from config import Config, load
from news.article import VIETNAM, Article, Precision, Status, StoredArticle
from news.errors import BantinError, Reason
from news.health import Fact, Health, HealthState, Memory, Pause
from news.report import Fate, RunReport, RunState
from news.rhythm import Rhythm
from news.site import Site, SiteKind, Source, SourceKind
from news.users import Role
from oversight.trigger import SiteTrigger
from scheduler import run_of
from storage import articles, runs
from storage.connect import Store, open_store
from storage.health import HealthChange, SiteHealth
from storage.indexes import ensure_indexes

SITES, DAYS, QUICK_DAYS = 500, 90, 10
RUNS_A_DAY = 6
ASKED, QUICK_ASKED = 60, 15
GOAL = 200.0  # ms, p95
_DATABASE = "bench_console"
_BATCH = 5_000
_HOUR = timedelta(hours=1)
_KINDS = tuple(SiteKind)
_NAMES = ("Bộ", "Cổng thông tin", "Sở Y tế tỉnh", "Thành phố", "Ủy ban nhân dân huyện", "Đảng bộ tỉnh", "Báo")
# Of a hundred sites so many are in each state; the others are healthy.
_TROUBLED = ((HealthState.BROKEN, 3), (HealthState.BLOCKED, 2), (HealthState.REDESIGNED, 2), (HealthState.SILENT, 4),
             (HealthState.LATE, 1), (HealthState.PAUSED, 2))  # fmt: skip
_WHY = {
    HealthState.BROKEN: (Fact("failed_runs", 7, 0, True), Fact("errors", "timeout 5, http-5xx 2", None, True)),
    HealthState.BLOCKED: (Fact("let_in", 0.2, 0.98, True),),
    HealthState.REDESIGNED: (Fact("article", 0.1, 0.95, True),),
    HealthState.SILENT: (Fact("expected", 14.0, 9.0, True),),
    HealthState.LATE: (Fact("our_runs", 3, 0, True), Fact("last_error", "killed: over its time limit", None, True)),
    HealthState.PAUSED: (Fact("paused_by", "lan", None, True),),
}


def catalogue(count: int = SITES) -> dict[str, Site]:
    """So many sites of every kind."""
    made = (_site(n) for n in range(count))
    return {site.id: site for site in made}


def _site(n: int) -> Site:
    host = f"trang{n:03}.gov.vn"
    kind = _KINDS[n % len(_KINDS)]
    source = Source(SourceKind.FEED, f"https://{host}/rss/tin-moi.rss")
    name = f"{_NAMES[n % len(_NAMES)]} số {n}"
    return Site(f"trang-{n:03}", name, kind, (host,), f"https://{host}/", sources=(source,))


def state_of(n: int) -> HealthState:
    """The state that a site is in."""
    place = (n * 37) % 100
    for state, share in _TROUBLED:
        if place < share:
            return state
        place -= share
    return HealthState.HEALTHY


def fill(store: Store, uri: str, database: str, sites: Sequence[Site], days: int, now: datetime) -> None:
    """Lays in articles, runs, health and schedule of the sites, as they are after so many days."""
    draw = random.Random(11)
    with MongoClient[dict[str, Any]](uri, tz_aware=True) as client:
        target = client[database]
        for collection in ("articles", "runs"):
            target[collection].drop_indexes()
        _insert(target, "articles", _articles(sites, days, now, draw))
        _insert(target, "runs", _runs(sites, days, now, draw))
        ensure_indexes(target)
    for n, site in enumerate(sites):
        _judge(store, site, state_of(n), now)
    _plan(store, sites, now)


def _insert(target: Database[dict[str, Any]], name: str, rows: Iterator[dict[str, Any]]) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            target[name].insert_many(batch, ordered=False)
            batch = []
    if batch:
        target[name].insert_many(batch, ordered=False)


def _a_day(n: int) -> float:
    """How many articles a site publishes a day: most a few, some very many."""
    return (0.4, 2, 3, 4, 5, 6, 8, 12, 20)[n % 9]


def _articles(sites: Sequence[Site], days: int, now: datetime, draw: random.Random) -> Iterator[dict[str, Any]]:
    number = 0
    for n, site in enumerate(sites):
        quiet = timedelta(days=5) if state_of(n) in (HealthState.SILENT, HealthState.BROKEN) else timedelta()
        for day in range(days):
            for _ in range(int(_a_day(n) + draw.random())):
                when = now - quiet - timedelta(days=day, minutes=draw.randrange(1440))
                yield articles.to_document(_article(site, number, when)) | articles.touched(number)
                number += 1


def _article(site: Site, number: int, when: datetime) -> StoredArticle:
    key = f"{site.hosts[0]}/bai-{number}"
    body = "Sở Y tế đã ban hành kế hoạch tiêm chủng cho trẻ em trên địa bàn tỉnh."
    article = Article(
        url=f"https://{key}", site=site.id, title=f"Tin số {number}", lead=body, body=body, html=f"<p>{body}</p>",
        published=when.astimezone(VIETNAM), published_precision=Precision.MINUTE, confidence=0.95,
    )  # fmt: skip
    return StoredArticle(
        f"c{number:07}", article, (key,), (), f"f{number}", f"s{number}", Status.PUBLISHED, 1, when, when
    )


def _runs(sites: Sequence[Site], days: int, now: datetime, draw: random.Random) -> Iterator[dict[str, Any]]:
    for n, site in enumerate(sites):
        failing = state_of(n) is HealthState.BROKEN
        for back in range(days * RUNS_A_DAY):
            began = now - back * 24 * _HOUR / RUNS_A_DAY - timedelta(minutes=draw.randrange(60))
            yield runs.to_document(_run(site, back, began, draw, failing=failing and back < 7)) | {"counted": True}


def _run(site: Site, number: int, began: datetime, draw: random.Random, *, failing: bool) -> RunReport:
    new = 0 if failing else draw.randrange(6)
    lost = {str(Reason.TIMEOUT): 3} if failing else {str(Reason.LISTING): 1} if draw.random() < 0.3 else {}
    return RunReport(
        f"{site.id}-{number:04}", site.id, began, RunState.FAILED if failing else RunState.DONE,
        began + timedelta(seconds=20 + draw.randrange(90)), requests=30, pages=new + 4, new=new, unchanged=4,
        reasons=lost, lost=lost, error="Nothing could be read." if failing else "", complete=True,
        sources={source.url: Fate.FAILED if failing else Fate.READ for source in site.sources},
        listed=20, articles=new + 4, sure=new + 3, confidence=0.9 + draw.random() / 10,
        bodies={"selectors": new + 4}, fields={"title": new + 4, "published": new + 3, "author": 2},
    )  # fmt: skip


def _judge(store: Store, site: Site, state: HealthState, now: datetime) -> None:
    began = now - timedelta(days=40)
    rhythm = Rhythm().to_json()
    facts = (Fact("last_success", now - _HOUR), Fact("last_new", now - 3 * _HOUR), *_WHY.get(state, ()),
             Fact("title", 1.0, 1.0), Fact("published", 0.97, 0.96), Fact("confidence", 0.94))  # fmt: skip
    healthy = Health(HealthState.HEALTHY, began, facts)
    row = SiteHealth(site.id, healthy, began, now, None, 1, Memory(), rhythm, now, 3.0, Rhythm().per_day)
    store.health.keep(row, HealthChange(site.id, 1, began, None, healthy, "-"))
    if state is not HealthState.HEALTHY:
        since = now - 30 * _HOUR
        ill = Health(state, since, facts)
        retry = now + 2 * _HOUR if state.troubled else None
        row = replace(row, health=ill, judged=now - 28 * _HOUR, changes=2, retry=retry)
        store.health.keep(row, HealthChange(site.id, 2, row.judged, HealthState.HEALTHY, ill, "-"))
    if state is HealthState.PAUSED:
        store.standing.pause(site.id, Pause(now - 30 * _HOUR, "lan", now + 48 * _HOUR, "đang bảo trì"))


def _plan(store: Store, sites: Sequence[Site], now: datetime) -> None:
    jobs = BackgroundScheduler(jobstores={"default": store.jobs.store(lambda: 1)}, timezone=UTC)
    jobs.start(paused=True)
    for n, site in enumerate(sites):
        when = None if state_of(n) is HealthState.PAUSED else now + timedelta(minutes=7 + 11 * n % 180)
        jobs.add_job(run_of, SiteTrigger(site.schedule), [site.id], id=site.id, next_run_time=when)
    jobs.shutdown()


@dataclass(frozen=True, slots=True)
class _Ask:
    name: str
    paths: Sequence[str]
    goal: float = GOAL


def _asks(operator: Editor, sites: Sequence[Site], asked: int) -> list[_Ask]:
    pulse = re.search(r'hx-get="(/console/changes[^"]*)"', operator.text("/console"))
    assert pulse is not None
    words = [urlencode({"q": f"số {n}"}) for n in range(asked)]
    states = [f"state={state}" for state in HealthState]
    return [
        _Ask("the console, whole", ["/console"] * asked),
        _Ask("table, limited", [f"/console/table?{way}" for way in (*states, *words)[:asked]]),
        _Ask("what became of it", [pulse[1].replace("&amp;", "&")] * asked),
        _Ask("a site", [f"/console/sites/{site.id}" for site in sites[:asked]]),
    ]


def measure(quick: bool) -> Outcome:
    """All of it, in a database of its own."""
    sites, days = list(catalogue().values()), QUICK_DAYS if quick else DAYS
    with _store() as (store, config):
        fill(store, store.uri, _DATABASE, sites, days, datetime.now(UTC))
        with serving(app, config) as (base, pid):
            await_index(base)
            operator = Editor(base, store, "operator", Role.OPERATOR)
            first = operator.get("/console")
            rows = []
            for ask in _asks(operator, sites, QUICK_ASKED if quick else ASKED):
                operator.get(ask.paths[0])
                before = processor(pid)
                times = took([_unshared(operator, path) for path in ask.paths])
                rows.append((ask, times, 1000 * (processor(pid) - before) / len(ask.paths)))
        return _outcome(first, rows, days, store)


def _unshared(operator: Editor, path: str) -> float:
    """What one second sees is shared: each is asked for in a second of its own, as far as that matters."""
    if path.startswith(("/console/changes", "/console/table")) or path == "/console":
        time.sleep(1.01)
    return operator.get(path)


def app(store: Store, config: Config) -> object:
    """The web app with the sites of the bench."""
    from web.app import create_app

    sites = catalogue()
    return create_app(store, config, lambda: sites)


def _outcome(first: float, rows: Sequence[tuple[_Ask, Took, float]], days: int, store: Store) -> Outcome:
    size = f"{SITES} sites, {SITES * days * RUNS_A_DAY:,} runs, {store.articles.count():,} articles"
    figures = [
        Figure(
            f"{ask.name}, p95",
            times.p95,
            "ms",
            f"< {ask.goal:g}",
            times.p95 < ask.goal,
            f"p50 {times.p50:.1f} ms, {spent:.1f} of processor",
        )
        for ask, times, spent in rows
    ]
    met, beside = first < GOAL, "seen and drawn once while the app began"
    figures.append(Figure("the first console after a start", first, "ms", f"< {GOAL:g}", met, beside))
    table = [
        (ask.name, str(len(ask.paths)), f"{times.p50:.1f}", f"{times.p95:.1f}", f"{times.most:.1f}", f"{spent:.1f}")
        for ask, times, spent in rows
    ]
    header = ("asked", "times", "p50 ms", "p95", "most", "of the processor")
    return Outcome(
        tuple(figures), (Sheet(f"Milliseconds until all of the answer is there: {size}", header, tuple(table)),)
    )


@contextmanager
def _store() -> Iterator[tuple[Store, Config]]:
    place = Path(tempfile.mkdtemp(prefix="bantin-bench-"))
    try:
        config = load({"BANTIN_DATA_DIR": str(place), "BANTIN_DATABASE": _DATABASE, "BANTIN_ANONYMOUS_PER_MINUTE": "0"})
        with open_store(config, must_own=True) as store:
            yield store, replace(config, mongodb_uri=store.uri)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def main() -> int:
    given = options("console").parse_args()
    try:
        return finish("console", measure(given.quick), given.json)
    except BantinError as error:
        return refuse(error)


if __name__ == "__main__":
    sys.exit(main())
