"""A real Chromium for the tests of pages, and what happens where there is none."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import config as settings
from crawler.browser import check
from crawler.leash import find_chromium
from news.errors import BantinError
from web.server import send_at_once


def _missing() -> str:
    try:
        check(settings.load({}))
    except BantinError as error:
        return str(error)
    return ""


needs_browser = pytest.mark.skipif(
    bool(_missing()) and not os.environ.get("BANTIN_TEST_BROWSER"), reason=f"no browser: {_missing()}"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A running browser for the tests of a module: its event loop must not outlive them."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=str(find_chromium(settings.load().chromium)),
            chromium_sandbox=os.geteuid() != 0,
            args=["--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"],
        )
        try:
            yield running
        finally:
            running.close()


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Runs an app, and gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        send_at_once(door)
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off", log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


class Bare:
    """An app without its Content-Security-Policy: what holds without it, and tools that need scripts of their own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def bare(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    pair for pair in message["headers"] if pair[0].lower() != b"content-security-policy"
                ]
            await send(message)

        await self.app(scope, receive, bare)
