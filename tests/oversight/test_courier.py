"""Sending a message to one address, whoever listens there."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress

import pytest

from news.alerts import Message
from oversight import courier


def test_an_address_that_answers_byte_by_byte_holds_nobody_up_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier, "_LONGEST", 1.0)
    over = threading.Event()

    def trickle(door: socket.socket) -> None:
        caller, _ = door.accept()
        with caller, suppress(OSError):
            while not over.wait(0.2):
                caller.sendall(b"H")

    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=trickle, args=(door,), daemon=True)
        thread.start()
        begun = time.monotonic()
        error = courier.send(f"json://127.0.0.1:{door.getsockname()[1]}/mat-khau", Message("Tin", "Nội dung"))
        took = time.monotonic() - begun
        over.set()
        thread.join()

    assert error == "json://: it did not answer within 1 seconds"
    assert took < 20, "it went on trickling"
    for sender in threading.enumerate():
        if sender.name == "courier":
            sender.join(20)
