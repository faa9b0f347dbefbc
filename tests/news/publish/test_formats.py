"""What a subscriber gets of an article, read back as a feed reader reads it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from news.article import Attachment, Image
from news.errors import InvalidValue
from news.publish import FORMATS, Entry, Feed, Links, Origin, Removal, RemovalReason, entry_id, entry_of, publish
from tests.news.publish.grammars import faults
from tests.news.publish.samples import FETCHED, SOYTE, feed, stored, whole

GOLDEN = Path(__file__).parent / "golden"
NAMESPACES = {"a": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0"}
every_format = pytest.mark.parametrize("name", FORMATS)
xml_formats = pytest.mark.parametrize("name", [name for name in FORMATS if name != "json"])


@xml_formats
def test_the_feed_is_the_one_that_was_agreed_on(name: str) -> None:
    assert publish(whole(), name).decode() == (GOLDEN / f"{name}.xml").read_text(encoding="utf-8")


def test_the_json_feed_is_the_one_that_was_agreed_on() -> None:
    agreed = json.loads((GOLDEN / "feed.json").read_text(encoding="utf-8"))

    assert publish(whole(), "json").decode() == json.dumps(agreed, ensure_ascii=False, separators=(",", ":"))


@every_format
def test_a_feed_keeps_to_the_grammar_of_its_format(name: str) -> None:
    bare = feed(subtitle="", self_url="https://tin.vn/f?q=%22a%22")
    for one in (whole(), replace(whole(), full=False), replace(whole(), is_archive=False, complete=True), bare):
        assert faults(name, publish(one, name)) == ""


@every_format
def test_the_grammars_find_what_is_wrong(name: str) -> None:
    """Were they to let everything through, the tests that ask them would say nothing."""
    right = publish(whole(), name).decode()
    wrong = {
        "atom": [("<updated>2026", "<updated>Mon 2026"), ("<id>", "<guid/><id>"), (' href="https', ' link="https')],
        "rss": [("Date>Mon, ", "Date>"), ('length="0"', 'length=""'), ("<title>", "<titel/><title>")],
        "json": [('"mime_type"', '"type"'), ('"content_html"', '"content"'), ("https://tin.vn/i", "javascript:")],
    }  # fmt: skip
    for before, after in wrong[name]:
        assert before in right
        assert faults(name, right.replace(before, after, 1).encode()), (before, after)


@xml_formats
def test_a_feed_reader_finds_every_field(name: str) -> None:
    parsed = feedparser.parse(publish(whole(), name))

    assert not parsed.bozo
    assert (parsed.feed.language, parsed.feed.title, parsed.feed.subtitle) == ("vi", "Bantin", "Tin mới")
    links = {link.rel: link.href for link in parsed.feed.links}
    assert links["self"].endswith("/feeds/atom.xml?limit=2")
    assert (links["hub"], links["next"], links["prev-archive"]) == (
        "https://hub.vn/", "https://tin.vn/f?p=2", "https://tin.vn/f/2026-02",
    )  # fmt: skip
    entry = parsed.entries[0]
    assert entry.title == "Triển khai tiêm chủng đợt 2 & lưu ý cho phụ huynh"
    assert entry.link == "https://soyte.tinh.gov.vn/tin/tiem-chung-123.html?id=1&m=2"
    assert entry.published_parsed[:6] == (2026, 3, 1, 2, 51, 0)
    assert entry.updated == "2026-03-02T01:30:15+00:00"
    assert entry.author == "Lê Anh"
    assert "&lt;xã&gt;" in entry.content[0].value, "the lead is text, not markup"
    assert "Sở Y tế đã ban hành kế hoạch ]]&gt;." in entry.content[0].value
    assert {(tag.scheme, tag.term) for tag in entry.tags} == {
        ("urn:bantin:section", "Y tế"), ("urn:bantin:tag", "tiêm chủng"), ("urn:bantin:tag", "Y tế"),
        ("urn:bantin:tag", "trẻ em"), ("urn:bantin:document", "12/KH-UBND"), ("urn:bantin:site", "soyte-tinh"),
        ("urn:bantin:kind", "agency"), ("urn:bantin:territory", "Tỉnh"),
    }  # fmt: skip
    assert [(e.href, e.type) for e in entry.enclosures] == [("https://soyte.tinh.gov.vn/kh.pdf", "application/pdf")]
    assert entry.media_content[0]["url"] == "https://soyte.tinh.gov.vn/a.jpg"
    assert [link.href for link in entry.links if link.rel == "related"] == ["https://bao.vn/tiem-chung"]
    bare = parsed.entries[1]
    assert len(bare.enclosures) == 2, "every attachment, though RSS has room for one"
    assert (bare.title, bare.source.title) == ("https://x.gov.vn/2", "Sở Y tế tỉnh")


def test_a_json_feed_says_what_the_format_has_no_name_for() -> None:
    document = json.loads(publish(whole(), "json"))
    item = document["items"][0]

    assert document["next_url"] == "https://tin.vn/f?p=2"
    assert document["hubs"] == [{"type": "WebSub", "url": "https://hub.vn/"}]
    assert document["_bantin"]["archive"] is True
    assert item["tags"] == ["Y tế", "tiêm chủng", "trẻ em", "12/KH-UBND"]
    assert item["_bantin"]["documents"] == [
        {"number": "12/KH-UBND", "kind": "Kế hoạch", "issued": "2026-02-27", "issuer": "UBND tỉnh"}
    ]
    assert (item["_bantin"]["version"], item["_bantin"]["story"], item["_bantin"]["site"]["id"]) == (
        1,
        "s1",
        "soyte-tinh",
    )


@xml_formats
def test_a_removal_is_a_tombstone(name: str) -> None:
    root = etree.fromstring(publish(whole(), name))

    (stone,) = root.iter(f"{{{NAMESPACES['at']}}}deleted-entry")
    assert (stone.get("ref"), stone.get("when")) == (entry_id("e5f6"), "2026-03-02T02:30:15+00:00")
    assert stone.findtext("at:comment", namespaces=NAMESPACES) == "merged"
    assert stone.findtext("at:by/a:name", namespaces=NAMESPACES) == "Biên tập viên"
    assert stone.find("a:link", NAMESPACES).get("href") == "https://bao.vn/1"  # type: ignore[union-attr]


def test_a_removal_is_in_a_json_feed_too() -> None:
    assert json.loads(publish(whole(), "json"))["_bantin"]["removals"] == [
        {
            "id": entry_id("e5f6"), "when": "2026-03-02T02:30:15+00:00", "reason": "merged", "by": "Biên tập viên",
            "url": "https://bao.vn/1",
        }
    ]  # fmt: skip


def test_a_removal_is_news_of_its_feed() -> None:
    entry = entry_of(stored(), SOYTE)
    gone = Removal(entry_id("x"), FETCHED + timedelta(days=1), RemovalReason.RETRACTED)

    assert feed(entry).updated == FETCHED
    assert feed(entry, removals=(gone,)).updated == gone.when


def test_what_stands_in_a_feed_is_not_removed_from_it() -> None:
    """Restored between the two questions that a feed is made of."""
    entry = entry_of(stored(), SOYTE)
    one = feed(entry, removals=(Removal(entry.id, FETCHED, RemovalReason.RETRACTED),))

    assert (one.entries, one.removals) == ((entry,), ())


def test_an_article_met_twice_is_in_a_feed_once_and_as_it_is_now() -> None:
    old = entry_of(stored(), SOYTE)
    new = replace(old, title="Đính chính", updated=FETCHED + timedelta(hours=1))

    assert feed(old, new).entries == (new,)
    assert feed(new, old).entries == (new,)


@every_format
def test_a_feed_of_summaries_holds_no_text(name: str) -> None:
    document = publish(replace(whole(), full=False), name).decode()

    assert "các trạm y tế" in document
    assert "đã ban hành kế hoạch ]]" not in document


def test_a_correction_keeps_the_id_and_moves_updated() -> None:
    first = stored()
    moved = stored(url="https://moi.tinh.gov.vn/123", title="Đính chính")
    corrected = replace(first, article=moved.article, version=2, fetched=FETCHED + timedelta(hours=1))
    before, after = entry_of(first, SOYTE), entry_of(corrected, SOYTE)

    assert after.id == before.id
    assert after.updated > before.updated


def test_the_site_answers_for_an_article_that_names_nobody() -> None:
    entry = entry_of(stored(author="", source=""), SOYTE)

    assert (entry.author, entry.source, entry.source_url) == (
        "Sở Y tế tỉnh",
        "Sở Y tế tỉnh",
        "https://soyte.tinh.gov.vn/",
    )


def test_an_article_without_a_lead_is_summed_up_by_its_beginning() -> None:
    long = "Sở Y tế " * 60
    summary = entry_of(stored(lead="", body=f"{long}\nĐoạn hai."), SOYTE).summary

    assert len(summary) <= 301
    assert long.startswith(summary.removesuffix("…") + " "), "cut behind a word"


@every_format
def test_authors_stand_one_by_one(name: str) -> None:
    document = publish(feed(entry_of(stored(author="Lê Anh; Ngọc Hà;"), SOYTE)), name)
    if name == "json":
        assert json.loads(document)["items"][0]["authors"] == [{"name": "Lê Anh"}, {"name": "Ngọc Hà"}]
    else:
        assert [author.name for author in feedparser.parse(document).entries[0].authors] == ["Lê Anh", "Ngọc Hà"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"self_url": "javascript:alert(1)"},
        {"links": Links(next="/f?p=2")},
        {"hub_urls": ("hub",)},
        {"ttl": -1},
        {"is_archive": True, "complete": True},
    ],
)
def test_a_feed_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidValue):
        feed(**wrong)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidValue):
        Removal("urn:x", datetime(2026, 1, 1), RemovalReason.REJECTED)


# Whatever a page can put into a string: control characters, CDATA ends, markup, halves of surrogate pairs.
hostile = st.text(
    st.characters(codec=None) | st.sampled_from("\x00\x0b\x1b\x7f\ud800\udfff\ufffe<>&\"'"), max_size=40
) | st.sampled_from(["]]>", "<![CDATA[", "&nbsp;", "<!--", "-->", "<?xml?>", "\ud83d\ude00", "\u0300" * 8])
moments = st.datetimes(timezones=st.timezones()) | st.datetimes(timezones=st.just(UTC))


@st.composite
def hostile_feeds(draw: Any) -> Feed:
    one, two, three, four = (draw(hostile) for _ in range(4))
    when = draw(moments)
    article = stored(
        url=f"https://x.gov.vn/{one}", title=two, lead=three, html=four, section=one, author=two, source=three,
        tags=(four, one), attachments=(Attachment(f"https://x/{two}", three, four),), published=when,
        images=(Image(one, two, three),), language=four, evidence={"original_url": three},
    )  # fmt: skip
    entry = entry_of(replace(article, fetched=draw(moments)), Origin(one, four, two, three, one))
    gone = Removal(two, when, RemovalReason.REJECTED, three, four)
    return feed(
        entry, removals=(gone,), title=four, subtitle=one, publisher=two, rights=three, full=draw(st.booleans())
    )


@settings(max_examples=120, deadline=None)
@given(hostile_feeds())
def test_no_text_of_a_page_can_break_a_feed(one: Feed) -> None:
    for name in FORMATS:
        document = publish(one, name)

        assert publish(one, name) == document, "the same feed is the same bytes"
        if name == "json":
            assert len(json.loads(document)["items"]) == 1
        else:
            root = etree.fromstring(document)
            assert len([*root.iter("{*}entry"), *root.iter("item")]) == 1
            assert not feedparser.parse(document).bozo


entries = st.builds(
    lambda id, title, version, minutes, stored_at: entry_of(
        replace(
            stored(id, title=title, url=f"https://x.vn/{version}", published=stored_at),
            version=version, fetched=FETCHED + timedelta(minutes=minutes),
        ),
        SOYTE,
    ),
    st.sampled_from("abcdefgh"), hostile, st.integers(1, 9), st.integers(0, 10**6), moments,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(entries, max_size=12))
def test_every_article_is_in_a_feed_once_whatever_it_says_now(made: list[Entry]) -> None:
    parsed = feedparser.parse(publish(feed(*made), "atom"))

    ids = [entry.id for entry in parsed.entries]
    assert len(ids) == len(set(ids))
    assert set(ids) == {entry.id for entry in made} <= set(map(entry_id, "abcdefgh"))
    newest = max((entry.updated for entry in made), default=datetime(1970, 1, 1, tzinfo=UTC))
    assert parsed.feed.updated == newest.isoformat(timespec="seconds"), "what it says it was changed is no clock's"
