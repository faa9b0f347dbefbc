"""Pages made by scripts: scrapy-playwright with the system's Chromium, on a leash, behind the guarded proxy."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError
from scrapy.http import Request, Response

from config import Config
from crawler.failures import RefusedRequest
from crawler.guard import GuardedDownloadHandler
from crawler.leash import MEMORY_LIMIT, Leash, Slot, find_chromium
from crawler.proxy import GuardedProxy
from news.addresses import Doors, PrivateAddress
from news.addresses import check as check_address
from news.errors import BantinError, Reason
from news.site import Site

if TYPE_CHECKING:
    from crawler.ledger import StoreLedger

log = logging.getLogger("bantin.browser")

# What a page needs to show its text, and no more.
_LOADED = frozenset({"document", "script", "stylesheet", "xhr", "fetch"})
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST"})  # POST is how many of them ask for their data
# Scripts that poll never come to rest; after this the page is taken as it stands.
_SETTLE_SECONDS = 8.0
_CLOSE_SECONDS = 5.0
_WATCH_SECONDS = 0.5
# A page with its scripts and data may bring so many times what one response may.
_PAGE_ALLOWANCE = 4
# Ways to the network that go past a proxy.
_NO_DETOURS = (
    "for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport']) delete window[name];"
)
_CONTEXT = {
    "accept_downloads": False,
    "service_workers": "block",  # their requests would be nobody's
    "locale": "vi-VN",
    "timezone_id": "Asia/Ho_Chi_Minh",
    "permissions": [],
}
_BROWSER = "chromium"
# How Playwright begins what it tells of a browser that did not start, and marks what that said itself.
_LAUNCH, _STDERR = "BrowserType.launch:", re.compile(r"\[err\] (.+)")


def check(config: Config) -> None:
    """Raises BantinError that says how to get what is missing for a site that needs a browser."""
    if not sys.platform.startswith("linux"):
        raise BantinError("Sites that need a browser are crawled on Linux only.", "Crawl this site on such a machine.")
    if find_spec("scrapy_playwright") is None or find_spec("playwright") is None:
        raise BantinError(
            "The site needs a browser, and the packages that drive one are missing.", "pip install 'bantin[browser]'"
        )
    find_chromium(config.chromium)


class BrowserDownloadHandler(GuardedDownloadHandler):
    """Opens in a browser what is asked for with meta["browser"], one page at a time, and fetches all else as ever.

    Budgets of its own: BANTIN_BROWSER_PAGES a crawl, BANTIN_BROWSER_SECONDS a page, BANTIN_BROWSERS on the machine.
    The browser is started for the first page.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._crawl = crawler
        self._config: Config = crawler.settings["CONFIG"]
        self._site: Site = crawler.spider.site  # type: ignore[union-attr]
        self._max_bytes = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._turn = asyncio.Lock()
        self._pages = 0
        self._engine: _Engine | None = None

    async def download_request(self, request: Request) -> Response:
        """See the base class. Raises RefusedRequest behind the budget, DownloadTimeoutError for a page too slow."""
        if not request.meta.get("browser"):
            return await super().download_request(request)
        async with self._turn:
            self._pages += 1
            if self._pages > self._config.browser_pages:
                detail = f"{self._config.browser_pages} pages were opened in a browser (BANTIN_BROWSER_PAGES)"
                raise RefusedRequest(Reason.BROWSER, detail)
            if self._engine is None:
                self._engine = _Engine(self._crawl, self._config, self._site)
                await self._engine.start()
            return self._checked(await self._opened(request, self._engine))

    async def _opened(self, request: Request, engine: _Engine) -> Response:
        engine.proxy.allowance = _PAGE_ALLOWANCE * self._max_bytes
        engine.proxy.refused.clear()
        try:
            response = await asyncio.wait_for(engine.open(request), self._config.browser_seconds)
        except TimeoutError:
            await engine.clear()
            raise DownloadTimeoutError(f"{request.url} took more than {self._config.browser_seconds:g} s") from None
        except Exception as error:
            if str(error).startswith(_LAUNCH):  # no fault of the site: it ends the crawl, and says so
                cast("StoreLedger", self._crawl.spider.ledger).lose(_why_not(str(error)))  # type: ignore[union-attr]
                raise
            await engine.clear()
            self._blame_the_guard(request.url, engine)
            raise
        if response.status == 403:
            self._blame_the_guard(response.url, engine)
        return response

    def _blame_the_guard(self, url: str, engine: _Engine) -> None:
        """Raises PrivateAddress where it was the proxy that would not have the page itself."""
        refused = engine.proxy.refused
        host = urlsplit(url).hostname or ""
        # A redirect leaves the address that was asked for; then it is the only one that was refused.
        host = host if host in refused else next(iter(refused), "")
        if host:
            raise PrivateAddress(host, refused[host], "which the browser must not reach")

    def _checked(self, response: Response) -> Response:
        if not self._site.owns(response.url):
            raise RefusedRequest(Reason.OFFSITE, f"{response.url} is not on a host of {self._site.id}")
        if len(response.body) > self._max_bytes:
            raise DownloadCancelledError(f"{response.url} has {len(response.body)} bytes")
        return response

    async def close(self) -> None:
        """Ends the browser and whatever it has started."""
        if self._engine is not None:
            await self._engine.close()
        await super().close()


class _Engine:
    """A browser from its start to its end."""

    def __init__(self, crawler: Crawler, config: Config, site: Site) -> None:
        self._crawler = crawler
        self._config = config
        self._site = site
        self._leash = Leash()
        self._slot = Slot(config.browsers)
        self._handler: Any = None
        self._watching: asyncio.Task[None] | None = None
        self.proxy = GuardedProxy(self._judge, 0)

    async def start(self) -> None:
        from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

        await self._slot.take()
        port = await self.proxy.start()
        self._leash_driver()
        handler = self._handler = ScrapyPlaywrightDownloadHandler(self._crawler)
        handler.config.launch_options = self._launch_options(port)
        handler.config.max_pages_per_context = 1
        handler.config.target_closed_max_retries = 0
        handler.config.navigation_timeout_ms = self._config.browser_seconds * 1000
        handler.abort_request = _is_needless
        await handler._launch()  # it waits for the start of the engine, which is over
        self._watching = asyncio.ensure_future(self._watch())

    async def open(self, request: Request) -> Response:
        """The page as it is when its scripts have come to rest."""
        from scrapy_playwright.page import PageMethod

        headers = {name: value for name, value in request.headers.items() if not name.lower().startswith(b"if-")}
        meta = {
            **request.meta,
            "playwright": True,
            "playwright_context_kwargs": {**_CONTEXT, "user_agent": self._agent(request)},
            "playwright_page_init_callback": _prepare,
            "playwright_page_goto_kwargs": {"wait_until": "domcontentloaded"},
            "playwright_page_methods": [PageMethod(_settle)],
        }
        asked = request.replace(meta=meta, headers=headers)
        response: Response = await self._handler.download_request(asked)
        request.meta["download_latency"] = asked.meta.get("download_latency", 0.0)
        return response.replace(request=request)

    async def clear(self) -> None:
        """Closes a page that came to nothing; a browser that cannot even do that is killed, and started anew."""
        try:
            for wrapper in list(self._handler.context_wrappers.values()):
                for page in list(wrapper.context.pages):
                    await asyncio.wait_for(page.close(), _CLOSE_SECONDS)
        except Exception as error:
            log.warning("%s: the browser does not answer (%r) and is started anew.", self._site.id, error)
            self._leash.kill(_BROWSER)
            await asyncio.sleep(_WATCH_SECONDS)  # until the handler has heard of it

    async def close(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
        if self._handler is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(self._handler.close(), 2 * _CLOSE_SECONDS)
        self._leash.kill(_BROWSER)
        await self.proxy.close()
        self._leash.remove()
        self._slot.give_back()

    async def _watch(self) -> None:
        """Kills a browser that takes too much memory; its page fails, and the next one gets a new browser."""
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            used = await asyncio.to_thread(self._leash.memory, _BROWSER)
            if used > MEMORY_LIMIT:
                log.warning("%s: the browser took %d MB and was killed.", self._site.id, used // 1_000_000)
                self._leash.kill(_BROWSER)

    def _judge(self, host: str, port: int, address: str) -> bool:
        """Public addresses, and of private ones only those that the site's file opens."""
        try:
            check_address(host, port, [address], Doors.of(self._site))
        except PrivateAddress:
            return False
        return True

    def _leash_driver(self) -> None:
        from playwright._impl._driver import compute_driver_executable

        os.environ.pop("PLAYWRIGHT_NODEJS_PATH", None)
        node = compute_driver_executable()[0]
        os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(self._leash.wrapped("driver", node))

    def _launch_options(self, port: int) -> dict[str, Any]:
        arguments = [
            f"--proxy-server=http://127.0.0.1:{port}",
            "--proxy-bypass-list=<-loopback>",
            # The browser looks nothing up itself, not even ahead of time.
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
            "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
            "--disable-quic",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--blink-settings=imagesEnabled=false",
            "--renderer-process-limit=1",
            "--disk-cache-size=20000000",
            "--js-flags=--max-old-space-size=384",
            f"--bantin-site={self._site.id}",  # says in a list of processes whose it is
        ]
        return {
            "executable_path": str(self._leash.wrapped(_BROWSER, find_chromium(self._config.chromium))),
            "args": arguments,
            # Chromium's own sandbox does not work for root, who should not run crawls outside of a container.
            "chromium_sandbox": self._config.chromium_sandbox and os.geteuid() != 0,
            "downloads_path": str(self._leash.folder),
            "handle_sigint": False,
            "handle_sigterm": False,
            "handle_sighup": False,
            "timeout": 30_000,
        }

    def _agent(self, request: Request) -> str:
        own = request.headers.get("User-Agent")
        return own.decode("latin-1") if own else str(self._crawler.settings["USER_AGENT"])


def _why_not(said: str) -> BantinError:
    """Why a browser did not start, by what Playwright says of it, and what to do."""
    if "No usable sandbox" in said:
        return BantinError(
            "Chromium cannot shut pages in: this machine lets it have no user namespaces.",
            "Allow them; or set BANTIN_CHROMIUM_SANDBOX=0 in a container that shuts everything in itself.",
        )
    own = _STDERR.findall(said) or said.splitlines()
    return BantinError(f"Chromium does not start: {own[0].strip()[:300]}.", "Start it by hand, or set BANTIN_CHROMIUM.")


def _is_needless(request: Any) -> bool:
    """Whether a request of the page is not sent: pictures, fonts, media, and what is no reading."""
    if not request.url.startswith(("http://", "https://", "data:", "blob:")):
        return True
    return request.resource_type not in _LOADED or request.method not in _METHODS


async def _prepare(page: Any, request: Request) -> None:
    await page.add_init_script(_NO_DETOURS)


async def _settle(page: Any) -> None:
    from playwright.async_api import TimeoutError as NotSettled

    with contextlib.suppress(NotSettled):
        await page.wait_for_load_state("networkidle", timeout=_SETTLE_SECONDS * 1000)
