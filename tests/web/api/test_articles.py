"""Articles over the API, as programs that build on it see them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import httpx
import pytest

from news.article import Document, Removed, Status, StoredArticle
from news.review.states import Move
from news.selection import NAMES as SELECTED
from storage.connect import Store
from tests.web.conftest import FETCHED
from web.api.articles import FIELDS
from web.api.asked import SELECTION

Put = Callable[..., StoredArticle]
ARTICLES = "/api/v1/articles"


def ids(answer: httpx.Response) -> list[str]:
    return [row["id"] for row in answer.json()["articles"]]


def corrected(store: Store, old: StoredArticle, **values: str) -> StoredArticle:
    article = replace(old.article, **values)  # type: ignore[arg-type]
    new = replace(old, article=article, version=old.version + 1, fetched=old.fetched + timedelta(hours=1))
    store.journal.update(new, old, None, changed=list(values))
    return new


def test_every_name_of_a_selection_may_be_asked_for() -> None:
    assert [row.name for row in SELECTION] == list(SELECTED)


def test_an_article_has_all_that_is_stored(client: httpx.Client, put: Put) -> None:
    stored = put("a", tags=("tiêm chủng",), documents=(Document("57-NQ/TW", "Nghị quyết", date(2024, 12, 22)),))

    assert client.get(f"{ARTICLES}/a").json() == stored.to_json()
    assert client.get(ARTICLES).json()["articles"] == [stored.to_json()]
    assert set(FIELDS) == set(stored.to_json())


def test_a_list_has_the_fields_that_are_asked_for(client: httpx.Client, put: Put) -> None:
    put("a")

    assert client.get(f"{ARTICLES}?fields=title,site").json()["articles"] == [
        {"id": "a", "title": "Bài a", "site": "soyte"}
    ]
    answer = client.get(f"{ARTICLES}?fields=titel")
    assert answer.status_code == 422
    assert "title" in answer.json()["remedy"]


def test_the_next_page_is_linked_and_keeps_what_was_asked_for(client: httpx.Client, many: list[StoredArticle]) -> None:
    path, found = f"{ARTICLES}?site=soyte&limit=20&fields=id", list[str]()
    while path:
        answer = client.get(path)
        found += ids(answer)
        path = answer.links.get("next", {}).get("url", "")

    assert found == [stored.id for stored in many]


def test_a_cursor_is_good_for_the_order_it_came_from(client: httpx.Client, many: list[StoredArticle]) -> None:
    cursor = client.get(f"{ARTICLES}?limit=1").json()["next"]

    for query in (f"sort=changed&cursor={cursor}", "cursor=x", "cursor=%F0%9F%98%80", f"cursor={cursor[:-3]}"):
        answer = client.get(f"{ARTICLES}?{query}")
        assert answer.status_code == 422, query
        assert answer.json()["errors"][0]["name"] == "cursor"


def test_a_poller_learns_of_corrections_and_of_what_is_gone(client: httpx.Client, put: Put, store: Store) -> None:
    old, _, _ = put("a"), put("b"), put("c")
    corrected(store, old, title="Đính chính")
    store.journal.retract("b", FETCHED, "gone")
    store.journal.merge("c", "a", FETCHED, by="lan")

    page = client.get(f"{ARTICLES}?sort=changed&fields=title").json()

    assert [(row["id"], row["title"]) for row in page["articles"]] == [("a", "Đính chính")]
    removed = {row["id"]: (row["status"], row["story"]) for row in page["removed"]}
    assert removed == {"b": ("retracted", "b"), "c": ("published", "a")}
    events = [int(row["event"]) for row in (*page["articles"], *page["removed"])]
    assert max(events) == store.events.last()


def test_an_answer_has_the_same_etag_until_it_changes(client: httpx.Client, put: Put, store: Store) -> None:
    old = put("a")
    client.headers["Accept-Encoding"] = "identity"  # what is packed has a weak one
    paths = (ARTICLES, f"{ARTICLES}/a", f"{ARTICLES}?sort=changed", "/api/v1/sites", "/api/v1/events", "/api/v1/tags")
    first = {path: client.get(path) for path in paths}
    for path, answer in first.items():
        etag = answer.headers["etag"]
        assert etag.startswith('"'), "a strong one"
        again = client.get(path, headers={"If-None-Match": f'"x", {etag}'})
        assert (again.status_code, again.content) == (304, b""), path
        assert client.head(path).headers["etag"] == etag

    corrected(store, old, title="Đính chính", section="Y tế")
    for path in paths[:3]:
        assert client.get(path, headers={"If-None-Match": first[path].headers["etag"]}).status_code == 200


def test_an_article_that_readers_may_not_see_is_not_given(client: httpx.Client, put: Put, store: Store) -> None:
    for status in (Status.WAITING, Status.REJECTED, Status.RETRACTED):
        put(str(status), status=status, body="bí mật")

    for part in ("", "/versions", "/evidence", "/story"):
        for status, code in ((Status.WAITING, 404), (Status.REJECTED, 404), (Status.RETRACTED, 410)):
            answer = client.get(f"{ARTICLES}/{status}{part}", headers={"Accept": "text/html"})
            assert answer.status_code == code, (status, part)
            assert answer.headers["content-type"] == "application/problem+json", "programs read problems"
            assert "bí mật" not in answer.text
    assert client.get(ARTICLES).json()["articles"] == []
    store.journal.restore("retracted", FETCHED, "back")
    assert client.get(f"{ARTICLES}/retracted").status_code == 200


@pytest.mark.parametrize("status", ["waiting", "rejected,published", "retracted"])
def test_what_is_not_published_needs_a_scope(client: httpx.Client, status: str) -> None:
    answer = client.get(ARTICLES, params={"status": status})

    assert answer.status_code == 403
    assert answer.json()["type"] == "/api/v1/#problem-scope-needed"
    assert "review" in answer.json()["remedy"]


def test_a_slip_of_the_pen_does_not_find_everything(client: httpx.Client, put: Put) -> None:
    put("a")
    wrong = {
        "sites=soyte": ("sites", "site"),
        "site=soyta": ("site", "soyte"),
        "kind=pres": ("kind", "press"),
        "sort=newest": ("sort", "published"),
        "limit=201": ("limit", "200"),
        "limit=1&limit=2": ("limit", "once"),
        "since=yesterday": ("since", "2026"),
        "kind=": ("kind", "press"),
        "sort=relevance": ("sort", "q"),
        "highlight=1": ("highlight", "q"),
    }
    for query, (name, hint) in wrong.items():
        problem = client.get(f"{ARTICLES}?{query}").json()
        assert problem["status"] == 422, query
        assert problem["errors"][0]["name"] == name, query
        assert hint in problem["remedy"], query


def test_versions_say_what_each_correction_changed(client: httpx.Client, put: Put, store: Store) -> None:
    corrected(store, put("a"), body="Sở Y tế đã ban hành kế hoạch số 12.")

    answer = client.get(f"{ARTICLES}/a/versions")
    told = answer.json()

    assert (told["version"], [row["version"] for row in told["versions"]]) == (2, [1])
    old = told["versions"][0]
    assert old["changed"] == ["body"]
    assert old["changes"] == [
        {
            "kind": "changed",
            "before": "Sở Y tế đã ban hành kế hoạch.",
            "after": "Sở Y tế đã ban hành kế hoạch số 12.",
        }
    ]
    assert answer.headers["last-modified"] == "Mon, 02 Mar 2026 02:00:00 GMT"


def test_evidence_says_where_everything_came_from(client: httpx.Client, put: Put) -> None:
    put("a", evidence={"title": "jsonld"}, removed=(Removed("Lượt xem: 12", "lines.toml:views"),))

    assert client.get(f"{ARTICLES}/a/evidence").json() == {
        "id": "a",
        "version": 1,
        "confidence": 0.0,
        "evidence": {"title": "jsonld"},
        "removed": [{"text": "Lượt xem: 12", "rule": "lines.toml:views"}],
    }


def test_what_is_marked_is_text(client: httpx.Client, put: Put) -> None:
    put("a", title="<b>Tiêm</b> chủng")

    (row,) = client.get(f"{ARTICLES}?q=tiem&highlight=1&fields=id").json()["articles"]

    title = row["highlights"]["title"]
    assert "".join(piece["text"] for piece in title) == "<b>Tiêm</b> chủng"
    assert [piece["text"] for piece in title if piece["marked"]] == ["Tiêm"]


def test_nowhere_is_told_which_editor_did_it_and_what_they_said(client: httpx.Client, put: Put, store: Store) -> None:
    put("a")
    put("b", site="nhandan")
    was = store.articles.get("a")
    assert was
    store.journal.edit("a", replace(was.article, title="Tiêm chủng"), FETCHED, by="chi-hoa-97")
    store.journal.merge("a", "b", FETCHED, by="chi-hoa-97")
    store.journal.decide("b", Move.RETRACT, FETCHED, by="chi-hoa-97", reason="Gọi cho chị Hoa")

    asked = ("/a", "/a/versions", "/a/events", "/b/events", "/a/story", "?stories=all", "?sort=changed")
    said = [client.get(f"{ARTICLES}{path}") for path in asked] + [client.get("/api/v1/events")]
    assert [answer.status_code for answer in said] == [200] * len(said)
    assert [answer.url for answer in said if "hoa" in answer.text.lower()] == []
    assert said[0].json()["edit"]["by"] == said[1].json()["versions"][0]["by"] == "editor"
    assert said[4].json()["decided_by"] == "editor"
