"""What is watched exists: each query of the dashboard and each alert asks for series that a Bantin gives."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from config import Config
from crawler.run import CrawlOptions, crawl
from demo.server import Demo
from news.push import Attempt, Delivery, DeliveryState, Notice, Webhook
from news.report import Fate, RunReport, RunState
from oversight.keeper import Keeper
from storage.backups import Backup
from storage.connect import Store
from storage.leases import PUSHER, SCHEDULER
from storage.owner import Owner
from tests.exposition import ROOT, read, selectors, tool
from tests.web.conftest import running
from web.metrics import measured

NOW = datetime.now(UTC)
DASHBOARD = ROOT / "deploy" / "grafana" / "bantin.json"
ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yml"


def queries() -> dict[str, str]:
    """The queries of the dashboard by panel, with what Grafana puts in for the variables."""
    found = {}
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        for target in panel.get("targets", []):
            expression = target["expr"].replace("$__rate_interval", "1m").replace("$site", ".*")
            assert "$" not in expression
            found[f"{panel['title']} {target['refId']}"] = expression
    return found


def alerts() -> dict[str, dict[str, Any]]:
    (group,) = yaml.safe_load(ALERTS.read_text())["groups"]
    return {rule["alert"]: rule for rule in group["rules"]}


@pytest.fixture
def bantin(store: Store, config: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    """A web app over what a crawl of the sample portals brought, with one consumer, whom readers have asked."""
    monkeypatch.setattr(measured, "_FRESH", 0.0)
    with Demo(base_port=0) as demo:
        site = demo.site("demo-mst")
        crawl(site, CrawlOptions(max_pages=12), config)
    store.runs.finish(RunReport("r2", site.id, NOW, RunState.FAILED, NOW, reasons={"timeout": 1}))
    dead = demo.site("demo-sonlam")
    for hour in (2, 1):
        when, fates = NOW - timedelta(hours=hour), {"https://a.vn/rss": Fate.FAILED}
        store.runs.finish(RunReport(f"d{hour}", dead.id, when, RunState.FAILED, when, sources=fates))
    Keeper(store, lambda _: None, dict).look([site, dead])
    store._database.jobs.insert_one({"_id": site.id, "next_run_time": time.time() + 600, "token": 1})
    webhook = Webhook("wh1", "Báo Mới", "https://a.vn/", "0f" * 32, NOW)
    store.webhooks.add(webhook)
    told = [Delivery(f"wh1-{n}", "wh1", n, Notice.NEW, f"a{n}", n, NOW, NOW, b"{}") for n in (1, 2)]
    store.webhooks.advance(webhook, 1, told)
    store.deliveries.finish("wh1-1", Attempt(NOW, 5, 200), DeliveryState.DELIVERED, NOW + timedelta(seconds=3))
    for lease in (SCHEDULER, PUSHER):
        store.leases.acquire(lease, Owner.here("s1"), 600)
    store.backups.note(Backup(NOW, "x.tar", "h", 1, 2))
    with running(store, config) as client:
        for path in ("/", "/feeds/atom.xml", "/api/v1/articles", "/articles/none"):
            client.get(path)
        client.get("/metrics")
        yield client


def test_every_series_that_is_asked_for_is_there_and_every_one_that_is_there_is_documented(
    bantin: httpx.Client,
) -> None:
    told = read(bantin.get("/metrics").text)
    asked = {**queries(), **{name: rule["expr"] for name, rule in alerts().items()}}
    assert len(asked) > 50
    missing = {
        f"{where}: {name}{labels}"
        for where, expression in asked.items()
        for name, labels in selectors(expression)
        if name != "up" and not any(labels.items() <= {"job": "bantin", **row}.items() for row in told.labels(name))
    }
    assert not missing

    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    cells = re.findall(r"^\| (`bantin_[^|]+) \|", manual, re.MULTILINE)
    documented = {name for cell in cells for name in re.findall(r"bantin_\w+", cell)}
    assert documented == {name for name in told.kinds if name.startswith("bantin_")}


@pytest.mark.parametrize("name", alerts())
def test_every_alert_says_what_is_wrong_and_what_to_do(name: str) -> None:
    rule = alerts()[name]
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert set(rule["annotations"]) == {"summary", "remedy"}
    assert rule["for"]
    assert name in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def test_the_dashboard_has_each_panel_once_in_its_place() -> None:
    panels = json.loads(DASHBOARD.read_text())["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells


def needed(name: str) -> str:
    if not (found := tool(name)):
        pytest.skip(f"there is no {name} here: apt-get install prometheus, or set BANTIN_TEST_{name.upper()}")
    return found


def test_each_alert_is_raised_by_what_it_is_for_and_by_nothing_else() -> None:
    promtool = needed("promtool")
    for command in (["check", "rules", ALERTS], ["test", "rules", ROOT / "tests" / "deploy" / "alerts_test.yml"]):
        ran = subprocess.run([promtool, *map(str, command)], capture_output=True, text=True)
        assert ran.returncode == 0, ran.stdout + ran.stderr
    tested = yaml.safe_load((ROOT / "tests" / "deploy" / "alerts_test.yml").read_text())["tests"][1]
    raised = {row["labels"] for row in tested["promql_expr_test"][0]["exp_samples"]}
    assert raised == {f'{{alertname="{name}"}}' for name in alerts()}


@pytest.fixture
def prometheus(bantin: httpx.Client, tmp_path: Path) -> Iterator[httpx.Client]:
    """A real Prometheus with the rules of deploy/, which reads that Bantin four times a second."""
    program = needed("prometheus")
    config = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text())
    config["global"] = {"scrape_interval": "250ms", "evaluation_interval": "250ms", "scrape_timeout": "250ms"}
    config["rule_files"] = [str(ALERTS)]
    config["scrape_configs"][0]["static_configs"] = [{"targets": [f"127.0.0.1:{bantin.base_url.port}"]}]
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(config))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [program, f"--config.file={tmp_path}/prometheus.yml", f"--storage.tsdb.path={tmp_path}/data",
         f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1") as client:
            yield client
    finally:
        process.kill()
        process.wait()


def answered(prometheus: httpx.Client, expression: str) -> list[Any]:
    answer = prometheus.get("/query", params={"query": expression}).json()
    assert answer["status"] == "success", (expression, answer)
    result: list[Any] = answer["data"]["result"]
    return result


def scrapes(prometheus: httpx.Client) -> int:
    try:
        if prometheus.get("/status/config").status_code != 200:  # it is starting
            return 0
        found = answered(prometheus, "count_over_time(bantin_store_up[1m])")
    except httpx.TransportError:
        return 0
    return int(found[0]["value"][1]) if found else 0


def test_every_query_of_the_dashboard_gives_series_and_no_alert_fires(prometheus: httpx.Client) -> None:
    until = time.monotonic() + 60
    while scrapes(prometheus) < 3:
        assert time.monotonic() < until, "Prometheus reads nothing"
        time.sleep(0.1)
    empty = [where for where, expression in queries().items() if not answered(prometheus, expression)]
    assert not empty
    rules = prometheus.get("/rules").json()["data"]["groups"][0]["rules"]
    assert {rule["name"] for rule in rules} == set(alerts())
    assert {rule["health"] for rule in rules} <= {"ok", "unknown"}
    assert [rule["name"] for rule in rules if rule["state"] == "firing"] == []
