"""Changes in the health of sites reach operators through a real HTTP receiver: once, again after a refusal, and with no
loss and no repetition over a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from news.alerts import Language, Message, Rules
from news.health import Fact, Health, HealthState
from oversight.alarm import Alarm
from oversight.courier import send
from storage.connect import Store
from storage.health import HealthChange, SiteHealth

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
AT_ONCE = Rules(timedelta(0))


@dataclass
class Receiver:
    """What came, and the status with which it is answered."""

    port: int = 0
    status: int = 200
    came: list[dict[str, str]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.port}/mat-khau"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    known = Receiver()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            known.came.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(known.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        known.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield known
        server.shutdown()
        thread.join()


def fall(store: Store, number: int = 1, state: HealthState = HealthState.BROKEN) -> None:
    health = Health(state, NOW, (Fact("errors", "dns-error 3", None, True),))
    row = SiteHealth("a", health, NOW, changes=number)
    before = HealthState.HEALTHY if state is not HealthState.HEALTHY else HealthState.BROKEN
    store.health.keep(row, HealthChange("a", number, NOW, before, health))


def alarm(store: Store, *addresses: str, via: object = send) -> Alarm:
    return Alarm(
        store, addresses, AT_ONCE, Language.VIETNAMESE, lambda: {"a": "Bộ Y tế"}, lambda: True, via,  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_change_reaches_its_address_once(store: Store, receiver: Receiver) -> None:
    fall(store)
    told = alarm(store, receiver.address)
    for minute in range(3):
        told.step(NOW + minute * MINUTE)

    (message,) = receiver.came
    assert message["title"] == "Bantin: Bộ Y tế không đọc được"
    assert "(dns-error) 3" in message["message"]
    (sent,) = store.alerts.sent()
    assert (sent.ended, sent.left) == (NOW, ())
    fall(store, 2, HealthState.HEALTHY)
    told.step(NOW + 9 * MINUTE)
    assert [one["title"] for one in receiver.came][1:] == ["Bantin: Bộ Y tế bình thường"]


def test_an_address_that_refuses_gets_it_later_and_the_others_only_once(store: Store, receiver: Receiver) -> None:
    fall(store)
    receiver.status = 500
    others: list[str] = []

    def via(address: str, message: Message) -> str:
        if address != receiver.address:
            others.append(message.title)
            return ""
        return send(address, message)

    told = alarm(store, receiver.address, "json://khac", via=via)
    told.step(NOW)
    (pending,) = store.alerts.pending()
    assert pending.attempts == 1
    assert "json://" in pending.error
    assert "mat-khau" not in pending.error
    told.step(NOW + MINUTE / 2)
    assert len(receiver.came) == 1, "it is left alone for a minute"
    receiver.status = 200
    told.step(NOW + MINUTE)
    assert (len(receiver.came), len(others)) == (2, 1)
    assert store.alerts.pending() == []


def test_what_an_address_missed_comes_in_the_order_in_which_it_happened(store: Store, receiver: Receiver) -> None:
    receiver.status = 500
    told = alarm(store, receiver.address)
    fall(store)
    for minute in (0, 1, 3):
        told.step(NOW + minute * MINUTE)
    receiver.status, receiver.came = 200, []
    fall(store, 2, HealthState.HEALTHY)
    told.step(NOW + 4 * MINUTE)  # three minutes before the first would be tried again

    assert [one["title"] for one in receiver.came] == ["Bantin: Bộ Y tế không đọc được", "Bantin: Bộ Y tế bình thường"]
    assert store.alerts.pending() == []


def test_an_address_that_takes_nothing_for_a_day_is_given_up(store: Store, receiver: Receiver) -> None:
    receiver.status = 500
    told = alarm(store, receiver.address)
    fall(store)
    for tries in range(20):  # with others
        told.step(NOW + tries * MINUTE)
        store.alerts.failed(store.alerts.pending()[0].id, "", NOW, tries + 1)
    assert len(store.alerts.pending()) == 1
    told.step(NOW + 25 * 60 * MINUTE)

    assert store.alerts.pending() == []
    assert store.alerts.outbox(NOW).lost == 1


_KILLED = """
import os, signal, sys
from datetime import datetime, timedelta
import config
from news.alerts import Language, Rules
from oversight.alarm import Alarm
from oversight.courier import send
from storage.connect import open_store

def kill(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def send_and_kill(address, message):
    assert not send(address, message)
    kill()

address, moment, now = sys.argv[1:]
with open_store(config.load()) as store:
    if moment == "stored":
        store.health.mark_told = kill
    if moment == "sent":
        store.alerts.end = kill
    via = send_and_kill if moment == "sending" else send
    names = lambda: {"a": "Bộ Y tế"}
    Alarm(store, [address], Rules(timedelta(0)), Language.VIETNAMESE, names, lambda: True, via).step(
        datetime.fromisoformat(now)
    )
"""


@pytest.mark.parametrize("moment", ["stored", "sending", "sent"])
def test_a_kill_loses_no_alert_and_repeats_one_only_in_the_moment_of_sending(
    store: Store, environ: dict[str, str], receiver: Receiver, moment: str
) -> None:
    fall(store)
    command = [sys.executable, "-c", _KILLED, receiver.address, moment, NOW.isoformat()]
    ran = subprocess.run(command, env={**os.environ, **environ}, cwd=ROOT)
    assert ran.returncode == -signal.SIGKILL
    assert len(store.alerts.pending()) == 1, "it is stored before it is sent"

    for minute in range(3):
        alarm(store, receiver.address).step(NOW + minute * MINUTE)

    assert len(receiver.came) == (2 if moment == "sending" else 1)
    assert store.alerts.pending() == []
    assert store.health.untold() == []


def test_what_happened_while_nobody_wanted_to_hear_is_no_news_later(store: Store, receiver: Receiver) -> None:
    fall(store)
    alarm(store).step(NOW)
    alarm(store, receiver.address).step(NOW + MINUTE)

    assert receiver.came == []


def test_an_address_that_is_none_is_said_without_its_password() -> None:
    assert "mat-khau" not in send("khong://user:mat-khau@x", Message("a", "b"))


def test_no_log_tells_the_address_however_much_it_tells(receiver: Receiver) -> None:
    """Apprise and urllib3 write whole addresses for who debugs: Telegram's token is in its path."""
    code = (
        "import sys; from config import load; from crawler import logs; from news.alerts import Message\n"
        "from oversight.courier import send; logs.configure(load({'BANTIN_LOG_LEVEL': 'DEBUG'}))\n"
        "send(sys.argv[1], Message('t', 'b'))"
    )
    ran = subprocess.run([sys.executable, "-c", code, receiver.address], cwd=ROOT, capture_output=True, text=True)
    assert [one["title"] for one in receiver.came] == ["t"], ran.stderr
    assert "mat-khau" not in ran.stderr
