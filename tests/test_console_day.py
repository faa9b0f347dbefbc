"""A morning of an operator at the console, in a real browser, with a real scheduler at the other end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from config import Config
from demo.server import Demo
from news.control import ControlKind, ControlState
from news.health import Fact, HealthState, Memory
from news.report import Fate, RunReport, RunState
from news.schedule import Schedule, ScheduleMode
from news.site import Site
from news.users import Role
from scheduler import Scheduler
from storage.connect import Store
from tests.browser import browser, needs_browser
from tests.served import served
from tests.web.accounts import COOKIES, sign_in
from tests.web.console.judged import HOUR, NOW, judge
from web.app import create_app

__all__ = ["browser"]
pytestmark = needs_browser

SHOTS = Path(__file__).resolve().parent.parent / "build" / "screenshots"
WAIT = 20_000  # milliseconds; machines are shared
LOST = (Fact("failed_runs", 2, 0, True), Fact("errors", "timeout 6", None, True))
WIDEST = """() => [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.outerHTML.slice(0, 120)).slice(0, 5)"""


@dataclass
class Room:
    """The portals, the store, the app, and pages of it in which an operator is signed in."""

    sites: dict[str, Site]
    store: Store
    config: Config
    browser: Any
    base: str = ""
    contexts: list[Any] = field(default_factory=list)

    def page(self, scheme: str = "light", *, bypass_csp: bool = False) -> Any:
        """A page that notes in `wrong` what goes wrong in it."""
        ticket = sign_in(self.store, Role.OPERATOR, "minh")
        context = self.browser.new_context(
            viewport={"width": 1440, "height": 900}, base_url=self.base, color_scheme=scheme, bypass_csp=bypass_csp
        )
        context.set_default_timeout(WAIT)
        context.add_cookies([{"name": COOKIES[0], "value": ticket.secret, "url": self.base}])
        self.contexts.append(context)
        page = context.new_page()
        page.wrong = []
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on("console", lambda said: page.wrong.append(said.text) if said.type == "error" else None)
        return page

    def eventually(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + WAIT / 1000
        while not true():
            assert time.monotonic() < deadline, "it did not come about"
            time.sleep(0.05)

    def shot(self, page: Any, name: str) -> None:
        """Keeps what the screen shows, to be looked at."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        # Else Playwright hides the caret by a style of its own, which the policy of the page forbids.
        page.screenshot(path=SHOTS / f"console-{name}.png", caret="initial")


@pytest.fixture
def room(store: Store, config: Config, browser: Any) -> Iterator[Room]:
    with Demo(base_port=0) as demo:
        hourly = Schedule(ScheduleMode.INTERVAL, every_minutes=60, jitter_seconds=0)
        found = (demo.site(id) for id in ("demo-mst", "demo-nhandan"))
        sites = {site.id: replace(site, schedule=hourly) for site in found}
        room = Room(sites, store, replace(config, mongodb_uri=store.uri), browser)
        # Crawled a moment ago, so that nothing begins by itself.
        store.runs.finish(RunReport("r-0", "demo-mst", NOW - HOUR / 60, RunState.DONE, NOW - HOUR / 90, new=2))
        judge(store, "demo-mst", HealthState.HEALTHY, Fact("last_new", NOW), memory=Memory(last=NOW, success=NOW))
        judge(store, "demo-nhandan", HealthState.BROKEN, *LOST, memory=failing(store), retry=NOW + 2 * HOUR)
        app = create_app(store, room.config, lambda: room.sites)
        with served(app) as room.base:
            yield room
        for context in room.contexts:
            context.close()


def failing(store: Store) -> Memory:
    """Two crawls in vain, an hour apart, and what is remembered of them."""
    memory = Memory()
    for n, before in enumerate((2 * HOUR, HOUR)):
        run = RunReport(
            f"lost-{n}", "demo-nhandan", NOW - before, RunState.DONE, NOW - before + HOUR / 60,
            sources={"https://nhandan.vn/rss": Fate.FAILED}, reasons={"timeout": 3},
        )  # fmt: skip
        store.runs.finish(run)
        memory = memory.learn(run)
    return memory


def test_the_morning_of_an_operator(room: Room) -> None:
    scheduled = list(room.sites.values())
    with Scheduler(lambda: scheduled, room.config, room.store) as scheduler:
        room.eventually(lambda: scheduler.next_runs().keys() == room.sites.keys())
        page = room.page()
        the_table_shows_what_needs_somebody(room, page)
        a_site_is_opened_by_keyboard(page)
        another_schedule_is_tried_and_taken(room, page, scheduler)
        it_is_run_now(room, page)
        it_is_paused_and_resumed(room, page)
        the_table_has_heard_of_it(room, page)
        refused = [said for said in page.wrong if "422" not in said]  # the schedule that cannot be
        assert refused == []


def the_table_shows_what_needs_somebody(room: Room, page: Any) -> None:
    page.goto("/console")
    assert page.locator("tr[data-row] th a").all_inner_texts()[0] == room.sites["demo-nhandan"].name
    assert page.locator(".warn").count() == 0, "a scheduler is at work"
    room.shot(page, "table")
    page.keyboard.press("/")
    page.keyboard.type("cong nghe")
    page.wait_for_url("**q=cong*")
    room.eventually(lambda: page.locator("tr[data-row]").count() == 1)
    room.shot(page, "filtered")
    page.keyboard.press("Enter")
    room.eventually(lambda: page.evaluate("document.activeElement === document.body"))


def a_site_is_opened_by_keyboard(page: Any) -> None:
    page.keyboard.press("?")
    page.wait_for_selector("#help[open]")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/sites/demo-mst")


def another_schedule_is_tried_and_taken(room: Room, page: Any, scheduler: Scheduler) -> None:
    before = page.locator("#ahead li").all_inner_texts()
    page.check("[name=mode][value=cron]")
    page.fill("#cron", "61 6 * * *")
    page.wait_for_selector("#ahead .wrong")
    page.fill("#cron", "15 6,17 * * *")
    clocks = page.locator("#ahead b")
    room.eventually(lambda: all(clock.endswith(":15") for clock in clocks.all_inner_texts()[1:] or ["?"]))
    after = page.locator("#ahead li").all_inner_texts()
    assert (len(before), len(after), before != after) == (10, 10, True)
    room.shot(page, "schedule")
    page.click("text=Dùng lịch này")
    page.wait_for_selector("#schedule mark:has-text('minh')")
    page.wait_for_selector(".toast:has-text('Lịch này đang có hiệu lực')")
    minute = scheduler.next_runs()["demo-mst"].minute
    assert (minute, room.store.standing.get("demo-mst").scheduled_by) == (15, "minh")
    page.click("#schedule button[hx-params=file]")
    page.wait_for_selector("#schedule mark", state="detached")
    assert room.store.standing.get("demo-mst").schedule is None


def it_is_run_now(room: Room, page: Any) -> None:
    page.keyboard.press("r")
    page.wait_for_selector("#asked [data-control=done]:has-text('Chạy ngay')")
    page.wait_for_selector("#now .run[data-run=running], #now .run:has-text('Xong')")
    room.shot(page, "run-now")
    room.eventually(lambda: room.store.runs.find("demo-mst", 1)[0].new > 30)
    page.wait_for_selector("#now .run[data-run=done]")
    report = room.store.runs.find("demo-mst", 1)[0]
    page.wait_for_selector(f"#runs a[href$='{report.id}']")  # the rest of the page has heard of it
    page.wait_for_selector(f"#runs tr:has(a[href$='{report.id}']) .run[data-run=done]")
    (control,) = [one for one in room.store.controls.of("demo-mst") if one.kind is ControlKind.RUN]
    assert (control.state, control.by) == (ControlState.DONE, "minh")


def it_is_paused_and_resumed(room: Room, page: Any) -> None:
    page.click("#pausing summary")
    page.fill("#pause-reason", "cổng thông tin bảo trì")
    page.click("#pausing form button")
    page.wait_for_selector("#now .held:has-text('Tạm dừng')")
    paused = room.store.standing.get("demo-mst").paused
    assert paused is not None
    assert (paused.by, paused.reason) == ("minh", "cổng thông tin bảo trì")
    page.wait_for_selector("#now .because:has-text('bảo trì')")
    page.wait_for_selector("#history .state:has-text('Tạm dừng')")
    room.shot(page, "paused")
    page.click("#pausing button:has-text('Chạy tiếp')")
    page.wait_for_selector("#now .held", state="detached")
    page.wait_for_selector("#pausing summary")
    page.wait_for_selector("#history li:first-child .state:has-text('→ Bình thường')")
    room.shot(page, "site")


def the_table_has_heard_of_it(room: Room, page: Any) -> None:
    page.goto("/console")
    page.focus("#open-demo-nhandan")
    order = page.locator("tr[data-row]").evaluate_all("rows => rows.map(row => row.id)")
    judge(room.store, "demo-mst", HealthState.BLOCKED, Fact("let_in", 0.1, 0.98, True))
    page.wait_for_selector("#site-demo-mst[data-state=blocked]")
    page.wait_for_selector(".moved:has-text('đổi tình trạng')")
    assert page.locator("tr[data-row]").evaluate_all("rows => rows.map(row => row.id)") == order, "nothing jumps"
    assert page.evaluate("document.activeElement.id") == "open-demo-nhandan"
    page.click(".moved button")
    page.wait_for_selector(".moved", state="detached")


def test_the_console_is_for_everybody(room: Room) -> None:
    from axe_playwright_python.sync_playwright import Axe

    pages = {"table": "/console", "empty": "/console?q=khongco", "site": "/console/sites/demo-mst"}
    for scheme in ("light", "dark"):
        page = room.page(scheme, bypass_csp=True)  # axe is a script
        for name, path in pages.items():
            page.goto(path)
            rules = {} if scheme == "light" else {"runOnly": ["color-contrast"]}
            found = Axe().run(page, options={"resultTypes": ["violations"], **rules}).response["violations"]
            wrong = [(row["id"], [node["html"][:200] for node in row["nodes"]][:3]) for row in found]
            assert not wrong, (name, scheme, wrong)
            for width in (640, 320):
                page.set_viewport_size({"width": width, "height": 800})
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, (name, width, wide, page.evaluate(WIDEST))
            room.shot(page, f"phone-{name}-{scheme}")
            page.set_viewport_size({"width": 1280, "height": 900})
