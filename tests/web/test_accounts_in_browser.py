"""The pages of accounts in a real browser: who signs in, for everybody, with a keyboard, on a phone, in the dark."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from config import Config
from news.users import Role, User
from storage.connect import Store
from tests.browser import Bare, browser, needs_browser, serving
from tests.web.accounts import sign_in
from tests.web.conftest import SITES
from web.accounts import passwords
from web.app import create_app

__all__ = ["browser"]
pytestmark = needs_browser

PASSWORD = "một mật khẩu dài"


@pytest.fixture
def staff(store: Store) -> Store:
    """A store with a few users, some of whom are there."""
    now = datetime.now(UTC)
    store.users.add(User("lan", Role.ADMIN, now, full_name="Nguyễn Thị Lan", password=passwords.hashed(PASSWORD)))
    sign_in(store, Role.EDITOR, "minh-anh")
    store.users.add(User("operator.0123456789.0123456789.012345678", Role.OPERATOR, now))
    store.users.disable("operator.0123456789.0123456789.012345678", now)
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    for user in ("lan", "minh-anh"):
        store.sessions.begin(user, now, firefox, "2001:db8:1234:5678::/64")
        store.sessions.begin(user, now, "a-robot-" * 30, "203.0.113.250")
    return store


@pytest.fixture
def page(staff: Store, config: Config, browser: Any) -> Iterator[Any]:
    """A page of a browser in which nothing but our own app answers, under its own policy."""
    with serving(create_app(staff, config, lambda: SITES)) as base:
        context = browser.new_context(viewport={"width": 1280, "height": 800}, base_url=base)
        context.route("**/*", lambda route: route.continue_() if route.request.url.startswith(base) else route.abort())
        yield context.new_page()
        context.close()


def test_an_administrator_signs_in_and_lets_somebody_in_with_the_keyboard_alone(page: Any, staff: Store) -> None:
    page.goto("/users")
    page.locator("#name:focus").wait_for()  # one can type at once
    page.keyboard.type("lan")
    page.keyboard.press("Tab")
    page.keyboard.type("sai rồi sai rồi")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    page.locator("#password:focus").wait_for()  # the name need not be typed again
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/users")
    assert page.locator(".whoami").inner_text() == "Nguyễn Thị Lan"

    page.get_by_label("Tên đăng nhập").fill("tu")
    page.get_by_label("Họ và tên").fill("Lê Tú")
    page.get_by_label("Họ và tên").press("Enter")
    password = page.locator("code.password").inner_text()
    page.get_by_role("button", name="Đăng xuất").press("Enter")
    page.goto("/desk")
    page.get_by_label("Tên đăng nhập").fill("tu")
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_label("Mật khẩu").press("Enter")
    page.wait_for_url("**/desk*")
    (session,) = staff.sessions.of("tu", datetime.now(UTC))
    assert "Chrom" in session.browser
    (cookie,) = page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == ("bantin", True, "Lax")


def test_pages_of_accounts_keep_nobody_out_and_fit_everywhere(staff: Store, config: Config, browser: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    axe, found = Axe(), {}
    ticket = sign_in(staff, Role.ADMIN, "lan")
    # Without the policy, for axe is a script.
    with serving(Bare(create_app(staff, config, lambda: SITES))) as base:
        context = browser.new_context(base_url=base)
        page = context.new_page()
        for path in ("/login?next=/desk", "/account", "/account?done=sessions&lang=en", "/users", "/users/minh-anh"):
            if path.startswith("/account"):
                context.add_cookies([{"name": "bantin", "value": ticket.secret, "url": base}])
            page.set_viewport_size({"width": 1280, "height": 900})
            page.goto(path)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                violations = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
                found[path, scheme] = [(row["id"], [node["html"][:200] for node in row["nodes"]]) for row in violations]
            for width in (640, 320):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
        context.close()
    assert not any(found.values()), {key: rows for key, rows in found.items() if rows}
