"""An article at the desk: what editors are told of it, and its views."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from lxml import html

from news.access import Scope
from news.article import Status, StoredArticle
from storage.connect import Store
from tests.web.conftest import FETCHED

Put = Callable[..., StoredArticle]


@pytest.fixture
def editor(store: Store, client: httpx.Client) -> httpx.Client:
    """A client of somebody who may see everything."""
    client.headers["X-Auth-Token"] = str(store.tokens.issue("desk", (Scope.READ, Scope.REVIEW), 0, FETCHED, None)[1])
    return client


def test_nobody_else_sees_what_is_not_published(client: httpx.Client, put: Put) -> None:
    put("a", Status.WAITING)
    assert client.get("/desk/items/a").status_code == 403


def test_an_article_that_waits_is_shown_as_readers_will_see_it(editor: httpx.Client, put: Put) -> None:
    put("a", Status.WAITING, title="Lịch tiêm", html="<p>Kế hoạch <b>mới</b>.</p>")
    page = html.fromstring(editor.get("/desk?open=a").text)
    assert page.cssselect("#item h2")[0].text_content() == "Lịch tiêm"
    assert page.cssselect("#item .body b")[0].text == "mới"
    assert [button.get("data-move") for button in page.cssselect(".tools .moves button")] == [
        "approve", "reject", "hold", "retract",
    ]  # fmt: skip


def test_what_changed_is_shown_by_word(editor: httpx.Client, store: Store, put: Put) -> None:
    old = put("a", body="Có 1.204 ca.\nHết.")
    new = replace(
        old, article=replace(old.article, body="Có 1.240 ca.\nHết."), version=2, fetched=FETCHED + timedelta(hours=1)
    )
    store.journal.update(new, old, None, changed=["body"])
    page = html.fromstring(editor.get("/desk/items/a?view=diff").text)
    assert [element.text for element in page.cssselect("del, ins")] == [" 1.204", " 1.240"]
    assert "1 chỗ khác nhau" in page.cssselect(".summary")[0].text_content()


def test_an_article_that_never_was_is_not_found(editor: httpx.Client) -> None:
    assert editor.get("/desk/items/none").status_code == 404
