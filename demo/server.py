"""Runs the portals: one event loop in a thread, one port a portal, and the control calls for tests over HTTP."""

from __future__ import annotations

import asyncio
import json
import os
import re
import threading
import tomllib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from demo.portal import Portal
from demo.specs import portal_specs
from demo.truth import DemoArticle
from demo.wire import Request, Response, Wire
from demo.writer import all_articles
from news.errors import BantinError
from news.site import Site

HOST = "127.0.0.1"
BASE_PORT = 8801
CONTROL = "/_control/"
_SITE_FILES = Path(__file__).resolve().parent.parent / "spiders" / "sites"


class Demo:
    """The sample portals on loopback, from `with Demo() as demo` to its end. `base_port=0` takes free ports.

    `portals` by id; `sites` are the site files of spiders/sites with the ports in use.
    """

    def __init__(self, base_port: int = BASE_PORT) -> None:
        self.base_port = base_port
        self.portals: dict[str, Portal] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="demo-portals", daemon=True)
        self._servers: list[asyncio.Server] = []
        self._connected: set[asyncio.Transport] = set()

    @property
    def sites(self) -> list[Site]:
        """The demo's site files, with the addresses of these portals."""
        return [_site(portal) for portal in self.portals.values()]

    def site(self, portal: str) -> Site:
        return _site(self.portals[portal])

    def publish(self, portal: str, **fields: Any) -> DemoArticle:
        """See Portal.publish."""
        return self.portals[portal].publish(**fields)

    def edit(self, portal: str, which: str | int, **fields: Any) -> DemoArticle:
        """See Portal.edit."""
        return self.portals[portal].edit(which, **fields)

    def delete(self, portal: str, which: str | int, how: str = "") -> DemoArticle:
        """See Portal.delete."""
        return self.portals[portal].delete(which, how)

    def restore(self, portal: str, which: str | int) -> DemoArticle:
        """See Portal.restore."""
        return self.portals[portal].restore(which)

    def syndicate(
        self, frm: str, which: str | int, to: str, *, hours: float,
        lead: str | None = None, paragraph: str | None = None,
    ) -> DemoArticle:  # fmt: skip
        """Portal `to` takes an article of portal `frm` over, so many hours after it; see Portal.take_over."""
        origin = self.portals[frm].article(which)
        return self.portals[to].take_over(origin, hours=hours, lead=lead, paragraph=paragraph)

    def reset_counters(self) -> None:
        """Forget which requests came."""
        for portal in self.portals.values():
            portal.requests.clear()

    def __enter__(self) -> Demo:
        self._thread.start()
        try:
            for place, spec in enumerate(portal_specs()):
                port = self.base_port + place if self.base_port else 0
                asyncio.run_coroutine_threadsafe(self._open(spec.id, port), self._loop).result()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop answering; open connections are cut."""
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self, portal: str, port: int) -> None:
        try:
            server = await self._loop.create_server(lambda: Wire(self._handler(portal), self._connected), HOST, port)
        except OSError as error:
            raise BantinError(
                f"The demo portal {portal} cannot listen on {HOST}:{port}: {os.strerror(error.errno or 0)}.",
                "Stop what uses that port, or give the demo another first port (python -m demo --port N).",
            ) from None
        self._servers.append(server)
        spec = next(spec for spec in portal_specs() if spec.id == portal)
        netloc = f"{HOST}:{server.sockets[0].getsockname()[1]}"
        self.portals[portal] = Portal(spec, all_articles()[portal], netloc)

    async def _stop(self) -> None:
        for server in self._servers:
            server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for transport in list(self._connected):
            transport.abort()
        await asyncio.sleep(0)

    def _handler(self, portal: str) -> Callable[[Request], Response]:
        def handle(request: Request) -> Response:
            if request.target.startswith(CONTROL):
                return control(self, self.portals[portal], request)
            return self.portals[portal].respond(request)

        return handle


def control(demo: Demo, portal: Portal, request: Request) -> Response:
    """The control calls of a portal, JSON in and out: POST to publish, edit, delete, restore, syndicate (`which` of its
    articles, `to` which portal, `hours`, `lead`, `paragraph`) and so on, GET for `requests`."""
    verb = request.target.removeprefix(CONTROL)
    try:
        given = json.loads(request.body or b"{}")
        if verb == "requests":
            return _json(dict(portal.requests))
        if request.method != "POST" or verb not in _VERBS:
            return _json({"error": f"There is no control call {request.method} {verb}."}, 404)
        return _json(_VERBS[verb](demo, portal, given))
    except (BantinError, ValueError, TypeError, KeyError) as error:
        return _json({"error": str(error)}, 400)


def _told(portal: Portal, article: DemoArticle) -> dict[str, Any]:
    return {
        "number": article.number, "path": article.path, "url": portal.url(article), "title": article.title,
        "lead": article.lead, "body": list(article.body), "published": article.published.isoformat(),
    }  # fmt: skip


def _with_moment(given: dict[str, Any]) -> dict[str, Any]:
    moment = {"published": datetime.fromisoformat(given["published"])} if "published" in given else {}
    return {**given, **moment}


def _syndicate(demo: Demo, portal: Portal, given: dict[str, Any]) -> dict[str, Any]:
    to, which = given.pop("to"), given.pop("which")
    return _told(demo.portals[to], demo.syndicate(portal.spec.id, which, to, **given))


def _set_latency(demo: Demo, portal: Portal, given: dict[str, Any]) -> dict[str, Any]:
    portal.latency = float(given["seconds"])
    return {"latency": portal.latency}


def _set_fault(demo: Demo, portal: Portal, given: dict[str, Any]) -> dict[str, Any]:
    portal.fault(given["pattern"], given["name"], given.get("times"))
    return {"fault": given["name"]}


def _mend(demo: Demo, portal: Portal, given: dict[str, Any]) -> dict[str, Any]:
    portal.mend()
    return {"fault": None}


_VERBS: dict[str, Callable[[Demo, Portal, dict[str, Any]], dict[str, Any]]] = {
    "publish": lambda demo, portal, given: _told(portal, portal.publish(**_with_moment(given))),
    "syndicate": _syndicate,
    "edit": lambda demo, portal, given: _told(portal, portal.edit(given.pop("which"), **given)),
    "delete": lambda demo, portal, given: _told(portal, portal.delete(**given)),
    "restore": lambda demo, portal, given: _told(portal, portal.restore(**given)),
    "fault": _set_fault,
    "mend": _mend,
    "latency": _set_latency,
}


def _json(data: dict[str, Any], status: int = 200) -> Response:
    return Response(status, json.dumps(data, ensure_ascii=False).encode(), "application/json")


def _site(portal: Portal) -> Site:
    text = (_SITE_FILES / f"{portal.spec.id}.toml").read_text("utf-8")
    return Site.parse(tomllib.loads(re.sub(rf"{re.escape(HOST)}:\d+", portal.netloc, text)))
