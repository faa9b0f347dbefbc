"""What operators measure by is read by who has no part in writing it, and tells what happened, whoever did it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import httpx
import pytest

from config import Config
from news.access import Scope
from news.article import Status, StoredArticle
from news.errors import Reason
from news.health import Health, HealthState
from news.push import Attempt, Delivery, DeliveryState, Notice, Webhook
from news.report import RunReport, RunState
from storage.alerts import Alert
from storage.backups import Backup
from storage.connect import Store, open_store
from storage.health import SiteHealth
from storage.leases import SCHEDULER
from storage.owner import Owner
from storage.urls import UrlRow, UrlState
from tests.exposition import Exposed, read, tool
from tests.relay import relayed
from web.metrics import measured, traffic

Serving = Callable[..., AbstractContextManager[httpx.Client]]
Put = Callable[..., StoredArticle]
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROW = UrlRow(key="", url="https://a.vn/", site="soyte", found=NOW)


@pytest.fixture(autouse=True)
def _read_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measured, "_FRESH", 0.0)
    monkeypatch.setattr(measured, "_COUNTED", 0.0)


def scrape(client: httpx.Client) -> Exposed:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    return read(answer.text)


def filled(store: Store, put: Put) -> None:
    """Something of everything that is measured."""
    put("a1")
    put("a2", Status.WAITING)
    crawl = RunReport("r1", "soyte", NOW, RunState.DONE, NOW + timedelta(seconds=20), requests=9, pages=5, new=2,
                      unchanged=1, rejected=2, reasons={"no-text": 2})  # fmt: skip
    store.runs.finish(crawl)
    store.runs.finish(RunReport("r2", "soyte", NOW, RunState.KILLED, NOW + timedelta(seconds=1900), requests=1))
    store.runs.start(RunReport("r3", "nhandan", NOW))
    store.urls.record([replace(ROW, key=f"k{n}") for n in range(4)])
    store.urls.record([replace(ROW, key="k9", state=UrlState.FAILED, reason=Reason.TIMEOUT, next_check=NOW)])
    store._database.jobs.insert_one({"_id": "soyte", "next_run_time": NOW.timestamp(), "token": 1})
    webhook = Webhook("wh1", "Báo Mới", "https://a.vn/", "0f" * 32, NOW)
    store.webhooks.add(webhook)
    told = [Delivery(f"wh1-{n}", "wh1", n, Notice.NEW, f"a{n}", n, NOW, NOW, b"{}") for n in (1, 2)]
    store.webhooks.advance(webhook, 1, told)
    store.deliveries.finish("wh1-1", Attempt(NOW, 5, 200), DeliveryState.DELIVERED, NOW + timedelta(seconds=3))
    store.leases.acquire(SCHEDULER, Owner.here("s1"), 60)
    store.backups.note(Backup(NOW, "x.tar", "h", 1, 2))


def test_it_tells_what_was_crawled_stored_told_and_what_waits(store: Store, put: Put, client: httpx.Client) -> None:
    filled(store, put)
    told = scrape(client)

    assert told.value("bantin_store_up") == 1
    assert told.value("bantin_runs_total", site="soyte", state="done") == 1
    assert told.value("bantin_runs_total", site="soyte", state="killed") == 1
    assert told.value("bantin_runs_running") == 1
    assert told.value("bantin_crawl_requests_total", site="soyte") == 10
    assert told.value("bantin_crawl_pages_total", site="soyte", result="new") == 2
    assert told.value("bantin_crawl_pages_total", site="soyte", result="updated") == 0
    assert told.value("bantin_crawl_rejected_total", site="soyte", reason="no-text") == 2
    assert told.value("bantin_run_duration_seconds_bucket", le="30") == 1
    assert told.value("bantin_run_duration_seconds_count") == 2
    assert told.value("bantin_site_last_done_timestamp_seconds", site="soyte") == NOW.timestamp() + 20
    assert told.value("bantin_publication_lag_seconds_count", site="soyte") == 2
    assert told.value("bantin_articles", status="published") == 1
    assert told.value("bantin_articles", status="waiting") == 1
    assert told.value("bantin_events_total", kind="created") == 2
    assert told.value("bantin_urls_waiting", site="soyte", why="first") == 4
    assert told.value("bantin_urls_waiting", site="soyte", why="again") == 1
    assert (told.value("bantin_sites_scheduled"), told.value("bantin_sites_overdue")) == (1, 1)
    assert told.value("bantin_lease_held", lease="scheduler") == 1
    assert 0 <= told.value("bantin_lease_age_seconds", lease="scheduler") < 60
    assert told.value("bantin_webhook_deliveries_total", webhook="wh1", state="delivered") == 1
    assert told.value("bantin_webhook_pending", webhook="wh1") == 1
    assert told.value("bantin_webhook_behind_events", webhook="wh1") == 1
    assert told.value("bantin_webhook_delivery_seconds_bucket", webhook="wh1", le="5") == 1
    assert told.value("bantin_disk_free_bytes") > 0
    assert told.value("bantin_backup_last_timestamp_seconds") == NOW.timestamp()
    assert told.value("bantin_search_index_behind_events") >= 0
    assert told.value("process_resident_memory_bytes") > 1e6


def test_it_tells_how_sites_are_and_whether_operators_hear_of_it(store: Store, client: httpx.Client) -> None:
    for site, state in (
        ("soyte", HealthState.BLOCKED),
        ("nhandan", HealthState.HEALTHY),
        ("tuoitre", HealthState.BLOCKED),
    ):
        store.health.keep(SiteHealth(site, Health(state, NOW), NOW))
    now = datetime.now(UTC)
    for n, attempts in enumerate((0, 2)):
        waiting = Alert(now - timedelta(hours=2), "Bantin", "", (f"a:{n}",), ("d1",), now, attempts)
        store.alerts.add(waiting)
    told = scrape(client)

    states = {
        row["state"]: told.value("bantin_site_state", **row)
        for row in told.labels("bantin_site_state")
        if row["site"] == "soyte"
    }
    assert {state for state, holds in states.items() if holds} == {"blocked"}
    assert set(states) == set(HealthState), "a state that ends is 0, and not a series that ends"
    assert told.value("bantin_site_state_since_timestamp_seconds", site="soyte") == NOW.timestamp()
    assert (told.value("bantin_sites", state="blocked"), told.value("bantin_sites", state="silent")) == (2, 0)
    assert (told.value("bantin_alerts_waiting"), told.value("bantin_alerts_failing")) == (2, 1)
    assert 7200 <= told.value("bantin_alerts_oldest_failing_seconds") < 7300
    assert told.value("bantin_alerts_lost") == 0

    store.alerts.end(waiting.id, now)
    given_up = scrape(client)
    assert (given_up.value("bantin_alerts_failing"), given_up.value("bantin_alerts_lost")) == (0, 1)


def test_promtool_finds_nothing_to_complain_of(store: Store, put: Put, client: httpx.Client) -> None:
    if not (promtool := tool("promtool")):
        pytest.skip("there is no promtool here: apt-get install prometheus, or set BANTIN_TEST_PROMTOOL")
    filled(store, put)
    said = subprocess.run([promtool, "check", "metrics"], input=client.get("/metrics").content, capture_output=True)
    assert (said.returncode, said.stdout, said.stderr) == (0, b"", b"")


def test_requests_are_counted_by_kind_and_never_by_address(client: httpx.Client) -> None:
    for path in ("/", "/articles/none", "/feeds/atom.xml", "/api/v1/articles", "/healthz"):
        client.get(path)
    client.request("BREW", "/")
    told = scrape(client)

    name = "bantin_http_requests_total"
    counted = {tuple(sorted(row.values())): told.value(name, **row) for row in told.labels(name)}
    assert counted == {
        ("200", "GET", "reading"): 1,
        ("404", "GET", "reading"): 1,
        ("405", "other", "reading"): 1,
        ("200", "GET", "feeds"): 1,
        ("200", "GET", "api"): 1,
        ("200", "GET", "watch"): 1,
    }
    assert told.value("bantin_http_request_duration_seconds_count", kind="reading") == 3
    assert told.value("bantin_http_requests_under_way") == 1, "this one"


def test_an_address_is_of_the_first_kind_that_fits() -> None:
    for top, kind in traffic._KINDS:
        assert traffic.kind_of(top) == traffic.kind_of(f"{top}/x") == kind
    for path in ("/", "/articles/a1", "/apiary", "/feedsx"):
        assert traffic.kind_of(path) == "reading"


def test_a_store_that_is_away_is_told_and_the_rest_is_there(serving: Serving, config: Config) -> None:
    with relayed(config) as (far, way), open_store(far) as store, serving(store, far) as client:
        assert scrape(client).value("bantin_store_up") == 1
        way.cut()
        told = scrape(client)
    assert told.value("bantin_store_up") == 0
    assert told.value("bantin_http_requests_total", kind="watch", status="200") == 1
    assert not told.labels("bantin_articles")


def test_who_may_read_them(store: Store, config: Config, serving: Serving) -> None:
    def token(*scopes: Scope) -> dict[str, str]:
        return {"X-Auth-Token": str(store.tokens.issue(f"t{len(scopes)}", scopes, 60, datetime.now(UTC), None)[1])}

    reader, operator = token(Scope.READ), token(Scope.READ, Scope.METRICS)
    elsewhere = {"X-Forwarded-For": "192.0.2.7"}
    with serving(store, config) as client:
        assert client.get("/metrics").status_code == 200, "by default whoever is on this machine"
        assert client.get("/metrics", headers=elsewhere).status_code == 401
        assert client.get("/metrics", headers=elsewhere | reader).status_code == 403
        assert client.get("/metrics", headers=elsewhere | operator).status_code == 200
    with serving(store, replace(config, metrics_allow=())) as client:
        assert client.get("/metrics").status_code == 401
        assert client.get("/metrics", headers=operator).status_code == 200
    with serving(store, replace(config, metrics_allow=(ip_network("192.0.2.0/24"),))) as client:
        assert client.get("/metrics", headers=elsewhere).status_code == 200
        assert client.get("/metrics").status_code == 401


def test_however_many_ask_the_store_is_read_once_in_a_while(
    store: Store, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measured, "_FRESH", 3600.0)
    scrape(client)
    store.runs.finish(RunReport("r1", "soyte", NOW, RunState.DONE, NOW + timedelta(seconds=20), requests=9))
    assert not scrape(client).labels("bantin_runs_total")
    monkeypatch.setattr(measured, "_FRESH", 0.0)
    assert scrape(client).labels("bantin_runs_total")
