"""Editing in a real browser: by keyboard, with an input method, over a session that ends and a connection that breaks,
for everybody, and with whatever somebody may type."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from lxml import html

from config import Config
from news.article import Article, Status, StoredArticle
from news.review.editing import Form, edited
from news.users import Role, User
from storage.connect import Store
from tests.browser import Bare, browser, needs_browser, serving
from tests.web.accounts import COOKIES, sign_in
from tests.web.conftest import SITES
from tests.web.test_xss import LOOK, PAYLOADS, Watch
from web.accounts import passwords
from web.app import create_app

__all__ = ["browser"]
pytestmark = needs_browser

Put = Callable[..., StoredArticle]
PASSWORD = "một mật khẩu dài"
# What of the article, or of the sheet about it, stands outside of the page.
SPREADS = """width => [...document.querySelectorAll('#item *, dialog[open] *')]
  .filter(one => one.getBoundingClientRect().right > width + 1 && !one.closest('.unseen')).map(one => one.outerHTML)"""
BODY = "Có 12 ca.\n\n- Một\n- Hai\n\nHết."


@dataclass
class Desk:
    """The desk in a browser of the editor lan."""

    store: Store
    context: Any
    base: str

    def open(self, id: str = "a", path: str = "") -> Any:
        page = self.context.new_page()
        page.set_default_timeout(15_000)
        page.clock.install()
        page.goto(f"{self.base}{path or f'/desk?queue=all&open={id}'}")
        return page

    def edit(self, id: str = "a") -> Any:
        """The form, opened by its key."""
        page = self.open(id)
        page.locator("#item h2").wait_for()
        page.keyboard.press("e")
        page.locator("#edit-title:focus").wait_for()
        return page

    def article(self, id: str = "a") -> Article:
        stored = self.store.articles.get(id)
        assert stored is not None
        return stored.article

    def draft(self, id: str = "a") -> str:
        kept = self.store.drafts.get(id, "lan")
        return kept.fields.get("title", "") if kept else ""


@pytest.fixture
def desk(store: Store, config: Config, browser: Any, put: Put) -> Iterator[Desk]:
    put(
        "a",
        Status.WAITING,
        body=BODY.replace("\n\n", "\n"),
        html="<p>Có 12 ca.</p><ul><li>Một</li><li>Hai</li></ul><p>Hết.</p>",
    )
    put("b", title="Bài khác")
    app = create_app(store, config, lambda: SITES)
    with serving(app) as base:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        try:
            yield Desk(store, _signed_in(store, context, base), base)
        finally:
            context.close()


def _signed_in(store: Store, context: Any, base: str) -> Any:
    now = datetime.now(UTC)
    if store.users.get("lan") is None:
        store.users.add(User("lan", Role.EDITOR, now, full_name="Nguyễn Lan", password=passwords.hashed(PASSWORD)))
    ticket = store.sessions.begin("lan", now)[1]
    context.add_cookies([{"name": COOKIES[0], "value": ticket.secret, "url": base}])
    return context


def said(page: Any, words: str) -> None:
    """Lets the pause behind the last keystroke pass, and waits until the form says so of its draft."""
    page.clock.run_for(1_600)
    page.locator("#kept", has_text=words).wait_for()


def test_an_article_is_edited_with_the_keyboard_alone_and_a_draft_is_left_behind(desk: Desk) -> None:
    page = desk.edit()
    page.keyboard.press("Control+a")
    page.keyboard.type("jarr?/m")  # keys of the desk, were one not typing
    page.keyboard.press("Escape")
    page.locator("#item h2:focus").wait_for()
    page.keyboard.press("e")
    page.locator(".draft-of").wait_for()
    assert page.input_value("#edit-title") == "jarr?/m"
    page.fill("#edit-title", "Lịch tiêm")
    page.keyboard.press("Control+s")
    page.locator(".toast", has_text="Đã sửa").wait_for()
    assert desk.article().title == "Lịch tiêm"
    page.locator("#item h2:focus").wait_for()
    page.keyboard.press("u")
    page.locator(".toast", has_text="Đã hoàn tác").wait_for()
    assert desk.article().title == "Bài a"


def test_a_session_that_ends_in_the_middle_of_an_edit_loses_nothing(desk: Desk) -> None:
    page = desk.edit()
    page.fill("#edit-title", "Trước khi hết phiên")
    said(page, "Đã lưu nháp")
    assert desk.draft() == "Trước khi hết phiên"
    desk.store.sessions.end_all("lan")
    page.context.clear_cookies()
    page.fill("#edit-title", "Sau khi hết phiên")
    page.clock.run_for(1_600)
    page.locator("#login[open]").wait_for()
    assert page.input_value("#edit-title") == "Sau khi hết phiên"
    page.fill("#login-password", PASSWORD)
    page.keyboard.press("Enter")
    said(page, "Đã lưu nháp")
    page.close()  # nothing more is needed
    assert desk.draft() == "Sau khi hết phiên"
    again = desk.edit()
    assert again.input_value("#edit-title") == "Sau khi hết phiên"
    # And so where it ends between the last draft and saving.
    desk.store.sessions.end_all("lan")
    page.context.clear_cookies()
    again.keyboard.press("Control+Enter")
    again.locator("#login[open]").wait_for()
    again.fill("#login-password", PASSWORD)
    again.keyboard.press("Enter")
    again.locator(".toast", has_text="Đã sửa").wait_for()
    assert desk.article().title == "Sau khi hết phiên"


def test_what_no_server_ever_got_is_there_again_when_the_tab_is(desk: Desk) -> None:
    page = desk.edit()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.route("**/draft", lambda route: route.abort())
    page.fill("#edit-title", "Gõ lúc mất mạng")
    said(page, "Mất kết nối")
    page.reload()
    assert asked == ["beforeunload"]
    page.unroute("**/draft")
    page.locator("#item h2").wait_for()
    page.keyboard.press("e")
    said(page, "Đã lưu nháp")
    assert page.input_value("#edit-title") == "Gõ lúc mất mạng"
    assert desk.draft() == "Gõ lúc mất mạng"
    page.reload()
    assert asked == ["beforeunload"], "what is kept needs no asking"


def test_nothing_is_sent_while_an_input_method_composes(desk: Desk) -> None:
    page = desk.open()
    page.locator("#item h2").wait_for()
    page.keyboard.press("e")
    page.locator("#edit-title:focus").wait_for()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data) if request.method == "PUT" else None)
    page.keyboard.press("Control+a")
    keys = page.context.new_cdp_session(page)
    keys.send("Input.imeSetComposition", {"text": "Tieen", "selectionStart": 5, "selectionEnd": 5})
    page.clock.run_for(10_000)
    page.keyboard.press("Escape")
    assert sent == []
    keys.send("Input.insertText", {"text": "Tiên"})
    page.clock.run_for(10_000)
    said(page, "Đã lưu nháp")
    assert desk.draft() == "Tiên"


def test_two_editors_see_each_other_and_neither_overwrites_the_other(desk: Desk, browser: Any) -> None:
    page = desk.edit()
    page.fill("#edit-title", "Của lan")
    stored = desk.store.articles.get("a")
    assert stored is not None
    minh = sign_in(desk.store, Role.EDITOR, "minh")
    context = browser.new_context()
    context.add_cookies([{"name": COOKIES[0], "value": minh.secret, "url": desk.base}])
    other = context.new_page()
    other.goto(f"{desk.base}/desk?queue=all&open=a&lang=en")  # and each in their language
    other.locator("#presence", has_text="Nguyễn Lan is editing this").wait_for()
    other.keyboard.press("e")
    other.locator("#edit-title:focus").wait_for()
    other.fill("#edit-body", BODY.replace("12", "13"))
    other.keyboard.press("Control+s")
    other.locator(".toast", has_text="Edited").wait_for()
    context.close()
    page.locator("#meanwhile .notice").wait_for()  # told as it happens
    page.keyboard.press("Control+s")
    page.locator(".conflict").wait_for()
    page.get_by_role("button", name="Lưu bản của tôi").press("Enter")
    page.locator(".toast", has_text="Đã sửa").wait_for()
    assert (desk.article().title, desk.article().body.split("\n")[0]) == ("Của lan", "Có 13 ca.")


def test_the_form_and_the_conflict_keep_nobody_out_and_fit_everywhere(desk: Desk, config: Config) -> None:
    from axe_playwright_python.sync_playwright import Axe

    axe, found, store = Axe(), {}, desk.store
    # Without the policy, for axe is a script.
    with serving(Bare(create_app(store, config, lambda: SITES))) as base, ExitStack() as pages:
        page = pages.enter_context(closing(_signed_in(store, desk.context, base).new_page()))
        page.goto(f"{base}/desk?queue=all&open=a")
        page.locator("#item h2").wait_for()

        def look(name: str) -> None:
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                violations = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
                found[name, scheme] = [(row["id"], [node["html"][:200] for node in row["nodes"]]) for row in violations]
            for width in (640, 320):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate(SPREADS, width) == [], (name, width)
            page.set_viewport_size({"width": 1280, "height": 900})

        page.keyboard.press("e")
        page.locator("#edit-title:focus").wait_for()
        page.fill("#edit-title", " ")
        page.fill("#edit-published", "31/02/2026")
        page.keyboard.press("Control+s")
        page.locator("#edit-title[aria-invalid]:focus").wait_for()
        look("faults")
        page.fill("#edit-title", "Của lan")
        page.fill("#edit-published", "24/11/2026 08:30")
        assert page.locator(".fault, [aria-invalid]").count() == 0, "what was wrong is not said of what is right"
        now = store.articles.get("a")
        assert now is not None
        typed = edited(now.article, Form(**{**Form.of(now.article).to_json(), "body": "Có 13 ca."}))
        store.journal.edit("a", typed, datetime.now(UTC), by="minh")
        page.keyboard.press("Control+s")
        page.locator(".conflict").wait_for()
        look("conflict")
        page.get_by_role("button", name="Sửa tiếp").press("Enter")
        page.locator(".beside-text").wait_for()
        look("beside")
        page.keyboard.press("Escape")
        for key, ready in (("m", "#story-words"), ("n", "#note"), ("g", "[name=to]")):
            page.locator("#item h2:focus").wait_for()
            page.keyboard.press(key)
            page.locator(f"#sheet[open] {ready}").first.wait_for()
            look(key)
            page.locator("#sheet [data-close]").click()
    assert not any(found.values()), {key: rows for key, rows in found.items() if rows}


def test_whatever_an_editor_types_runs_nowhere(desk: Desk, config: Config) -> None:
    """Every payload as a title, a lead, a paragraph, an item, a cell, an author, a source, a tag and a note."""
    store = desk.store
    many = [payload.replace("\0", "") for payload in PAYLOADS]
    text = "\n".join(line for payload in many for line in (payload, f"- {payload}", f"Ô | {payload}"))
    with serving(Bare(create_app(store, config, lambda: SITES))) as base:
        watch = Watch(base)
        context = _signed_in(store, desk.context, base)
        watch.attach(context)
        page = context.new_page()
        watch.opened.clear()
        cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in context.cookies())
        with httpx.Client(base_url=base, headers={"Cookie": cookies}, timeout=30) as http:
            desk_page = html.fromstring(http.get("/desk").text)
            http.headers["X-CSRF-Token"] = desk_page.cssselect("meta[name=csrf]")[0].get("content")
            form = html.fromstring(http.get("/desk/items/b/edit").text).cssselect("form.editing")[0]
            fields = {field.get("name"): field.value or "" for field in form.cssselect("input, textarea")}
            typed = fields | {
                "title": many[0], "lead": many[1][:5000], "body": text, "author": many[2][:300],
                "source": many[3][:300], "tags": ", ".join(tag[:100] for tag in many[4:20])[:3000],
            }  # fmt: skip
            parts = [http.put("/desk/items/b/draft", data=typed).text, http.get("/desk/items/b/edit").text]
            store.journal.note("b", "\n".join(many[:30]), datetime.now(UTC), by="lan")
            saved = http.post("/desk/items/b/edit", data=typed)
            assert saved.status_code == 200, saved.text[:2000]
            stale = http.post("/desk/items/b/edit", data=typed | {"title": many[5], "body": text[::-1]})
            assert stale.status_code == 412
            parts += [saved.text, stale.text]
            parts += [http.get(f"/desk/items/b/{part}").text for part in ("edit", "notes", "story", "assign", "page")]
            parts += [http.get("/desk/items/a/story", params={"q": payload}).text for payload in ("b", *many[:9])]
            for reader in ("/articles/b", "/", "/desk?queue=all&open=b"):
                parts.append(http.get(reader).text)
            assert "svg onload=X()" in http.get("/feeds/atom.xml").text, "or it would prove nothing"
            parts += [http.get("/feeds/feed.json").json()["items"][0]["content_html"]]
        for n, part in enumerate(parts):
            page.route(f"{base}/_part{n}", _given(part))
            page.goto(f"{base}/_part{n}")
            bad = [row for row in page.evaluate(LOOK) if not str(row).startswith("script")]
            assert bad == [], (n, bad)
        page.wait_for_timeout(200)  # for what wants to happen a little later
        assert watch.seen == ([], [])
        page.close()


def _given(part: str) -> Callable[[Any], None]:
    body = part if "<html" in part[:200] else f"<!DOCTYPE html><meta charset='utf-8'><body>{part}</body>"
    return lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8")
