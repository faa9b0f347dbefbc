"""bantin health, alerts, and what an operator asks of a site, as a person types it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from news.control import ControlKind, ControlState
from news.health import Fact, Health, HealthState, Memory
from storage.connect import Store
from storage.health import HealthChange, SiteHealth
from tests.cli.conftest import Bantin

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def judged(store: Store, site: str, state: HealthState, *facts: Fact) -> None:
    health = Health(state, NOW, (Fact("last_success", NOW), *facts))
    row = SiteHealth(site, health, NOW, changes=1, memory=Memory(success=NOW))
    store.health.keep(row, HealthChange(site, 1, NOW, HealthState.HEALTHY, health))


def test_the_worst_sites_come_first_with_what_decided_it(bantin: Bantin, store: Store) -> None:
    judged(store, "bo-y-te", HealthState.HEALTHY)
    judged(store, "bo-cong-an", HealthState.REDESIGNED, Fact("body:site:bo-cong-an", 0.0, 0.97, True))
    judged(store, "so-xay-dung", HealthState.BROKEN, Fact("errors", "dns-error 4", None, True))

    shown = bantin("health").out
    assert [row["site"] for row in bantin("health", "--json").rows][-1] == "bo-y-te"
    assert shown.index("bo-cong-an") < shown.index("bo-y-te")
    assert "body:site:bo-cong-an 0 % (usually 97 %)" in shown
    assert "name not found (dns-error) 4" in shown


def test_what_is_a_limit_is_not_called_usual(bantin: Bantin, store: Store) -> None:
    judged(store, "bo-y-te", HealthState.SILENT, Fact("expected", 14.0, 9.0, True))
    shown = " ".join(bantin("health", COLUMNS="200").out.split())
    assert "expected 14 (told from 9 on)" in shown
    assert "usual, or its limit" in bantin("health", "bo-y-te", COLUMNS="200").out


def test_one_site_is_shown_with_all_figures_and_the_changes_before(bantin: Bantin, store: Store) -> None:
    judged(store, "bo-y-te", HealthState.BROKEN, Fact("errors", "dns-error 4", None, True))

    shown = bantin("health", "bo-y-te").out
    assert "bo-y-te is broken since 02/03/2026 09:00" in shown
    assert "last_success" in shown
    row = bantin("health", "bo-y-te", "--json").rows[0]
    assert [change["before"] for change in row["history"]] == ["healthy"]
    assert "not been judged" in bantin("health", "la", expect=1).err


def test_what_is_asked_waits_for_a_scheduler(bantin: Bantin, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.orders._PATIENCE", 0.1)
    site = bantin("sites", "list", "--json").rows[0]["id"]

    assert "no scheduler" in bantin("sites", "pause", site, "--until", "01/04/2030", "--reason", "bảo trì").err
    (asked,) = store.controls.open()
    assert (asked.kind, asked.by, asked.args["reason"]) == (ControlKind.PAUSE, "operator", "bảo trì")
    assert asked.until == datetime(2030, 3, 31, 17, tzinfo=UTC)
    assert bantin("sites", "run", "khong-co", expect=1).err


def test_an_answer_is_shown_as_it_comes(bantin: Bantin, store: Store) -> None:
    site = bantin("sites", "list", "--json").rows[0]["id"]
    ended = threading.Event()

    def answer() -> None:
        while not ended.wait(0.05):
            for control in store.controls.open():
                state = ControlState.REFUSED if control.kind is ControlKind.ACCEPT else ControlState.DONE
                store.controls.end(control.id, state, "Xong.", NOW)

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        assert "Xong." in bantin("sites", "run", site, "--by", "lan").out
        assert "Xong." in bantin("sites", "resume", site).out
        given = ("--cron", "0 6 * * *", "--window", "06:00-22:00")
        done = bantin("sites", "schedule", site, *given, "--json").rows[0]
        assert done["args"] == {"mode": "cron", "cron": "0 6 * * *", "windows": ["06:00-22:00"]}
        assert bantin("sites", "schedule", site, "--reset", "--json").rows[0]["args"] == {}
        assert "Xong." in bantin("sites", "accept", site, expect=1).err
    finally:
        ended.set()
        thread.join()
    assert "nightly" in bantin("sites", "schedule", site, "--cron", "nightly", expect=1).err
    assert bantin("sites", "schedule", site, expect=2).err


def test_alerts_can_be_tried_and_are_listed(bantin: Bantin, store: Store) -> None:
    taken: list[str] = []

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Door) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        address = f"json://127.0.0.1:{server.server_port}/mat-khau"
        tried = bantin("alerts", "test", BANTIN_ALERTS=f"{address} khong://mat-khau", expect=1)
    assert len(taken) == 1
    assert tried.out.splitlines()[0] == "1 json:// sent"
    assert "mat-khau" not in tried.out
    assert "BANTIN_ALERTS is empty" in bantin("alerts", "test", expect=1).err
    assert bantin("alerts", "list", "--json").rows == []
