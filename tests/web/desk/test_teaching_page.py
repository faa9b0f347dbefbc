"""Teaching in a real browser: by mouse and by keyboard alone, from the page to the rule and back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config import Config
from crawler.intake import Intake
from crawler.renewing import Renewer
from news.users import Role
from storage.connect import Store
from tests.browser import browser, needs_browser, serving
from tests.web.accounts import sign_in
from tests.web.conftest import SITES
from tests.web.desk.test_teaching import SITE, page
from web.app import create_app

__all__ = ["browser"]
pytestmark = needs_browser

WITHOUT_POLICY = ("test_nothing_where_one_teaches_keeps_people_out",)
"""Tests that bring scripts of their own."""
SHOTS = os.environ.get("BANTIN_SCREENSHOTS", "")


@pytest.fixture
def ids(store: Store) -> list[str]:
    intake = Intake(store)
    found = [intake.take(page(n, box=n < 12), SITE).article_id for n in range(1, 13)]
    intake.flush()
    return found


@pytest.fixture
def tab(request: Any, store: Store, config: Config, ids: list[str], browser: Any) -> Iterator[Any]:
    """A tab of an editor on the desk, in which nothing may fail unseen."""
    with serving(create_app(store, config, lambda: SITES)) as base:
        context = browser.new_context(
            base_url=base, viewport={"width": 1360, "height": 950}, bypass_csp=request.node.name in WITHOUT_POLICY
        )
        context.add_cookies([{"name": "bantin", "value": sign_in(store, Role.EDITOR, "lan").secret, "url": base}])
        context.set_default_timeout(15_000)
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        yield page
        context.close()
        # What a browser notes of answers that are told to the editor in words is no fault.
        assert [said for said in wrong if "404" not in said and "422" not in said] == []


def shot(tab: Any, name: str) -> None:
    if SHOTS:
        tab.wait_for_timeout(300)
        tab.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def violations(tab: Any) -> list[tuple[str, list[str]]]:
    """What axe finds wrong where one teaches, and what it finds it at."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(tab, options={"resultTypes": ["violations"]}).response["violations"]
    serious = [row for row in found if row["impact"] in ("serious", "critical")]
    ours = (".teach", "#taught", ".rule", ".offers", "[data-")
    rows = [(row["id"], [node["html"][:200] for node in row["nodes"]]) for row in serious]
    return [row for row in rows if any(mark.strip(".#[") in html for html in row[1] for mark in ours)]


def texts(store: Store, ids: list[str]) -> list[str]:
    return [stored.article.body for id in ids if (stored := store.articles.get(id))]


def test_a_part_of_a_page_is_taught_away_and_brought_back(
    tab: Any, store: Store, config: Config, ids: list[str]
) -> None:
    before = texts(store, ids)
    tab.goto(f"/desk?queue=all&open={ids[0]}")
    tab.locator("nav.views a[data-key='2']").click()
    frame = tab.frame_locator("#page")
    frame.locator(".moi-doc, [data-run]", has_text="Mời bạn đọc").last.click()
    tab.get_by_text("Đã chọn 1 đoạn").wait_for()
    shot(tab, "teach-1-picked")

    tab.get_by_role("button", name="Không thuộc bài").click()
    tab.locator("[data-consent]:not([disabled])").wait_for()
    assert "11 bài thay đổi" in tab.locator(".preview .sum").inner_text()
    assert tab.locator(".effects > li").count() == 11
    tab.locator("form.offers").scroll_into_view_if_needed()
    shot(tab, "teach-2-preview")

    tab.locator("[data-consent]").click()
    tab.get_by_text("Đã dạy.").wait_for()
    Renewer(store, config, lambda id: SITES[id]).renew("soyte")
    tab.get_by_text("11 bài đã đổi").wait_for()
    shot(tab, "teach-3-done")
    assert not any("Mời bạn đọc" in body for body in texts(store, ids))

    tab.goto("/desk/rules")
    shot(tab, "teach-4-rules")
    tab.get_by_role("button", name="Rút lại").click()
    tab.locator("[data-consent]:not([disabled])").wait_for()
    shot(tab, "teach-5-withdraw")
    tab.locator("[data-consent]").click()
    tab.get_by_text("Đã rút lúc").wait_for()
    Renewer(store, config, lambda id: SITES[id]).renew("soyte")
    assert texts(store, ids) == before


def test_all_of_it_goes_by_keyboard_and_what_is_no_rule_is_told(tab: Any, store: Store, ids: list[str]) -> None:
    tab.goto(f"/desk?queue=all&open={ids[0]}&lang=en")
    tab.keyboard.press("2")
    body = tab.frame_locator("#page").locator("body[tabindex]")
    body.focus()
    for _ in range(3):
        tab.keyboard.press("ArrowDown")
    tab.keyboard.press(" ")
    tab.keyboard.press("d")
    value = tab.locator("#rule-value")
    value.wait_for()
    tab.get_by_role("heading", name="Choose a rule for this site").wait_for()
    tab.locator("input[data-own]").first.check()
    value.fill("p..moi-doc")
    tab.keyboard.press("Enter")
    tab.get_by_text("is no CSS selector").wait_for()
    assert tab.locator("[data-consent]").is_disabled()
    value.fill("p.moi-doc")
    tab.get_by_text("11 articles change").wait_for()
    tab.get_by_role("button", name="Cancel").click()
    assert tab.locator("form.offers").count() == 0
    assert store.rules.all() == []


def test_nothing_where_one_teaches_keeps_people_out(tab: Any, store: Store, ids: list[str]) -> None:
    tab.goto(f"/desk?queue=all&open={ids[0]}")
    tab.locator("nav.views a[data-key='2']").click()
    tab.frame_locator("#page").locator("[data-run]", has_text="Mời bạn đọc").last.click()
    tab.get_by_role("button", name="Không thuộc bài").click()
    tab.locator("[data-consent]:not([disabled])").wait_for()
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        assert violations(tab) == []
    tab.set_viewport_size({"width": 680, "height": 475})  # at 200 %
    assert tab.evaluate("document.documentElement.scrollWidth") <= 680
    tab.locator("[data-consent]").click()
    tab.get_by_text("Đã dạy.").wait_for()
    tab.goto("/desk/rules")
    tab.locator(".rule").first.wait_for()
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        assert violations(tab) == []
