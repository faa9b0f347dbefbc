"""The queue: what comes first, what limits it, and what becomes of its rows."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from lxml import html

from news.article import Status, StoredArticle
from news.review.review import Concern, Queue, Review
from news.review.states import Move, state_tag
from storage.connect import Store
from tests.web.conftest import FETCHED
from web.desk.rows import PAGE

Put = Callable[..., StoredArticle]


def waiting(*concerns: Concern, **more: object) -> Review:
    queues = (Queue.NEW, Queue.DUPLICATES) if Concern.UNSURE_DUPLICATE in concerns else (Queue.NEW,)
    return Review(queues=queues, concerns=concerns, **more)  # type: ignore[arg-type]


def ids(text: str) -> list[str]:
    return [row.get("data-id", "") for row in html.fromstring(f"<div>{text}</div>").cssselect(".row")]


def counts(text: str) -> dict[str, str]:
    links = html.fromstring(f"<div>{text}</div>").cssselect("#tabs a")
    return {link.get("data-queue", ""): link.cssselect(".count")[0].text_content() for link in links}


def test_what_needs_a_human_most_comes_first_and_says_why(editor: httpx.Client, put: Put) -> None:
    put("plain", Status.WAITING, review=waiting())
    put("undated", Status.WAITING, review=waiting(Concern.NO_DATE, Concern.LOW_CONFIDENCE))
    put("misleading", review=waiting(Concern.SENSITIVE_UPDATE))
    page = html.fromstring(editor.get("/desk").text)
    assert [row.get("data-id") for row in page.cssselect(".row")] == ["misleading", "undated", "plain"]
    assert [badge.text for badge in page.cssselect("#row-undated .badge")] == ["Độ tin cậy thấp", "Thiếu ngày đăng"]


def test_the_tabs_say_how_many_lie_where(editor: httpx.Client, store: Store, put: Put) -> None:
    for id in ("a", "b"):
        put(id, Status.WAITING, review=waiting())
    put("c", Status.WAITING, review=waiting(Concern.UNSURE_DUPLICATE))
    put("d")
    assert counts(editor.get("/desk").text) == {"new": "3", "held": "0", "updated": "0", "duplicates": "1", "all": "4"}
    store.journal.decide("a", Move.HOLD, FETCHED, by="lan")
    assert counts(editor.get("/desk/queue").text)["held"] == "1"
    assert ids(editor.get("/desk/queue?queue=held").text) == ["a"]


def test_the_queue_is_limited_by_what_is_chosen_and_says_so(editor: httpx.Client, put: Put) -> None:
    put("a", Status.WAITING, review=waiting(Concern.NO_DATE, assigned="lan"), tags=("Y tế",), confidence=0.4)
    put("b", Status.WAITING, site="nhandan", review=waiting(Concern.VERY_SHORT), confidence=0.95)
    for query, found in (
        ("site=nhandan", ["b"]), ("kind=province", ["a"]), ("concern=no-date", ["a"]), ("tag=y+te", ["a"]),
        ("sure=50", ["a"]), ("assigned=lan", ["a"]), ("assigned=minh", []), ("concern=very-short&site=soyte", []),
    ):  # fmt: skip
        answer = editor.get(f"/desk/queue?{query}")
        assert ids(answer.text) == found, query
        assert answer.headers["hx-push-url"] == f"/desk?queue=new&{query.replace('very-short&site', 'very-short&site')}"
    assert (
        "Thiếu ngày đăng"
        in html.fromstring(editor.get("/desk?concern=no-date").text).cssselect(".conditions")[0].text_content()
    )


@pytest.mark.parametrize("query", ["queue=newest", "concern=ugly", "sure=51", "site=none", "after=x", "kind=x"])
def test_what_nobody_can_ask_for_is_refused_with_what_one_can(editor: httpx.Client, query: str) -> None:
    assert editor.get(f"/desk/queue?{query}").status_code == 422


def test_a_long_queue_comes_piece_by_piece(editor: httpx.Client, put: Put) -> None:
    for n in range(PAGE + 5):
        put(f"a{n:02}", Status.WAITING, review=waiting())
    first = editor.get("/desk/queue").text
    more = html.fromstring(f"<div>{first}</div>").cssselect("#more button")[0].get("hx-get", "")
    rest = editor.get(more).text
    assert len(ids(first)) == PAGE
    assert sorted(ids(first) + ids(rest)) == [f"a{n:02}" for n in range(PAGE + 5)]
    assert "hx-push-url" not in editor.get(more).headers


def test_rows_that_changed_are_brought_anew_and_those_that_left_are_taken_away(
    editor: httpx.Client, store: Store, put: Put
) -> None:
    for id in ("a", "b", "fresh"):
        put(id, Status.WAITING, review=waiting())
    tag = state_tag(store.articles.get("b"))  # type: ignore[arg-type]
    store.journal.decide("a", Move.APPROVE, FETCHED, by="minh")
    store.journal.assign("b", "lan", FETCHED, by="minh")
    answer = editor.get(f"/desk/changes?queue=new&ids=a,b,fresh&shown=a,b&open=b&state={tag}").text
    page = html.fromstring(f"<div>{answer}</div>")
    assert page.cssselect("#row-a")[0].get("hx-swap-oob") == "delete"
    assert "lan" in page.cssselect("#row-b")[0].text_content()
    assert "1 bài mới" in page.cssselect("#fresh")[0].text_content()
    assert not page.cssselect("#meanwhile"), "an assignment changes nothing of what an editor has read"

    store.journal.decide("b", Move.HOLD, FETCHED, by="minh")
    answer = editor.get(f"/desk/changes?queue=new&ids=b&shown=b&open=b&state={tag}").text
    assert "Bài này vừa đổi" in answer


def test_the_language_stays_with_every_link(editor: httpx.Client, put: Put) -> None:
    put("a", Status.WAITING, review=waiting())
    page = html.fromstring(editor.get("/desk?lang=en").text)
    links = [link.get("href", "") for link in page.cssselect("#list a, .menu a")]
    assert links
    assert all("lang=en" in link for link in links)
    assert "lang=en" in page.cssselect(".row a")[0].get("hx-get", "")


def test_nothing_of_the_desk_is_kept_by_a_cache(editor: httpx.Client, put: Put) -> None:
    put("a", Status.WAITING)
    for path in ("/desk", "/desk/queue", "/desk/items/a", "/desk/trail", "/desk/figures"):
        answer = editor.get(path)
        assert answer.headers["cache-control"] == "no-store, private" or "no-store" in answer.headers["cache-control"]
        assert "script-src 'self'" in answer.headers["content-security-policy"]
