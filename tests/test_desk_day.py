"""One working day of the desk, in a real browser: what editors do, and what crawls and colleagues do to them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config import Config
from crawler.renewing import Renewer
from crawler.run import CrawlOptions, crawl_many
from demo.server import Demo
from news.article import Status, StoredArticle
from news.event import EventKind
from news.report import RunState
from news.review.record import Action
from news.review.review import Concern, Queue
from news.site import PublishPolicy, Site
from news.urls import identity
from news.users import Role, User
from storage.articles import ArticleFilter
from storage.audit import TrailFilter
from storage.connect import Store
from storage.queues import QueueFilter
from tests.browser import browser, needs_browser
from tests.served import served
from web.accounts import passwords
from web.app import create_app

__all__ = ["browser"]

SHOTS = Path(__file__).resolve().parent.parent / "build" / "screenshots"
PASSWORD = "mưa nắng tháng ba"
NAMES = {"lan": "Nguyễn Thị Lan", "minh": "Trần Quang Minh"}
WAIT = 20_000  # milliseconds; machines are shared
# A line that a paper puts into every other article; only the figure in it changes.
REFRAIN = "Số liệu cụ thể tính đến ngày"


@dataclass
class Newsroom:
    """The portals, the store, the app and what editors see of it."""

    demo: Demo
    store: Store
    config: Config
    browser: Any
    base: str = ""
    contexts: dict[str, Any] = field(default_factory=dict)

    @property
    def sites(self) -> dict[str, Site]:
        return {id: replace(self.demo.site(id), publish=PublishPolicy.REVIEW) for id in ("demo-nhandan", "demo-mst")}

    def crawl(self, *, revisit: bool = False) -> None:
        reports = crawl_many(list(self.sites.values()), CrawlOptions(revisit=revisit), self.config)
        assert [report.state for report in reports] == [RunState.DONE] * len(reports)

    def sign_in(self, name: str) -> Any:
        """A page of the desk in a browser of its own, after the form was filled in."""
        self.store.users.add(
            User(name, Role.EDITOR, datetime.now(UTC), full_name=NAMES[name], password=passwords.hashed(PASSWORD))
        )
        context = self.contexts[name] = self.browser.new_context(
            viewport={"width": 1440, "height": 900}, locale="vi-VN"
        )
        context.set_default_timeout(WAIT)
        page = context.new_page()
        page.goto(f"{self.base}/desk")
        page.fill("input[name=name]", name)
        page.fill("input[name=password]", PASSWORD)
        if name == "lan":
            shot(page, "login")
        page.keyboard.press("Enter")
        page.wait_for_selector("#list [data-id]")
        page.wait_for_load_state()  # the keys are heard from then on
        return page

    def stored(self, id: str) -> StoredArticle:
        found = self.store.articles.get(id)
        assert found is not None
        return found

    def eventually(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + WAIT / 1000
        while not true():
            assert time.monotonic() < deadline, "it did not come about"
            time.sleep(0.05)

    def renew(self) -> None:
        """What the scheduler does within two seconds."""
        assert Renewer(self.store, self.config, self.sites.__getitem__).renew("demo-nhandan")


@pytest.fixture
def newsroom(store: Store, config: Config, browser: Any) -> Iterator[Newsroom]:
    with Demo(base_port=0) as demo:
        room = Newsroom(demo, store, replace(config, mongodb_uri=store.uri), browser)
        room.crawl()
        app = create_app(store, room.config, lambda: room.sites)
        with served(app) as room.base:
            try:
                yield room
            finally:  # before the server, which waits for streams to end
                for context in room.contexts.values():
                    context.close()


def shot(page: Any, name: str) -> None:
    """Keeps what the screen shows, to be looked at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"desk-{name}.png")


def open_id(page: Any) -> str:
    """The article that is open."""
    return str(page.get_attribute("#item article.item", "data-id"))


def press(page: Any, key: str) -> str:
    """Presses a key that leads to another article, and gives the one that is open then."""
    opened = page.query_selector("#item article.item")
    other = f":not([data-id={opened.get_attribute('data-id')}])" if opened else ""
    page.keyboard.press(key)
    page.wait_for_selector(f"#item article.item{other}")
    return open_id(page)


@needs_browser
def test_the_working_day_of_an_editor(newsroom: Newsroom) -> None:
    page = newsroom.sign_in("lan")
    shot(page, "queue")
    forty_items_by_keyboard_alone(newsroom, page)
    an_edit(newsroom, page)
    a_merge_and_a_split(newsroom, page)
    a_rule_is_taught_and_withdrawn(newsroom, page)
    colleague = newsroom.sign_in("minh")
    two_editors_on_one_item(newsroom, page, colleague)
    a_session_expires_in_the_middle_of_an_edit(newsroom, page)
    a_crawl_updates_an_item_under_edit(newsroom, page)
    everything_is_on_the_trail(newsroom, page)


def forty_items_by_keyboard_alone(room: Newsroom, page: Any) -> None:
    count = room.store.queues.counts(QueueFilter())[Queue.NEW]
    press(page, "j")
    shot(page, "item")
    page.keyboard.press("?")
    page.wait_for_selector("#help[open]")
    shot(page, "help")
    page.keyboard.press("Escape")
    ways: dict[str, Status] = {"a": Status.PUBLISHED, "h": Status.HELD, "r": Status.REJECTED}
    done: dict[str, Status] = {}
    for n in range(40):
        key = "r" if n % 10 == 4 else "h" if n % 10 == 7 else "a"
        here = open_id(page)
        if key == "r":
            page.keyboard.press("r")
            page.wait_for_selector("#why[open]")
            if n == 4:
                shot(page, "reject")
            page.keyboard.press("Space")  # the first of the reasons has the focus
            press(page, "Enter")
        else:
            press(page, key)
        done[here] = ways[key]
    assert {id: room.stored(id).status for id in done} == done
    assert len(done) == 40, "each was another"
    assert room.store.queues.counts(QueueFilter())[Queue.NEW] == count - 40
    rejected = [room.store.audit.find(TrailFilter(article=id), 1)[0] for id in done if done[id] is Status.REJECTED]
    assert all(record.detail for record in rejected), "each says why"
    # The last one was a slip of the finger.
    slip = list(done)[-1]
    page.keyboard.press("u")
    room.eventually(lambda: room.stored(slip).status is not Status.PUBLISHED)
    assert Queue.NEW in room.stored(slip).review.queues
    assert room.store.events.of(slip)[-1].kind is EventKind.UNDONE


def an_edit(room: Newsroom, page: Any) -> None:
    press(page, "j")
    id = open_id(page)
    before = room.stored(id)
    page.keyboard.press("e")
    page.wait_for_selector("form.editing")
    page.fill("#edit-title", "Đính chính: lịch tiêm chủng của tỉnh")
    page.fill("#edit-published", "24/11/2026 08:30")
    shot(page, "edit")
    page.keyboard.press("Control+s")
    page.wait_for_selector("#item h2:has-text('Đính chính: lịch tiêm chủng')")
    after = room.stored(id)
    assert (after.article.title, after.version) == ("Đính chính: lịch tiêm chủng của tỉnh", before.version + 1)
    assert after.article.published == datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
    assert after.edit is not None
    assert after.edit.source == before.article, "what the publisher wrote is kept"
    assert after.article.body == before.article.body
    page.keyboard.press("3")
    page.wait_for_selector("#item ins")
    shot(page, "diff")
    page.keyboard.press("1")
    page.wait_for_selector("#item .body")


def a_merge_and_a_split(room: Newsroom, page: Any) -> None:
    rows = [row.id for row in room.store.queues.page(QueueFilter(queue=Queue.NEW), 5)]
    one, other = (id for id in rows[:2])
    page.goto(f"{room.base}/desk?queue=new&open={one}")
    page.wait_for_selector(f"#item article[data-id={one}]")
    page.keyboard.press("m")
    page.wait_for_selector("#sheet[open] #story-words")
    page.fill("#story-words", room.stored(other).article.title)
    page.wait_for_selector("#story-found button")
    shot(page, "story")
    page.click("#story-found li:first-child button")
    room.eventually(lambda: room.stored(one).story == room.stored(other).story)
    told = room.store.events.of(other) + room.store.events.of(one)
    assert EventKind.MERGED in {event.kind for event in told}

    page.wait_for_selector("#sheet:not([open])", state="attached")
    page.wait_for_selector("#item .story, #item article.item")
    page.keyboard.press("m")
    page.wait_for_selector("#sheet .told.own button[hx-vals*=split]")
    page.click("#sheet .told.own button[hx-vals*=split]")
    room.eventually(lambda: room.stored(one).story != room.stored(other).story)
    page.keyboard.press("Escape")
    page.wait_for_selector("#sheet[open]", state="detached")


def a_rule_is_taught_and_withdrawn(room: Newsroom, page: Any) -> None:
    every = room.store.articles.find(ArticleFilter(sites=("demo-nhandan",)), 500)
    having = {stored.id: stored.article.body for stored in every if REFRAIN in stored.article.body}
    untouched = next(id for id in having if room.stored(id).edit is None)
    assert len(having) >= 3
    page.goto(f"{room.base}/desk?queue=all&open={untouched}")
    page.wait_for_selector(f"#item article[data-id={untouched}]")
    page.keyboard.press("2")
    frame = page.frame_locator("#page")
    frame.locator(f"[data-mark=kept]:has-text('{REFRAIN}')").first.click()
    page.wait_for_selector("#gestures [data-gesture=boilerplate]:not([disabled])")
    shot(page, "page")
    page.click("#gestures [data-gesture=boilerplate]")
    page.click("input[value=drop-line][data-value*='#']")
    page.wait_for_selector("[data-consent]:not([disabled])")
    shot(page, "teach")
    page.click("[data-consent]")
    room.eventually(lambda: bool(room.store.rules.of("demo-nhandan")))
    (rule,) = room.store.rules.of("demo-nhandan")
    assert (rule.by, "#" in rule.value) == ("lan", True)
    room.renew()
    bodies = {id: room.stored(id).source_text.body for id in having}
    assert not any(REFRAIN in body for body in bodies.values()), "the other pages of the site read without it"
    assert [case.rule for case in room.store.cases.each("demo-nhandan")] == [rule.id], "the page is kept as a case"

    page.goto(f"{room.base}/desk/rules")
    page.wait_for_selector("main .rule, main [data-rule]")
    shot(page, "rules")
    page.click("text=Rút lại")
    page.wait_for_selector("[data-consent]:not([disabled])")
    page.click("[data-consent]")
    room.eventually(lambda: not room.store.rules.of("demo-nhandan"))
    room.renew()
    assert {id: room.stored(id).source_text.body for id in having} == having, "as if it had never been taught"


def two_editors_on_one_item(room: Newsroom, lan: Any, minh: Any) -> None:
    id = room.store.queues.page(QueueFilter(queue=Queue.NEW), 1)[0].id
    for page in (lan, minh):
        page.goto(f"{room.base}/desk?queue=new&open={id}")
        page.wait_for_selector(f"#item article[data-id={id}]")
    minh.wait_for_selector("#presence:has-text('Lan')")
    shot(minh, "presence")
    for page in (lan, minh):
        page.keyboard.press("e")
        page.wait_for_selector("form.editing")
    lan.fill("#edit-title", "Bản của Lan")
    lan.keyboard.press("Control+s")
    lan.wait_for_selector("#item h2:has-text('Bản của Lan')")
    minh.fill("#edit-title", "Bản của Minh")
    minh.keyboard.press("Control+s")
    minh.wait_for_selector(".conflict")
    shot(minh, "conflict")
    assert minh.locator(".theirs ins", has_text="Lan").count() == 1, "what somebody else made of it is shown by word"
    assert room.stored(id).article.title == "Bản của Lan", "nobody's text was overwritten"
    minh.click("#settling .mine")
    minh.wait_for_selector("#item h2:has-text('Bản của Minh')")
    titles = [version.stored.article.title for version in room.store.versions.of(id)]
    assert "Bản của Lan" in titles, "what gave way is kept"


def a_session_expires_in_the_middle_of_an_edit(room: Newsroom, page: Any) -> None:
    id = room.store.queues.page(QueueFilter(queue=Queue.NEW), 1)[0].id
    page.goto(f"{room.base}/desk?queue=new&open={id}")
    page.wait_for_selector(f"#item article[data-id={id}]")
    page.keyboard.press("e")
    page.wait_for_selector("form.editing")
    room.store.sessions.end_all("lan")
    time.sleep(6)  # so long is a session believed that was ended elsewhere
    page.fill("#edit-title", "Gõ dở thì hết phiên")
    page.wait_for_selector("#login[open]")
    shot(page, "expired")
    page.fill("#login-password", PASSWORD)
    page.keyboard.press("Enter")
    room.eventually(lambda: (kept := room.store.drafts.get(id, "lan")) is not None and "hết phiên" in str(kept))
    assert page.input_value("#edit-title") == "Gõ dở thì hết phiên"
    page.keyboard.press("Control+s")
    page.wait_for_selector("#item h2:has-text('Gõ dở thì hết phiên')")
    assert room.stored(id).article.title == "Gõ dở thì hết phiên"


def a_crawl_updates_an_item_under_edit(room: Newsroom, page: Any) -> None:
    truth = next(
        one for one in room.demo.portals["demo-nhandan"].articles
        if (kept := room.store.articles.by_url(identity(room.demo.portals["demo-nhandan"].url(one)))) is not None
        and kept.edit is None and kept.status is Status.WAITING
    )  # fmt: skip
    url = identity(room.demo.portals["demo-nhandan"].url(truth))
    found = room.store.articles.by_url(url)
    assert found is not None
    page.goto(f"{room.base}/desk?queue=all&open={found.id}")
    page.wait_for_selector(f"#item article[data-id={found.id}]")
    page.keyboard.press("e")
    page.wait_for_selector("form.editing")
    page.fill("#edit-title", "Bản biên tập")
    room.demo.edit("demo-nhandan", truth.number, title="Nguồn sửa: " + truth.title)
    room.crawl(revisit=True)
    assert room.stored(found.id).article.title == "Nguồn sửa: " + truth.title
    page.keyboard.press("Control+s")
    page.wait_for_selector(".conflict")
    assert page.locator(".theirs ins", has_text="Nguồn sửa").count() == 1
    page.click("#settling .mine")
    page.wait_for_selector("#item h2:has-text('Bản biên tập')")
    # From now on the crawl changes nothing that readers see, and says at the desk what the publisher wrote.
    room.demo.edit("demo-nhandan", truth.number, title="Nguồn sửa nữa: " + truth.title)
    room.crawl(revisit=True)
    parked = room.stored(found.id)
    assert parked.article.title == "Bản biên tập"
    assert parked.source_text.title == "Nguồn sửa nữa: " + truth.title
    assert Concern.SOURCE_CHANGED in parked.review.concerns


def everything_is_on_the_trail(room: Newsroom, page: Any) -> None:
    records = room.store.audit.find(TrailFilter(by="lan"), 200)
    assert {Action.APPROVE, Action.REJECT, Action.HOLD, Action.UNDO, Action.EDIT, Action.MERGE, Action.SPLIT,
            Action.TEACH, Action.WITHDRAW} <= {record.action for record in records}  # fmt: skip
    page.goto(f"{room.base}/desk/trail")
    page.wait_for_selector("main table tr, main .record, main li")
    shot(page, "trail")
    page.goto(f"{room.base}/desk/figures")
    page.wait_for_selector("main table")
    assert "minh" in page.inner_text("main table")
    shot(page, "figures")
