"""Runs, what goes on, and one address, as an operator sees them in a browser; the pictures are kept."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import config as settings
from config import Config
from demo.server import Demo
from news.control import ControlKind
from news.report import Fate, RunReport, RunState
from news.runlog import LogLine
from news.site import Site
from news.users import Role
from storage.connect import Store, open_store
from storage.engine import Station
from storage.leases import SCHEDULER
from storage.owner import Owner
from tests.browser import Bare, browser, needs_browser, serving
from tests.web.accounts import COOKIES, sign_in
from tests.web.console.ran import Ran, portal, ran
from web.app import create_app

__all__ = ["browser"]
pytestmark = needs_browser
SHOTS = Path(os.environ.get("BANTIN_SCREENSHOTS") or Path(__file__).parents[3] / "build" / "screenshots")
PHONE = {"width": 360, "height": 740}
# Whether name, language and the way out stand in one line, and nothing of the head is beyond an edge.
IN_LINE = """() => {
  const head = document.querySelector(".masthead"), boxes = [".name", ".language", ".workplace form"]
    .map(one => head.querySelector(one).getBoundingClientRect());
  return Math.max(...boxes.map(box => box.top)) < Math.min(...boxes.map(box => box.bottom))
    && [...head.querySelectorAll("a")].map(one => one.getBoundingClientRect()).every(box => !box.width || box.x >= 4);
}"""


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with portal() as running:
        yield running


@pytest.fixture(scope="module")
def store(mongod_uri: str) -> Iterator[Store]:
    config = settings.load({"MONGODB_URI": mongod_uri, "BANTIN_DATABASE": "console_work"})
    with open_store(config) as opened:
        yield opened
        opened._client.drop_database("console_work")


@pytest.fixture(scope="module")
def config(mongod_uri: str) -> Config:
    return settings.load({"MONGODB_URI": mongod_uri, "BANTIN_DATABASE": "console_work"})


@pytest.fixture(scope="module")
def crawled(store: Store, config: Config, demo: Demo) -> Ran:
    """A real crawl, beside runs that ended otherwise."""
    found, now = ran(store, config, demo), datetime.now(UTC)
    others = (
        (RunState.KILLED, "minh stopped it. The next one goes on.", {"timeout": 3}),
        (RunState.FAILED, "Sources that could not be read: https://x.vn/rss cannot be had.", {"blocked-page": 12}),
        (RunState.SKIPPED, "The crawl was due again while the one before was still running.", {}),
        (RunState.DONE, "", {"no-text": 14, "offsite": 5, "denied-url": 2}),
    )
    for n, (state, error, reasons) in enumerate(others * 4, start=1):
        begun = now - timedelta(hours=3 * n)
        counts = {"requests": 90, "pages": 60, "new": 4 + n, "updated": 2, "unchanged": 50, "articles": 57}
        report = RunReport(
            f"{found.site.id}-{n}", found.site.id, begun, state, begun + timedelta(seconds=40 + n), **counts
        )
        sources = {"https://x.vn/rss": Fate.READ, "https://x.vn/tin": Fate.EMPTY}
        store.runs.finish(replace(report, reasons=reasons, error=error, sources=sources, memory=212_000_000, listed=80))
    return found


@pytest.fixture(scope="module")
def going(store: Store, crawled: Ran, demo: Demo) -> RunReport:
    """A run under way, as its process would tell of it, beside what waits."""
    site, now = crawled.site, datetime.now(UTC)
    lease = store.leases.acquire(SCHEDULER, Owner.here("s1"), 3600)
    assert lease is not None
    waiting = {"demo-noivu": now - timedelta(seconds=20), "demo-nhandan": now - timedelta(seconds=5)}
    store.engine.tell(Station(lease.token, 2, 1, 900, waiting))
    report = RunReport("r-live", site.id, now - timedelta(minutes=2), requests=64, pages=41, new=7, updated=2)
    report = replace(report, last_url=f"{site.home}tin-tuc/mot-bai-dang-doc.html", reasons={"no-text": 2})
    store.runs.start(report)
    lines = [
        LogLine(n, now, "WARNING" if n % 9 == 4 else "INFO", "bantin.crawler", f"{site.id}: {site.home}bai-{n}: new")
        for n in range(40)
    ]
    store.run_logs.write(report.id, now, lines)
    store.controls.ask("demo-noivu", ControlKind.RUN, "lan", now)
    return report


@pytest.fixture(scope="module")
def app(store: Store, config: Config, demo: Demo) -> Any:
    sites: dict[str, Site] = {id: demo.site(id) for id in demo.portals}
    return create_app(store, config, lambda: sites)


@pytest.fixture
def page(app: Any, store: Store, browser: Any) -> Iterator[Any]:
    """A page of a browser in which an operator is signed in, and nothing but our own app answers."""
    with opened(app, store, browser) as page:
        yield page


@pytest.fixture
def bare(app: Any, store: Store, browser: Any) -> Iterator[Any]:
    """The same without the policy, for axe is a script."""
    with opened(Bare(app), store, browser) as page:
        yield page


@contextmanager
def opened(app: Any, store: Store, browser: Any) -> Iterator[Any]:
    with serving(app) as base:
        context = browser.new_context(viewport={"width": 1360, "height": 900}, base_url=base, locale="vi-VN")
        context.route("**/*", lambda route: route.continue_() if route.request.url.startswith(base) else route.abort())
        secret = sign_in(store, Role.OPERATOR, "minh").secret
        context.add_cookies([{"name": COOKIES[0], "value": secret, "url": base}])
        yield context.new_page()
        context.close()


def violations(page: Any) -> list[tuple[str, list[str]]]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        (row["id"], [node["html"][:160] for node in row["nodes"]][:3])
        for row in found
        if row["impact"] in ("serious", "critical")
    ]


def shot(page: Any, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(SHOTS / f"console-{name}.png"), full_page=True)


def test_every_page_keeps_nobody_out_and_holds_together_when_small_or_dark(
    bare: Any, crawled: Ran, going: RunReport
) -> None:
    page, found, wide, heads = bare, {}, {}, {}
    pages = {
        "runs": "/console/runs",
        "run": f"/console/runs/{crawled.run.id}",
        "run-live": f"/console/runs/{going.id}",
        "urls": f"/console/sites/{crawled.site.id}/urls/{next(iter(crawled.run.reasons))}",
        "live": "/console/live",
        "why": f"/console/why?url={crawled.ill['blank']}",
    }
    for name, path in pages.items():
        page.set_viewport_size({"width": 1360, "height": 900})
        page.emulate_media(color_scheme="light")
        page.goto(path)
        found[name, "light"] = violations(page)
        shot(page, name)
        page.emulate_media(color_scheme="dark")
        found[name, "dark"] = violations(page)
        shot(page, f"{name}-dark")
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="light")
        wide[name] = page.evaluate("document.documentElement.scrollWidth") - PHONE["width"]
        heads[name] = page.evaluate(IN_LINE)
        shot(page, f"{name}-phone")
    assert not any(found.values()), {key: rows for key, rows in found.items() if rows}
    assert not [name for name, over in wide.items() if over > 0], wide
    assert all(heads.values()), "the language does not stand alone in a line of the head"


def test_what_goes_on_is_seen_without_a_reload_and_is_held_still_by_a_key(
    page: Any, store: Store, crawled: Ran, going: RunReport
) -> None:
    page.goto("/console/live")
    page.locator("#live-said", has_text="1 lượt đang chạy").wait_for(state="attached")
    page.locator("#crawl-r-live a").focus()
    store.runs.progress(replace(going, pages=55, requests=90))
    page.locator("#crawl-r-live dd", has_text="55").wait_for()
    assert page.evaluate("document.activeElement.id") == "open-r-live", "the focus stays where it was"

    page.keyboard.press("p")
    assert page.locator("#hold").is_checked()

    page.keyboard.press("Enter")
    page.locator("#log li", has_text="bai-39").wait_for()
    store.run_logs.write(
        going.id, going.started, [LogLine(n, going.started, "INFO", "x", f"line {n}") for n in range(45)]
    )
    page.locator("#log li", has_text="line 44").wait_for()
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#stop").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Đã yêu cầu ngắt").wait_for()
    store.runs.finish(replace(going, state=RunState.KILLED, finished=going.started, error="minh stopped it."))
    page.get_by_text("minh stopped it.").wait_for()
    page.locator("#run-now:not([hx-get])").wait_for()


def test_a_log_is_searched_as_one_types(page: Any, crawled: Ran) -> None:
    page.goto(f"/console/runs/{crawled.run.id}")
    page.keyboard.press("/")
    page.keyboard.type("503")
    page.locator("#log li:only-child").wait_for()
    assert crawled.ill["503"] in page.locator("#log").inner_text()
