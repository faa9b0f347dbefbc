"""Every query of every public operation is answered from an index, in the promised number of round trips."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any

import pytest
from bson.codec_options import CodecOptions, DatetimeConversion

from config import load
from news.access import Scope, Usage
from news.article import Page, Status, StoredArticle
from news.declared import Declared
from news.dedupe import Sketch
from news.errors import InvalidValue
from news.event import EventKind
from news.manners import RobotsTxt
from news.push import Attempt, Delivery, DeliveryState, Notice, Pause, Webhook
from news.report import RunReport
from news.saved import SavedSearch
from news.selection import Selection
from news.sso import Errand
from news.users import Role, User
from storage.articles import ArticleFilter
from storage.connect import Store
from storage.drafts import EditorDraft
from storage.indexes import INDEXES, ensure_indexes
from storage.owner import Owner
from storage.site_state import Distrust, Lessons, SourceState
from storage.tallies import Unit
from storage.urls import UrlRow, UrlState
from tests.storage import decided, operated, operators, taught

NOW = datetime(2025, 3, 1, tzinfo=UTC)
ROW = UrlRow(key="k1", url="https://a.vn/1", site="a", found=NOW)
REPORT = RunReport("r1", "a", NOW)
DECLARED = Declared("{}", "d1")
OWNER = Owner("r1", "elsewhere", 1, "")

KEEP = replace(
    load({}), keep_pages_days=1, keep_pages_gb=1, keep_runs_days=1, keep_logs_days=1, keep_events_days=1,
    keep_urls_days=1, keep_versions_days=1, keep_usage_days=1, keep_deliveries_days=1, keep_health_days=1,
)  # fmt: skip
# The bounds of an index scan over dates begin and end where those of BSON do, which Python's do not.
_PLANS: CodecOptions[dict[str, Any]] = CodecOptions(datetime_conversion=DatetimeConversion.DATETIME_AUTO, tz_aware=True)
LATER = datetime(2125, 3, 1, tzinfo=UTC)

HOOK = Webhook("wh1", "Báo Mới", "https://a.vn/", "0f" * 32, NOW)
TOLD = Delivery("wh1-1", "wh1", 1, Notice.NEW, "a1", 7, NOW, NOW, b"{}")
SHOWN = ArticleFilter(statuses=(Status.PUBLISHED, Status.RETRACTED, Status.REJECTED))
PUBLISHED = ArticleFilter(statuses=(Status.PUBLISHED,))
SITES_SHOWN = replace(PUBLISHED, sites=("a", "b"))
SEARCH = SavedSearch("bao", "Bão", Selection(q="bão"), "lan", NOW)
LAN = User("lan", Role.ADMIN, NOW, subject="https://id.vn 7")
DRAFT = EditorDraft("a1", "lan", "t", 1, 1, NOW)
SKETCH = Sketch(bytes(512), (7, 8), (7, 8, 9), 99)


Make = Callable[..., StoredArticle]
Action = Callable[[Store, StoredArticle], object]

# The operation, what it costs at most, and a call of it.
OPERATIONS: dict[str, tuple[int, Action]] = {
    **operators.OPERATIONS,
    "articles.known": (1, lambda store, a: store.articles.known(["k1", "k2"], "f1")),
    "articles.some": (1, lambda store, a: store.articles.some(["a0", "a1"])),
    "articles.as_changed": (1, lambda store, a: store.articles.as_changed(["a0", "a1"], (3, 9))),
    "articles.move": (1, lambda store, a: store.articles.move("a0001", "k", "https://a.vn/2")),
    "articles.add_aliases": (1, lambda store, a: store.articles.add_aliases(a.id, ["k"], ["u"], NOW)),
    "articles.get": (1, lambda store, a: store.articles.get("a1")),
    "articles.by_url": (1, lambda store, a: store.articles.by_url("k1")),
    "articles.find": (1, lambda store, a: store.articles.find()),
    "articles.find after": (1, lambda store, a: store.articles.find(after=(NOW, "a1"))),
    "articles.find since": (1, lambda store, a: store.articles.find(ArticleFilter(since=NOW), after=(NOW, "a1"))),
    "articles.find site": (1, lambda store, a: store.articles.find(ArticleFilter(sites=("a",), since=NOW))),
    "articles.find status": (1, lambda store, a: store.articles.find(ArticleFilter(statuses=(Status.WAITING,)))),
    "articles.find story": (1, lambda store, a: store.articles.find(ArticleFilter(stories=("s",)), after=(NOW, "a1"))),
    "articles.find sites": (
        1,
        lambda store, a: store.articles.find(ArticleFilter(sites=("a", "b")), after=(NOW, "a1")),
    ),
    "articles.find tag": (1, lambda store, a: store.articles.find(ArticleFilter(tag="Y tế"), after=(NOW, "a1"))),
    "articles.find section": (1, lambda store, a: store.articles.find(ArticleFilter(section="Y tế"))),
    "articles.find document": (1, lambda store, a: store.articles.find(ArticleFilter(document="57-NQ/TW"))),
    "articles.changed": (1, lambda store, a: store.articles.changed(before=(7, "a1"))),
    "articles.changed sites": (1, lambda store, a: store.articles.changed(replace(SHOWN, sites=("a", "b")))),
    "articles.changed tag": (1, lambda store, a: store.articles.changed(replace(SHOWN, tag="Y tế"), before=(7, "a"))),
    "articles.changed section": (1, lambda store, a: store.articles.changed(replace(SHOWN, section="Y tế"))),
    "articles.changed document": (1, lambda store, a: store.articles.changed(replace(SHOWN, document="57-NQ/TW"))),
    "articles.changed_after": (1, lambda store, a: store.articles.changed_after(ArticleFilter(), 50, (7, "a1"))),
    "articles.changed_after whole": (1, lambda store, a: store.articles.changed_after(SHOWN, 50, (-1, ""))),
    "articles.changed_after sites": (
        1,
        lambda store, a: store.articles.changed_after(replace(SHOWN, sites=("a", "b")), 50, (7, "a1")),
    ),
    "articles.changed_after tag": (
        1,
        lambda store, a: store.articles.changed_after(replace(SHOWN, tag="Y tế", since=NOW), 50, (7, "a1")),
    ),
    "articles.of_stories": (1, lambda store, a: store.articles.of_stories(["s0", "s1"], SHOWN)),
    "articles.count": (1, lambda store, a: store.articles.count()),
    "articles.count site": (
        1,
        lambda store, a: store.articles.count(ArticleFilter(sites=("a",), statuses=(Status.WAITING,))),
    ),
    "articles.published_dates": (1, lambda store, a: store.articles.published_dates("baochinh", NOW)),
    "articles.sites": (1, lambda store, a: store.articles.sites()),
    "tallies.newest": (1, lambda store, a: store.tallies.newest()),
    "tallies.count": (1, lambda store, a: store.tallies.count(replace(SITES_SHOWN, since=NOW), 100)),
    "tallies.count tag": (1, lambda store, a: store.tallies.count(replace(PUBLISHED, tag="Y tế", since=NOW), 100)),
    "tallies.by day": (1, lambda store, a: store.tallies.by(Unit.DAY, replace(SITES_SHOWN, since=NOW, until=LATER))),
    "tallies.by sites": (1, lambda store, a: store.tallies.by(Unit.SITE, SITES_SHOWN)),
    "tallies.by sites since": (1, lambda store, a: store.tallies.by(Unit.SITE, replace(SITES_SHOWN, since=NOW))),
    "tallies.by site": (1, lambda store, a: store.tallies.by(Unit.SITE, replace(PUBLISHED, tag="Y tế", since=NOW))),
    "tallies.labels": (1, lambda store, a: store.tallies.labels(PUBLISHED, 100)),
    "tallies.labels since": (1, lambda store, a: store.tallies.labels(replace(PUBLISHED, since=NOW), 100)),
    "tallies.labels sites": (1, lambda store, a: store.tallies.labels(SITES_SHOWN, 100)),
    "tallies.bodies": (1, lambda store, a: store.tallies.bodies("a", 30)),
    "tallies.naming": (1, lambda store, a: store.tallies.naming("57-NQ", PUBLISHED, 100)),
    "tallies.naming sites": (1, lambda store, a: store.tallies.naming("57-NQ", SITES_SHOWN, 100)),
    "articles.ids": (2, lambda store, a: list(store.articles.ids())),
    "articles.ids site": (2, lambda store, a: list(store.articles.ids("baochinh"))),
    "signatures.near": (1, lambda store, a: store.signatures.near(SKETCH, NOW)),
    "searches.get": (1, lambda store, a: store.searches.get("bao")),
    "searches.all": (1, lambda store, a: store.searches.all()),
    "searches.save": (
        1,
        lambda store, a: store.searches.save(SEARCH),
    ),
    "searches.remove": (1, lambda store, a: store.searches.remove("bao")),
    "stories.get": (1, lambda store, a: store.stories.get("s1")),
    "stories.some": (1, lambda store, a: store.stories.some(["s0", "s1"])),
    "stories.find": (1, lambda store, a: store.stories.find()),
    "stories.find after": (1, lambda store, a: store.stories.find(after=(NOW, "s1"))),
    "events.after": (1, lambda store, a: store.events.after("1")),
    "events.wait": (1, lambda store, a: store.events.wait("1", 10, 0.1)),
    "events.of": (1, lambda store, a: store.events.of("a0001")),
    "events.times": (1, lambda store, a: store.events.times([1, 2])),
    "events.newest": (1, lambda store, a: store.events.newest("a0001", EventKind.CREATED)),
    "events.last": (1, lambda store, a: store.events.last()),
    **decided.OPERATIONS,
    "versions.passed_over": (1, lambda store, a: store.versions.passed_over("a1")),
    "versions.of": (1, lambda store, a: store.versions.of("a1")),
    "versions.latest": (1, lambda store, a: store.versions.latest("a1", 30)),
    "versions.get": (1, lambda store, a: store.versions.get("a1", 1)),
    "pages.keep": (1, lambda store, a: store.pages.keep("a1", "a", Page("https://a.vn/1", b"", NOW))),
    "pages.get": (1, lambda store, a: store.pages.get("a1")),
    "pages.some": (1, lambda store, a: list(store.pages.some(["a0", "a1"]))),
    "pages.each": (2, lambda store, a: list(store.pages.each())),
    "pages.newest": (2, lambda store, a: list(store.pages.newest("s2"))),
    "pages.newest before": (1, lambda store, a: list(store.pages.newest("s2", before=(NOW, "a1")))),
    "pages.count": (1, lambda store, a: store.pages.count("s2")),
    "pages.each site": (2, lambda store, a: list(store.pages.each("s2"))),
    "urls.found": (1, lambda store, a: store.urls.found([ROW, ROW])),
    "urls.known": (1, lambda store, a: store.urls.known([f"k{n}" for n in range(300)])),
    "urls.waiting": (1, lambda store, a: store.urls.waiting("a", NOW, 200)),
    "urls.record": (1, lambda store, a: store.urls.record([ROW, ROW])),
    "urls.look_again": (1, lambda store, a: store.urls.look_again(["k1", "k2"], NOW)),
    "urls.get": (1, lambda store, a: store.urls.get("k1")),
    "urls.with_queries": (1, lambda store, a: store.urls.with_queries("a", 200)),
    "urls.reasons": (1, lambda store, a: store.urls.reasons()),
    "urls.articles": (1, lambda store, a: store.urls.articles("a", 200)),
    "urls.name": (1, lambda store, a: store.urls.name([ROW, ROW])),
    "urls.each": (2, lambda store, a: list(store.urls.each("a"))),
    "site_state.trust": (1, lambda store, a: store.site_state.trust("a")),
    "site_state.set_trust": (1, lambda store, a: store.site_state.set_trust("a", "articles", Distrust())),
    "site_state.backfill": (2, lambda store, a: store.site_state.backfill("a", NOW, NOW)),
    "site_state.mark_backfill": (1, lambda store, a: store.site_state.mark_backfill("a", "u", ["v"], done=False)),
    "site_state.ask_way": (1, lambda store, a: store.site_state.ask_way("a")),
    "site_state.must_give_way": (1, lambda store, a: store.site_state.must_give_way("a", "r1")),
    "site_state.is_free": (1, lambda store, a: store.site_state.is_free("a", NOW)),
    "urls.reasons site": (1, lambda store, a: store.urls.reasons("a")),
    "robots.get": (1, lambda store, a: store.robots.get("https://a.vn")),
    "robots.keep": (1, lambda store, a: store.robots.keep(RobotsTxt("https://a.vn", "", NOW))),
    "events.first": (1, lambda store, a: store.events.first()),
    "retention.plan": (15, lambda store, a: store.retention.plan(KEEP, NOW)),
    "retention.apply": (40, lambda store, a: store.retention.apply(store.retention.plan(KEEP, LATER))),
    "disk.room": (1, lambda store, a: store.disk.room()),
    "disk.note": (1, lambda store, a: store.disk.note(1, NOW)),
    "disk.sizes": (1, lambda store, a: store.disk.sizes(NOW)),
    "disk.require": (2, lambda store, a: store.disk.require(0, NOW)),
    "runs.start": (1, lambda store, a: store.runs.start(REPORT)),
    "runs.progress": (1, lambda store, a: store.runs.progress(REPORT)),
    "runs.finish": (1, lambda store, a: store.runs.finish(REPORT)),
    "runs.get": (1, lambda store, a: store.runs.get("r1")),
    "runs.find": (1, lambda store, a: store.runs.find()),
    "runs.find site": (1, lambda store, a: store.runs.find("a")),
    "runs.close_lost": (1, lambda store, a: store.runs.close_lost()),
    "site_state.claim": (2, lambda store, a: store.site_state.claim("a", OWNER, NOW, 60)),
    "site_state.renew": (1, lambda store, a: store.site_state.renew("a", "r1", NOW, 60)),
    "site_state.release": (1, lambda store, a: store.site_state.release("a", "r1")),
    "site_state.sources": (1, lambda store, a: store.site_state.sources("a")),
    "site_state.lessons": (1, lambda store, a: store.site_state.lessons("a")),
    "site_state.set_lessons": (1, lambda store, a: store.site_state.set_lessons("a", Lessons())),
    "site_state.set_source": (1, lambda store, a: store.site_state.set_source("a", "https://a.vn", SourceState())),
    "site_state.declare": (1, lambda store, a: store.site_state.declare({"a": DECLARED, "b": DECLARED})),
    "site_state.declared": (1, lambda store, a: store.site_state.declared()),
    "site_state.undeclare": (1, lambda store, a: store.site_state.undeclare(["b"])),
    "tokens.issue": (1, lambda store, a: store.tokens.issue("Báo Mới", [Scope.READ], 60, NOW)),
    "tokens.issue twice": (2, lambda store, a: _issued_twice(store)),
    "tokens.get": (1, lambda store, a: store.tokens.get("0123456789ab")),
    "tokens.find": (1, lambda store, a: store.tokens.find("Báo Mới")),
    "tokens.all": (1, lambda store, a: store.tokens.all()),
    "tokens.rename": (1, lambda store, a: store.tokens.rename("0123456789ab", "Tin Mới")),
    "tokens.touch": (1, lambda store, a: store.tokens.touch({"0123456789ab": NOW, "ba9876543210": NOW})),
    "tokens.revoke": (1, lambda store, a: store.tokens.revoke("0123456789ab", NOW)),
    "webhooks.add": (1, lambda store, a: store.webhooks.add(HOOK)),
    "webhooks.all": (1, lambda store, a: store.webhooks.all()),
    "webhooks.get": (1, lambda store, a: store.webhooks.get("wh1")),
    "webhooks.advance": (4, lambda store, a: store.webhooks.advance(HOOK, 7, [TOLD], {"a1": True, "a2": False})),
    "webhooks.reserve": (1, lambda store, a: store.webhooks.reserve("wh1")),
    "webhooks.rewind": (1, lambda store, a: store.webhooks.rewind("wh1", 3)),
    "webhooks.skip": (1, lambda store, a: store.webhooks.skip("wh1", 9)),
    "webhooks.pause": (1, lambda store, a: store.webhooks.pause("wh1", Pause(NOW, "gone"))),
    "webhooks.resume": (1, lambda store, a: store.webhooks.resume("wh1")),
    "webhooks.note_failure": (1, lambda store, a: store.webhooks.note_failure("wh1", NOW)),
    "webhooks.note_success": (1, lambda store, a: store.webhooks.note_success("wh1")),
    "webhooks.remove": (1, lambda store, a: store.webhooks.remove("wh1")),
    "deliveries.pending": (1, lambda store, a: store.deliveries.pending("wh1", 0, 10)),
    "deliveries.get": (1, lambda store, a: store.deliveries.get("wh1-1")),
    "deliveries.record": (1, lambda store, a: store.deliveries.record("wh1-1", Attempt(NOW, 5, 500), NOW)),
    "deliveries.hurry": (1, lambda store, a: store.deliveries.hurry("wh1", NOW)),
    "deliveries.log": (1, lambda store, a: store.deliveries.log("wh1", 10)),
    "deliveries.log before": (1, lambda store, a: store.deliveries.log("wh1", 10, before=9)),
    "deliveries.finish": (
        1,
        lambda store, a: store.deliveries.finish("wh1-1", Attempt(NOW, 5, 200), DeliveryState.DELIVERED, NOW),
    ),
    "deliveries.add": (1, lambda store, a: store.deliveries.add(replace(TOLD, id="wh1-2", number=2))),
    "deliveries.cancel": (1, lambda store, a: store.deliveries.cancel("wh1", NOW)),
    "hubs.cursor": (1, lambda store, a: store.hubs.cursor("https://hub.vn/", 0)),
    "hubs.told": (1, lambda store, a: store.hubs.told("https://hub.vn/", 3)),
    "holdings.of": (1, lambda store, a: store.holdings.of("wh1", ["a1", "a2"])),
    "holdings.forget": (1, lambda store, a: store.holdings.forget("wh1")),
    "users.add": (1, lambda store, a: store.users.add(LAN)),
    "users.get": (1, lambda store, a: store.users.get("lan")),
    "users.by_subject": (1, lambda store, a: store.users.by_subject("https://id.vn 7")),
    "users.all": (1, lambda store, a: store.users.all()),
    "users.set_password": (1, lambda store, a: store.users.set_password("lan", "$argon2id$")),
    "users.set_role": (1, lambda store, a: store.users.set_role("lan", Role.EDITOR)),
    "users.disable": (1, lambda store, a: store.users.disable("lan", NOW)),
    "users.enable": (1, lambda store, a: store.users.enable("lan")),
    "users.signed_in": (1, lambda store, a: store.users.signed_in("lan", NOW)),
    "errands.send": (1, lambda store, a: store.errands.send(Errand("s", "b", "n", "v"), LATER)),
    "errands.take": (1, lambda store, a: store.errands.take("s", "b", LATER)),
    "sessions.begin": (1, lambda store, a: store.sessions.begin("lan", LATER)),
    "sessions.find": (3, lambda store, a: _used_again(store)),
    "sessions.of": (1, lambda store, a: store.sessions.of("lan", LATER)),
    "sessions.counts": (1, lambda store, a: store.sessions.counts(LATER)),
    "sessions.end": (1, lambda store, a: store.sessions.end("lan", "0f" * 32)),
    "sessions.end_all": (1, lambda store, a: store.sessions.end_all("lan", "0f" * 32)),
    "drafts.save": (1, lambda store, a: store.drafts.save(DRAFT)),
    "drafts.save late": (2, lambda store, a: store.drafts.save(DRAFT)),
    "drafts.get": (1, lambda store, a: store.drafts.get("a1", "lan")),
    "drafts.of": (1, lambda store, a: store.drafts.of("lan")),
    "drafts.discard": (1, lambda store, a: store.drafts.discard("a1", "lan", 1, NOW)),
    "presence.renew": (1, lambda store, a: store.presence.renew("a1", "lan", "t1", NOW, editing=True)),
    "presence.of": (1, lambda store, a: store.presence.of(["a1", "a2"], NOW)),
    "presence.leave": (1, lambda store, a: store.presence.leave("a1", "lan", "t1")),
    "usage.add": (1, lambda store, a: store.usage.add([Usage("a", NOW.date(), 1), Usage("b", NOW.date(), 1)])),
    "usage.since": (1, lambda store, a: store.usage.since(NOW.date())),
    **taught.OPERATIONS,
    **operated.OPERATIONS,
}


def _issued_twice(store: Store) -> None:
    with pytest.raises(InvalidValue):
        store.tokens.issue("Báo Mới", [Scope.READ], 60, NOW)


def _used_again(store: Store) -> None:
    (session,) = store.sessions.of("lan", LATER)
    assert store.sessions.find(session.id, LATER + timedelta(hours=1))


def test_every_public_operation_is_among_those_explained(store: Store) -> None:
    explained = {name.split(" ")[0] for name in OPERATIONS}
    # Leases are asked for by their id alone, and jobs are APScheduler's.
    collections = {name for name in vars(store) if not name.startswith("_")} - {"uri", "address", "leases", "jobs"}
    public = {
        f"{collection}.{name}"
        for collection in collections
        for name in dir(getattr(store, collection))
        if not name.startswith("_")
    }
    assert public == explained


@pytest.fixture
def filled(store: Store, make: Make) -> Store:
    """A store with something in every collection, so that every loop of an operation runs."""
    for n in range(3):
        store.journal.create(make(n))
        store.pages.keep(f"a{n}", f"s{n}", Page("https://a.vn/1", b"", NOW))
    states = (UrlState.FOUND, UrlState.FAILED, UrlState.STORED)
    store.urls.record(
        [
            UrlRow(key=f"k{n}", url=f"https://a.vn/{n}", site="a", found=NOW, state=states[n % 3], next_check=NOW)
            for n in range(300)
        ]
    )
    store.runs.start(RunReport("r0", "a", NOW))
    return store


def test_every_operation_reads_through_an_index_and_makes_few_round_trips(filled: Store, make: Make, tap: Any) -> None:
    used: set[tuple[str, str]] = set()
    for n, (name, (trips, action)) in enumerate(OPERATIONS.items()):
        sample = make(100 + n, story="s1")
        commands = tap.during(partial(action, filled, sample))
        assert 1 <= len(commands) <= trips, name
        for query in (part for command in commands for part in _queries(command)):
            plan = filled._database.command("explain", query, codec_options=_PLANS, verbosity="queryPlanner")
            stages = list(_stages(plan))
            kinds = {stage["stage"] for stage in stages}
            assert kinds, name
            assert not kinds & {"COLLSCAN", "SORT"}, (name, query, kinds)
            used |= {(next(iter(query.values())), stage["indexName"]) for stage in stages if "indexName" in stage}
    # An index that serves nothing only costs; that by which documents go is read by MongoDB itself.
    assert {(index.collection, index.name) for index in INDEXES if not index.fleeting} <= used


def test_every_index_says_what_it_serves_and_is_there(store: Store) -> None:
    assert all(index.serves for index in INDEXES)
    for index in INDEXES:
        made = store._database[index.collection].index_information()[index.name]
        assert made["key"] == list(index.keys)
        assert made.get("unique", False) == index.unique
        assert made.get("expireAfterSeconds") == (0 if index.fleeting else None)


def test_the_rows_of_a_collection_stand_together() -> None:
    order = [name for name, _ in groupby(index.collection for index in INDEXES)]
    assert len(order) == len(set(order)), "MongoDB would be asked twice"
    assert len(INDEXES) == len({(index.collection, index.name) for index in INDEXES})


def test_the_indexes_of_a_large_database_are_given_hours_to_be_built(store: Store, tap: Any) -> None:
    commands = tap.during(lambda: ensure_indexes(store._database))
    assert len(commands) == len({index.collection for index in INDEXES})
    assert all(command["maxTimeMS"] > 3_600_000 for command in commands)  # an answer is waited for one minute elsewhere


def _queries(command: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The command as explain takes it: without session and cursor fields, one update at a time. Inserts have no plan,
    nor has the end of a transaction, nor a wait for what comes."""
    kind = next(iter(command))
    waits = kind in ("getMore", "killCursors") or "$changeStream" in str(command.get("pipeline"))
    if kind in ("insert", "commitTransaction", "abortTransaction", "dbStats") or waits:
        return
    parts = {"update": "updates", "delete": "deletes"}
    wanted = (kind, parts.get(kind), "filter", "sort", "limit", "projection", "pipeline", "key", "query", "hint")
    if kind == "findAndModify":
        wanted = (*wanted, "update", "remove", "new", "upsert")
    query = {name: value for name, value in command.items() if name in wanted}
    if kind == "aggregate":
        query["cursor"] = {}
    if kind in parts:
        for part in query[parts[kind]]:
            yield query | {parts[kind]: [part]}
    else:
        yield query


def _stages(plan: Any) -> Iterator[dict[str, Any]]:
    """The stages of the winning plan, however deep; what was rejected is left out."""
    if isinstance(plan, dict):
        if "stage" in plan:
            yield plan
        for name, inner in plan.items():
            if name not in ("rejectedPlans", "command", "parsedQuery"):
                yield from _stages(inner)
    elif isinstance(plan, list):
        for inner in plan:
            yield from _stages(inner)
