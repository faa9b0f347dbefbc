"""Several editors at one article: who is there, what they tell each other, who sees to it, and whose story it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest
from lxml import html
from lxml.html import HtmlElement

from news.article import Status, StoredArticle
from news.review.record import Action
from news.review.review import Review
from news.users import Role
from storage.connect import Store
from tests.web.accounts import signed_in

Put = Callable[..., StoredArticle]
PATH = "/desk/items/a"


@pytest.fixture
def other(store: Store, client: httpx.Client) -> httpx.Client:
    """A client in which another editor, minh, is signed in."""
    return signed_in(client, store, Role.EDITOR, "minh")


def parts(answer: httpx.Response) -> HtmlElement:
    assert answer.status_code in (200, 409, 422), answer.text
    return html.fromstring(f"<div>{answer.text}</div>")


def said(answer: httpx.Response) -> str:
    return " ".join(parts(answer).text_content().split())


def there(client: httpx.Client, state: str, tab: str = "one") -> str:
    return said(client.post(f"{PATH}/presence", data={"state": state, "tab": tab}))


def now(store: Store, id: str = "a") -> StoredArticle:
    stored = store.articles.get(id)
    assert stored is not None
    return stored


def test_an_article_says_who_else_is_on_it(editor: httpx.Client, other: httpx.Client, store: Store, put: Put) -> None:
    put("a")
    assert there(editor, "edit") == ""
    assert there(other, "view") == "Nguyễn lan đang sửa bài này"
    assert there(editor, "edit", "two") == "Nguyễn minh đang xem"
    rows = [
        parts(client.get("/desk/queue?queue=all")).cssselect(".row")[0].text_content() for client in (editor, other)
    ]
    assert [("minh" in row, "lan" in row) for row in rows] == [(True, False), (False, True)], "oneself one knows of"
    assert there(other, "gone") == "Nguyễn lan đang sửa bài này"
    assert there(editor, "view") == ""
    assert [one.user for one in store.presence.of(["a"], datetime.now(UTC))["a"]] == ["lan"]
    assert editor.post(f"{PATH}/presence", data={"state": "asleep"}).status_code == 422
    assert editor.post("/desk/items/none/presence", data={"state": "view"}).status_code == 404


def test_notes_are_read_in_their_order_by_those_at_the_desk(
    editor: httpx.Client, other: httpx.Client, store: Store, put: Put
) -> None:
    put("a")
    assert "Chưa có ghi chú nào" in said(editor.get(f"{PATH}/notes"))
    added = editor.post(f"{PATH}/note", data={"note": "Hỏi lại số liều."})
    assert (added.headers["hx-retarget"], added.headers["hx-trigger"]) == ("#item", "desk-close")
    other.post(f"{PATH}/note", data={"note": "Đã hỏi:\nđúng."})
    notes = parts(editor.get(f"{PATH}/notes")).cssselect(".notes li")
    read = [tuple(li.cssselect(way)[0].text_content() for way in ("b", ".said")) for li in notes]
    assert read == [("Nguyễn lan", "Hỏi lại số liều."), ("Nguyễn minh", "Đã hỏi:\nđúng.")]
    assert now(store).review.notes == 2
    empty = editor.post(f"{PATH}/note", data={"note": "  "})
    assert empty.status_code == 422
    assert parts(empty).cssselect("[aria-invalid=true]")


def test_a_task_is_given_to_an_editor_and_to_nobody_else(
    client: httpx.Client, editor: httpx.Client, other: httpx.Client, store: Store, put: Put
) -> None:
    put("a")
    signed_in(client, store, Role.READER, "nam")
    signed_in(client, store, Role.ADMIN, "hoa")
    names = [radio.get("value") for radio in parts(editor.get(f"{PATH}/assign")).cssselect("[name=to]")]
    assert names == ["lan", "hoa", "minh", ""], "oneself first, readers not at all, or nobody"
    given = editor.post(f"{PATH}/assign", data={"to": "minh"})
    assert "Đã giao cho Nguyễn minh" in said(given)
    assert now(store).review.assigned == "minh"
    assert parts(editor.get(f"{PATH}/assign")).cssselect("[checked]")[0].get("value") == "minh"
    assert editor.post(f"{PATH}/assign", data={"to": "nam"}).status_code == 422
    record = store.audit.find()[0]
    editor.post(f"/desk/undo/{record.id}")
    assert now(store).review.assigned == ""


def test_articles_are_joined_taken_apart_and_one_stands_for_them(editor: httpx.Client, store: Store, put: Put) -> None:
    put("a", review=Review(alike=("b",)))
    put("b", Status.WAITING, title="Lịch tiêm", site="nhandan")
    sheet = parts(editor.get(f"{PATH}/story"))
    assert "đứng một mình" in sheet.text_content()
    (candidate,) = sheet.cssselect("#story-found .told")
    assert "Lịch tiêm" in candidate.text_content()

    merged = editor.post(f"{PATH}/story", data={"do": "merge", "with": "b"})
    assert "Đã gộp với Lịch tiêm" in said(merged)
    assert now(store).story == now(store, "b").story == "b"
    members = parts(editor.get(f"{PATH}/story")).cssselect(".tolds .told")
    assert len(members) == 2

    main = editor.post(f"{PATH}/story", data={"do": "main", "with": "b"})
    assert "Đã chọn làm bài chính Lịch tiêm" in said(main)
    kept = store.stories.get("b")
    assert kept is not None
    assert kept.main == "b"

    split = editor.post(f"{PATH}/story", data={"do": "split", "with": "a"})
    assert "Đã tách" in said(split)
    assert now(store).story != now(store, "b").story
    assert [record.action for record in store.audit.find()] == [Action.SPLIT, Action.MAIN, Action.MERGE]
    alone = editor.post(f"{PATH}/story", data={"do": "merge", "with": "a"})
    assert alone.status_code == 409
    assert "Không làm được" in said(alone)
    assert editor.post(f"{PATH}/story", data={"do": "burn"}).status_code == 422
    assert editor.post(f"{PATH}/story", data={"do": "merge", "with": "none"}).status_code == 404


def test_the_trail_says_what_was_done_with_stories_and_undone_in_words_with_links(
    editor: httpx.Client, store: Store, put: Put
) -> None:
    put("a", title="Bài một")
    put("b", Status.WAITING, title="Lịch tiêm", site="nhandan")

    def told(language: str) -> list[tuple[str, list[str]]]:
        cells = parts(editor.get(f"/desk/trail?lang={language}")).cssselect("tbody td:last-child")
        return [
            (" ".join(cell.text_content().split()), [link.get("href", "") for link in cell.cssselect("a")])
            for cell in cells
        ]

    editor.post(f"{PATH}/story", data={"do": "merge", "with": "b"})
    editor.post(f"{PATH}/story", data={"do": "split", "with": "a"})
    assert told("vi") == [
        ("tách khỏi câu chuyện của Lịch tiêm", ["/desk?queue=all&open=b"]),
        ("gộp vào câu chuyện của Lịch tiêm", ["/desk?queue=all&open=b"]),
    ]
    editor.post(f"/desk/undo/{store.audit.find()[0].id}")
    assert told("en") == [
        ("split from its story", []),
        ("out of the story of Lịch tiêm", ["/desk?queue=all&open=b&lang=en"]),
        ("into the story of Lịch tiêm", ["/desk?queue=all&open=b&lang=en"]),
    ]


def test_a_story_is_found_by_words_by_id_and_by_address(editor: httpx.Client, store: Store, put: Put) -> None:
    put("a")
    put("b", title="Lịch tiêm chủng tháng ba")
    put("c", Status.HELD, title="Lịch tiêm chủng tháng tư")

    def found(words: str) -> list[str]:
        part = parts(editor.get(f"{PATH}/story", params={"q": words}))
        return sorted(title.text_content().strip() for title in part.cssselect(".told .title"))

    for words in ("b", "https://www.soyte.gov.vn/b", "https://tin.example.vn/articles/b"):
        assert found(words) == ["Lịch tiêm chủng tháng ba"], words
    assert found("tiem chung") == ["Lịch tiêm chủng tháng ba", "Lịch tiêm chủng tháng tư"], "whatever their state"
    assert found("a") == found('"') == found("") == found("https://") == [], "not itself, not nothing"
