"""bantin stories: a ministry's article and a newspaper's copy are one story, and what editors say of it stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cli.stories import delay
from news.article import VIETNAM, Article, Precision, Status, StoredArticle
from news.story import Telling, told

Bantin = Callable[..., Any]


def story_of(bantin: Bantin, url: str) -> dict[str, Any]:
    """The story of the article at an address."""
    (story,) = bantin("stories", "show", url, "--json").rows
    assert isinstance(story, dict)
    return story


def test_the_first_publisher_leads_and_the_copy_follows_with_its_delay_and_its_own_lead(
    storied: Bantin, twin: Any
) -> None:
    story = story_of(storied, twin.copy_url)

    first, second = story["articles"]
    assert [first["url"], second["url"]] == [twin.origin_url, twin.copy_url]
    assert [first["site"], second["site"]] == ["demo-mst", "demo-nhandan"]
    assert story["first"] == story["main"] == first["id"]
    assert (first["delay"], first["changes"]) == (0, [])
    assert second["delay"] == (twin.copy.published - twin.origin.published).total_seconds() > 3600
    (change,) = second["changes"]
    assert change == {"kind": "changed", "before": twin.origin.lead, "after": twin.copy.lead}


def test_a_story_is_shown_for_people_with_the_paragraphs_that_differ(storied: Bantin, twin: Any) -> None:
    shown = storied("stories", "show", twin.origin_url).out
    with_diff = storied("stories", "show", twin.origin_url, "--diff").out.splitlines()

    hours = (twin.copy.published - twin.origin.published).total_seconds() / 3600
    assert f"+{hours:.0f} h 00 min" in shown
    assert "~1" in shown
    assert "the first publisher's" in shown
    assert twin.copy.lead not in shown
    assert f"- {twin.origin.lead}" in with_diff
    assert f"+ {twin.copy.lead}" in with_diff
    assert not any(twin.origin.body[-1] in line for line in with_diff), "what both say alike is no difference"


def test_stories_of_several_articles_are_listed_and_the_others_are_not(storied: Bantin, twin: Any) -> None:
    rows = storied("stories", "list", "--json").rows
    story = story_of(storied, twin.copy_url)

    assert story in rows
    assert all(len(row["articles"]) >= 2 for row in rows)
    assert [row["newest"] for row in rows] == sorted((row["newest"] for row in rows), reverse=True)
    listed = storied("stories", "list").out
    assert story["id"] in listed
    assert twin.origin.title in listed
    assert "demo-mst, demo-nhandan" in listed
    assert storied("stories", "list", "--limit", "1", "--json").rows == rows[:1]


def test_a_story_is_found_by_its_id_and_by_any_of_its_articles(storied: Bantin, twin: Any) -> None:
    story = story_of(storied, twin.copy_url)

    for name in (story["id"], story["articles"][0]["id"], twin.origin_url, twin.origin_url + "?utm_source=zalo"):
        assert story_of(storied, name) == story


def test_an_article_that_tells_what_no_other_does_is_a_story_of_one(storied: Bantin) -> None:
    joined = {a["id"] for row in storied("stories", "list", "--json").rows for a in row["articles"]}
    alone = next(row for row in storied("articles", "list", "--json").rows if row["id"] not in joined)

    story = story_of(storied, alone["id"])

    assert (story["id"], [a["id"] for a in story["articles"]]) == (alone["story"], [alone["id"]])
    refused = storied("stories", "split", alone["id"], "--by", "Lan", expect=1)
    assert "alone" in refused.err
    assert "alone" in storied("stories", "main", alone["id"], "--by", "Lan", expect=1).err


@pytest.mark.parametrize("name", ["s0000", "https://khong-co.vn/tin-1.html", "khong co"])
def test_a_story_that_is_not_there_is_refused_with_what_to_do(storied: Bantin, name: str) -> None:
    for verb in (("show", name), ("merge", name, name, "--by", "Lan")):
        refused = storied("stories", *verb, expect=1)
        assert name in refused.err
        assert "`bantin stories list`" in refused.err
    assert "`bantin articles list`" in storied("stories", "split", name, "--by", "Lan", expect=1).err


@pytest.mark.parametrize("name", ["", "  ", "crawl"])
def test_the_machine_cannot_pass_for_an_editor(storied: Bantin, twin: Any, name: str) -> None:
    storied("stories", "split", twin.copy_url, "--by", name, expect=2)

    assert len(story_of(storied, twin.copy_url)["articles"]) == 2


def test_what_an_editor_took_apart_no_crawl_joins_again(bantin: Bantin, twin: Any) -> None:
    bantin("crawl", "demo-nhandan", "demo-mst")
    before = story_of(bantin, twin.copy_url)

    said = bantin("stories", "split", twin.copy_url, "--by", "Lan").out
    bantin("crawl", "demo-nhandan", "demo-mst", "--revisit")

    origin, copy = story_of(bantin, twin.origin_url), story_of(bantin, twin.copy_url)
    assert [len(story["articles"]) for story in (before, origin, copy)] == [2, 1, 1]
    assert origin["id"] in copy["apart"]
    assert copy["id"] in origin["apart"]
    assert copy["decided_by"] == "Lan"
    assert copy["id"] in said
    (event,) = [row for row in bantin("events", "list", "--json").rows if row["kind"] == "split"]
    assert (event["article"], event["by"]) == (copy["articles"][0]["id"], "Lan")
    shown = bantin("stories", "show", twin.copy_url).out
    assert "decided by    Lan" in shown
    assert origin["id"] in shown


def test_an_editor_merges_two_stories_and_chooses_which_article_stands_for_them(bantin: Bantin, twin: Any) -> None:
    bantin("crawl", "demo-mst", "--max-pages", "2")
    one, other = bantin("articles", "list", "--json").rows

    bantin("stories", "merge", one["url"], other["id"], "--by", "Minh")
    bantin("stories", "main", one["id"], "--by", "Minh")

    story = story_of(bantin, one["id"])
    assert {a["id"] for a in story["articles"]} == {one["id"], other["id"]}
    assert (story["id"], story["main"], story["decided_by"]) == (other["story"], one["id"], "Minh")
    shown = bantin("stories", "show", story["id"]).out
    assert f"main article  {one['id']}, chosen by an editor" in shown
    assert "into itself" in bantin("stories", "merge", one["id"], other["id"], "--by", "Minh", expect=1).err


def test_the_article_that_an_editor_chose_stands_for_the_story_that_takes_its_own_in(bantin: Bantin, twin: Any) -> None:
    bantin("crawl", "demo-nhandan", "demo-mst")
    third = next(
        row for row in bantin("articles", "list", "--json").rows if row["url"] not in (twin.copy_url, twin.origin_url)
    )
    copy = story_of(bantin, twin.copy_url)["articles"][1]["id"]

    bantin("stories", "main", copy, "--by", "Lan")
    bantin("stories", "merge", copy, third["id"], "--by", "Minh")

    story = story_of(bantin, third["id"])
    assert len(story["articles"]) == 3
    assert story["main"] == copy


def telling(after: timedelta | None, precision: Precision | None = Precision.MINUTE) -> tuple[Telling, Telling]:
    """A later article and the first one, which came out on 4 March at 09:30."""
    first = datetime(2025, 3, 4, 9, 30, tzinfo=VIETNAM)
    moments = (first, None if after is None else first + after)
    articles = [
        Article(f"https://x{place}.vn/", f"x{place}", body="Một tin.", published=moment, published_precision=precision)
        for place, moment in enumerate(moments)
    ]
    seen = datetime(2025, 3, 20, tzinfo=UTC)
    stored = [
        StoredArticle(f"a{n}", article, (f"x{n}.vn",), (), "", "s", Status.PUBLISHED, 1, seen, seen)
        for n, article in enumerate(articles)
    ]
    one, other = told(stored)
    return other, one


@pytest.mark.parametrize(
    ("after", "precision", "words"),
    [
        (timedelta(hours=2, minutes=5), Precision.MINUTE, "+2 h 05 min"),
        (timedelta(0), Precision.SECOND, "+0 h 00 min"),
        (timedelta(hours=26), Precision.MINUTE, "+1 d 02 h"),
        (None, Precision.MINUTE, "-"),
        (timedelta(hours=3), Precision.DAY, "the same day"),
        (timedelta(hours=20), Precision.DAY, "+1 d"),
    ],
)
def test_a_delay_says_no_more_than_the_pages_tell(after: timedelta, precision: Precision, words: str) -> None:
    assert delay(*telling(after, precision)) == words
