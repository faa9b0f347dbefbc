"""An editor clears the queue with the keyboard alone, in a real Chromium under the desk's own policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from config import Config
from news.article import Page, Status, StoredArticle
from news.review.record import Action
from news.review.review import Concern, Queue, Review
from news.review.states import Move
from news.users import Role
from storage.connect import Store
from tests.browser import browser, needs_browser, serving
from tests.web.accounts import COOKIES, sign_in
from tests.web.conftest import FETCHED, SITES
from tests.web.desk.test_items import PAGE
from web.accounts.passwords import hashed
from web.app import create_app

__all__ = ["browser"]
pytestmark = needs_browser

Put = Callable[..., StoredArticle]
NEW = Review(queues=(Queue.NEW,))


@pytest.fixture
def page(store: Store, config: Config, put: Put, browser: Any) -> Iterator[Any]:
    """The desk with five articles that wait, the most urgent first: a, b, c, d, e."""
    put("a", review=replace(NEW, concerns=(Concern.SENSITIVE_UPDATE,)), title="Bài a")
    put("b", Status.WAITING, review=replace(NEW, concerns=(Concern.NO_DATE,)))
    for id in "cde":
        put(id, Status.WAITING, review=NEW)
    store.pages.keep("b", "soyte", Page("https://soyte.gov.vn/b", PAGE.encode(), FETCHED))
    with serving(create_app(store, config, lambda: SITES)) as base:
        context = browser.new_context(viewport={"width": 1280, "height": 800}, base_url=base)
        context.add_cookies([{"name": COOKIES[0], "value": sign_in(store, Role.EDITOR, "lan").secret, "url": base}])
        said: list[str] = []
        opened = context.new_page()
        opened.on("pageerror", lambda error: said.append(str(error)))
        opened.goto("/desk")
        yield opened
        assert said == []
        context.close()


def shows(page: Any, id: str) -> None:
    """Waits until the article is open and its row is marked."""
    page.locator(f"article.item[data-id='{id}']").wait_for()
    page.locator(f"#row-{id} [aria-current]").wait_for()


def statuses(store: Store, ids: str) -> list[Status]:
    found = {stored.id: stored.status for stored in store.articles.some(list(ids))}
    return [found[id] for id in ids]


def test_a_queue_is_cleared_by_keys_alone_and_each_step_can_be_taken_back(page: Any, store: Store) -> None:
    page.keyboard.press("j")
    shows(page, "a")
    page.keyboard.press("a")
    shows(page, "b")
    page.locator("#row-a").wait_for(state="detached")

    page.keyboard.press("2")
    framed = page.frame_locator("#page")
    framed.locator("[data-mark=kept]").first.wait_for()
    page.locator(".jump").first.press("Enter")
    framed.locator(".pointed").wait_for()

    page.keyboard.press("r")
    page.keyboard.type("aj")  # in the dialog these are no keys of the desk
    page.locator("#why-words").fill("Quảng cáo")
    page.locator("#why-words").press("Tab")
    page.keyboard.press("Enter")
    shows(page, "c")
    assert statuses(store, "abc") == [Status.PUBLISHED, Status.REJECTED, Status.WAITING]
    assert store.audit.find()[0].detail == "Quảng cáo"

    page.keyboard.press("u")
    shows(page, "b")
    assert statuses(store, "b") == [Status.WAITING]

    page.keyboard.press("j")
    shows(page, "c")
    page.keyboard.press("x")
    page.keyboard.press("j")
    shows(page, "d")
    page.keyboard.press("x")
    page.keyboard.press("Shift+H")
    page.locator("#row-d").wait_for(state="detached")
    assert statuses(store, "cde") == [Status.HELD, Status.HELD, Status.WAITING]
    page.keyboard.press("u")
    page.locator("#row-d").wait_for()
    assert statuses(store, "cd") == [Status.WAITING, Status.WAITING]
    assert {record.by for record in store.audit.find()} == {"lan"}


def test_no_key_is_taken_from_who_types_composes_or_asked_for_none(page: Any, store: Store) -> None:
    page.keyboard.press("j")
    shows(page, "a")
    page.keyboard.press("/")
    page.keyboard.type("a")
    assert page.locator("#words").input_value() == "a"
    page.keyboard.press("Escape")
    page.evaluate("""() => {
        for (const init of [{isComposing: true}, {keyCode: 229}, {ctrlKey: true}, {altKey: true}, {metaKey: true}])
            document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'a', bubbles: true, ...init}));
    }""")
    page.keyboard.press("?")
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.keyboard.press("?")
    assert not page.locator("#help").is_visible()
    assert store.audit.find() == []


def test_what_others_do_shows_without_a_reload_and_nothing_jumps(page: Any, store: Store, put: Put) -> None:
    page.keyboard.press("j")
    shows(page, "a")
    store.journal.decide("c", Move.APPROVE, FETCHED, by="minh")
    page.locator("#row-c").wait_for(state="detached")
    put("f", Status.WAITING, review=replace(NEW, concerns=(Concern.SOURCE_CHANGED,)))
    page.get_by_role("button", name="1 bài mới").wait_for()
    assert page.locator("#row-f").count() == 0
    store.journal.decide("a", Move.HOLD, FETCHED, by="minh")
    page.locator("#meanwhile .notice").wait_for()
    page.keyboard.press("a")
    page.locator(".stopped").wait_for()
    assert statuses(store, "a") == [Status.HELD], "nothing is decided over another's decision"
    page.get_by_role("button", name="1 bài mới").click()
    page.locator("#row-f").wait_for()


def test_a_session_that_ends_is_begun_again_in_place_and_the_decision_is_made(page: Any, store: Store) -> None:
    store.users.set_password("lan", hashed("Mat-khau-rat-dai-1"), None)
    page.keyboard.press("j")
    shows(page, "a")
    page.context.clear_cookies()
    page.keyboard.press("r")
    page.locator("#why-words").fill("Gõ trước khi hết phiên")
    page.locator("#why-yes").click()
    page.locator("#login-password").fill("Mat-khau-rat-dai-1")
    page.keyboard.press("Enter")
    shows(page, "b")
    record = store.audit.find()[0]
    assert (record.action, record.detail) == (Action.REJECT, "Gõ trước khi hết phiên")


def test_the_desk_is_no_wider_than_a_phone_even_for_who_has_most_places(page: Any, store: Store) -> None:
    admin = sign_in(store, Role.ADMIN, "hoa")
    page.context.add_cookies([{"name": COOKIES[0], "value": admin.secret, "url": page.url}])
    for path in ("/desk?queue=all&open=a", "/desk/trail?lang=en", "/desk/figures", "/desk/rules"):
        page.goto(path)
        for width in (640, 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


def test_a_selection_and_its_reason_outlast_a_store_that_is_away(page: Any, store: Store) -> None:
    page.locator("#row-c").wait_for()
    for id in "cd":
        page.locator(f"#row-{id} [name=ids]").check()
    page.route("**/desk/decide*", lambda route: route.fulfill(status=503, body="{}"), times=1)
    page.keyboard.press("Shift+R")
    page.locator("#why-words").fill("Hai bài trùng nhau")
    page.locator("#why-yes").click()
    page.get_by_text("Máy chủ không trả lời được").wait_for()
    page.keyboard.press("Shift+R")
    assert page.locator("#why-words").input_value() == "Hai bài trùng nhau"
    page.locator("#why-yes").click()
    page.locator("#row-d").wait_for(state="detached")
    assert statuses(store, "cde") == [Status.REJECTED, Status.REJECTED, Status.WAITING]
    assert page.locator("#bulk").is_hidden()


def test_a_page_goes_on_in_the_session_that_another_tab_has_begun(page: Any, store: Store) -> None:
    page.keyboard.press("j")
    shows(page, "a")
    ticket = sign_in(store, Role.EDITOR, "lan")
    cookie = {"name": COOKIES[0], "value": ticket.secret, "url": page.url}
    page.context.add_cookies([cookie])
    page.keyboard.press("a")
    shows(page, "b")
    assert statuses(store, "a") == [Status.PUBLISHED]
    other = sign_in(store, Role.EDITOR, "minh")
    page.context.add_cookies([{**cookie, "value": other.secret}])
    page.keyboard.press("a")
    page.locator(".toast:not([hidden])", has_text="Máy chủ không trả lời được").wait_for()
    assert statuses(store, "b") == [Status.WAITING], "nothing is done in the name of another user"


def test_rows_stay_where_they_are_when_a_session_ends_while_something_changes(page: Any, store: Store) -> None:
    store.users.set_password("lan", hashed("Mat-khau-rat-dai-1"), None)
    page.locator("#row-c").wait_for()
    page.route("**/desk/changes*", lambda route: route.fulfill(status=401, body="{}"), times=1)
    store.journal.decide("c", Move.APPROVE, FETCHED, by="minh")
    page.locator("#login-password").fill("Mat-khau-rat-dai-1")
    page.keyboard.press("Enter")
    page.locator("#row-c").wait_for(state="detached")
    assert page.locator("#rows .row").count() == 4


def test_a_page_that_back_brings_as_it_was_left_hears_what_came_meanwhile(page: Any, put: Put) -> None:
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    put("f", Status.WAITING, review=NEW)
    page.wait_for_timeout(800)
    assert page.locator("#fresh [data-fresh]").count() == 0, "nobody listens"
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    page.locator("#fresh [data-fresh]").wait_for()


def test_who_signs_in_again_in_another_tab_goes_on_in_this_one(page: Any, store: Store) -> None:
    page.keyboard.press("j")
    shows(page, "a")
    page.context.clear_cookies()
    page.keyboard.press("a")
    page.locator("#login[open]").wait_for()
    assert page.locator("#login-name").get_attribute("readonly") is not None, "for nobody else"
    page.evaluate("dispatchEvent(new Event('focus'))")
    page.wait_for_timeout(300)
    assert page.locator("#login[open]").count() == 1, "nobody has signed in"
    again = sign_in(store, Role.EDITOR, "lan")
    page.context.add_cookies([{"name": COOKIES[0], "value": again.secret, "url": page.url}])
    page.evaluate("dispatchEvent(new Event('focus'))")
    shows(page, "b")
    assert statuses(store, "a") == [Status.PUBLISHED]
