"""Stories, sites, labels and counts over the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
import pytest
from lxml import html

from news.article import VIETNAM, Document, Status, StoredArticle
from storage.articles import ArticleFilter
from storage.connect import Store
from storage.tallies import Unit
from tests.web.conftest import FETCHED
from web.api.census import Census

Put = Callable[..., StoredArticle]
NEEDED = {"/api/v1/export": "export", "/api/v1/webhooks": "push"}
MORNING = datetime(2026, 3, 1, 8, tzinfo=VIETNAM)


def test_a_story_tells_who_was_first_and_what_the_others_changed(client: httpx.Client, put: Put, store: Store) -> None:
    put("copy", site="nhandan", published=MORNING + timedelta(hours=1), body="Sở Y tế đã ban hành kế hoạch mới.")
    put("first", published=MORNING)
    put("alone")
    store.journal.merge("copy", "first", FETCHED, by="lan")

    story = client.get("/api/v1/stories/first").json()
    assert (story["first"], story["main"], story["decided_by"]) == ("first", "first", "editor")
    assert [(row["id"], row["delay"], len(row["changes"])) for row in story["articles"]] == [
        ("first", 0, 0), ("copy", 3600, 1),
    ]  # fmt: skip
    assert client.get("/api/v1/articles/copy/story").json() == story
    (listed,) = client.get("/api/v1/stories").json()["stories"]
    assert [row["id"] for row in listed["articles"]] == ["first", "copy"]
    assert client.get("/api/v1/stories/alone").json()["main"] == "alone", "one article is a story too"
    assert client.get("/api/v1/stories/none").status_code == 404


def test_a_story_has_only_what_is_published(client: httpx.Client, put: Put, store: Store) -> None:
    for n in range(3):
        put(f"a{n}", published=MORNING + timedelta(hours=n))
    for n in (1, 2):
        store.journal.merge(f"a{n}", "a0", FETCHED, by="lan")
    store.journal.choose_main("a1", FETCHED, by="lan")
    store.journal.retract("a1", FETCHED, "gone")

    story = client.get("/api/v1/stories/a0").json()
    assert (story["main"], [row["id"] for row in story["articles"]]) == ("a0", ["a0", "a2"])

    store.journal.retract("a2", FETCHED, "gone")
    assert client.get("/api/v1/stories").json() == {"stories": [], "next": None}, "one article is not several"


def test_stories_are_read_page_by_page(client: httpx.Client, put: Put, store: Store) -> None:
    for n in range(10):
        put(f"a{n}")
    for n in range(5):
        store.journal.merge(f"a{2 * n + 1}", f"a{2 * n}", FETCHED + timedelta(minutes=n), by="lan")
    store.journal.retract("a4", FETCHED, "gone")  # the third has one article left

    path, found = "/api/v1/stories?limit=2", list[str]()
    while path:
        answer = client.get(path)
        found += [story["id"] for story in answer.json()["stories"]]
        path = answer.links.get("next", {}).get("url", "")

    assert sorted(found) == ["a0", "a2", "a6", "a8"]


def test_sites_say_who_they_are_and_what_there_is_of_them(client: httpx.Client, put: Put) -> None:
    put("a")
    put("b", published=MORNING)
    put("w", status=Status.WAITING)
    put("o", site="x.vn")

    rows = {row["id"]: row for row in client.get("/api/v1/sites").json()["sites"]}

    assert list(rows) == ["nhandan", "soyte", "x.vn"], "one that is in the catalogue no more, too"
    assert (rows["soyte"]["name"], rows["soyte"]["articles"], rows["nhandan"]["articles"]) == ("Sở Y tế tỉnh", 2, 0)
    assert rows["soyte"]["newest"] == "2026-03-01T02:51:00+00:00"
    assert client.get("/api/v1/sites/soyte").json() == rows["soyte"]
    assert [row["id"] for row in client.get("/api/v1/sites?kind=press").json()["sites"]] == ["nhandan"]
    assert client.get("/api/v1/sites/none").status_code == 404


def test_a_site_is_counted_anew_after_an_event_of_its_own(
    put: Put, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = list[tuple[str, ...] | None]()
    by = store.tallies.by

    def counting(unit: Unit, filter: ArticleFilter) -> dict[str, int]:
        counted.append(filter.sites)
        return by(unit, filter)

    monkeypatch.setattr(store.tallies, "by", counting)
    census, both = Census(), ("soyte", "nhandan")
    put("a")
    put("b", site="nhandan")
    assert census.of(store, both) == {"soyte": 1, "nhandan": 1}
    store.journal.retract("a", FETCHED, "gone")
    assert census.of(store, both) == census.of(store, both) == {"soyte": 0, "nhandan": 1}
    assert counted == [("nhandan", "soyte"), ("soyte",)], "nobody else, and not without an event"

    monkeypatch.setattr("web.api.census._EVENTS", 1)
    put("c")
    put("d", site="nhandan")
    assert census.of(store, both) == {"soyte": 1, "nhandan": 2}, "after more events than are looked through, too"


def test_documents_are_those_that_articles_name(client: httpx.Client, put: Put) -> None:
    resolution, decree = Document("57-NQ/TW", "Nghị quyết"), Document("12/2025/NĐ-CP", "Nghị định")
    put("a", documents=(resolution,), published=MORNING)
    put("b", documents=(resolution, decree), published=MORNING + timedelta(days=1))
    put("w", documents=(decree,), status=Status.WAITING)

    answer = client.get("/api/v1/documents").json()
    assert {row["number"]: row["articles"] for row in answer["documents"]} == {"57-NQ/TW": 2, "12/2025/NĐ-CP": 1}
    assert (answer["looked_at"], answer["complete"]) == (2, True)
    (row,) = client.get("/api/v1/documents", params={"number": "57-nq"}).json()["documents"]
    assert (row["number"], row["newest"]) == ("57-NQ/TW", "2026-03-02T01:00:00+00:00")
    link = row["link"].removeprefix("https://tin.example.vn")
    assert [article["id"] for article in client.get(link).json()["articles"]] == ["b", "a"]


def test_tags_and_sections_are_counted_whatever_their_case_and_accents(client: httpx.Client, put: Put) -> None:
    put("a", tags=("Y tế", "y te"), section="Đời sống", published=MORNING)
    put("b", tags=("Y TẾ", "tiêm chủng"), published=MORNING + timedelta(hours=1))

    tags = client.get("/api/v1/tags").json()["labels"]
    assert [(row["name"], row["articles"]) for row in tags] == [("Y TẾ", 2), ("tiêm chủng", 1)]
    assert client.get("/api/v1/tags?limit=1").json()["complete"] is False
    assert [row["name"] for row in client.get("/api/v1/sections").json()["labels"]] == ["Đời sống"]


def test_counts_are_exact_or_refused(client: httpx.Client, put: Put) -> None:
    put("a", section="Y tế", tags=("tiêm",), documents=(Document("57-NQ/TW"),), published=MORNING)
    put("b", site="nhandan", published=MORNING + timedelta(hours=20))
    put("w", status=Status.WAITING, published=MORNING)
    expected = {
        "day": {"2026-03-01": 1, "2026-03-02": 1},
        "hour": {"2026-03-01T08:00:00+07:00": 1, "2026-03-02T04:00:00+07:00": 1},
        "site": {"soyte": 1, "nhandan": 1},
        "kind": {"province": 1, "press": 1},
        "territory": {},
        "section": {"Y tế": 1},
        "tag": {"tiêm": 1},
        "document": {"57-NQ/TW": 1},
    }
    times = {"since": "2026-02-28", "until": "2026-03-15"}
    for by, counts in expected.items():
        answer = client.get("/api/v1/counts", params={"by": by, **times}).json()
        assert {row["key"]: row["count"] for row in answer["counts"]} == counts, by
    only = client.get("/api/v1/counts", params={"by": "day", "site": "soyte", **times}).json()
    assert [row["count"] for row in only["counts"]] == [1]
    labelled = client.get("/api/v1/counts", params={"by": "site", "tag": "TIEM", **times}).json()
    assert [row["key"] for row in labelled["counts"]] == ["soyte"]

    for query, kind in (("by=hour&since=2020-01-01", "too-much"), ("", "invalid-query"), ("by=week", "invalid-query")):
        problem = client.get(f"/api/v1/counts?{query}").json()
        assert problem["type"] == f"/api/v1/#problem-{kind}", query
    assert client.get("/api/v1/counts?by=day").json()["counts"] == [], "a month up to now"


def test_the_reference_tells_of_everything_without_a_script(client: httpx.Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    page = html.fromstring(client.get("/api/v1/").text)

    assert document["openapi"].startswith("3.1")
    assert {element.text_content() for element in page.cssselect("h2 code")} == {
        f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods
    }
    assert not page.cssselect("script")
    names = {element.get("id") for element in page.cssselect("[id]")}
    for link in page.cssselect("main a[href^='#']"):
        assert link.get("href", "").removeprefix("#") in names
    problem = client.get("/api/v1/nothing").json()
    assert problem["type"].partition("#")[2] in names
    examples = {link.get("href", "") for link in page.cssselect("main section a[href^='/']")}
    assert "/api/v1/counts?by=day" in examples
    for example in examples - {"/api/v1/events/stream"}:
        assert client.get(example).status_code == 200, example
    for path, told in ((path, told) for path, methods in document["paths"].items() for told in methods.values()):
        assert told["description"]
        assert all(row.get("description") for row in told.get("parameters", ()) if row["in"] == "query")
        scope = next((scope for top, scope in NEEDED.items() if path.startswith(top)), "")
        assert told.get("security") == ([{"token": [scope]}, {"bearer": [scope]}] if scope else None)
