"""The app: its routes, its headers, its errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI, Request
from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config import Config
from news.site import Site
from storage.connect import Store
from storage.search import SearchIndex
from web import access, contexts, export, feeds, opml, problems, webhooks
from web.access import principal_of
from web.pages import STATIC, frame_of, render, selection_of
from web.push.sender import Sender
from web.shelf import Shelf

_PAGE = 20
_HEADERS = {
    # Nothing runs and nothing is framed, whatever an article's HTML says: no script, form, frame or plug-in; pictures
    # come from the sites themselves. `sandbox` without allow-scripts also stops <meta http-equiv=refresh>.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src http: https:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-downloads"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def create_app(store: Store, config: Config, sites: Callable[[], Mapping[str, Site]]) -> FastAPI:
    """The web app over a store. `sites` gives the catalogue as it is now, by id, and the very same mapping until it
    changes; the caller keeps the store open."""
    search = SearchIndex.of(config, store)
    app = FastAPI(title="Bantin", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_keeping(search))
    address = config.base_url or f"http://{config.web_host}:{config.web_port}"
    shelf = Shelf(store, search, sites, address.rstrip("/"))
    problems.install(app)
    access.install(app, store, config)
    app.add_middleware(_Headers)
    app.include_router(feeds.routes(shelf, config.websub_hubs))
    app.include_router(opml.routes(shelf))
    app.include_router(export.routes(shelf))
    sender = Sender(config.user_agent)
    app.include_router(webhooks.routes(shelf, sender, lambda request: principal_of(request).consumer))
    app.mount("/static", StaticFiles(directory=STATIC))
    _add_pages(app, shelf)
    return app


def _keeping(search: SearchIndex) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Keeps the index up to date for as long as the app answers."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        search.start()
        yield
        await asyncio.to_thread(search.close)

    return lifespan


def _add_pages(app: FastAPI, shelf: Shelf) -> None:
    @app.api_route("/", methods=["GET", "HEAD"])
    def home(request: Request, site: str = "", after: str = "") -> HTMLResponse:
        selection = selection_of(request)
        found = shelf.latest(selection, _PAGE, after)
        older = found.next
        sites = shelf.store.articles.sites()
        page = contexts.home(frame_of(request), found.articles, shelf.names, site, sites, older)
        return HTMLResponse(render("home.html", page))

    @app.api_route("/articles/{id}", methods=["GET", "HEAD"])
    def article(request: Request, id: str) -> HTMLResponse:
        page = contexts.article(frame_of(request), shelf.article(id), shelf.names)
        return HTMLResponse(render("article.html", page))

    @app.api_route("/healthz", methods=["GET", "HEAD"])
    def healthz() -> dict[str, str]:
        shelf.store.ping()
        return {"status": "ok"}


class _Headers:
    """Puts the headers on every answer, errors too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                if scope["path"].startswith("/static/") and scope["query_string"]:
                    headers["Cache-Control"] = "public, max-age=31536000, immutable"
            await send(message)

        await self.app(scope, receive, with_headers)
