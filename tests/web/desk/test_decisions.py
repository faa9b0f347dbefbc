"""What editors decide at the desk: done at once, told, undone, and refused where the article is not as it was seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from lxml import html
from lxml.html import HtmlElement

from news.article import Status, StoredArticle
from news.review.record import Action
from news.review.review import Queue, Review
from news.review.states import Move, state_tag
from storage.connect import Store
from tests.web.conftest import FETCHED

Put = Callable[..., StoredArticle]
NEW = Review(queues=(Queue.NEW,))


def parts(answer: httpx.Response) -> HtmlElement:
    return html.fromstring(f"<div>{answer.text}</div>")


def decide(editor: httpx.Client, stored: StoredArticle, move: str, **fields: str) -> httpx.Response:
    data: Mapping[str, str] = {"move": move, "version": str(stored.version), "shown": stored.id, **fields}
    headers = {"If-Match": f'"{state_tag(stored)}"'}
    return editor.post(f"/desk/items/{stored.id}/decide?queue=new", data=data, headers=headers)


def seen(stored: StoredArticle) -> str:
    """How a selection names an article as it is."""
    return f"{stored.id}~{state_tag(stored)}"


def status(store: Store, id: str) -> Status:
    stored = store.articles.get(id)
    assert stored is not None
    return stored.status


def test_after_a_decision_the_next_article_is_there_and_the_row_is_gone(
    editor: httpx.Client, store: Store, put: Put
) -> None:
    one = put("a", Status.WAITING, review=NEW)
    put("b", Status.WAITING, review=NEW)
    answer = decide(editor, one, "approve", next="b")
    page = parts(answer)
    assert status(store, "a") is Status.PUBLISHED
    assert page.cssselect("article.item")[0].get("data-id") == "b"
    assert page.cssselect("#row-a")[0].get("hx-swap-oob") == "delete"
    assert answer.headers["hx-push-url"] == "/desk?queue=new&open=b"
    assert "Đã duyệt" in page.cssselect(".toast")[0].text_content()
    record = store.audit.find()[0]
    assert (record.by, record.action, record.before, record.after) == (
        "lan", Action.APPROVE, Status.WAITING, Status.PUBLISHED,
    )  # fmt: skip


def test_it_is_undone_from_what_the_answer_offers(editor: httpx.Client, store: Store, put: Put) -> None:
    one = put("a", Status.WAITING, review=NEW)
    toast = parts(decide(editor, one, "reject", reason="Quảng cáo")).cssselect(".toast")[0]
    assert status(store, "a") is Status.REJECTED
    assert store.audit.find()[0].detail == "Quảng cáo"
    record = store.audit.find()[0].id
    assert record in toast.cssselect("[data-undo]")[0].get("hx-vals", "")
    answer = editor.post(f"/desk/undo/{record}?queue=new")
    assert status(store, "a") is Status.WAITING
    assert parts(answer).cssselect("article.item")[0].get("data-id") == "a"
    assert answer.headers["hx-trigger"] == "desk-queue"


def test_a_rejection_without_a_reason_is_refused(editor: httpx.Client, store: Store, put: Put) -> None:
    one = put("a", Status.WAITING, review=NEW)
    answer = decide(editor, one, "reject")
    assert (answer.status_code, answer.headers["hx-reswap"]) == (409, "none")
    assert "Không làm được" in parts(answer).cssselect(".toast")[0].text_content()
    assert status(store, "a") is Status.WAITING


def test_what_changed_meanwhile_is_shown_and_nothing_is_done(editor: httpx.Client, store: Store, put: Put) -> None:
    seen = put("a", body="Có 1.204 ca.", review=NEW)
    article = replace(seen.article, body="Có 1.240 ca.")
    new = replace(seen, article=article, version=2, fetched=FETCHED + timedelta(hours=1))
    store.journal.update(new, seen, None, changed=["body"])
    answer = decide(editor, seen, "retract", reason="Sai")
    page = parts(answer)
    assert (answer.status_code, status(store, "a")) == (412, Status.PUBLISHED)
    assert [element.text for element in page.cssselect(".stopped del, .stopped ins")] == [" 1.204", " 1.240"]
    now = store.articles.get("a")
    assert now is not None
    assert page.cssselect("article.item")[0].get("data-tag") == state_tag(now), "so that one can decide anew"
    assert decide(editor, now, "retract", reason="Sai").status_code == 200
    assert status(store, "a") is Status.RETRACTED


def test_what_another_editor_decided_first_stands(editor: httpx.Client, store: Store, put: Put) -> None:
    seen = put("a", Status.WAITING, review=NEW)
    store.journal.decide("a", Move.HOLD, FETCHED, by="minh")
    answer = decide(editor, seen, "approve")
    assert (answer.status_code, status(store, "a")) == (412, Status.HELD)
    assert "Trạng thái nay là “Tạm giữ”" in parts(answer).cssselect(".notice")[0].text_content()


def test_a_selection_is_decided_at_once_and_undone_as_a_whole(editor: httpx.Client, store: Store, put: Put) -> None:
    picked = [put("a", Status.WAITING, review=NEW), put("b", Status.WAITING, review=NEW), put("gone", Status.RETRACTED)]
    ids = ",".join([*map(seen, picked), "never~1"])
    answer = editor.post("/desk/decide?queue=new", data={"ids": ids, "move": "hold", "shown": "a,b"})
    page = parts(answer)
    assert [status(store, id) for id in ("a", "b", "gone")] == [Status.HELD, Status.HELD, Status.RETRACTED]
    said = page.cssselect(".toast")[0].text_content()
    assert "Đã tạm giữ: 2 bài" in said
    assert "1 bài không làm được" in said
    assert "Bài gone" in said
    assert [row.get("id") for row in page.cssselect("[hx-swap-oob=delete]")] == ["row-a", "row-b"]
    records = ",".join(record.id for record in store.audit.find())
    editor.post("/desk/undo", data={"records": records})
    assert [status(store, id) for id in ("a", "b")] == [Status.WAITING, Status.WAITING]


def test_what_of_a_selection_was_decided_meanwhile_is_left_as_it_is(
    editor: httpx.Client, store: Store, put: Put
) -> None:
    put("a", Status.WAITING, review=NEW)
    row = html.fromstring(editor.get("/desk?queue=new").text).cssselect("#row-a")[0]
    store.journal.decide("a", Move.HOLD, FETCHED, by="minh")
    answer = editor.post("/desk/decide", data={"ids": f"a~{row.get('data-tag')}", "move": "approve"})
    assert "Bài này vừa đổi" in answer.text
    assert status(store, "a") is Status.HELD


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/desk/items/a/decide", {"move": "burn"}), ("/desk/items/a/decide", {}),
        ("/desk/decide", {"ids": "a", "move": "hold"}), ("/desk/decide", {"ids": "a~", "move": "hold"}),
    ],
)  # fmt: skip
def test_what_no_page_sends_is_refused(editor: httpx.Client, put: Put, path: str, data: dict[str, str]) -> None:
    put("a", Status.WAITING)
    assert editor.post(path, data=data).status_code == 422


@pytest.mark.parametrize("record", ["1", "999999", "x", "../a"])
def test_what_cannot_be_undone_is_told(editor: httpx.Client, put: Put, record: str) -> None:
    put("a", Status.WAITING)
    assert editor.post("/desk/undo", data={"records": record}).status_code == 409


def test_a_page_of_another_site_decides_nothing(editor: httpx.Client, store: Store, put: Put) -> None:
    one = put("a", Status.WAITING, review=NEW)
    del editor.headers["X-CSRF-Token"]
    assert decide(editor, one, "approve").status_code == 403
    assert status(store, "a") is Status.WAITING
