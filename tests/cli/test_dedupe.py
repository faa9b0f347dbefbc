"""bantin dedupe check: what a page would be judged as, and that nothing is stored by asking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

Bantin = Callable[..., Any]
ELSEWHERE = "https://tin.lamha.gov.vn/dua-lai-tin-8812345.html"


@pytest.fixture
def page(twin: Any, tmp_path: Path) -> Path:
    """A page on which a third site took the ministry's article over, with a paragraph of its own."""
    own = "Tại Lam Hà, lãnh đạo Sở Thông tin cho biết địa phương sẽ học tập cách làm này trong quý tới."
    text = "".join(f"<p>{paragraph}</p>" for paragraph in (*twin.origin.body[:-1], own, twin.origin.body[-1]))
    date = f'<meta property="article:published_time" content="{twin.copy.published.isoformat()}">'
    (tmp_path / "page.html").write_text(
        f'<html><head><meta charset="utf-8"><title>{twin.origin.title}</title>{date}</head><body><article>'
        f'<h1>{twin.origin.title}</h1><p class="sapo">{twin.origin.lead}</p>{text}</article></body></html>',
        encoding="utf-8",
    )
    return tmp_path / "page.html"


@pytest.fixture(autouse=True)
def stores_nothing(storied: Bantin) -> Iterator[None]:
    """Whatever is asked, the last event stays the last, and no address becomes known."""
    before = storied("events", "list", "--limit", "1").out
    yield
    assert storied("events", "list", "--limit", "1").out == before
    assert storied("why", ELSEWHERE, "--json").rows[0]["seen"] is None


def test_a_copy_for_another_site_is_new_and_would_join_the_story_of_the_two(
    storied: Bantin, twin: Any, page: Path
) -> None:
    (story,) = storied("stories", "show", twin.origin_url, "--json").rows

    (judged,) = storied("dedupe", "check", page, "--url", ELSEWHERE, "--json").rows

    assert (judged["decision"], judged["reason"]) == ("new", None)
    assert judged["site"] == urlsplit(ELSEWHERE).hostname
    assert judged["story"] == story["id"]
    assert judged["members"] == [article["id"] for article in story["articles"]]
    near = {row["article"]: row for row in judged["near"]}
    assert set(judged["members"]) <= set(near)
    for id in judged["members"]:
        assert near[id]["relation"] == "near"
        assert near[id]["contained"] >= near[id]["jaccard"] > 0.5
        assert near[id]["title"] == twin.origin.title
    assert [row["jaccard"] for row in judged["near"]] == sorted(
        (row["jaccard"] for row in judged["near"]), reverse=True
    )


def test_people_read_the_decision_its_reason_the_story_and_the_neighbours(
    storied: Bantin, twin: Any, page: Path
) -> None:
    (judged,) = storied("dedupe", "check", page, "--url", ELSEWHERE, "--json").rows

    said = storied("dedupe", "check", page, "--url", ELSEWHERE).out

    assert said.splitlines()[0] == f"new: {judged['detail']}"
    assert f"{judged['story']}: 2 articles, first demo-mst" in said
    for row in judged["near"]:
        (line,) = [line for line in said.splitlines() if line.split()[:1] == [row["article"]]]
        assert line.split()[1:5] == [row["site"], row["relation"], f"{row['jaccard']:.2f}", f"{row['contained']:.2f}"]
        assert row["reason"] in line


def test_a_stored_page_is_unchanged_and_its_words_elsewhere_on_the_site_a_duplicate(
    storied: Bantin, twin: Any, tmp_path: Path
) -> None:
    stored = storied("articles", "show", twin.copy_url, "--json").rows[0]
    (tmp_path / "same.html").write_bytes(httpx.get(twin.copy_url).content)
    other = twin.copy_url.rpartition("/")[0] + "/chuyen-muc-khac/" + twin.copy_url.rpartition("/")[2]

    (met,) = storied("dedupe", "check", twin.copy_url, "--allow-private", "--json").rows
    (again,) = storied("dedupe", "check", tmp_path / "same.html", "--url", other, "--json").rows

    assert (met["decision"], met["article"], met["story"]) == ("unchanged", stored["id"], stored["story"])
    assert (again["decision"], again["article"]) == ("duplicate", stored["id"])
    assert stored["id"] in again["detail"]
    assert f"article  {stored['id']}" in storied("dedupe", "check", tmp_path / "same.html", "--url", other).out


def test_a_page_is_that_sites_whose_it_is_said_to_be(storied: Bantin, page: Path) -> None:
    (judged,) = storied("dedupe", "check", page, "--url", ELSEWHERE, "--site", "demo-noivu", "--json").rows

    assert judged["site"] == "demo-noivu"
    refused = storied("dedupe", "check", page, "--url", ELSEWHERE, "--site", "demo-noi", expect=1)
    assert "demo-noivu" in refused.err


def test_a_page_without_an_article_says_why_and_is_1(storied: Bantin, tmp_path: Path) -> None:
    (tmp_path / "nothing.html").write_text("<p>Đang cập nhật</p>", encoding="utf-8")
    asked = ("dedupe", "check", tmp_path / "nothing.html", "--url", ELSEWHERE)

    (judged,) = storied(*asked, "--json", expect=1).rows

    assert (judged["decision"], judged["article"], judged["near"]) == ("rejected", "", [])
    assert judged["reason"]
    assert judged["reason"] in storied(*asked, expect=1).err


def test_what_cannot_be_had_is_refused_as_by_extract(storied: Bantin, twin: Any, page: Path, tmp_path: Path) -> None:
    for source, code in ((twin.origin_url, 1), (tmp_path / "gone.html", 1), (page, 2)):
        refused = storied("dedupe", "check", source, expect=code).err
        if code == 1:
            assert refused == storied("extract", source, expect=1).err
    assert "--url" in refused
    assert "'http://['" in storied("dedupe", "check", page, "--url", "http://[", expect=1).err
    assert "--allow-private" in storied("dedupe", "check", twin.origin_url, expect=1).err
