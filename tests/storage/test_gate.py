"""One at a time of all processes; who is killed inside lets the next one in, who is stopped inside is passed."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from storage import gate
from storage.gate import Gate

_HOLDER = """
import sys, time
from storage.gate import Gate

with Gate(sys.argv[1]).held():
    print("in", flush=True)
    time.sleep(300)
"""


def seconds_until_in(name: str, times: int = 1) -> float:
    start = time.monotonic()
    gate = Gate(name)
    for _ in range(times):
        with gate.held():
            pass
    return time.monotonic() - start


@pytest.fixture
def name(tmp_path: object) -> str:
    return str(tmp_path)


def test_threads_of_one_process_take_turns_too(name: str) -> None:
    inside, most = 0, 0

    def pass_through() -> None:
        nonlocal inside, most
        for _ in range(5):
            with Gate(name).held():
                inside += 1
                most = max(most, inside)
                time.sleep(0.002)
                inside -= 1

    threads = [threading.Thread(target=pass_through) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_who_is_killed_inside_lets_the_next_one_in_and_who_stays_is_passed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "_LONGEST_WAIT", 0.3)
    with subprocess.Popen([sys.executable, "-c", _HOLDER, name], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "in\n"
        assert 0.3 <= seconds_until_in(name, times=20) < 3  # it is waited for once, not twenty times
        holder.kill()
    monkeypatch.setattr(gate, "_LONGEST_WAIT", 60)
    assert seconds_until_in(name) < 5


def test_where_no_file_can_be_made_there_is_no_gate(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate.tempfile, "gettempdir", lambda: "/nowhere/at/all")
    assert seconds_until_in(name) < 5
