"""The app: what its routes are and what stands before all of them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

from anyio import to_thread
from fastapi import FastAPI

from config import Config
from news.site import Site
from storage.connect import Store
from storage.search import SearchIndex
from web import access, api, console, desk, export, feeds, health, metrics, opml, problems, reading, webhooks
from web.accounts import pages as accounts
from web.compression import Compression
from web.console.overview import Overview
from web.console.rows import Rows
from web.console.sites import warm
from web.desk.worker import Worker
from web.pages import STATIC
from web.principal import principal_of
from web.pulse import Pulse
from web.push.sender import Sender
from web.security import SecurityHeaders
from web.shelf import Shelf

_THREADS = 16
_TURN = 0.001  # seconds


def create_app(store: Store, config: Config, sites: Callable[[], Mapping[str, Site]]) -> FastAPI:
    """The web app over a store. `sites` gives the catalogue as it is now, by id, and the very same mapping until it
    changes; the caller keeps the store open.

    A request passes what is added last first: whoever asks is judged inside of the packing and the headers.
    """
    search, worker = SearchIndex.of(config, store), Worker()
    address = config.base_url or f"http://{config.web_host}:{config.web_port}"
    shelf = Shelf(store, search, sites, address.rstrip("/"))
    overview, rows = Overview(shelf), Rows()
    lifespan = _keeping(search, worker, partial(warm, overview, rows))
    app = FastAPI(title="Bantin", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    problems.install(app)
    access.install(app, store, config)
    app.add_middleware(Compression)
    app.add_middleware(SecurityHeaders)
    metrics.install(app)
    app.state.pulse = pulse = Pulse(store.events)
    app.include_router(feeds.routes(shelf, config.websub_hubs))
    app.include_router(opml.routes(shelf))
    sender = Sender(config.user_agent)
    exports = export.routes(shelf)
    hooks = webhooks.routes(shelf, sender, lambda request: principal_of(request).consumer)
    app.include_router(exports)
    app.include_router(hooks)
    app.include_router(api.routes(shelf, pulse, (exports, hooks)))
    app.include_router(accounts.routes(store, app.state.access, config))
    app.include_router(reading.routes(shelf))
    app.include_router(desk.routes(shelf, pulse, worker))
    app.include_router(console.routes(shelf, overview, rows))
    app.include_router(health.routes(store))
    app.include_router(metrics.routes(app, metrics.Measured(store, search, sites, config.backup_days)))
    app.include_router(STATIC.routes())
    return app


def _keeping(
    search: SearchIndex, worker: Worker, warm: Callable[[], None]
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Keeps the index up to date for as long as the app answers, and ends the process that reads pages for the desk;
    `warm` is done beside the first answers."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # More threads than this only take the one interpreter and the memory from each other; and who answers shall not
        # wait five milliseconds, as is usual, for another who is at something long.
        to_thread.current_default_thread_limiter().total_tokens = _THREADS
        sys.setswitchinterval(_TURN)
        search.start()
        warming = asyncio.create_task(asyncio.to_thread(warm))
        yield
        await warming
        worker.close()
        await asyncio.to_thread(search.close)

    return lifespan
