"""A MongoDB that is there and says nothing: whoever asks the web app is told so within seconds, however many ask, and
served again when it wakes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from pymongo import MongoClient

import config as settings
from news.users import Role
from storage.connect import Store, open_store
from tests.web.accounts import COOKIES, PAGE, sign_in

ROOT = Path(__file__).resolve().parents[2]
PATHS = ("/console", "/console/live", "/console/runs", "/console/why?url=https%3A%2F%2Fa.gov.vn%2F1", "/", "/nganh")
MOST = 14.0  # seconds, on a busy machine; who stood in a line behind another would wait for 16


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Store]:
    """A store over a MongoDB of the test's own."""
    plain = settings.load({"BANTIN_DATA_DIR": str(tmp_path / "data"), "BANTIN_MONGODB_PATIENCE": "60"})
    with open_store(plain, must_own=True) as store:
        yield store


@contextmanager
def web(store: Store, tmp_path: Path) -> Iterator[str]:
    """`bantin web` over a store, and its address."""
    environ = {
        **os.environ, "MONGODB_URI": store.uri, "BANTIN_WEB_PORT": "0", "BANTIN_DATA_DIR": str(tmp_path / "web"),
        "BANTIN_LOG_LEVEL": "ERROR", "BANTIN_ANONYMOUS_PER_MINUTE": "0",
    }  # fmt: skip
    command = [sys.executable, "-m", "cli.main", "web"]
    with subprocess.Popen(
        command, env=environ, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            assert process.stdout
            yield process.stdout.readline().split()[1].rstrip("/")
        finally:
            process.kill()


@contextmanager
def frozen(store: Store) -> Iterator[None]:
    with MongoClient[dict[str, object]](store.uri) as client:
        mongod = int(str(client.admin.command("serverStatus")["pid"]))
    os.kill(mongod, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(mongod, signal.SIGCONT)


def timed(operator: httpx.Client, path: str) -> tuple[float, httpx.Response]:
    began = time.monotonic()
    answer = operator.get(path)
    return time.monotonic() - began, answer


@contextmanager
def busy(operator: httpx.Client, many: ThreadPoolExecutor) -> Iterator[None]:
    """Pages that ask on and on, so that some questions are under way whatever happens."""
    ended = threading.Event()

    def ask() -> None:
        while not ended.is_set():
            operator.get("/console/changes")
            operator.get("/console/live")

    asking = [many.submit(ask) for _ in range(8)]
    try:
        yield
    finally:
        ended.set()
    for one in asking:
        one.result()


def test_nobody_waits_long_for_a_database_that_says_nothing(own: Store, tmp_path: Path) -> None:
    cookie = f"{COOKIES[0]}={sign_in(own, Role.OPERATOR).secret}"
    with (
        web(own, tmp_path) as address,
        httpx.Client(base_url=address, headers={"Cookie": cookie, **PAGE}, timeout=90) as operator,
        ThreadPoolExecutor(64) as many,
    ):
        operator.get("/console").raise_for_status()
        with busy(operator, many):
            time.sleep(1)
            with frozen(own):
                for known in (False, True):
                    asked = [many.submit(timed, operator, path) for path in PATHS * 6]
                    for _ in range(3):
                        assert timed(operator, "/healthz")[0] < 2
                        took, ready = timed(operator, "/readyz")
                        assert (took < 5, ready.status_code) == (True, 503)
                        assert ready.json()["checks"]["database"]["reason"] == "The database does not answer."
                    answers = [one.result() for one in asked]
                    assert max(took for took, _ in answers) < MOST
                    refused = [answer for _, answer in answers if answer.status_code == 503]
                    assert len(refused) == len(answers) or not known, "what was seen within a second is shared"
                    assert all("Kho bài chưa trả lời" in answer.text for answer in refused)
                    assert {answer.headers["retry-after"] for answer in refused} == {"30"}
            until = time.monotonic() + 40
            while not all(operator.get(path).status_code == 200 for path in PATHS):
                assert time.monotonic() < until
                time.sleep(0.2)
        assert operator.get("/readyz?exclude=scheduler").status_code == 200
