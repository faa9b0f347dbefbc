"""Whoever reads or types at the console is left in peace by what keeps itself up to date, and is told when it no longer
does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from demo.server import Demo
from news.report import RunReport, RunState
from news.users import Role
from storage.connect import Store
from tests.browser import browser, needs_browser, serving
from tests.web.accounts import COOKIES, sign_in
from tests.web.console.ran import PORTAL, portal
from web.app import create_app

__all__ = ["browser"]
pytestmark = needs_browser
RUN = RunReport("r-1", PORTAL, datetime.now(UTC), RunState.DONE, datetime.now(UTC), new=2, articles=2, confidence=0.9)
PAGE = f"/console/sites/{PORTAL}"


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with portal() as running:
        yield running


@contextmanager
def opened(store: Store, config: Any, demo: Demo, browser: Any) -> Iterator[Any]:
    sites = {PORTAL: demo.site(PORTAL)}
    with serving(create_app(store, config, lambda: sites)) as base:
        context = browser.new_context(base_url=base, locale="vi-VN")
        secret = sign_in(store, Role.OPERATOR, "minh").secret
        context.add_cookies([{"name": COOKIES[0], "value": secret, "url": base}])
        yield context.new_page()
        context.close()


@pytest.fixture
def page(store: Store, config: Any, demo: Demo, browser: Any) -> Iterator[Any]:
    store.runs.finish(RUN)
    with opened(store, config, demo, browser) as page:
        yield page


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_a_run_that_ends_takes_neither_the_focus_nor_what_is_unfolded(page: Any, store: Store) -> None:
    page.goto(PAGE)
    page.locator("#charts summary").first.click()
    page.locator("#to-r-1").focus()
    store.runs.finish(replace(RUN, id="r-2", started=datetime.now(UTC)))
    page.locator("#to-r-2").wait_for()
    assert focused(page) == "to-r-1"
    assert page.locator("#charts details").first.evaluate("one => one.open"), "the table of the chart is still there"


def test_what_says_the_same_is_not_put_there_anew(page: Any) -> None:
    page.goto(PAGE)
    page.locator("#last-run").focus()
    for _ in range(2):
        page.wait_for_event("response", lambda answer: "/now" in answer.url)
    page.evaluate("document.querySelector('#now').dataset.mine = 'x'")
    page.wait_for_event("response", lambda answer: "/now" in answer.url)
    page.wait_for_timeout(100)
    assert page.locator("#now[data-mine]").count() == 1
    assert focused(page) == "last-run"


def test_a_page_without_answers_says_since_when_it_stands_still(page: Any) -> None:
    page.goto(PAGE)
    page.route("**/now?*", lambda route: route.abort())
    page.get_by_text("Trang đứng yên từ").wait_for()
    assert not page.locator("#toasts .toast").count(), "and says so once"
    page.unroute("**/now?*")
    page.locator("#stale:empty").wait_for(state="attached")


def test_the_way_back_does_not_lead_through_what_was_typed(page: Any) -> None:
    page.goto(PAGE)
    page.goto("/console")
    page.keyboard.press("/")
    page.keyboard.type("demo", delay=250)
    page.wait_for_url("**/console?q=demo")
    page.go_back()
    page.wait_for_url(f"**{PAGE}")
